import type { CuratedKey } from "../../social/index.ts";
import { equalBytes, ObjectType, toHex, type NodeKey } from "../../wire/index.ts";
import type { PeerCore } from "../core.ts";
import { curatedOf } from "../feeds/index.ts";
import type { CuratedByView } from "./api.ts";

/**
 * Between two rounds while it is open, in ms: a network that is not there yet comes within seconds, and what somebody has made
 * meanwhile may take minutes.
 */
const PAUSES = { offline: 2_000, looked: 120_000 } as const;

interface Search {
  readonly ended: AbortController;
  cancel: () => void;
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
    const search = known ?? newSearch();
    this.#open.set(key, search);
    search.readers += 1;
    if (known === undefined) this.#look(curator, search);
    let closed = false;
    return () => {
      if (closed) return;
      closed = true;
      search.readers -= 1;
      if (search.readers > 0) return;
      search.cancel();
      search.ended.abort();
      this.#open.delete(key);
    };
  }

  stop(): void {
    for (const { cancel, ended } of this.#open.values()) {
      cancel();
      ended.abort();
    }
    this.#open.clear();
  }

  state(curator: NodeKey): CuratedByView["state"] {
    return this.#open.get(toHex(curator))?.state ?? "offline";
  }

  found(curator: NodeKey): readonly CuratedKey[] {
    return this.#open.get(toHex(curator))?.found ?? [];
  }

  #look(curator: NodeKey, search: Search): void {
    const { live, ports } = this.#core;
    const { signal } = search.ended;
    this.#ask(curator, search)
      .catch((error: unknown) => {
        if (!signal.aborted) ports.log("curated", error);
      })
      .finally(() => {
        if (signal.aborted) return;
        live.invalidate("curation", "feeds");
        const pause = search.state === "looked" ? PAUSES.looked : PAUSES.offline;
        search.cancel = ports.clock.after(pause, () => this.#look(curator, search));
      });
  }

  async #ask(curator: NodeKey, search: Search): Promise<void> {
    const { feeds: own, findings, identity, parts, ports } = this.#core;
    const { signal } = search.ended;
    const finder = await findings.finder();
    const round = finder === null ? null : await finder.feeds([curator], { hints: [curator], signal });
    if (round === null || round.asked === 0) {
      if (search.state !== "looked") search.state = "offline";
    } else {
      const { feeds } = round;
      const kept = new Set(curatedOf(own.saved.all()).map(({ curator: by, name }) => `${toHex(by)} ${name}`));
      for (const { bytes, feed, hash } of feeds) {
        const { curator: owner, name, sequence } = feed;
        const version = { type: ObjectType.CuratedFeed, owner, name, sequence, hash, bytes };
        if (equalBytes(owner, identity.key)) await (await parts.curation.making()).came(version, feed);
        else await own.curated.take(version, kept.has(`${toHex(owner)} ${name}`), ports.clock.now());
      }
      search.found = feeds.map(({ feed }) => ({ curator: feed.curator, name: feed.name }));
      search.state = "looked";
    }
  }
}

function newSearch(): Search {
  return { ended: new AbortController(), cancel: () => undefined, readers: 0, state: "looking", found: [] };
}
