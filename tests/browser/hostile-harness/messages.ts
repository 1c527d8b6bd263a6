/** What the test gives the author to publish. Everything in it is signed as it stands. */

export interface HostilePost {
  readonly headline: string | null;
  readonly summary: string | null;
  readonly text: string;
  readonly links: readonly string[];
  readonly scopes: readonly string[];
  readonly media: readonly { contentType: string; size: number; blurhash: string | null; altText: string | null }[];
}

/** A second version of what has one by right, with the same number: whoever signs both says two things at once. */
export interface HostileForks {
  /** The name in the other profile. */
  readonly name: string;
  /** What the feed of this name says of itself, in the one version and in the other. */
  readonly feed: { readonly name: string; readonly descriptions: readonly [string, string] };
}

export interface HostileAuthor {
  readonly relay: string;
  /** Scope key of the place where all of it starts. */
  readonly place: string;
  readonly name: string;
  readonly bio: string;
  readonly posts: readonly HostilePost[];
  readonly forks?: HostileForks;
}

export interface StartAuthor {
  readonly author: HostileAuthor;
  readonly rtc: MessagePort;
}
