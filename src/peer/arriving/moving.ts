/** Posts that wait, on their way from one device to another by a backup. */
import type { Store } from "../../store/port.ts";
import { PeerError } from "../errors.ts";
import { ELSEWHERE_KEY, GIVEN_KEY, HELD_KEY } from "./name.ts";
import {
  chunkKey,
  elsewhereNames,
  givenNames,
  heldKey,
  heldNames,
  MAX_GIVEN,
  MAX_KNOWN,
  nameOfDraft,
  nameOfUnread,
  parseWaiting,
  replyToOf,
  storedState,
  type Moved,
  type Waiting,
} from "./records.ts";

/** What goes into a backup: a post that waits, or the names of those that do not any more. */
export type Leaving = ({ readonly kind: "arrival" } & Moved) | { readonly kind: "arrived"; readonly names: string[] };

/**
 * What waits in a store or is held there, and then what was given and does neither: published, or refused and a draft. The queue
 * may go on meanwhile. So whoever reads drafts and posts does it afterwards: what has left the queue is there by then.
 * @param now by the clock that envelopes are dated with
 */
export async function* leavingArrivals(store: Store, now: number): AsyncGenerator<Leaving> {
  // Before what waits: something that is given meanwhile waits, and is not to be taken for published.
  const given = await givenNames(store);
  const elsewhere = new Set(await elsewhereNames(store));
  const left = new Set<string>();
  const leaving = function* (one: Waiting): Generator<Leaving> {
    const { draft, id, parent, since } = one;
    const name = nameOfDraft(draft);
    if (left.has(name) || elsewhere.has(name)) return;
    left.add(name);
    yield { kind: "arrival", draft, id, parent, since: since ?? Math.floor(now) };
  };
  // Before what waits as well: the person may say meanwhile that it goes on here.
  for (const name of await heldNames(store)) {
    const one = read(await store.setting(heldKey(name)));
    if (one === null) left.add(name);
    else yield* leaving(one);
  }
  for await (const one of inQueue(store)) {
    if ("draft" in one) yield* leaving(one);
    else if (one.name !== null) left.add(one.name);
  }
  const names = given.filter((name) => !left.has(name));
  if (names.length > 0) yield { kind: "arrived", names };
}

/** What waits in its order, each with what it answers as far as that is published; of what cannot be read, its name. */
async function* inQueue(store: Store): AsyncGenerator<Waiting | { readonly name: string | null }> {
  const state = await storedState(store);
  for (let number = state.first; number < state.next; number++) {
    const stored = await store.setting(chunkKey(number));
    const records: readonly unknown[] = Array.isArray(stored) ? stored : [];
    for (const record of records.slice(number === state.first ? state.at : 0)) {
      const one = read(record);
      yield one === null
        ? { name: nameOfUnread(record) }
        : { ...one, draft: { ...one.draft, replyTo: replyToOf(one, state) } };
    }
  }
}

/** What of a backup comes here: it is held, and nothing of it is published until the person says so. */
export class HeldIntake {
  readonly #store: Store;
  readonly #write: boolean;
  /** In order. */
  readonly #held: Set<string>;
  /** What was given here: it waits, is held, or was published. */
  readonly #given: Set<string>;
  /** What the file says was published. */
  readonly #done = new Set<string>();
  /** How many more there is room for. */
  #room: number;
  #added = 0;
  #leftOut = 0;

  private constructor(store: Store, write: boolean, held: readonly string[], given: readonly string[], room: number) {
    this.#store = store;
    this.#write = write;
    this.#held = new Set(held);
    this.#given = new Set(given);
    this.#room = room;
  }

  /** @param write false: nothing is written, and what would be is counted */
  static async open(store: Store, write: boolean): Promise<HeldIntake> {
    const held = await heldNames(store);
    const { waiting } = await storedState(store);
    return new HeldIntake(store, write, held, await givenNames(store), MAX_KNOWN - waiting - held.length);
  }

  /**
   * Holds those that are not known here; resolves with them.
   * @param arrived names of what was published, or refused, where the file was written
   */
  async add(arrivals: readonly Moved[], arrived: readonly string[]): Promise<readonly Moved[]> {
    for (const name of arrived) this.#done.add(name);
    const taken: Moved[] = [];
    const settings: Record<string, unknown> = {};
    for (const one of arrivals) {
      const name = nameOfDraft(one.draft);
      if (this.#held.has(name)) {
        // Later, the post that it answers may have been published.
        const here = read(await this.#store.setting(heldKey(name)));
        if (here !== null && (here.since ?? 0) < one.since) settings[heldKey(name)] = one;
        continue;
      }
      if (this.#given.has(name)) continue;
      if (taken.length >= this.#room) {
        this.#leftOut += 1;
        continue;
      }
      this.#held.add(name);
      this.#given.add(name);
      settings[heldKey(name)] = one;
      taken.push(one);
    }
    this.#room -= taken.length;
    this.#added += taken.length;
    if (taken.length > 0) settings[HELD_KEY] = [...this.#held];
    await this.#commit(settings);
    return taken;
  }

  /** To be called once everything was added. Resolves with how many are held now that were not before. */
  async end(): Promise<{ readonly added: number; readonly leftOut: number }> {
    const counts = { added: this.#added, leftOut: this.#leftOut };
    if (this.#added === 0 && this.#done.size === 0) return counts;
    const settings: Record<string, unknown> = {};
    const over = [...this.#held].filter((name) => this.#done.has(name));
    for (const name of over) {
      this.#held.delete(name);
      settings[heldKey(name)] = undefined;
    }
    if (over.length > 0) settings[HELD_KEY] = this.#held.size === 0 ? undefined : [...this.#held];
    const elsewhere = new Set(await elsewhereNames(this.#store));
    for await (const one of inQueue(this.#store)) {
      const name = "draft" in one ? nameOfDraft(one.draft) : null;
      if (name !== null && this.#done.has(name)) elsewhere.add(name);
    }
    if (elsewhere.size > 0) settings[ELSEWHERE_KEY] = [...elsewhere];
    // What happened here is what matters most here, so it is forgotten last.
    settings[GIVEN_KEY] = [...new Set([...this.#done, ...this.#given])].slice(-MAX_GIVEN);
    await this.#commit(settings);
    return counts;
  }

  async #commit(settings: Readonly<Record<string, unknown>>): Promise<void> {
    if (!this.#write || Object.keys(settings).length === 0) return;
    await this.#store.commit({ settings }, { durability: "strict" });
  }
}

/** `null` for what cannot be read: what is left of it is put aside where it would be published. */
function read(stored: unknown): Waiting | null {
  try {
    return parseWaiting(stored);
  } catch (error) {
    if (error instanceof PeerError) return null;
    throw error;
  }
}
