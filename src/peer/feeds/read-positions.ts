import * as v from "valibot";
import type { Clock } from "../../mesh/protocols/index.ts";
import type { Store, TimeCursor } from "../../store/port.ts";
import { compareBytes, fromHex, toHex } from "../../wire/index.ts";

/** Not in a backup: on another device another feed was read. */
const READ_KEY = "feeds.read";
/** Scrolling marks row after row; a crash costs at most what was read in this time, in ms. */
const BEHIND = 2_000;

const Stored = v.record(
  v.string(),
  v.object({ created: v.number(), hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)) }),
);

/** Up to where each feed was read: the newest row that the person has seen. Written behind. */
export class ReadPositions {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: (context: string, error: unknown) => void;
  /** By id of the feed. */
  readonly #positions = new Map<string, TimeCursor>();
  #cancel: (() => void) | null = null;

  private constructor(store: Store, clock: Clock, log: (context: string, error: unknown) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  static async open(
    store: Store,
    clock: Clock,
    log: (context: string, error: unknown) => void,
  ): Promise<ReadPositions> {
    const positions = new ReadPositions(store, clock, log);
    const parsed = v.safeParse(Stored, await store.setting(READ_KEY));
    if (parsed.success) {
      for (const [id, { created, hash }] of Object.entries(parsed.output)) {
        positions.#positions.set(id, { created, hash: fromHex(hash) });
      }
    }
    return positions;
  }

  of(id: string): TimeCursor | undefined {
    return this.#positions.get(id);
  }

  /** Whether that is further than the feed was read before. */
  mark(id: string, at: TimeCursor): boolean {
    const known = this.#positions.get(id);
    if (known !== undefined && compareCursors(known, at) >= 0) return false;
    this.#positions.set(id, { created: at.created, hash: at.hash });
    this.#writeSoon();
    return true;
  }

  /** Forgets feeds that are not kept any more. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#positions.keys()) if (!ids.has(id)) this.#positions.delete(id);
  }

  /** Writes what was not written yet. */
  async stop(): Promise<void> {
    if (this.#cancel === null) return;
    this.#cancel();
    this.#cancel = null;
    await this.#write();
  }

  #writeSoon(): void {
    this.#cancel ??= this.#clock.after(BEHIND, () => {
      this.#cancel = null;
      this.#write().catch((error: unknown) => this.#log("feeds", error));
    });
  }

  async #write(): Promise<void> {
    const stored = [...this.#positions].map(([id, { created, hash }]) => [id, { created, hash: toHex(hash) }]);
    await this.#store.commit({ settings: { [READ_KEY]: Object.fromEntries(stored) } });
  }
}

/** Negative when `a` is older than `b`. */
export function compareCursors(a: TimeCursor, b: TimeCursor): number {
  return a.created - b.created || compareBytes(a.hash, b.hash);
}
