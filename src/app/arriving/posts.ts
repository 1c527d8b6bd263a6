/** What was written elsewhere, and what becomes of it here. */
import type { GivenDraft, ScopeKey } from "../../peer/api.ts";
import { markedFirst } from "../text/sensitive.ts";
import { countCharacters, LIMITS } from "../../wire/index.ts";
import type { ArrivedFile } from "./files.ts";

export interface ArrivedPost {
  /** As the place it comes from names it; within one file, nothing else has this name. */
  readonly id: string;
  /** Which of the posts of this file it goes on from. */
  readonly parent: string | null;
  /** It answers something, this person's own words or another's. */
  readonly isAnswer: boolean;
  /** Milliseconds since 1970. */
  readonly published: number | null;
  readonly headline: string;
  readonly text: string;
  /** Where it can be read as it was. */
  readonly link: string | null;
  /** Pictures and other files that were with it. */
  readonly files: readonly ArrivedFile[];
  /** Whom it was for. */
  readonly audience: "public" | "followers" | "direct";
  /** Its author said that what it shows may disturb. */
  readonly isSensitive: boolean;
}

export interface DraftChoices {
  readonly scopes: readonly ScopeKey[];
  /** What is taken along of a post's files. */
  readonly matterOf: (post: ArrivedPost) => Pick<GivenDraft, "kind" | "attachments">;
  /** What to say of a post's origin, in the person's language; `null` to say nothing. */
  readonly origin: ((post: ArrivedPost) => string) | null;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly newId: (post: ArrivedPost) => string;
}

/** A post takes 64 KiB; what it holds beside its text, and a line about its origin, fit well into the rest. */
const MAX_TEXT_BYTES = LIMITS.objectBytes - 2_048;
const CUT = "\n\n[…]";

/** Parents that are in the same file stay, others are nobody's here; newest first, what has no date last. */
export function withOwnParents(posts: readonly ArrivedPost[]): ArrivedPost[] {
  const ids = new Set(posts.map(({ id }) => id));
  return posts
    .map((post) =>
      post.parent === null || (ids.has(post.parent) && post.parent !== post.id) ? post : { ...post, parent: null },
    )
    .toSorted((a, b) => (b.published ?? -Infinity) - (a.published ?? -Infinity) || 0);
}

/** The oldest first, and whatever goes on from something behind it: the order in which they are to be published. */
export function inOrder(posts: readonly ArrivedPost[]): ArrivedPost[] {
  const chosen = new Map(posts.map((post) => [post.id, post]));
  const done = new Set<string>();
  const ordered: ArrivedPost[] = [];
  const oldestFirst = posts.toReversed().toSorted((a, b) => (a.published ?? Infinity) - (b.published ?? Infinity) || 0);
  for (const post of oldestFirst) {
    // From the post up to the first that is not in the list yet; names that go in a circle end it.
    const line: ArrivedPost[] = [];
    const onLine = new Set<string>();
    for (let at: ArrivedPost | undefined = post; at !== undefined && !done.has(at.id) && !onLine.has(at.id);) {
      line.push(at);
      onLine.add(at.id);
      at = at.parent === null ? undefined : chosen.get(at.parent);
    }
    for (const one of line.toReversed()) {
      done.add(one.id);
      ordered.push(one);
    }
  }
  return ordered;
}

/** Drafts of these posts, in the order in which they are to be published. */
export function draftsOf(
  posts: readonly ArrivedPost[],
  { matterOf, newId, now, origin, scopes }: DraftChoices,
): { draft: GivenDraft; id: string; parent: string | null }[] {
  return inOrder(posts).map((post, at) => {
    const line = origin === null ? "" : origin(post);
    const headline = shortened(post.headline.toWellFormed());
    // A headline that does not fit is not lost: it begins the text.
    const whole =
      headline === oneLine(post.headline.toWellFormed()) ? post.text : [post.headline, post.text].join("\n\n");
    // Half a letter, which JSON can spell, is none that could be sent.
    const text = [cutToFit(whole.toWellFormed()), line].filter((part) => part !== "").join("\n\n");
    const words = { headline, summary: "", text };
    const where = { scopes: post.isSensitive ? markedFirst(scopes) : scopes, replyTo: null };
    const draft = { id: newId(post), ...words, ...matterOf(post), ...where, updated: now + at };
    return { draft, id: post.id, parent: post.parent };
  });
}

/** Whether a text is too long for one post, so that only its beginning becomes one. */
export function isCut(post: ArrivedPost): boolean {
  return cutToFit(post.text) !== post.text;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, " ").trim();
}

function shortened(headline: string): string {
  const line = oneLine(headline);
  if (countCharacters(line) <= LIMITS.headlineCharacters) return line;
  const begun = Array.from(line)
    .slice(0, LIMITS.headlineCharacters - 1)
    .join("");
  return `${begun.slice(0, Math.max(begun.lastIndexOf(" "), begun.length / 2)).trimEnd()}…`;
}

function cutToFit(text: string): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= MAX_TEXT_BYTES) return text;
  // A letter that is cut through becomes a mark of replacement, and goes.
  const begun = new TextDecoder().decode(bytes.subarray(0, MAX_TEXT_BYTES - CUT.length * 3)).replace(/\ufffd$/u, "");
  return begun.trimEnd() + CUT;
}
