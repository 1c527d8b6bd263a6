/** The part of `PeerApi` that says what others did that concerns this person: answers, references, boosts, feeds, trust. */
import type { DefenceReason, HashText } from "../api.ts";
import type { PersonView } from "../defence/api.ts";

export type NoticeKindName = "reply" | "reference" | "boost" | "curated" | "trust";

export interface NoticePerson extends PersonView {
  readonly avatar: HashText | null;
}

/** One line of the inbox: what belongs together, such as all boosts of one post. */
export interface NoticeView {
  /** Names the line; it stays the same while more comes to it. */
  readonly id: string;
  /** `several`: one person did things of several kinds. */
  readonly kind: NoticeKindName | "several";
  /** Who it is by, the latest first; three of them at most. */
  readonly people: readonly NoticePerson[];
  /** How many there are. */
  readonly peopleCount: number;
  /** How many things it stands for, 32 at most, and how many of them are unread. */
  readonly count: number;
  readonly unread: number;
  /** The own post that it is about, or the last of several; `null` for feeds and trust. */
  readonly post: { readonly hash: HashText; readonly title: string | null } | null;
  /** The kept feed that has new entries. */
  readonly feed: { readonly id: string; readonly name: string } | null;
  /** The latest envelope of it, or the latest post of a feed, whether it is held here or not; `null` for boosts and trust. */
  readonly latest: HashText | null;
  /** What it begins with; `null` where it lies under a cover. */
  readonly excerpt: string | null;
  /** Why `latest` is covered; `null` where it is not. */
  readonly cover: DefenceReason | null;
  /** Whether `title` or `excerpt` is for trusted people only: not to be shown where others may look. */
  readonly private: boolean;
  /** When the latest of it came here. */
  readonly at: number;
  /** Order in which things came; the highest is the latest. For `readNotices` and `tellNotices`. */
  readonly seq: number;
}

/** What people are to be called for and were not yet. */
export interface NoticeCalls {
  /** To be given to `tellNotices` when it is dealt with. */
  readonly until: number;
  /** Lines with something new in them, the latest first. */
  readonly lines: readonly NoticeView[];
}

/** How many lines have something unread. */
export interface InboxCount {
  readonly unread: number;
}

export interface NoticeSettings {
  /** Kinds of which this person wants to hear nothing. They are kept, and there again when this is changed. */
  readonly off: readonly NoticeKindName[];
  /** Minutes of the local day between which nobody is called; `null`: never. May go over midnight. */
  readonly quiet: { readonly from: number; readonly to: number } | null;
  /** Whether the words of posts for trusted people may stand where others can look, such as a lock screen. */
  readonly showPrivate: boolean;
}

/** Live queries about notices: see `LiveQueries`. */
export interface NoticeQueries {
  inbox: { params: { limit?: number }; rows: NoticeView };
  inboxCount: { params: Record<string, never>; value: InboxCount };
  /** For whoever calls people: something is in it until `tellNotices` says that it was dealt with. */
  noticeCalls: { params: Record<string, never>; value: NoticeCalls };
  noticeSettings: { params: Record<string, never>; value: NoticeSettings };
}

export interface NoticesApi {
  /** Whatever came up to `until` (`seq` of a line) is read; of these lines alone, where they are given. @throws `NOTICE_INVALID` */
  readNotices(read: { until: number; ids?: readonly string[] }): Promise<void>;
  /** The person was called for whatever came up to `until`, or need not be. @throws `NOTICE_INVALID` */
  tellNotices(until: number): Promise<void>;
  /** @throws `NOTICE_INVALID` */
  updateNotices(patch: Partial<NoticeSettings>): Promise<NoticeSettings>;
}
