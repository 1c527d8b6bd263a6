import * as v from "valibot";
import { CONTENT_KINDS, type ContentKind } from "../../social/kinds/index.ts";
import { scopeFromKey, type NodeKey, type Scope } from "../../wire/index.ts";
import type { SearchQuery } from "./api.ts";
import { PeerError } from "../errors.ts";
import { nodeKeyOf } from "../following.ts";

/** More than anybody types; a whole post that was pasted is refused rather than cut. */
const MAX_TEXT = 1_000;
/** The last millisecond that a Date can be. */
const MAX_TIME = 8_640_000_000_000_000;

const Time = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_TIME));
const Query = v.looseObject({
  text: v.optional(v.pipe(v.string(), v.maxLength(MAX_TEXT))),
  author: v.optional(v.string()),
  scope: v.optional(v.string()),
  kind: v.optional(v.picklist(CONTENT_KINDS)),
  since: v.optional(Time),
  until: v.optional(Time),
});

/** A search that can be answered. */
export interface CheckedQuery {
  readonly text: string;
  readonly author: NodeKey | null;
  readonly scope: Scope | null;
  readonly kind: ContentKind | null;
  readonly since: number | null;
  readonly until: number | null;
}

/** @throws PeerError `SEARCH_INVALID`; `NODE_ID_INVALID`, `SCOPE_INVALID` */
export function checkedQuery(given: SearchQuery): CheckedQuery {
  const parsed = v.safeParse(Query, given);
  if (!parsed.success) throw new PeerError("SEARCH_INVALID", "This cannot be searched for.");
  const { author, kind = null, scope, since = null, text = "", until = null } = parsed.output;
  return {
    text,
    author: author === undefined ? null : nodeKeyOf(author),
    scope: scope === undefined ? null : scopeFromKey(scope),
    kind,
    since,
    until,
  };
}
