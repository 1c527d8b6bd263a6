/** Files that go with a post: what is said of them, and where their bytes are. Nothing is ever fetched for them. */
import { climbs } from "./limits.ts";

export interface ArrivedFile {
  /** What it is called in the archive, or its address. */
  readonly name: string;
  /** What it shows, in the words of whoever posted it. */
  readonly words: string;
  /** As declared; empty where nothing is. */
  readonly contentType: string;
  readonly blurhash: string | null;
  /** Its path beside the outbox of an archive; the file itself, where a feed holds it; `null`: somewhere on the web. */
  readonly source: string | Blob | null;
}

/** More than four times as many as a post can carry; the rest of a longer list is not even named. */
export const MAX_FILES = 64;
const MAX_PATH = 1_024;
/** The longest description that other places take has 1,500 characters. */
const MAX_WORDS = 4_096;
/** A photograph of 12 MB. */
const MAX_DATA = 16_777_216;
/** Where Mastodon keeps such files, whatever stands before it in an address. */
const FOLDER = "media_attachments/";

interface Said {
  readonly contentType?: unknown;
  readonly words?: unknown;
  readonly blurhash?: unknown;
}

/** A file beside the outbox of an archive, named by an address or a path; one that leads out of there is none. */
export function fileInArchive(url: string, said: Said): ArrivedFile {
  const path = pathOf(url);
  const inside = path !== null && path.length <= MAX_PATH && !climbs(path) ? path : null;
  return fileOf(path ?? url, inside, said);
}

/** A file of a feed: inside of it as a data address, or somewhere on the web. `null` where there is no address. */
export function fileInFeed(url: string, said: Said): ArrivedFile | null {
  const address = url.trim();
  if (address === "") return null;
  if (!/^data:/iu.test(address)) return fileOf(address, null, said);
  const blob = blobOf(address);
  return fileOf("", blob, { ...said, contentType: blob?.type ?? "" });
}

function fileOf(name: string, source: ArrivedFile["source"], { blurhash, contentType, words }: Said): ArrivedFile {
  return {
    name: name.slice(0, MAX_PATH),
    words: typeof words === "string" ? words.slice(0, MAX_WORDS).trim() : "",
    contentType: typeof contentType === "string" ? contentType.slice(0, 100).toLowerCase() : "",
    blurhash: typeof blurhash === "string" ? blurhash : null,
    source,
  };
}

/** `null` for an address that no archive holds. */
function pathOf(url: string): string | null {
  const isAddress = /^[a-z][a-z0-9+.-]*:/iu.test(url);
  if (isAddress && !URL.canParse(url)) return null;
  const path = isAddress ? new URL(url).pathname : (url.split(/[?#]/u, 1)[0] ?? "");
  const at = path.indexOf(FOLDER);
  if (at !== -1) return path.slice(at);
  return isAddress || path === "" ? null : path.replace(/^\/(?!\/)(?:system\/)?/u, "");
}

/** The bytes of a data address (RFC 2397); `null` for what is none, or is too long. */
function blobOf(address: string): Blob | null {
  const comma = address.indexOf(",");
  if (comma === -1 || address.length > MAX_DATA) return null;
  const [type = "", ...parameters] = address.slice("data:".length, comma).split(";");
  const content = address.slice(comma + 1);
  const isBase64 = parameters.at(-1)?.trim().toLowerCase() === "base64";
  try {
    const plain = content.replaceAll(/%([0-9a-f]{2})/giu, byteOf);
    // Signs beyond one byte have no place in either form.
    const binary = isBase64 ? atob(plain) : plain;
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
    return new Blob([bytes], { type: type.trim().toLowerCase() });
  } catch (error) {
    console.debug("a data address that is none", error);
    return null;
  }
}

function byteOf(_whole: string, digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16));
}
