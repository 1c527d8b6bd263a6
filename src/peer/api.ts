/**
 * `PeerApi`: the one interface between a peer and whatever uses it (the app, `window.mehr`, tests, extensions).
 * Everything in it survives structured clone. Objects are named by the lower-case hex of their hash, peers by their
 * bech32m NodeID (`mehr1...`), scopes by their key (`g:europe/nl/utrecht`, `t:gaming/pokemon`).
 *
 * Every call may reject with an error that carries a stable `code` (docs/api.md lists them).
 * Calls that can take long accept `{ signal }`.
 */

import type { ComposeField } from "../social/compose.ts";
import type { ArrivingApi, ArrivingQueries } from "./arriving/api.ts";
import type { BackupApi } from "./backup/api.ts";
import type { DefenceApi, DefenceQueries, GuardView } from "./defence/api.ts";
import type { DeviceQueries, DevicesApi } from "./devices/api.ts";
import type { DiagnosticsApi, LogEntry, LogQuery } from "./diagnostics/api.ts";
import type { FindingApi, FindingView } from "./finding/api.ts";
import type { CurationApi, CurationQueries } from "./curation/api.ts";
import type { FeedFilters, FeedsApi, FeedView, ScopeMatch } from "./feeds/api.ts";
import type { BlockView, PeopleApi, ProfileView } from "./people/api.ts";
import type { HintsApi, HintsView } from "./hints/api.ts";
import type { ContentKind, DraftMatter, MediaApi } from "./media/api.ts";
import type { NetworkView, Status } from "./network-api.ts";
import type { NoticeQueries, NoticesApi } from "./notices/api.ts";
import type { FreedStorage } from "./room/api.ts";
import type { HeardView, ReachApi, ReachView } from "./reach/api.ts";
import type { SearchApi, SearchLiveQueries } from "./search/api.ts";
import type { ThreadLiveQueries } from "./threads/api.ts";
import type { TrustApi, TrustedView } from "./trust/api.ts";

export type * from "./arriving/api.ts";
export type * from "./backup/api.ts";
export type * from "./defence/api.ts";
export type * from "./devices/api.ts";
export type * from "./diagnostics/api.ts";
export type * from "./finding/api.ts";
export type * from "./curation/api.ts";
export type * from "./feeds/api.ts";
export type * from "./people/api.ts";
export type * from "./hints/api.ts";
export type * from "./media/api.ts";
export type * from "./network-api.ts";
export type * from "./notices/api.ts";
export type * from "./reach/api.ts";
export type * from "./room/api.ts";
export type * from "./search/api.ts";
export type * from "./threads/api.ts";
export type * from "./trust/api.ts";

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

/** One of the identities of this browser; each has a store of its own. */
export interface IdentityEntry {
  /** Names it in calls; made here, told to nobody. */
  readonly key: string;
  /** `null` until it ran for the first time. */
  readonly id: NodeId | null;
  /** From its profile, as it was last seen here. */
  readonly name: string | null;
  readonly createdAt: number;
  /** The one that runs. */
  readonly current: boolean;
  /** It is encrypted, and nothing that is in memory opens it. */
  readonly locked: boolean;
}

/** Which way to unlock is meant. */
export type WayName =
  | { readonly kind: "passphrase" }
  /** `credential`: WebAuthn's id of the passkey. */
  | { readonly kind: "passkey"; readonly credential: Uint8Array };

/** A way to unlock that is to be added. `secret`: what the passkey's PRF extension makes of `salt`, 32 bytes each. */
export type NewWay =
  | { readonly kind: "passphrase"; readonly passphrase: string }
  | {
      readonly kind: "passkey";
      readonly credential: Uint8Array;
      readonly salt: Uint8Array;
      readonly secret: Uint8Array;
    };

export type UnlockSecret =
  | { readonly kind: "passphrase"; readonly passphrase: string }
  | { readonly kind: "passkey"; readonly credential: Uint8Array; readonly secret: Uint8Array };

