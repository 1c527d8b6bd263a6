import * as v from "valibot";
import { countCharacters, LIMITS, parseScope, scopeFromKey, WireError, type Scope } from "../../wire/index.ts";
import type { CuratedInput, CurateInput } from "../api.ts";
import { PeerError } from "../errors.ts";

const Rate = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));
const Place = v.pipe(v.number(), v.integer(), v.minValue(0));
const Text = v.pipe(
  v.string(),
  v.check((text) => text.isWellFormed(), "not well-formed Unicode"),
);

const Feed = v.object({
  name: Text,
  description: v.optional(Text),
  scope: v.optional(v.string()),
  kickbackRate: v.optional(Rate),
});

const Common = {
  feed: v.string(),
  note: v.optional(v.nullable(Text)),
  at: v.optional(Place),
  added: v.optional(Place),
};
const Entry = v.union([
  v.object({ ...Common, post: v.string(), curated: v.optional(v.undefined()) }),
  v.object({
    ...Common,
    post: v.optional(v.undefined()),
    curated: v.object({ curator: v.string(), name: v.string() }),
  }),
]);

export interface FeedFields {
  readonly name: string;
  readonly description?: string;
  readonly scope?: Scope;
  readonly kickbackRate?: number;
}

/**
 * What a person or a script says of an own feed.
 * @throws PeerError `CURATED_INVALID`, `SCOPE_INVALID`
 */
export function parseFields(given: CuratedInput): FeedFields {
  const result = v.safeParse(Feed, given);
  if (!result.success) throw invalid(result.issues[0]);
  const { description, kickbackRate, name, scope } = result.output;
  return {
    name: parseName(name),
    ...(description !== undefined && {
      description: fitting("description", description.trim(), LIMITS.feedDescriptionCharacters),
    }),
    ...(scope !== undefined && { scope: parsedScope(scope) }),
    ...(kickbackRate !== undefined && { kickbackRate }),
  };
}

/** An address that people tell each other: one line, no two spellings of it. @throws PeerError `CURATED_INVALID` */
function parseName(given: string): string {
  // Controls go first: what stood on both sides of one may compose, or be two spaces.
  const name = given
    .replace(/\s/gu, " ")
    .replace(/\p{Cc}/gu, "")
    .normalize("NFC")
    .replace(/\s+/gu, " ")
    .trim();
  if (name === "") throw new PeerError("CURATED_INVALID", "A feed needs a name.");
  return fitting("name", name, LIMITS.feedNameCharacters);
}

/** @throws PeerError `CURATED_INVALID` */
export function parseEntry(given: CurateInput): v.InferOutput<typeof Entry> {
  const result = v.safeParse(Entry, given);
  if (!result.success) throw invalid(result.issues[0]);
  return result.output;
}

/** An empty note is none. @throws PeerError `CURATED_INVALID` */
export function parseNote(given: string | null): string | null {
  const note = fitting("note", given?.trim() ?? "", LIMITS.entryNoteCharacters);
  return note === "" ? null : note;
}

function fitting(field: string, text: string, most: number): string {
  if (countCharacters(text) > most) throw new PeerError("CURATED_INVALID", `${field}: at most ${most} characters`);
  return text;
}

function parsedScope(key: string): Scope {
  try {
    const { kind, segments } = scopeFromKey(key);
    return parseScope(kind, segments.join("/"));
  } catch (cause) {
    if (cause instanceof WireError)
      throw new PeerError("SCOPE_INVALID", "This is not the key of a place or topic.", { cause });
    throw cause;
  }
}

function invalid(issue: v.BaseIssue<unknown>): PeerError {
  return new PeerError("CURATED_INVALID", `${v.getDotPath(issue) ?? "feed"}: ${issue.message}`);
}
