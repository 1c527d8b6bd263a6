/** The part of `PeerApi` about the kinds of posts and the files that they carry. */
import type { HashText } from "../api.ts";

/** What a post is, as its envelope shows it. */
export type ContentKind = "text" | "photos" | "album" | "course" | "paper" | "software" | "podcast" | "collection";

/** A file of a draft, kept by `attach`. */
export interface DraftAttachment {
  readonly hash: HashText;
  readonly contentType: string;
  readonly size: number;
  readonly blurhash: string | null;
  /** What a picture shows; what a track, a lesson or a file is called. */
  readonly altText: string;
  /** Milliseconds, of sound and film; `null`: it is not known. */
  readonly duration: number | null;
}

/** What a draft has beside words and scopes. */
export interface DraftMatter {
  /** What it is to be: `publish` refuses one that would be read as something else. */
  readonly kind: ContentKind;
  /** Who made it: an artist, the authors. */
  readonly byline: string;
  readonly attachments: readonly DraftAttachment[];
  /** What a collection says of the posts that it refers to. */
  readonly notes: readonly { readonly of: HashText; readonly note: string }[];
  /** The author's share of what is paid for fetching it, 0 to 255 of 255. */
  readonly kickbackRate: number;
}

export interface Attached {
  readonly hash: HashText;
  readonly size: number;
  /** What the bytes are, where they can be recognised; else what was declared. */
  readonly contentType: string;
}

export interface MediaApi {
  /**
   * Keeps a file for a draft, durably, until no draft has named it for a day. The same bytes are kept once.
   * @throws `ATTACHMENT_INVALID` for no bytes, `ATTACHMENT_TOO_LARGE` beyond 64 KiB, `ATTACHMENTS_FULL` beyond 1,024 files
   */
  attach(file: { readonly bytes: Uint8Array; readonly contentType: string }): Promise<Attached>;
  /**
   * The bytes of a file: of a draft, or of a `post` that is held here, from this device or from a peer. Whoever shows them
   * decides by the bytes, not by what the envelope says, what they are.
   * @throws `HASH_INVALID`, `NOT_FOUND`, `OFFLINE`, `TIMEOUT`, `AUTHOR_BLOCKED`; the signal's reason
   */
  attachment(query: {
    readonly hash: HashText;
    readonly post?: HashText;
    readonly signal?: AbortSignal;
  }): Promise<Uint8Array>;
}
