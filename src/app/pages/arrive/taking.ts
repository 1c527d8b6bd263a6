/** Takes files of chosen posts along: pictures are drawn anew, as in the composer, and the peer keeps them for the drafts. */
import type { ContentKind, DraftAttachment, GivenDraft, PeerApi } from "../../../peer/api.ts";
import { familyOf, type MediaFamily } from "../../../wire/family.ts";
import { countCharacters } from "../../../wire/index.ts";
import { LIMITS } from "../../../wire/limits.ts";
import { ArrivalError, inOrder, type Archive, type ArrivedFile, type ArrivedPost } from "../../arriving/index.ts";
import { kindOfFile } from "../write/kinds.ts";
import { refusalOf, takenFile, type FileRefusal } from "../write/attachments/taken.ts";

/** Why a file stays behind. */
export type Reason =
  | Exclude<FileRefusal, "ATTACHMENTS_FULL" | "STORE_QUOTA">
  | "FILE_ELSEWHERE"
  | "FILE_MISSING"
  | "FILE_DAMAGED"
  | "FILE_UNFIT";

export interface LeftOut {
  readonly file: ArrivedFile;
  readonly reason: Reason;
}

export interface Taken {
  /** Those of the chosen posts, in order, whose files were all looked at: the others have to wait for room. */
  readonly posts: readonly ArrivedPost[];
  readonly matterOf: (post: ArrivedPost) => Pick<GivenDraft, "kind" | "attachments">;
  readonly leftOut: readonly LeftOut[];
  /** What there was no room in. */
  readonly full: "ATTACHMENTS_FULL" | "STORE_QUOTA" | null;
}

export interface TakeOptions {
  readonly signal: AbortSignal;
  /** Files looked at so far. */
  readonly onProgress: (done: number) => void;
}

/** What can be said of a file before its bytes are read. */
export function foreseen({ contentType, source }: ArrivedFile, archive: Archive | null): Reason | null {
  if (source === null) return "FILE_ELSEWHERE";
  const size = source instanceof Blob ? source.size : archive?.sizeOf(source);
  if (size === undefined) return "FILE_MISSING";
  // Of the type that is declared: a picture becomes small, and nothing else does.
  const isPicture = contentType === "" || contentType.startsWith("image/");
  return !isPicture && size !== null && size > LIMITS.objectBytes ? "ATTACHMENT_TOO_LARGE" : null;
}

/** @throws ArrivalError where the archive cannot be read on; the signal's reason; what the peer throws */
export async function takeFiles(
  api: PeerApi,
  chosen: readonly ArrivedPost[],
  archive: Archive | null,
  { onProgress, signal }: TakeOptions,
): Promise<Taken> {
  const ordered = inOrder(chosen);
  const results = new Map<ArrivedFile, DraftAttachment | Reason>();
  const inArchive = new Map<string, ArrivedFile[]>();
  let full: Taken["full"] = null;

  /** False when there is no room for any more. */
  async function take(file: ArrivedFile, bytes: Blob | ArrivalError): Promise<boolean> {
    signal.throwIfAborted();
    try {
      results.set(file, bytes instanceof Blob ? await attachmentOf(api, file, bytes) : reasonOf(bytes));
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === "ATTACHMENTS_FULL" || refusal === "STORE_QUOTA") {
        full = refusal;
        return false;
      }
      // What is wrong with the peer is not wrong with the file.
      if (refusal === "other") throw error;
      results.set(file, refusal);
    }
    onProgress(results.size);
    return true;
  }

  for (const file of ordered.flatMap(({ files }) => files)) {
    const reason = foreseen(file, archive);
    if (reason !== null) results.set(file, reason);
    else if (typeof file.source === "string") {
      inArchive.set(file.source, [...(inArchive.get(file.source) ?? []), file]);
    } else if (file.source !== null && !(await take(file, file.source))) break;
  }
  if (full === null && inArchive.size > 0) {
    await archive?.each(
      new Set(inArchive.keys()),
      async (path, bytes) => {
        for (const file of inArchive.get(path) ?? []) if (!(await take(file, bytes))) return false;
        return true;
      },
      signal,
    );
  }
  return settled(ordered, results, full);
}

function settled(
  ordered: readonly ArrivedPost[],
  results: ReadonlyMap<ArrivedFile, DraftAttachment | Reason>,
  full: Taken["full"],
): Taken {
  const unread = ordered.findIndex(({ files }) => files.some((file) => !results.has(file)));
  const posts = unread === -1 ? ordered : ordered.slice(0, unread);
  const leftOut: LeftOut[] = [];
  const matters = new Map<ArrivedPost, Pick<GivenDraft, "kind" | "attachments">>();
  for (const post of posts) {
    const had: (readonly [ArrivedFile, DraftAttachment])[] = [];
    for (const file of post.files) {
      const result = results.get(file);
      if (typeof result === "string") leftOut.push({ file, reason: result });
      else if (result !== undefined) had.push([file, result]);
    }
    const { family, kind } = kindOfFiles(had.map(([, attachment]) => attachment));
    const fits = had
      .filter(([, { contentType }]) => [family, "picture"].includes(familyOf(contentType)))
      .slice(0, LIMITS.postMedia);
    for (const one of had) if (!fits.includes(one)) leftOut.push({ file: one[0], reason: "FILE_UNFIT" });
    matters.set(post, { kind, attachments: fits.map(([, attachment]) => attachment) });
  }
  return { posts, matterOf: (post) => matters.get(post) ?? {}, leftOut, full };
}

/** The first that is no picture says what the post is; pictures have a place beside anything. */
function kindOfFiles(files: readonly DraftAttachment[]): { kind: ContentKind; family: MediaFamily } {
  if (files.length === 0) return { kind: "text", family: "picture" };
  const families = files.map(({ contentType }) => familyOf(contentType));
  const at = families.findIndex((family) => family !== "picture");
  const family = families[at] ?? "picture";
  const isAlbum = family === "audio" && families.filter((other) => other === "audio").length > 1;
  return { kind: isAlbum ? "album" : kindOfFile(files[at]?.contentType ?? "image/webp"), family };
}

async function attachmentOf(api: PeerApi, { contentType, words }: ArrivedFile, bytes: Blob): Promise<DraftAttachment> {
  const type = contentType || "image/unknown";
  const kept = await takenFile(api, new File([bytes], "", { type }));
  if (familyOf(kept.contentType) !== familyOf(type)) throw new PretendedFile();
  return { ...kept, altText: shortened(words) };
}

/** No sound, film or paper, whatever the archive says. */
class PretendedFile extends Error {
  override readonly name = "PretendedFile";
  readonly code = "ATTACHMENT_INVALID" satisfies FileRefusal;
}

function reasonOf({ code }: ArrivalError): Reason {
  if (code === "ARCHIVE_FOREIGN") return "FILE_MISSING";
  return code === "FILE_TOO_LARGE" || code === "ARCHIVE_BOMB" ? "PICTURE_TOO_LARGE" : "FILE_DAMAGED";
}

/** Other places take longer descriptions than an envelope has room for. */
function shortened(words: string): string {
  const whole = words.toWellFormed();
  if (countCharacters(whole) <= LIMITS.altTextCharacters) return whole;
  return `${Array.from(whole)
    .slice(0, LIMITS.altTextCharacters - 1)
    .join("")
    .trimEnd()}…`;
}

/** Whether its description does not fit. */
export function isWordy({ words }: ArrivedFile): boolean {
  return shortened(words) !== words.toWellFormed();
}
