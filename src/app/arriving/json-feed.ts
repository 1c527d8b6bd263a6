/** Items of a JSON Feed (jsonfeed.org, versions 1 and 1.1). */
import { dateOf } from "./dates.ts";
import { fileInFeed, MAX_FILES, type ArrivedFile } from "./files.ts";
import { imagesIn } from "./html-images.ts";
import { htmlToText, webAddress } from "./html.ts";
import type { ArrivedPost } from "./posts.ts";

/** One item as a post; `null` where there is nothing to read in it. */
export function postOfItem(item: unknown, now: number): ArrivedPost | null {
  if (typeof item !== "object" || item === null) return null;
  const fields = item as Readonly<Record<string, unknown>>;
  const textOf = (name: string): string => (typeof fields[name] === "string" ? fields[name] : "");
  const headline = textOf("title").trim();
  const html = textOf("content_html");
  const text = html === "" ? textOf("content_text").trim() || textOf("summary").trim() : htmlToText(html);
  const files = filesOf(fields, html);
  if (headline === "" && text === "" && files.length === 0) return null;
  const link = webAddress(textOf("url")) ?? webAddress(textOf("external_url"));
  return {
    id: textOf("id") || link || `${headline}\n${text.slice(0, 200)}`,
    parent: null,
    isAnswer: false,
    published: dateOf(textOf("date_published") || null, now),
    headline,
    text,
    link,
    files,
    audience: "public",
    isSensitive: false,
  };
}

/** Its picture, what is attached, and what its text shows, each once. */
function filesOf(fields: Readonly<Record<string, unknown>>, html: string): ArrivedFile[] {
  const attachments: unknown = fields["attachments"];
  const listed: unknown[] = Array.isArray(attachments) ? attachments.slice(0, MAX_FILES) : [];
  const given = [{ url: fields["image"] }, ...listed].map((one) => {
    const { mime_type: contentType, title, url } = (one ?? {}) as Readonly<Record<string, unknown>>;
    return typeof url === "string" ? fileInFeed(url, { contentType, words: title }) : null;
  });
  const files = [...given.filter((file) => file !== null), ...imagesIn(html)];
  const names = new Set<string>();
  return files.filter(({ name }) => name === "" || names.size < names.add(name).size).slice(0, MAX_FILES);
}
