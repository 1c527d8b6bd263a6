/**
 * `PeerApi`: the one interface between a peer and whatever uses it (the app, `window.mehr`, tests, extensions).
 * Everything in it survives structured clone. Objects are named by the lower-case hex of their hash, peers by their
 * bech32m NodeID (`mehr1...`), scopes by their key (`g:europe/nl/utrecht`, `t:gaming/pokemon`).
 *
 * Every call may reject with an error that carries a stable `code` (docs/api.md lists them).
 * Calls that can take long accept `{ signal }`.
 */

import type { DiagnosticsApi, LogEntry, LogQuery } from "./diagnostics/api.ts";

export type * from "./diagnostics/api.ts";

export type HashText = string;
export type NodeId = string;
export type ScopeKey = string;

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface Identity {
  readonly id: NodeId;
  readonly createdAt: number;
  /** Whether the person has said that the 24 words are kept somewhere safe. */
  readonly wordsKept: boolean;
  /** Whether the first run was completed or put off. */
  readonly welcomed: "no" | "later" | "yes";
}

export interface ProfileView {
  readonly id: NodeId;
  /** `null` until a profile of this peer was received. */
  readonly displayName: string | null;
  readonly bio: string | null;
  readonly scopes: readonly ScopeKey[];
  readonly sequence: number;
  readonly own: boolean;
  readonly followed: boolean;
  /** Two versions with one sequence number were seen. */
  readonly forked: boolean;
  /** What this peer noticed about the author by itself, as stable codes: `SIZE_MISMATCH` when an envelope lied. */
  readonly marks: readonly string[];
  /** Envelopes of this author held here. */
  readonly envelopes: number;
}

export interface MediaHintView {
  readonly contentType: string;
  readonly size: number;
  readonly blurhash: string | null;
  readonly altText: string | null;
}

/** An envelope as a person sees it. */
export interface EnvelopeView {
  readonly hash: HashText;
  readonly postHash: HashText | null;
  readonly author: NodeId;
  readonly authorName: string | null;
  readonly headline: string | null;
  readonly summary: string | null;
  readonly media: readonly MediaHintView[];
  readonly scopes: readonly ScopeKey[];
  readonly replyTo: HashText | null;
  readonly boostOf: HashText | null;
  readonly references: readonly HashText[];
  readonly contentSize: number;
  readonly created: number;
  readonly kickbackRate: number;
  /** Bytes of the envelope itself. */
  readonly size: number;
  readonly own: boolean;
  /** The whole text stands in the envelope; there is nothing more to fetch. */
  readonly whole: boolean;
  /** Whether the full post is held here. */
  readonly held: boolean;
  /** `waiting` while an own envelope has not reached any other peer yet. */
  readonly delivery: "waiting" | "sent" | null;
}

export interface PostView {
  readonly hash: HashText;
  readonly author: NodeId;
  readonly text: string | null;
  readonly links: readonly string[];
  readonly media: readonly HashText[];
  readonly size: number;
  /** Where it came from: this device, or the peer that served it. */
  readonly from: "here" | NodeId;
}

export type FeedSpec =
  /** Envelopes of everyone followed and of the home place, own ones included. */
  | { readonly kind: "home" }
  | { readonly kind: "people" }
  | { readonly kind: "author"; readonly author: NodeId }
  | { readonly kind: "scope"; readonly scope: ScopeKey; readonly match: "exact" | "prefix" }
  /** Answers to a post, named by its post hash. */
  | { readonly kind: "replies"; readonly to: HashText };

export interface Draft {
  readonly id: string;
  readonly headline: string;
  readonly summary: string;
  readonly text: string;
  readonly scopes: readonly ScopeKey[];
  /** Post hash of what is answered. */
  readonly replyTo: HashText | null;
  readonly updated: number;
}