/** How the current identity is kept. */
export interface LockView {
  /** `none`: its private records lie in the clear; `locked`: every call that needs them rejects with `LOCKED`. */
  readonly state: "none" | "open" | "locked";
  readonly passphrase: boolean;
  /** What a page needs to ask for each passkey. */
  readonly passkeys: readonly { readonly credential: Uint8Array; readonly salt: Uint8Array }[];
}

/** What a restored identity has found of itself at others. */
export interface HistoryView {
  /**
   * `none`: nothing is being brought back; `looking`: no neighbour has been asked to the end yet; `fetching`: posts are
   * on their way; `done`: everything that could be found is here.
   */
  readonly state: "none" | "looking" | "fetching" | "done";
  /** Own envelopes held here. */
  readonly envelopes: number;
  /** Own posts held here, and those known of that nobody asked so far could give. */
  readonly posts: number;
  readonly missing: number;
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
  /** Names the picture of the author; `avatar` gives it. */
  readonly authorAvatar: HashText | null;
  readonly headline: string | null;
  readonly summary: string | null;
  /** What it is, read from what it holds. */
  readonly kind: ContentKind;
  readonly media: readonly MediaHintView[];
  readonly scopes: readonly ScopeKey[];
  readonly replyTo: HashText | null;
  readonly boostOf: HashText | null;
  readonly references: readonly HashText[];
  /** Held envelopes that answer it, and that refer to it, or to its post; those of blocked people are not counted. */
  readonly replies: number;
  readonly referencedBy: number;
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
  /** How far it is heard now, in short; the live query `reach` says why. */
  readonly heard: HeardView;
  /** In a curated feed alone: what its curator says of it, and when it was added. */
  readonly chosen?: { readonly note: string | null; readonly added: number };
  /** How this person wants it shown; `null`: as it is. */
  readonly guard: GuardView | null;
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
  /** What trusted people wrote for those whom they trust, own posts of that kind included. */
  | { readonly kind: "trusted" }
  | { readonly kind: "author"; readonly author: NodeId }
  | { readonly kind: "scope"; readonly scope: ScopeKey; readonly match: "exact" | "prefix" }
  /** What is at one of the places and has one of the topics; at most 16 of each. */
  | { readonly kind: "intersection"; readonly places: readonly ScopeMatch[]; readonly topics: readonly ScopeMatch[] }
  /** What somebody has chosen, in the curator's order. */
  | { readonly kind: "curated"; readonly curator: NodeId; readonly name: string }
  /** Answers to a post, named by its post hash. */
  | { readonly kind: "replies"; readonly to: HashText };

export interface Draft extends DraftMatter {
  readonly id: string;
  readonly headline: string;
  readonly summary: string;
  readonly text: string;
  readonly scopes: readonly ScopeKey[];
  /** Post hash of what is answered. */
  readonly replyTo: HashText | null;
  /** Hashes of the posts that it refers to, or of envelopes that have none; 32 at most. */
  readonly references: readonly HashText[];
  readonly updated: number;
}

/** A draft as it is handed in: scripts, and drafts of earlier versions, may leave out what not every post has. */
export type GivenDraft = Omit<Draft, LeftOut> & Partial<Pick<Draft, LeftOut>>;
type LeftOut = "references" | keyof DraftMatter;

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
  readonly field: ComposeField;
  /** Stable, e.g. `DRAFT_EMPTY`, `HEADLINE_TOO_LONG`, `SCOPE_INVALID`. */
  readonly code: string;
  /** Of which attachment, by its place in the draft. */
  readonly at?: number;
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
  /** Whether this peer introduces its neighbours to each other. `auto`: while its links are good and not metered. */
  readonly introduce: "auto" | "on" | "off";
  /** Whether this peer brings what its town endorses to wider channels. `auto`: while its links are good and not metered. */
  readonly relay: "auto" | "on" | "off";
  /** Whether posts are told of rather than sent. `auto`: where links are slow or metered; `off`: never for that. */
  readonly lowData: "auto" | "on" | "off";
  /** Minutes without a sign of life from the person after which what is encrypted is locked; 0: never. */
  readonly lockAfter: number;
}

