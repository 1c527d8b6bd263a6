/** A name for a file that somebody else has called something, under which it can lie on this person's disk. Pure. */

/** Types whose usual ending says what the bytes are; others keep the ending that their author gave them. */
const ENDINGS: Readonly<Record<string, string>> = {
  "application/pdf": "pdf",
  "application/zip": "zip",
  "application/gzip": "gz",
  "application/json": "json",
  "application/epub+zip": "epub",
  "application/wasm": "wasm",
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/webp": "webp",
  "audio/mpeg": "mp3",
  "audio/ogg": "ogg",
  "audio/flac": "flac",
  "audio/wav": "wav",
  "audio/mp4": "m4a",
  "audio/webm": "webm",
  "video/mp4": "mp4",
  "video/webm": "webm",
  "video/ogg": "ogv",
};
const MOST_CHARACTERS = 80;
/** What separates folders, drives and streams, and what file systems refuse. */
const REFUSED = /[/\\:*?"<>|]/gu;
/** Controls, and what turns the direction of text or is not seen: an ending must stand where it is read. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;
const ENDING = /\.([a-z0-9]{1,8})$/iu;

/**
 * @param words what the post calls it
 * @param fallback where nothing of that is left
 */
export function fileName(words: string, contentType: string, fallback: string): string {
  const clean = words
    .normalize("NFC")
    .replace(HIDDEN, "")
    .replace(REFUSED, " ")
    .replace(/\s+/gu, " ")
    // A leading dot hides a file, a trailing one is dropped by some systems.
    .replace(/^[. ]+|[. ]+$/gu, "");
  const own = ENDING.exec(clean)?.[1]?.toLowerCase();
  const ending = ENDINGS[contentType] ?? own ?? "bin";
  const stem = own === undefined ? clean : clean.slice(0, -own.length - 1).trimEnd();
  const name = Array.from(stem).slice(0, MOST_CHARACTERS).join("").trim() || fallback;
  return `${name}.${ending}`;
}
