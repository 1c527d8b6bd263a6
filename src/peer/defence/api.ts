/** The part of `PeerApi` about what this person does not want to see. All of it is kept here and told to nobody. */
import type { DefenceReason, Mute, MutedKind, MuteTarget } from "../../social/index.ts";
import type { HashText, NodeId } from "../api.ts";

export type { DefenceReason, MutedKind, MuteTarget };

/** How an envelope is to be shown, where that is not simply as it is. */
export interface GuardView {
  /**
   * `hidden`: lists leave it out; a page that shows it nevertheless, because the person went to it, covers it. `covered`: one
   * press shows it; `what`: all of it, or its media alone. `null`: neither.
   */
  readonly verdict: {
    readonly kind: "covered" | "hidden";
    readonly what: "post" | "media";
    readonly reason: DefenceReason;
  } | null;
  /** Posts of the author of which this person has said that they were not worth it. */
  readonly flagged: number;
  /** Somebody of whom this person knows, whose name looks like that of the author, who is somebody else. */
  readonly alike: AlikeView | null;
}

/** What this person has said of somebody. */
export interface StandingView {
  /** Posts that were not worth it. */
  readonly flagged: number;
  /** Somebody else whose name looks the same; see `GuardView`. */
  readonly alike: AlikeView | null;
  /** `until`: milliseconds since 1970, or `null` for good. */
  readonly muted: { readonly until: number | null } | null;
}

/** The person whose name another one looks like. */
export interface AlikeView {
  readonly id: NodeId;
  readonly name: string;
}

/** Something that is to be muted. `how` is `hide` and `until` `null` where they are left out. */
export interface MuteInput {
  readonly target: MuteTarget;
  readonly how?: Mute["how"];
  /** Milliseconds since 1970; `null`: for good. */
  readonly until?: number | null;
}

export interface MuteView extends Mute {
  /** Names it in calls: made of what is muted, so muting the same twice makes one. */
  readonly id: string;
  /** As a person who is muted is called now; `null` for anything else, and where no name is known. */
  readonly name: string | null;
  /** Of a person: see `PersonView`. */
  readonly alike: AlikeView | null;
}

/** Somebody by name. A name is not told without what it could be taken for. */
export interface PersonView {
  readonly id: NodeId;
  /** From the profile; `null` until one was received. */
  readonly name: string | null;
  /** Somebody else of whom this person knows, and whose name looks like this one. */
  readonly alike: AlikeView | null;
}

/** Somebody whose posts this person found not worth reading. */
export interface FlaggedView extends PersonView {
  /** Envelopes of the posts, 16 at most, the latest last. */
  readonly posts: readonly HashText[];
  /** When it was said last, milliseconds since 1970. */
  readonly since: number;
}

/** Somebody whose word that others should hear a post counts for nothing here. */
export interface DoubtedView extends PersonView {
  /** Milliseconds since 1970. */
  readonly since: number;
  /** For whom it vouched, of those whom this person has turned away, or, where that is all, of those who are doubted themselves. */
  readonly causes: readonly NodeId[];
}

/** What is done with what nobody has muted by name. */
export interface DefencePolicy {
  /** Posts by authors whom this person has flagged: shown with a mark, covered, or left out. */
  readonly flagged: "mark" | "cover" | "hide";
  /** Media of which the author says that they are not for everybody, or all by people whom one neither follows nor trusts. */
  readonly media: "show" | "sensitive" | "strangers";
}

export interface DefenceView {
  readonly policy: DefencePolicy;
  readonly mutes: number;
  readonly flagged: number;
  readonly doubted: number;
}

export interface DefenceQueries {
  /** Latest first; `limit`: rows a page, 100 unless it says otherwise, up to as many as can be kept. */
  mutes: { params: { readonly limit?: number }; rows: MuteView };
  /** Latest first. */
  flagged: { params: Record<string, never>; rows: FlaggedView };
  /** Latest first. */
  doubted: { params: Record<string, never>; rows: DoubtedView };
  defence: { params: Record<string, never>; value: DefenceView };
}

/** What the import of a file would change, or has changed. */
export interface DefenceChanges {
  /** Those that are new, or hold longer or in another way than now. */
  readonly mutes: readonly MuteView[];
  /** People who are not blocked yet. */
  readonly blocks: readonly PersonView[];
  /** People who are flagged for posts for which they are not flagged yet. */
  readonly flagged: readonly (PersonView & { readonly posts: readonly HashText[] })[];
  /** Where the file says otherwise. */
  readonly policy: Partial<DefencePolicy>;
  /** Entries that say what is so already. */
  readonly known: number;
  /** Entries that could not be read. */
  readonly unread: number;
}

export interface DefenceApi {
  /**
   * Mutes all of these, in one go. What is muted already is changed.
   * @returns them as they are kept, in the same order
   * @throws `MUTE_INVALID`, `MUTE_OWN`, `MUTES_FULL`
   */
  mute(mutes: readonly MuteInput[]): Promise<readonly MuteView[]>;
  /** Takes mutes back, in one go; ids that are not known are passed over. */
  unmute(ids: readonly string[]): Promise<void>;
  /**
   * Says of a post that it was not worth reading: its author counts for less with this person alone, and so do those who
   * vouched for it.
   * @param hash of an envelope
   * @throws `HASH_INVALID`, `NOT_FOUND`, `FLAG_OWN`, `FLAGS_FULL`
   */
  notWorthIt(hash: HashText): Promise<void>;
  /**
   * Takes it back, of these posts by their envelopes, or of an author altogether.
   * @throws `NODE_ID_INVALID`
   */
  worthIt(author: NodeId, posts?: readonly HashText[]): Promise<void>;
  /** Believes somebody again who vouched for people whom this person has turned away. @throws `NODE_ID_INVALID` */
  believe(id: NodeId): Promise<void>;
  /** @throws `DEFENCE_INVALID` */
  setDefence(policy: Partial<DefencePolicy>): Promise<DefencePolicy>;
  /** Mutes, flagged and blocked people and the policy as one JSON file, for another device or somebody else. */
  exportDefence(): Promise<Blob>;
  /**
   * What importing this file would change; nothing is changed.
   * @throws `DEFENCE_FILE_TOO_LARGE`, `DEFENCE_FILE_INVALID`, `DEFENCE_FILE_NEWER`
   */
  previewDefence(file: Blob): Promise<DefenceChanges>;
  /** Adds what the file says to what is so already; nothing is taken away. @throws as `previewDefence`, and `MUTES_FULL`, `BLOCKS_FULL`, `FLAGS_FULL` */
  importDefence(file: Blob): Promise<DefenceChanges>;
}