export interface ScopeSuggestion {
  readonly scope: ScopeKey;
  readonly count: number;
}

/** Live queries by name: parameters and result. Results that are lists of rows arrive as small diffs. */
export interface LiveQueries
  extends
    CurationQueries,
    ThreadLiveQueries,
    DefenceQueries,
    NoticeQueries,
    SearchLiveQueries,
    ArrivingQueries,
    DeviceQueries {
  hints: { params: { feed: FeedSpec }; value: HintsView };
  feed: { params: { feed: FeedSpec; limit?: number; filters?: FeedFilters }; rows: EnvelopeView };
  feeds: { params: Record<string, never>; rows: FeedView };
  drafts: { params: Record<string, never>; rows: Draft };
  following: { params: Record<string, never>; rows: ProfileView };
  blocked: { params: Record<string, never>; rows: BlockView };
  trusted: { params: Record<string, never>; rows: TrustedView };
  envelope: { params: { hash: HashText }; value: EnvelopeView | null };
  /** How far an envelope is heard and why; `null` for one that is not held. */
  reach: { params: { hash: HashText }; value: ReachView | null };
  profile: { params: { id: NodeId }; value: ProfileView };
  /** While it is open, what belongs to a post (named by either hash) is looked for. */
  finding: { params: { hash: HashText }; value: FindingView };
  identity: { params: Record<string, never>; value: Identity };
  settings: { params: Record<string, never>; value: Settings };
  status: { params: Record<string, never>; value: Status };
  network: { params: Record<string, never>; value: NetworkView };
  lock: { params: Record<string, never>; value: LockView };
  identities: { params: Record<string, never>; rows: IdentityEntry };
  history: { params: Record<string, never>; value: HistoryView };
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

export interface PeerApi
  extends
    DefenceApi,
    DiagnosticsApi,
    ReachApi,
    HintsApi,
    FindingApi,
    PeopleApi,
    TrustApi,
    FeedsApi,
    CurationApi,
    MediaApi,
    BackupApi,
    NoticesApi,
    SearchApi,
    ArrivingApi,
    DevicesApi {
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

  /** Unlocks the current identity. @throws `PASSPHRASE_WRONG`, `PASSKEY_WRONG`, `WAY_INVALID` */
  unlock(present: UnlockSecret): Promise<void>;
  /** Forgets the keys of everything that is encrypted; the peer starts anew, locked. */
  lock(): Promise<void>;
  /** The person is there: puts off the locking that `lockAfter` asks for. */
  stayOpen(): Promise<void>;
  /**
   * Adds a way to unlock, or replaces the passphrase. `present` is one that unlocks now, `null` for the first way, which
   * encrypts what lay in the clear; then the peer starts anew.
   * @throws `PASSPHRASE_WRONG`, `PASSKEY_WRONG`, `PASSPHRASE_INVALID`, `WAY_INVALID`
   */
  protect(way: NewWay, present: UnlockSecret | null): Promise<void>;
  /**
   * Removes a way to unlock. The last one decrypts everything; then the peer starts anew.
   * @throws `PASSPHRASE_WRONG`, `PASSKEY_WRONG`, `WAY_UNKNOWN`
   */
  unprotect(way: WayName, present: UnlockSecret): Promise<void>;

  /** Makes another identity and switches to it; the peer starts anew. */
  createIdentity(): Promise<void>;
  /** Runs another identity of this browser; the peer starts anew. @throws `IDENTITY_UNKNOWN` */
  switchIdentity(key: string): Promise<void>;
  /** Deletes an identity with all that it stored here. @throws `IDENTITY_UNKNOWN`, `IDENTITY_LAST` */
  removeIdentity(key: string): Promise<void>;
  /**
   * Becomes the identity of these words, beside those that are here. What is held of it already stays with it; the rest is
   * looked for at neighbours (`history`). The peer starts anew.
   * @throws `PHRASE_INVALID`
   */
  restore(words: string): Promise<Identity>;
  /** Goes on without the rest of the history, so that the profile can change though nobody was met who knows the last one. */
  closeHistory(): Promise<void>;
  /** Deletes all identities, keys, posts, settings and caches of this origin; the peer has ended then. */
  deleteEverything(): Promise<void>;

  /**
   * Nothing of this person is accepted, shown or passed on any more, and no connection is made with it. Nobody is told.
   * @throws `NODE_ID_INVALID`, `BLOCK_OWN`, `BLOCKS_FULL`
   */
  block(id: NodeId): Promise<void>;
  /** Shows again what is held here. @throws `NODE_ID_INVALID` */
  unblock(id: NodeId): Promise<void>;
  /** Lets a peer in again that is shut out for its misdeeds. @throws `NODE_ID_INVALID` */
  pardon(id: NodeId): Promise<void>;

  saveDraft(draft: GivenDraft): Promise<void>;
  dropDraft(id: string): Promise<void>;
  preview(draft: GivenDraft): Promise<DraftPreview>;
  /** Durable when it resolves: stored, and sent or waiting in the outbox. @throws the first problem's code */
  publish(draft: GivenDraft): Promise<Published>;

  envelope(hash: HashText): Promise<EnvelopeView | null>;
  /** One page of a feed, newest first, older than `before`. */
  feed(query: {
    feed: FeedSpec;
    limit: number;
    filters?: FeedFilters;
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
  /**
   * Drops what was fetched and can be fetched again (full texts, pictures), and posts that strangers wrote more than a
   * month ago. What this person wrote stays, whatever was followed or written at home of late as well.
   */
  freeStorage(): Promise<FreedStorage>;

  /**
   * An invite: a signed offer to connect, for one person, to be shown as a link or a QR code. Open for ten minutes, and
   * until the page is loaded anew; of more than four open ones the oldest ends.
   * @throws `INVITE_FAILED`
   */
  createInvite(options?: CallOptions): Promise<{ readonly code: string; readonly expiresAt: number }>;
  /**
   * The answer to an invite (a code, or a link that ends in one), to be handed back to `peer`, who made it. From then on
   * this peer waits in the background until the answer is used. Asked again meanwhile, it gives the same answer.
   * @throws `INVITE_MALFORMED`, `INVITE_SIGNATURE_INVALID`, `INVITE_EXPIRED`, `INVITE_USED`, `INVITE_OWN`,
   *   `INVITE_NOT_FOR_YOU`, `INVITE_WRONG_KIND`, `INVITE_FAILED`
   */
  answerInvite(
    code: string,
    options?: CallOptions,
  ): Promise<{ readonly code: string; readonly peer: NodeId; readonly expiresAt: number }>;
  /**
   * Uses the answer to an own invite; resolves when the direct link stands.
   * @throws as `answerInvite`, and `INVITE_UNKNOWN` when the invite is not one of this run
   */
  acceptAnswer(code: string, options?: CallOptions): Promise<{ readonly peer: NodeId }>;
  /** Checks a code as using it would, without using it: who made it, and what it is. @throws as `acceptAnswer` */
  readInvite(
    code: string,
  ): Promise<{ readonly kind: "offer" | "answer"; readonly peer: NodeId; readonly expiresAt: number }>;
}

/** Calls about the identities of this browser and the way they are kept; they work while the current one is locked. */
export type OriginCall =
  | "unlock"
  | "lock"
  | "stayOpen"
  | "protect"
  | "unprotect"
  | "createIdentity"
  | "switchIdentity"
  | "removeIdentity"
  | "restore"
  | "restoreBackup"
  | "mergeBackup"
  | "deleteEverything";

/** What one identity does, while it is unlocked. */
export type IdentityApi = Omit<PeerApi, OriginCall>;
