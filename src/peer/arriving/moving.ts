/** Posts that wait, on their way from one device to another by a backup. */
import type { Store } from "../../store/port.ts";
import { PeerError } from "../errors.ts";
import { ELSEWHERE_KEY, GIVEN_KEY, HELD_KEY, PUBLISHED_KEY } from "./name.ts";
import {
  chunkKey,
  elsewhereNames,
  givenNames,
  heldKey,
  heldNames,
  MAX_KNOWN,
  nameOfDraft,
  parseWaiting,
  publishedNames,
  replyToOf,
  storedState,
  type Moved,
  type State,
  type Waiting,
  withNames,
} from "./records.ts";

/** What goes into a backup: a post that waits, or the names of those that were published. */
export type Leaving = ({ readonly kind: "arrival" } & Moved) | { readonly kind: "arrived"; readonly names: string[] };

/**
 * What waits in a store or is held there, and then names of what was published. What waits and is named as well was published by
 * another device, as a backup said. The queue may go on meanwhile. So whoever reads drafts and posts does it afterwards: what has
 * left the queue is there by then.
 * @param now by the clock that envelopes are dated with
 */
export async function* leavingArrivals(store: Store, now: number): AsyncGenerator<Leaving> {
  const sent = new Set<string>();
  const leaving = function* (one: Waiting, state: State): Generator<Leaving> {
    const { draft, id, parent, since } = one;
    const name = nameOfDraft(draft);
    if (sent.has(name)) return;
    sent.add(name);
    const replyTo = replyToOf(one, state);
    yield { kind: "arrival", draft: { ...draft, replyTo }, id, parent, since: since ?? Math.floor(now) };
  };
  // Before what waits: the person may say meanwhile that it goes on here.
  const before = await storedState(store);
  for (const name of await heldNames(store)) {
    const one = read(await store.setting(heldKey(name)));
    if (one !== null) yield* leaving(one, before);
  }
  const state = await storedState(store);
  for await (const one of inQueue(store, state)) yield* leaving(one, state);
  // Meanwhile the queue may have held back what another device has published.
  for (const name of await heldNames(store)) {
    const one = sent.has(name) ? null : read(await store.setting(heldKey(name)));
    if (one !== null) yield* leaving(one, state);
  }
  // Only what is known to be out: what is neither there nor published was lost, dropped or refused, and may exist nowhere else.
  const names = withNames(await publishedNames(store), await elsewhereNames(store));
  if (names.length > 0) yield { kind: "arrived", names };
}

/** What waits in its order. */
async function* inQueue(store: Store, state: State): AsyncGenerator<Waiting> {
  for (let number = state.first; number < state.next; number++) {
    const stored = await store.setting(chunkKey(number));
    const records: readonly unknown[] = Array.isArray(stored) ? stored : [];
    for (const record of records.slice(number === state.first ? state.at : 0)) {
      const one = read(record);
      if (one !== null) yield one;
    }
  }
}

/** What of a backup comes here: it is held, and nothing of it is published until the person says so. */
export class HeldIntake {
  readonly #store: Store;
  readonly #write: boolean;
  /** In order. */
  readonly #held: Set<string>;
  /** What was given here: it waits, is held, was refused or published. */
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
    // What is held was given, also where the record of that has lost it.
    this.#given = new Set([...given, ...held]);
    this.#room = room;
  }

  /** @param write false: nothing is written, and what would be is counted */
  static async open(store: Store, write: boolean): Promise<HeldIntake> {
    const held = await heldNames(store);
    const { waiting } = await storedState(store);
    return new HeldIntake(store, write, held, await givenNames(store), MAX_KNOWN - waiting - held.length);
  }

  /**
   * Holds those that are not known here; resolves with what of these is held now, of which files may be missing here.
   * @param arrived names of what was published, as the file says
   */
  async add(arrivals: readonly Moved[], arrived: readonly string[]): Promise<readonly Pick<Moved, "draft" | "id">[]> {
    for (const name of arrived) this.#done.add(name);
    const taken: Pick<Moved, "draft" | "id">[] = [];
    const settings: Record<string, unknown> = {};
    let added = 0;
    for (const one of arrivals) {
      const name = nameOfDraft(one.draft);
      if (this.#held.has(name)) {
        const here = read(settings[heldKey(name)] ?? (await this.#store.setting(heldKey(name))));
        const kept = united(here, one);
        if (kept !== here) settings[heldKey(name)] = kept;
        taken.push(kept);
        continue;
      }
      if (this.#given.has(name)) continue;
      if (added >= this.#room) {
        this.#leftOut += 1;
        continue;
      }
      this.#held.add(name);
      this.#given.add(name);
      settings[heldKey(name)] = one;
      taken.push(one);
      added += 1;
    }
    this.#room -= added;
    this.#added += added;
    if (added > 0) {
      settings[HELD_KEY] = [...this.#held];
      // Together: what is held and not known as given could be given again.
      settings[GIVEN_KEY] = withNames([], this.#given);
    }
    await this.#commit(settings);
    return taken;
  }

  /** To be called once everything was added. Resolves with how many are held now that were not before. */
  async end(): Promise<{ readonly added: number; readonly leftOut: number }> {
    const counts = { added: this.#added, leftOut: this.#leftOut };
    if (this.#added === 0 && this.#done.size === 0) return counts;
    const settings: Record<string, unknown> = {};
    const here = new Set(this.#held);
    const state = await storedState(this.#store);
    for await (const { draft } of inQueue(this.#store, state)) here.add(nameOfDraft(draft));
    const done = [...this.#done];
    // Nothing goes on the word of a file: it only keeps that from being published by itself (queue.ts).
    const doubted = done.filter((name) => here.has(name));
    if (doubted.length > 0) settings[ELSEWHERE_KEY] = withNames(await elsewhereNames(this.#store), doubted);
    const known = await publishedNames(this.#store);
    const out = done.filter((name) => !here.has(name));
    // What happened here is what matters most here, so it is forgotten last.
    if (out.length > 0) settings[PUBLISHED_KEY] = withNames(out, known);
    settings[GIVEN_KEY] = withNames(out, this.#given);
    await this.#commit(settings);
    return counts;
  }

  async #commit(settings: Readonly<Record<string, unknown>>): Promise<void> {
    if (!this.#write || Object.keys(settings).length === 0) return;
    await this.#store.commit({ settings }, { durability: "strict" });
  }
}

/**
 * What is held of a post that comes again: what it answers may have been published meanwhile. Everything else stays, its files are
 * here; and what stands in the own history since the earlier file was published in its place.
 */
function united(here: Waiting | null, later: Moved): Waiting | Moved {
  if (here === null) return later;
  if (here.draft.replyTo !== null || later.draft.replyTo === null) return here;
  return { ...here, draft: { ...here.draft, replyTo: later.draft.replyTo } };
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
