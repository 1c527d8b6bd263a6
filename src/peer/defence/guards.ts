import type { Hash, NodeKey } from "../../wire/index.ts";
import type { EnvelopeView, FeedSpec } from "../api.ts";
import type { GuardView, StandingView } from "./api.ts";

/** What of envelopes this person wants to see, as whoever shows them asks for it. */
export interface Guards {
  /** Whether anything may be hidden or covered now: where nothing is, nobody need look. */
  readonly isActive: boolean;
  /** Judges these, so that `hides` and `guard` know of them. */
  look(rows: readonly { readonly hash: Hash }[]): Promise<void>;
  /** Whether the rows of this feed leave the envelope out; who goes to a person or a place sees it, muted or not. */
  hides(hash: Hash, feed: FeedSpec): boolean;
  guard(
    view: Pick<EnvelopeView, "hash" | "media" | "own" | "scopes">,
    author: NodeKey,
    authorName: string | null,
  ): GuardView | null;
  /** @param id of the key, as text */
  standing(key: NodeKey, id: string, name: string | null): StandingView;
}

/** Shows everything as it is. */
export const UNGUARDED: Guards = {
  isActive: false,
  look: () => Promise.resolve(),
  hides: () => false,
  guard: () => null,
  standing: () => ({ flagged: 0, alike: null, muted: null }),
};
