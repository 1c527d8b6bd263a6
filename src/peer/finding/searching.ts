import { IndexServer } from "../../mesh/protocols/finding/index.ts";
import type { Audience, Library } from "../../mesh/protocols/index.ts";
import type { Hash } from "../../wire/index.ts";
import type { Head } from "../../store/port.ts";
import type { HeldFeeds } from "../feeds/index.ts";
import type { FindingView } from "./api.ts";
import { Finder, type FinderOptions } from "./finder.ts";
import { Lookout } from "./lookout.ts";

export interface SearchingOptions extends FinderOptions {
  /** The store as others may see it. */
  readonly library: Library;
  /** Who may have what of it. */
  readonly audience: Audience;
  readonly onView: (target: Hash, view: FindingView) => void;
  readonly onHeld: (keys: readonly Hash[]) => void;
  readonly feeds: { readonly held: HeldFeeds };
}

/** What finds, and what answers others who look for something. */
export class Searching {
  readonly finder: Finder;
  readonly lookout: Lookout;
  readonly server: IndexServer;

  constructor(options: SearchingOptions) {
    const { audience, blocked, clock, library, mesh } = options;
    const { held } = options.feeds;
    const visible = (heads: readonly Head[]): Uint8Array[] =>
      heads.filter(({ owner }) => !blocked(owner)).map(({ bytes }) => bytes);
    this.finder = new Finder(options);
    this.lookout = new Lookout({ ...options, finder: this.finder });
    this.server = new IndexServer({
      mesh,
      clock,
      library,
      audience,
      feedsWith: async (post) => visible(await held.with(post)),
      feedsOf: async (targets) => visible(await held.of(targets)),
    });
  }

  stop(): void {
    this.lookout.stop();
    this.server.stop();
  }
}
