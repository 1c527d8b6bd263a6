import { type CuratedKey } from "../../social/index.ts";
import { ObjectType, toHex, type NodeKey } from "../../wire/index.ts";
import type { PeerCore } from "../core.ts";
import { curatedOf } from "../feeds/index.ts";
import type { CuratedByView } from "./api.ts";

interface Search {
  readonly ended: AbortController;
  readers: number;
  state: CuratedByView["state"];
  /** Feeds that others gave, kept or not. */
  found: readonly CuratedKey[];
}

/** Asks others for what somebody curates, while that is open here. What a person curates comes back this way to a new device. */
export class Curators {
  readonly #core: PeerCore;
  readonly #open = new Map<string, Search>();

  constructor(core: PeerCore) {
    this.#core = core;
  }

  /** Returns what is called when it is closed. */
  begin(curator: NodeKey): () => void {
    const key = toHex(curator);
    const known = this.#open.get(key);
    const search = known ?? { ended: new AbortController(), readers: 0, state: "looking", found: [] };
    this.#open.set(key, search);
    search.readers += 1;
    if (known === undefined) {
      this.#look(curator, search).catch((error: unknown) => {
        if (!search.ended.signal.aborted) this.#core.ports.log("curated", error);
      });
    }
    let closed = false;
    return () => {
      if (closed) return;
      closed = true;
      search.readers -= 1;
      if (search.readers > 0) return;
      search.ended.abort();
      this.#open.delete(key);
    };
  }

  state(curator: NodeKey): CuratedByView["state"] {
    return this.#open.get(toHex(curator))?.state ?? "offline";
  }

  found(curator: NodeKey): readonly CuratedKey[] {
    return this.#open.get(toHex(curator))?.found ?? [];
  }

  async #look(curator: NodeKey, search: Search): Promise<void> {
    const { feeds: own, findings, identity, live, ports } = this.#core;
    const { signal } = search.ended;
    const finder = await findings.finder();
    if (finder === null) {
      search.state = "offline";
    } else {
      const { feeds } = await finder.feeds([curator], { hints: [curator], signal });
      const kept = new Set(curatedOf(own.saved.all()).map(({ curator: by, name }) => `${toHex(by)} ${name}`));
      for (const { bytes, feed, hash } of feeds) {
        const { curator: owner, name, sequence } = feed;
        const keep = toHex(owner) === toHex(identity.key) || kept.has(`${toHex(owner)} ${name}`);
        const version = { type: ObjectType.CuratedFeed, owner, name, sequence, hash, bytes };
        await own.curated.take(version, keep, ports.clock.now());
      }
      search.found = feeds.map(({ feed }) => ({ curator: feed.curator, name: feed.name }));
      search.state = "looked";
    }
    live.invalidate("curation", "feeds");
  }
}
