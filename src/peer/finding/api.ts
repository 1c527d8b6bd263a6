/** The part of `PeerApi` that finds what is not held here: what has to do with a post, and who somebody is. */
import type { HashText, NodeId, ScopeKey } from "../api.ts";

/** What is looked for, by what it has to do with `target`. */
export type FindQuery =
  /** Envelopes that answer, boost or refer to a post, named by its post hash or that of its envelope. */
  | { readonly relation: "reply" | "boost" | "reference"; readonly target: HashText }
  /** Envelopes of a post, named by its post hash. */
  | { readonly relation: "post"; readonly target: HashText }
  /** The envelope of this very hash. */
  | { readonly relation: "envelope"; readonly target: HashText }
  /** Curated feeds that have a post. */
  | { readonly relation: "curation"; readonly target: HashText }
  | { readonly relation: "profile"; readonly target: NodeId }
  /** Envelopes by somebody. */
  | { readonly relation: "author"; readonly target: NodeId }
  /** Envelopes of a place or topic and all within it, as far as they may be given to whoever asks for it. */
  | { readonly relation: "scope"; readonly target: ScopeKey };

/** A curated feed that has the post, as its curator signed it. It is not kept. */
export interface CurationView {
  readonly curator: NodeId;
  readonly name: string;
  readonly description: string;
  /** What the curator wrote beside the post. */
  readonly note: string | null;
  readonly added: number;
}

export interface FindView {
  /** Envelopes that are held now and were not before; for a profile 1 where there is a newer version now. */
  readonly found: number;
  /** Peers that were asked, and those of them that gave an answer. */
  readonly asked: number;
  readonly answered: number;
  /** Somebody holds more than was taken. */
  readonly more: boolean;
  /** For the relation `curation`; else empty. */
  readonly curations: readonly CurationView[];
}

/** How far the search for what belongs to a post has got. */
export interface FindingView {
  /** `looking`: peers are being asked; `resting`: until they are asked again; `offline`: nobody can be asked. */
  readonly state: "looking" | "resting" | "offline";
  /** Whether somebody was asked about it to the end since it was opened. */
  readonly looked: boolean;
  /** Envelopes that came by it. */
  readonly found: number;
  /** Somebody holds more than was taken so far. */
  readonly more: boolean;
}

export interface FindingApi {
  /**
   * Asks neighbours, and those whom the DHT names, for what has to do with something. What is found and valid is stored, and
   * live queries show it. Takes 25 seconds at most.
   * @throws `FIND_INVALID`, `HASH_INVALID`, `NODE_ID_INVALID`, `OFFLINE`, or the signal's reason
   */
  find(query: FindQuery, options?: { readonly signal?: AbortSignal }): Promise<FindView>;
}
