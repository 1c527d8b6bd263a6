/** Items of a JSON Feed (jsonfeed.org, versions 1 and 1.1). */
import { dateOf } from "./dates.ts";
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
  if (headline === "" && text === "") return null;
  const link = webAddress(textOf("url")) ?? webAddress(textOf("external_url"));
  const attachments: unknown = fields["attachments"];
  const pictures = Array.isArray(attachments) ? attachments.length : 0;
  return {
    id: textOf("id") || link || `${headline}\n${text.slice(0, 200)}`,
    parent: null,
    isAnswer: false,
    published: dateOf(textOf("date_published") || null, now),
    headline,
    text,
    link,
    pictures: pictures + (textOf("image") === "" ? 0 : 1),
    audience: "public",
  };
}
