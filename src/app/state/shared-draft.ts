/** What a share becomes when it is made a draft. Pure. */
import type { Draft } from "../../peer/api.ts";
import type { Share } from "../../rpc/shares.ts";
import { LIMITS } from "../../wire/limits.ts";
import { wholeDraft } from "./whole-draft.ts";

/**
 * The title is the headline if it fits and something is left for the text. An address that the text has already is not put there
 * again: many apps send it twice.
 * @param now milliseconds since 1970
 */
export function draftOfShare(share: Share, scopes: readonly string[], now: number): Draft {
  const texts = share.files.flatMap(({ name, text }) => (text === null || text === "" ? [] : [{ name, text }]));
  const named = texts.length > 1 || (texts.length === 1 && share.text !== "");
  const body = [
    share.text,
    ...(share.url === "" || share.text.includes(share.url) ? [] : [share.url]),
    ...texts.map(({ name, text }) => (named ? `${name}\n\n${text}` : text)),
  ].filter((part) => part !== "");
  const title = share.title === share.text ? "" : share.title;
  const isHeadline = body.length > 0 && !title.includes("\n") && Array.from(title).length <= LIMITS.headlineCharacters;
  return wholeDraft({
    id: share.id,
    headline: isHeadline ? title : "",
    summary: "",
    text: [...(isHeadline || title === "" ? [] : [title]), ...body].join("\n\n"),
    scopes,
    replyTo: null,
    updated: now,
  });
}

/** Names of the files that no words came from. */
export function leftOutOf(share: Share): string[] {
  return share.files.filter(({ text }) => text === null).map(({ name }) => name);
}
