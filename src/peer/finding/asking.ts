import { abortable, withDeadline, type Clock } from "../../mesh/protocols/index.ts";
import type { Mesh } from "../../mesh/port.ts";
import { BoundedMap } from "../../social/index.ts";
import { toHex, type Hash, type NodeKey } from "../../wire/index.ts";

/** Neighbours asked about one thing; the maintainer keeps some ten links. */
const MAX_NEIGHBOURS = 8;
/** Providers that the DHT is asked for, by each key: enough that some are still there. */
const PROVIDERS = 4;
/** Peers asked in all: a list of providers is somebody's word, and may be long. */
const MAX_PEERS = 24;
/** Asked at the same time: each may need a dial. */
const PARALLEL = 6;
/** Of one peer, all its pages together, in ms. */
const PEER_TIMEOUT = 12_000;
/** Of everything, in ms: a person looks at "looking for more" meanwhile. */
const TIMEOUT = 25_000;
/** A peer that did not answer in time is left in peace so long, in ms. */
const REST = 60_000;
const REMEMBERED_SILENT = 256;

export interface AskingOptions {
  readonly mesh: Pick<Mesh, "self" | "peers" | "findProviders">;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: (context: string, error: unknown) => void;
}

export interface AskingRound {
  /** Keys of provider records; none: only neighbours and hints are asked. */
  readonly keys: readonly Hash[];
  /** Who is likely to know, linked or not. */
  readonly hints?: readonly NodeKey[];
  readonly signal?: AbortSignal | undefined;
  /** Asks one peer. What it throws counts as no answer. */
  readonly ask: (peer: NodeKey, signal: AbortSignal) => Promise<void>;
}

export interface Asked {
  readonly asked: number;
  readonly answered: number;
}

/** Asks neighbours, then whoever is likely to know, then whom the DHT names; each once, and all of it in bounded time. */
export class Asking {
  readonly #options: AskingOptions;
  readonly #silent = new BoundedMap<string, number>(REMEMBERED_SILENT);

  constructor(options: AskingOptions) {
    this.#options = options;
  }

  /** @throws the signal's reason */
  async round(round: AskingRound): Promise<Asked> {
    const { clock, log, mesh } = this.#options;
    const seen = new Set<string>([toHex(mesh.self)]);
    const counts = { asked: 0, answered: 0 };
    const running = new Set<Promise<void>>();
    const work = async (limit: AbortSignal): Promise<void> => {
      for await (const peer of this.#candidates(round, limit)) {
        const key = toHex(peer);
        if (seen.has(key)) continue;
        if (seen.size > MAX_PEERS) break;
        seen.add(key);
        if ((this.#silent.get(key) ?? 0) > clock.now()) continue;
        while (running.size >= PARALLEL) await Promise.race(running);
        const task: Promise<void> = this.#one(peer, round, limit, counts).finally(() => running.delete(task));
        running.add(task);
      }
      await Promise.all(running);
    };
    try {
      await withDeadline(clock, TIMEOUT, round.signal, (limit) => abortable(work(limit), limit));
    } catch (error) {
      round.signal?.throwIfAborted();
      // What has come until then is stored; whoever takes longer is asked another time.
      log("finding", error);
    }
    return counts;
  }

  async #one(
    peer: NodeKey,
    round: AskingRound,
    limit: AbortSignal,
    counts: { asked: number; answered: number },
  ): Promise<void> {
    const { clock, log } = this.#options;
    counts.asked++;
    const began = clock.now();
    try {
      await withDeadline(clock, PEER_TIMEOUT, limit, (signal) => round.ask(peer, signal));
      counts.answered++;
    } catch (error) {
      if (limit.aborted) return;
      if (clock.now() - began >= PEER_TIMEOUT / 2) this.#silent.set(toHex(peer), clock.now() + REST);
      log("finding", error);
    }
  }

  async *#candidates({ hints = [], keys }: AskingRound, signal: AbortSignal): AsyncGenerator<NodeKey> {
    const { log, mesh, random } = this.#options;
    const linked = mesh.peers();
    const hinted = new Set(hints.map(toHex));
    yield* linked.filter((peer) => hinted.has(toHex(peer)));
    // Each time others, where there are more.
    const first = Math.floor(random() * linked.length);
    yield* [...linked.slice(first), ...linked.slice(0, first)].slice(0, MAX_NEIGHBOURS);
    // A search begins at a neighbour; without one the library waits for one instead of ending.
    if (linked.length === 0) return;
    yield* hints;
    for (const key of keys) {
      try {
        yield* mesh.findProviders(key, { signal, limit: PROVIDERS });
      } catch (error) {
        if (signal.aborted) throw error;
        log("finding", error);
      }
    }
  }
}
