import type { FoundVersion } from "../../mesh/protocols/index.ts";
import type { CuratedKey } from "../../social/index.ts";
import type { CuratedVisits } from "./curated-visits.ts";
import type { CuratedFollowing, CuratedFollowingOptions } from "./following-curated.ts";

export interface CuratedUpdatesOptions extends Omit<CuratedFollowingOptions, "visited"> {
  readonly visits: CuratedVisits;
}

/**
 * Keeps curated feeds up to date that are followed or open, while there is a network. Most people follow none: it is loaded
 * with the first.
 */
export class CuratedUpdates {
  readonly #options: CuratedUpdatesOptions;
  readonly #stopListening: () => void;
  #isLoading = false;
  #following: CuratedFollowing | null = null;
  #stopped = false;

  constructor(options: CuratedUpdatesOptions) {
    this.#options = options;
    this.#stopListening = options.visits.onBegun((key) => {
      if (this.#following !== null) this.#following.visit(key);
      else this.#load();
    });
    if (options.visits.all().length > 0) this.#load();
  }

  /** What is followed may have changed. */
  look(): void {
    if (this.#following !== null) this.#following.look();
    else if (this.#options.followed().length > 0) this.#load();
  }

  /** Whether everybody within reach was asked for this feed. */
  wasAsked(key: CuratedKey): boolean {
    return this.#following?.wasAsked(key) ?? false;
  }

  /** A neighbour that was asked for it sends a version. Before this is loaded it need not: loading it asks for all of them. */
  async found({ bytes, from, target }: FoundVersion): Promise<void> {
    await this.#following?.found({ curator: target.owner, name: target.name }, bytes, from);
  }

  stop(): void {
    this.#stopped = true;
    this.#stopListening();
    this.#following?.stop();
  }

  #load(): void {
    if (this.#isLoading) return;
    this.#isLoading = true;
    const { visits, ...options } = this.#options;
    import("./following-curated.ts")
      .then(({ CuratedFollowing: Following }) => {
        if (this.#stopped) return;
        this.#following = new Following({ ...options, visited: () => visits.all() });
        this.#following.look();
      })
      .catch((error: unknown) => {
        // Its script could not be fetched, perhaps because this device is offline: the next look tries again.
        this.#isLoading = false;
        this.#options.log("curated", error);
      });
  }
}