/** What will happen if this draft is published now. */
export interface DraftPreview {
  /** As others will see it; `null` while the draft has problems that prevent encoding. */
  readonly envelope: EnvelopeView | null;
  readonly envelopeBytes: number;
  /** Bytes that still fit one radio frame (protocol section 2); negative when it does not fit. */
  readonly radioRoom: number;
  readonly contentSize: number;
  readonly audience: Audience;
  readonly problems: readonly DraftProblem[];
}

export interface Audience {
  /** `place`: starts on `channel`, whoever is there hears it; `trusted`: no scopes, only trusted peers. */
  readonly kind: "place" | "trusted";
  /** The scope on whose channel it starts; `null` for `trusted`. */
  readonly startsAt: ScopeKey | null;
}

export interface DraftProblem {
  readonly field: "headline" | "summary" | "text" | "scopes" | "envelope";
  /** Stable, e.g. `DRAFT_EMPTY`, `HEADLINE_TOO_LONG`, `SCOPE_INVALID`. */
  readonly code: string;
}

export interface Published {
  readonly hash: HashText;
  readonly postHash: HashText;
}

export interface IceServerSetting {
  readonly urls: string;
  readonly username?: string;
  readonly credential?: string;
}

export interface Settings {
  readonly language: "auto" | "en" | "fa";
  readonly theme: "auto" | "light" | "dark";
  readonly home: ScopeKey;
  readonly topics: readonly ScopeKey[];
  /** WebSocket URLs of relays; empty means: those that the site's own `config.json` names. */
  readonly relays: readonly string[];
  readonly iceServers: readonly IceServerSetting[];
}

export interface ConnectionView {
  readonly peer: NodeId;
  /** From the peer's profile; the host for a relay, to which the only links by `websocket` lead. */
  readonly name: string | null;
  readonly transport: "webrtc" | "relay" | "websocket";
  readonly direction: "inbound" | "outbound";
  readonly openedAt: number;
  readonly roundTrip: number | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly protocols: Readonly<Record<string, { readonly in: number; readonly out: number }>>;
}

export interface RelayView {
  readonly url: string;
  readonly state: "connecting" | "connected" | "reserved" | "failed" | "waiting";
  readonly error: string | null;
}

export interface NetworkView {
  readonly status: Status;
  readonly connections: readonly ConnectionView[];
  readonly relays: readonly RelayView[];
  readonly channels: readonly { readonly name: string; readonly peers: number }[];
  readonly storage: StorageView;
  /** Envelopes refused since start, by stable code. */
  readonly refused: Readonly<Record<string, number>>;
}

export interface StorageView {
  readonly envelopes: number;
  readonly envelopeBytes: number;
  readonly objects: number;
  readonly objectBytes: number;
  /** From `navigator.storage.estimate()`; `null` where the browser does not tell. */
  readonly quota: number | null;
  readonly used: number | null;
  /** Whether the browser promised not to evict. */
  readonly persisted: boolean;
}

export interface Status {
  /** `online`: at least one direct link; `searching`: a relay or the network is there, no peer yet; `offline`: neither. */
  readonly state: "online" | "searching" | "offline";
  readonly peers: number;
  /** Objects that wait to be sent. */
  readonly waiting: number;
}

export interface ScopeSuggestion {
  readonly scope: ScopeKey;
  readonly count: number;
}

/** Live queries by name: parameters and result. Results that are lists of rows arrive as small diffs. */
export interface LiveQueries {
  feed: { params: { feed: FeedSpec; limit?: number }; rows: EnvelopeView };
  drafts: { params: Record<string, never>; rows: Draft };
  following: { params: Record<string, never>; rows: ProfileView };
  envelope: { params: { hash: HashText }; value: EnvelopeView | null };
  profile: { params: { id: NodeId }; value: ProfileView };
  identity: { params: Record<string, never>; value: Identity };
  settings: { params: Record<string, never>; value: Settings };
  status: { params: Record<string, never>; value: Status };
  network: { params: Record<string, never>; value: NetworkView };
  log: { params: LogQuery; rows: LogEntry };
}
export type LiveName = keyof LiveQueries;

