/** What the test gives the author to publish. Everything in it is signed as it stands. */

export interface HostilePost {
  readonly headline: string | null;
  readonly summary: string | null;
  readonly text: string;
  readonly links: readonly string[];
  readonly scopes: readonly string[];
  readonly media: readonly { contentType: string; size: number; blurhash: string | null; altText: string | null }[];
}

export interface HostileAuthor {
  readonly relay: string;
  /** Scope key of the place where all of it starts. */
  readonly place: string;
  readonly name: string;
  readonly bio: string;
  readonly posts: readonly HostilePost[];
}

export interface StartAuthor {
  readonly author: HostileAuthor;
  readonly rtc: MessagePort;
}
