/** Posts in an outbox of Mastodon and of what else speaks ActivityPub (its archives: `outbox.json`). */
import { dateOf } from "./dates.ts";
import { fileInArchive, MAX_FILES, type ArrivedFile } from "./files.ts";
import { htmlToText, webAddress } from "./html.ts";
import type { ArrivedPost } from "./posts.ts";

/** Who is named so is everybody (ActivityPub section 5.6). */
const PUBLIC: ReadonlySet<string> = new Set(["https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"]);
const POSTS: ReadonlySet<unknown> = new Set(["Note", "Article", "Question"]);
/** What an activity may name as its receivers; more says nothing more. */
const MAX_RECEIVERS = 1_024;
/** Mastodon takes 4 choices in a poll, others some more; nobody votes among so many. */
const MAX_CHOICES = 64;

type Fields = Readonly<Record<string, unknown>>;

/** One activity as a post; `null` for what is none of this person's own words: boosts, likes, deletions. */
export function postOfActivity(activity: unknown, now: number): ArrivedPost | null {
  const { object, type } = fieldsOf(activity);
  if (type !== "Create") return null;
  const note = fieldsOf(object);
  const id = textOf(note["id"]);
  if (!POSTS.has(note["type"]) || id === null) return null;
  const warning = htmlToText(textOf(note["summary"]) ?? "");
  const name = htmlToText(textOf(note["name"]) ?? "");
  const words = htmlToText(textOf(note["content"]) ?? "");
  const text = [name === "" ? "" : warning, words, choicesOf(note)].filter(Boolean).join("\n\n");
  const files = filesOf(note["attachment"]);
  if (text === "" && name === "" && warning === "" && files.length === 0) return null;
  const parent = textOf(note["inReplyTo"]);
  return {
    id,
    parent,
    isAnswer: parent !== null,
    published: dateOf(textOf(note["published"]), now),
    headline: name || warning,
    text,
    link: webAddress(textOf(note["url"]) ?? "") ?? webAddress(id),
    files,
    audience: audienceOf(note),
    // Mastodon says it of everything that has a warning; only pictures and the like are covered here.
    isSensitive: note["sensitive"] === true && files.length > 0,
  };
}

/** One file may stand by itself in place of a list. */
function filesOf(attachment: unknown): ArrivedFile[] {
  const list: unknown[] = Array.isArray(attachment) ? attachment.slice(0, MAX_FILES) : [attachment];
  return list.flatMap((one) => {
    if (typeof one !== "object" || one === null) return [];
    const { blurhash, mediaType, name, summary, url } = fieldsOf(one);
    return [fileInArchive(textOf(url) ?? "", { blurhash, contentType: mediaType, words: name ?? summary })];
  });
}

/** What a poll lets people choose from, a line each. Their names are plain text (Activity Vocabulary, `Question` and `name`). */
function choicesOf({ anyOf, oneOf, type }: Fields): string {
  if (type !== "Question") return "";
  const choices = [oneOf, anyOf].flatMap((given) => (Array.isArray(given) ? (given as unknown[]) : []));
  return choices
    .slice(0, MAX_CHOICES)
    .map((choice) => (textOf(fieldsOf(choice)["name"]) ?? "").replaceAll(/\s+/gu, " ").trim())
    .filter((name) => name !== "")
    .map((name) => `- ${name}`)
    .join("\n");
}

function audienceOf(note: Fields): ArrivedPost["audience"] {
  const receivers = [...listOf(note["to"]), ...listOf(note["cc"])];
  if (receivers.some((receiver) => PUBLIC.has(receiver))) return "public";
  return receivers.some((receiver) => receiver.endsWith("/followers")) ? "followers" : "direct";
}

function listOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value.slice(0, MAX_RECEIVERS) : [value];
  return list.filter((one) => typeof one === "string");
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
