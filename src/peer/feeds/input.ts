import * as v from "valibot";
import { canonicalFeed, MAX_INTERSECTED, savedKindOf, type FeedFilters } from "../../social/index.ts";
import { countCharacters, LIMITS } from "../../wire/index.ts";
import type { FeedSpec } from "../api.ts";
import { PeerError } from "../errors.ts";
import type { FeedMode } from "./api.ts";

export const MODES = ["auto", "push", "digest", "pullhint"] as const satisfies readonly FeedMode[];
export const FILTERS = v.object({ boosts: v.boolean(), replies: v.boolean() });

const Match = v.object({ scope: v.string(), match: v.picklist(["exact", "prefix"]) });
const Matches = v.pipe(v.array(Match), v.minLength(1), v.maxLength(MAX_INTERSECTED));

/** Scripts may ask for anything. Ids, scopes and hashes are looked at where they are read. */
export const FEED_SHAPE = v.variant("kind", [
  v.object({ kind: v.picklist(["home", "people", "trusted"]) }),
  v.object({ kind: v.literal("author"), author: v.string() }),
  v.object({ kind: v.literal("scope"), ...Match.entries }),
  v.object({ kind: v.literal("intersection"), places: Matches, topics: Matches }),
  v.object({
    kind: v.literal("curated"),
    curator: v.string(),
    name: v.pipe(
      v.string(),
      v.check((name) => name !== "" && name.isWellFormed() && countCharacters(name) <= LIMITS.feedNameCharacters),
    ),
  }),
  v.object({ kind: v.literal("replies"), to: v.string() }),
]);

/** What is to change of a feed, in its one form. */
export interface FeedChange {
  readonly id?: string;
  readonly spec?: FeedSpec;
  readonly name?: string | null;
  readonly mode?: FeedMode;
  readonly filters?: FeedFilters;
  readonly at?: number;
}

const Input = v.object({
  id: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/u))),
  spec: v.optional(v.unknown()),
  name: v.optional(v.nullable(v.string())),
  mode: v.optional(v.picklist(MODES)),
  filters: v.optional(FILTERS),
  at: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

/** @throws PeerError `FEED_UNKNOWN` */
export function parseSpec(spec: unknown): FeedSpec {
  const result = v.safeParse(FEED_SHAPE, spec);
  if (!result.success) throw new PeerError("FEED_UNKNOWN", "There is no such kind of feed.");
  return result.output;
}

/**
 * What a person or a script wants to keep, in its one form.
 * @throws PeerError `FEED_INVALID`, `FEED_UNKNOWN`; WireError `SCOPE_INVALID`, `NODE_ID_INVALID`
 */
export function parseFeed(given: unknown): FeedChange {
  const result = v.safeParse(Input, given);
  if (!result.success) {
    const [issue] = result.issues;
    throw new PeerError("FEED_INVALID", `${v.getDotPath(issue) ?? "feed"}: ${issue.message}`);
  }
  const { name, spec, ...rest } = result.output;
  const change: Record<string, unknown> = { ...rest };
  if (name !== undefined) change["name"] = parseName(name);
  if (spec !== undefined) change["spec"] = parseSaved(spec);
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function parseSaved(given: unknown): FeedSpec {
  const spec = canonicalFeed(parseSpec(given));
  if (spec.kind === "home") throw new PeerError("FEED_FIXED", "Home is there already.");
  if (savedKindOf(spec) === null) throw new PeerError("FEED_INVALID", "Such a feed cannot be kept.");
  return spec;
}

/** As long as the name of a curated feed may be; one line, without what only a terminal understands. */
function parseName(given: string | null): string | null {
  const name = (given ?? "")
    .replace(/\s+/gu, " ")
    .replace(/\p{Cc}/gu, "")
    .trim();
  if (!name.isWellFormed() || countCharacters(name) > LIMITS.feedNameCharacters) {
    throw new PeerError("FEED_INVALID", `name: at most ${LIMITS.feedNameCharacters} characters`);
  }
  return name === "" ? null : name;
}

/** What is left out of a feed that is asked for; by default nothing. @throws PeerError `FEED_INVALID` */
export function filtersOf(given: unknown): FeedFilters {
  if (given === undefined) return { boosts: true, replies: true };
  const result = v.safeParse(FILTERS, given);
  if (!result.success) throw new PeerError("FEED_INVALID", "filters: whether boosts and replies are shown");
  return result.output;
}
