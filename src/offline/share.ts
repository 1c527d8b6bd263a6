/** What other apps share with this one, from the request that brings it to what the composer opens with. */

/** Where the browser posts a share to, relative to the scope; named in the manifest. */
export const SHARE_ACTION = "share";

/** Names of the fields of a share, as the manifest tells them to the browser. */
export const SHARE_FIELDS = { title: "title", text: "text", url: "url", files: "files" } as const;

export const SHARE_LIMITS = {
  /** Read at most, in bytes: a share passes through memory. Ten photographs of a phone fit, a film does not. */
  requestBytes: 33_554_432,
  /**
   * Characters of all its text: what one draft holds (a million: src/peer/drafts.ts) less the names of the files, which are put
   * above their texts (32 of 200 characters, and what parts them). A post holds less, and the composer says so.
   */
  characters: 990_000,
  files: 32,
  nameCharacters: 200,
  /** Waiting at once. Any site can post to the address of shares, so what it can fill has an end. */
  waiting: 16,
} as const;

export interface SharedFile {
  readonly name: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** `null` when it is not text. */
  readonly text: string | null;
}

export interface SharedParts {
  readonly title: string;
  readonly text: string;
  readonly url: string;
  readonly files: readonly SharedFile[];
}

export interface Share extends SharedParts {
  readonly id: string;
}

/** Why a share was not taken. The composer has words for each (`share.refused.…`). */
export type ShareRefusal = "too-large" | "unreadable" | "empty" | "full" | "no-room";

export class ShareError extends Error {
  override readonly name = "ShareError";
  readonly code: ShareRefusal;
  constructor(code: ShareRefusal, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Reads the form that the browser posts.
 * @throws ShareError `too-large`, `unreadable`, `empty`
 */
export async function readShare(request: Request): Promise<SharedParts> {
  const form = await formOf(request);
  const field = (name: string): string => {
    const value = form.get(name);
    return typeof value === "string" ? value.replaceAll("\r\n", "\n").trim() : "";
  };
  const sent = form.getAll(SHARE_FIELDS.files).filter((part) => typeof part !== "string");
  if (sent.length > SHARE_LIMITS.files) throw new ShareError("too-large", `${sent.length} files`);
  const files: SharedFile[] = [];
  for (const file of sent) {
    // A form whose field of files was left alone sends one without name and content.
    if (file.name === "" && file.size === 0) continue;
    files.push({
      name: file.name.slice(0, SHARE_LIMITS.nameCharacters),
      type: file.type,
      size: file.size,
      text: await textOf(file),
    });
  }
  const parts = {
    title: field(SHARE_FIELDS.title),
    text: field(SHARE_FIELDS.text),
    url: field(SHARE_FIELDS.url),
    files,
  };
  const characters = [parts.title, parts.text, parts.url, ...files.map(({ text }) => text ?? "")].join("").length;
  if (characters > SHARE_LIMITS.characters) throw new ShareError("too-large", `${characters} characters`);
  if (characters === 0 && files.length === 0) throw new ShareError("empty", "nothing was shared");
  return parts;
}

async function formOf(request: Request): Promise<FormData> {
  const bytes = await bytesOf(request);
  const type = request.headers.get("content-type") ?? "";
  try {
    return await new Response(bytes, { headers: { "content-type": type } }).formData();
  } catch (error) {
    throw new ShareError("unreadable", error instanceof Error ? error.message : "not a form");
  }
}

async function bytesOf(request: Request): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    size += part.value.length;
    if (size > SHARE_LIMITS.requestBytes) {
      await reader?.cancel();
      throw new ShareError("too-large", `more than ${SHARE_LIMITS.requestBytes} bytes`);
    }
    parts.push(part.value);
  }
  return new Blob(parts);
}

/** The text of a file, whatever type it claims: UTF-8 without the bytes that only other files have. */
async function textOf(file: File): Promise<string | null> {
  // Every character takes a byte at least and four at most.
  if (file.size > 4 * SHARE_LIMITS.characters) {
    if (file.type.startsWith("text/")) throw new ShareError("too-large", `${file.size} bytes of text`);
    return null;
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    return CONTROLS.test(text) ? null : text.replaceAll("\r\n", "\n").trim();
  } catch (error) {
    // What `fatal` is for: these bytes are no UTF-8.
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** Control characters other than tab, line feed, form feed and carriage return stand in no text. */
const CONTROLS = /[\0-\u0008\u000b\u000e-\u001f]/;