/** One change of a list. Applied in order; indices refer to the list as changed so far. */
export type ListOp<Row> =
  | { readonly op: "insert"; readonly at: number; readonly rows: readonly Row[] }
  | { readonly op: "remove"; readonly at: number; readonly count: number }
  | { readonly op: "replace"; readonly at: number; readonly row: Row };

export type LiveUpdate<Name extends LiveName> = LiveQueries[Name] extends { rows: infer Row }
  ?
      | { readonly kind: "rows"; readonly rows: readonly Row[]; readonly more: boolean }
      | { readonly kind: "diff"; readonly ops: readonly ListOp<Row>[]; readonly more: boolean }
  : LiveQueries[Name] extends { value: infer Value }
    ? { readonly kind: "value"; readonly value: Value }
    : never;

export interface Subscription {
  /** For lists: grow by another page; the rows arrive as a diff. Resolves when they have. */
  more(): Promise<void>;
  close(): Promise<void>;
}

export interface PeerApi extends DiagnosticsApi {
  /** Live queries: `listener` gets the present state at once, then every change. */
  watch<Name extends LiveName>(
    name: Name,
    params: LiveQueries[Name]["params"],
    listener: (update: LiveUpdate<Name>) => void,
  ): Promise<Subscription>;

  /** The 24 words of this identity. */
  words(): Promise<readonly string[]>;
  /** The person says that the words are kept. */
  keepWords(): Promise<void>;
  /** Ends or puts off the first run. */
  welcome(state: "later" | "yes"): Promise<void>;
  /**
   * Becomes the identity of these words; what was stored for the previous identity is deleted, so ask first.
   * @throws `PHRASE_INVALID`
   */
  restore(words: string): Promise<Identity>;
  /** Deletes keys, posts, settings and caches of this origin; the peer has to be started anew. */
  deleteEverything(): Promise<void>;

  saveProfile(profile: { displayName: string; bio: string; scopes: readonly ScopeKey[] }): Promise<ProfileView>;
  /** @throws `NODE_ID_INVALID` */
  follow(id: NodeId): Promise<void>;
  unfollow(id: NodeId): Promise<void>;

  saveDraft(draft: Draft): Promise<void>;
  dropDraft(id: string): Promise<void>;
  preview(draft: Draft): Promise<DraftPreview>;
  /** Durable when it resolves: stored, and sent or waiting in the outbox. @throws the first problem's code */
  publish(draft: Draft): Promise<Published>;

  envelope(hash: HashText): Promise<EnvelopeView | null>;
  /** One page of a feed, newest first, older than `before`. */
  feed(query: {
    feed: FeedSpec;
    limit: number;
    before?: { created: number; hash: HashText };
  }): Promise<readonly EnvelopeView[]>;
  /** The full post of an envelope: from here, else fetched from a peer and verified. @throws `NOT_FOUND`, `OFFLINE`, `TIMEOUT` */
  post(postHash: HashText, options?: CallOptions): Promise<PostView>;

  /**
   * The content hash of a file, such as every object of the mesh is named by, computed in a worker of its own.
   * @throws `FILE_UNREADABLE` when it is no file, or cannot be read to its end
   */
  hashFile(file: Blob, options?: CallOptions): Promise<{ readonly hash: HashText; readonly size: number }>;

  /** Scopes seen so far that complete what was typed, most used first. @throws `SCOPE_INVALID` */
  suggestScopes(query: { kind: "geo" | "topic"; text: string; limit: number }): Promise<readonly ScopeSuggestion[]>;
  /** The canonical key for what was typed: `Portland ` becomes `g:portland`. @throws `SCOPE_INVALID` */
  normaliseScope(query: { kind: "geo" | "topic"; text: string }): Promise<ScopeKey>;
  updateSettings(patch: Partial<Settings>): Promise<Settings>;
  /** Try the relays again now, for instance when the browser says that it is online again. */
  reconnect(): Promise<void>;
}
