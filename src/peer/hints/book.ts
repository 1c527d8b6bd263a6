import { targetKey, type Heard } from "../../mesh/protocols/index.ts";
import type { Store } from "../../store/port.ts";
import { Serial } from "../../store/serial.ts";
import { equalBytes, toHex, type Hash, type NodeKey } from "../../wire/index.ts";

const SETTING = "hints";
/** Two days of a lively town: 150 kB, written anew each minute at most. What is told after that takes the place of the oldest. */
const MAX_HINTS = 1_024;
/** Neighbours asked for one target are three; with those of other targets a few more. */
const MAX_TELLERS = 6;
const MAX_TARGETS = 8;

export interface Teller {
  readonly peer: NodeKey;
  /** What it said the headline is; `undefined` if it told the hash alone. */
  readonly headline: string | null | undefined;
}

/** An envelope that is known and not held. */
export interface Hint {
  readonly hash: Hash;
  readonly told: number;
  readonly tellers: readonly Teller[];
  /** Subscriptions that it was told by, as `targetKey` names them. */
  readonly targets: readonly string[];
}

/** What neighbours have told of and this peer has not fetched: bounded, and kept over restarts, since nobody tells twice. */
export class HintBook {
  readonly #store: Store;
  /** By hex of the hash, the first told first. */
  readonly #hints: Map<string, Hint>;
  readonly #writes = new Serial();

  private constructor(store: Store, hints: readonly Hint[]) {
    this.#store = store;
    this.#hints = new Map(hints.map((hint) => [toHex(hint.hash), hint]));
  }

  static async open(store: Store): Promise<HintBook> {
    const stored = await store.setting(SETTING);
    return new HintBook(store, Array.isArray(stored) ? stored.filter(isHint).slice(0, MAX_HINTS) : []);
  }

  get(hash: Hash): Hint | undefined {
    return this.#hints.get(toHex(hash));
  }

  has(hash: Hash): boolean {
    return this.#hints.has(toHex(hash));
  }

  /** The latest first. */
  all(): Hint[] {
    return [...this.#hints.values()].reverse();
  }

  /** Resolves when it is durable. */
  async note(heard: readonly Heard[], from: NodeKey, now: number): Promise<void> {
    // Frames have the newest first; the book has it last.
    for (const each of heard.toReversed()) this.#add(each, from, now);
    while (this.#hints.size > MAX_HINTS) this.#forgetOne();
    await this.#save();
  }

  /** Those of these that were in it; they are not any more. Resolves when that is durable. */
  async take(hashes: readonly Hash[]): Promise<Hint[]> {
    const taken = hashes.flatMap((hash) => {
      const key = toHex(hash);
      const hint = this.#hints.get(key);
      this.#hints.delete(key);
      return hint ?? [];
    });
    if (taken.length > 0) await this.#save();
    return taken;
  }

  #add({ hash, headline, mode, targets }: Heard, from: NodeKey, now: number): void {
    const key = toHex(hash);
    const known = this.#hints.get(key);
    const teller: Teller = { peer: from, headline: mode === "digest" ? headline : undefined };
    const earlier = known?.tellers ?? [];
    const others = earlier.filter(({ peer }) => !equalBytes(peer, from));
    const before = earlier.find(({ peer }) => equalBytes(peer, from));
    // Whoever gave a headline once is held to that one.
    const tellers = [...others, before?.headline === undefined ? teller : before].slice(0, MAX_TELLERS);
    const named = [...new Set([...(known?.targets ?? []), ...targets.map(targetKey)])].slice(0, MAX_TARGETS);
    this.#hints.set(key, { hash, told: known?.told ?? now, tellers, targets: named });
  }

  /** The oldest of whoever told most: nobody fills the book alone. */
  #forgetOne(): void {
    const counts = new Map<string, { count: number; oldest: string }>();
    for (const [key, { tellers }] of this.#hints) {
      const first = tellers[0] === undefined ? "" : toHex(tellers[0].peer);
      const { count, oldest } = counts.get(first) ?? { count: 0, oldest: key };
      counts.set(first, { count: count + 1, oldest });
    }
    const [most] = [...counts.values()].sort((a, b) => b.count - a.count);
    if (most !== undefined) this.#hints.delete(most.oldest);
  }

  #save(): Promise<void> {
    return this.#writes.run(() => this.#store.commit({ settings: { [SETTING]: [...this.#hints.values()] } }));
  }
}

/** What an older or damaged store holds is no hint. */
function isHint(value: unknown): value is Hint {
  if (typeof value !== "object" || value === null) return false;
  const { hash, targets, tellers, told } = value as Partial<Record<keyof Hint, unknown>>;
  return (
    isKey(hash) &&
    typeof told === "number" &&
    Array.isArray(targets) &&
    targets.every((target) => typeof target === "string") &&
    Array.isArray(tellers) &&
    tellers.every(isTeller)
  );
}

function isTeller(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { headline, peer } = value as Partial<Record<keyof Teller, unknown>>;
  return isKey(peer) && (headline === undefined || headline === null || typeof headline === "string");
}

function isKey(value: unknown): boolean {
  return value instanceof Uint8Array && value.length === 32;
}
