import type { Hash, NodeKey } from "../../wire/index.ts";
import type { EnvelopeView, FeedSpec } from "../api.ts";
import type { AlikeView, GuardView, StandingView } from "./api.ts";

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
  /**
   * Somebody else of whom this person knows, whose name looks like that of `key`. Whoever puts a name into a view puts this
   * beside it. Names are compared after the first question; when they have been, the views are invalidated.
   */
  alike(key: NodeKey, name: string | null): AlikeView | null;
  /** Resolves once names are compared as of now, for what is said once and not again, such as on a lock screen. */
  compared(): Promise<void>;
  /** @param id of the key, as text */
  standing(key: NodeKey, id: string, name: string | null): StandingView;
}

/** Shows everything as it is. */
export const UNGUARDED: Guards = {
  isActive: false,
  look: () => Promise.resolve(),
  hides: () => false,
  guard: () => null,
  alike: () => null,
  compared: () => Promise.resolve(),
  standing: () => ({ flagged: 0, alike: null, muted: null }),
};
