import { IndexServer } from "../../mesh/protocols/finding/index.ts";
import type { Library } from "../../mesh/protocols/index.ts";
import type { Hash } from "../../wire/index.ts";
import type { FindingView } from "./api.ts";
import { Curations } from "./curations.ts";
import { Finder, type FinderOptions } from "./finder.ts";
import { Lookout } from "./lookout.ts";

export interface SearchingOptions extends FinderOptions {
  /** The store as others may see it. */
  readonly library: Library;
  readonly onView: (target: Hash, view: FindingView) => void;
  readonly onHeld: (keys: readonly Hash[]) => void;
}

/** What finds, and what answers others who look for something. */
export class Searching {
  readonly finder: Finder;
  readonly lookout: Lookout;
  readonly server: IndexServer;
  readonly #curations: Curations;

  constructor(options: SearchingOptions) {
    const { blocked, clock, library, mesh, store } = options;
    this.finder = new Finder(options);
    this.lookout = new Lookout({ ...options, finder: this.finder });
    const curations = new Curations(store, blocked);
    this.#curations = curations;
    this.server = new IndexServer({ mesh, clock, library, feedsWith: (post) => curations.with(post) });
  }

  stop(): void {
    this.lookout.stop();
    this.server.stop();
    this.#curations.stop();
  }
}
