import type { Hash } from "../../../wire/index.ts";
import { MeshError } from "../../errors.ts";
import { abortable, withDeadline, type Clock } from "../clock.ts";
import { ProtocolError } from "../errors.ts";
import { delivered, type Delivered } from "../delivered.ts";
import type { Claims } from "../pub/claims.ts";
import { CLAIM_TIMEOUT, MAX_BARREN, MAX_TAKEN, MAX_WANTED, OPEN_WANTS } from "./constants.ts";
import type { Dialogue } from "./dialogue.ts";
import type { SyncAnswer } from "./messages.ts";
import type { Missing, MissingItem } from "./reconciliation.ts";

export interface RetrievalOptions {
  readonly dialogue: Dialogue;
  readonly clock: Clock;
  /** By the names of ids; shared by everybody who fetches. */
  readonly claims: Claims;
  readonly known: (hash: Hash) => boolean;
  /** Resolves when what is valid of these is durable. */
  readonly receive: (items: readonly Delivered[]) => Promise<void>;
}

/** Fetches what is missing, a few wants at a time, each envelope from one neighbour. */
export class Retrieval {
  readonly #options: RetrievalOptions;
  #turns = OPEN_WANTS;
  readonly #waiting: (() => void)[] = [];
  #barren = 0;
  /** Envelopes that are being checked and stored, and what waits until there are fewer. */
  #taken = 0;
  #wake: () => void = () => undefined;

  constructor(options: RetrievalOptions) {
    this.#options = options;
  }

  /** Resolves when all of these that could be had, here or elsewhere, are stored. @throws ProtocolError, MeshError */
  async fetch(missing: Missing): Promise<void> {
    const storing: Promise<void>[] = [];
    await this.#ask(missing, storing);
    await Promise.all(storing);
  }

  /** Resolves when all of these have come; `storing` gets what resolves when they are stored. */
  async #ask(missing: Missing, storing: Promise<void>[]): Promise<void> {
    let left = missing.items;
    while (left.length > 0) {
      const asked = await this.#inTurn(async () => {
        left = await this.#lacking(missing, left);
        const mine = this.#claim(left, false);
        if (mine.length > 0) await this.#request(missing.window, mine, storing);
        return mine;
      });
      if (asked.length === 0) {
        if (left.length === 0) return;
        await this.#leaveToOthers(left);
        left = await this.#lacking(missing, left);
        const seized = this.#claim(left, true);
        await this.#inTurn(async () => this.#request(missing.window, seized, storing));
        left = without(left, seized);
      }
      left = without(left, asked);
    }
  }

  releaseAll(): void {
    this.#options.claims.releaseAll(this);
  }

  async #inTurn<Value>(task: () => Promise<Value>): Promise<Value> {
    if (this.#turns === 0) {
      const woken = new Promise<void>((resolve) => this.#waiting.push(resolve));
      await abortable(woken, this.#options.dialogue.signal);
    } else {
      this.#turns--;
    }
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#turns++;
      else next();
    }
  }

  /** Others may have stored some meanwhile; looking again is worth it only then. */
  async #lacking(missing: Missing, items: readonly MissingItem[]): Promise<readonly MissingItem[]> {
    if (!this.#options.claims.someReleased(items.map(({ name }) => name))) return items;
    const held = await missing.held();
    return items.filter((item) => !held(item));
  }

  /** As many as one want takes. @param seizing also what others have claimed: they had their time */
  #claim(items: readonly MissingItem[], seizing: boolean): readonly MissingItem[] {
    const { claims } = this.#options;
    const free = seizing ? items : items.filter(({ name }) => !claims.isClaimed(name));
    const mine = free.slice(0, MAX_WANTED);
    claims.seizeNamed(
      this,
      mine.map(({ name }) => name),
    );
    return mine;
  }

  async #leaveToOthers(items: readonly MissingItem[]): Promise<void> {
    const { claims, clock, dialogue } = this.#options;
    try {
      await withDeadline(clock, CLAIM_TIMEOUT, dialogue.signal, (deadline) =>
        abortable(claims.settledNamed(items.map(({ name }) => name)), deadline),
      );
    } catch (error) {
      dialogue.signal.throwIfAborted();
      if (!(error instanceof MeshError) || error.code !== "TIMEOUT") throw error;
    }
  }

  /** As `#ask`, for one want. */
  async #request(window: number, items: readonly MissingItem[], storing: Promise<void>[]): Promise<void> {
    if (items.length === 0) return;
    const { claims, dialogue, known } = this.#options;
    const names = items.map(({ name }) => name);
    const expected = new Set(names);
    const stored: Promise<void>[] = [];
    let fresh = 0;
    const take = async (answer: SyncAnswer): Promise<boolean> => {
      if (answer.kind !== "envelopes") throw new ProtocolError("VIOLATION", "Something else than was wanted.");
      const found = answer.items.map((bytes) => this.#expect(bytes, expected)).filter(({ hash }) => !known(hash));
      fresh += found.length;
      if (found.length > 0) {
        await this.#room(found.length);
        stored.push(this.#store(found));
      }
      return answer.last;
    };
    const release = (): void => claims.releaseNamed(this, names);
    try {
      await dialogue.askMany({ kind: "want", window, ...bitsOf(items) }, take);
    } catch (error) {
      release();
      throw error;
    }
    const all = Promise.all(stored).then(() => undefined);
    storing.push(awaitedLater(all.finally(release)));
    this.#barren = fresh === 0 ? this.#barren + 1 : 0;
    if (this.#barren > MAX_BARREN) throw dialogue.violated("envelopes that are never delivered");
  }

  /** Answers come one after the other, so one waits here at a time. */
  async #room(count: number): Promise<void> {
    while (this.#taken > 0 && this.#taken + count > MAX_TAKEN) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await abortable(woken, this.#options.dialogue.signal);
    }
  }

  #store(items: readonly Delivered[]): Promise<void> {
    this.#taken += items.length;
    const stored = this.#options.receive(items).finally(() => {
      this.#taken -= items.length;
      this.#wake();
    });
    return awaitedLater(stored);
  }

  #expect(bytes: Uint8Array, expected: Set<string>): Delivered {
    const item = delivered(bytes);
    if (expected.delete(this.#options.claims.name(item.hash))) return item;
    throw new ProtocolError("BAD_HASH", "An envelope that was not asked for.");
  }
}

/** Whoever waits for it handles the failure; until then nobody is listening. */
function awaitedLater(work: Promise<void>): Promise<void> {
  work.catch(() => undefined);
  return work;
}

function without(items: readonly MissingItem[], gone: readonly MissingItem[]): readonly MissingItem[] {
  if (gone.length === 0) return items;
  const names = new Set(gone.map(({ name }) => name));
  return items.filter(({ name }) => !names.has(name));
}

function bitsOf(items: readonly MissingItem[]): { first: number; bits: Uint8Array } {
  const ranks = items.map(({ rank }) => rank);
  const first = Math.min(...ranks);
  const bits = new Uint8Array(((Math.max(...ranks) - first) >>> 3) + 1);
  for (const rank of ranks) bits[(rank - first) >>> 3]! |= 1 << ((rank - first) & 7);
  return { first, bits };
}
