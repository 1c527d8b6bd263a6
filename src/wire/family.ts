/** What a file is for, by its declared type. A module of its own: whoever shows an envelope needs no more than this. */

/** What a reader can do with a file: look, listen, watch, read, or keep it. */
export type MediaFamily = "picture" | "audio" | "video" | "document" | "file" | "unknown";

/** By what is declared. A drawing in SVG is a document with scripts, whatever its name says. */
export function familyOf(contentType: string): MediaFamily {
  if (contentType === "application/pdf") return "document";
  const [top] = contentType.split("/", 1);
  if (top === "image") return contentType === "image/svg+xml" ? "unknown" : "picture";
  if (top === "audio" || top === "video") return top;
  return top === "application" ? "file" : "unknown";
}
