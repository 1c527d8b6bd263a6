import * as v from "valibot";
import { unhurriedInterval } from "../../social/index.ts";
import { Serial } from "../../store/serial.ts";
import { toHex, type Hash } from "../../wire/index.ts";
import type { Draft } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { parseDraft, saveDraft } from "../drafts.ts";
import { PeerError } from "../errors.ts";
import type { Arrival, ArrivalsView } from "./api.ts";
import { ARRIVALS_KEY, DAMAGED, ELSEWHERE_KEY, GIVEN_KEY, HELD_KEY } from "./name.ts";
import {
  CHUNK,
  chunkKey,
  elsewhereNames,
  EMPTY,
  givenNames,
  heldKey,
  heldNames,
  Id,
  MAX_GIVEN,
  MAX_KNOWN,
  MAX_WAITING,
  nameOfDraft,
  nameOfUnread,
  parseWaiting,
  replyToOf,
  storedState,
  type State,
  type Waiting,
} from "./records.ts";

/** Between two looks at whether somebody is there, in ms. */
const LOOK_INTERVAL = 15_000;
/** After the store failed, in ms. */
const REST = 60_000;

const Given = v.array(v.strictObject({ draft: v.unknown(), id: Id, parent: v.nullable(Id) }));

/** What lies in the store and cannot be read as a post. */
interface Unread {
  readonly unread: unknown;
}

/** What waits to be published, in the store; publishes one at a time while somebody is there to hear it. */
export class ArrivalQueue {
  readonly #core: PeerCore;
  readonly #turn = new Serial();
  #state: State;
  /** What the record that is being published holds, from its beginning. */
  #chunk: readonly (Waiting | Unread)[] = [];
  /** Names of what came with a backup and is held, in order. */
  #held: readonly string[];
  /** Names of what waits here and was published by another device. */
  readonly #elsewhere: Set<string>;
  #cancel: () => void = () => undefined;
  #stopped = false;

  private constructor(core: PeerCore, state: State, held: readonly string[], elsewhere: readonly string[]) {
    this.#core = core;
    this.#state = state;
    this.#held = held;
    this.#elsewhere = new Set(elsewhere);
  }

  static async open(core: PeerCore): Promise<ArrivalQueue> {
    const { store } = core;
    const queue = new ArrivalQueue(core, await storedState(store), await heldNames(store), await elsewhereNames(store));
    queue.#chunk = await queue.#read(queue.#state.first);
    queue.#plan();
    core.live.invalidate("arrivals");
    return queue;
  }

  view(): Omit<ArrivalsView, "interval"> {
    const { elsewhere, nextAt, published, refused, waiting } = this.#state;
    const counts = { waiting, held: this.#held.length, published, refused, elsewhere };
    if (waiting === 0) return { state: "none", ...counts, nextAt: null, doneAt: null };
    const now = this.#core.ports.clock.now();
    const next = Math.max(nextAt, now);
    const first = this.#chunk[this.#state.at];
    const interval = first === undefined || "unread" in first ? 0 : this.#intervalOf(first.draft);
    const doneAt = next + (waiting - 1) * interval;
    return { state: this.#hindrance() ?? "publishing", ...counts, nextAt: next, doneAt };
  }

  async add(given: readonly Arrival[]): Promise<void> {
    const result = v.safeParse(Given, given);
    if (!result.success)
      throw new PeerError("ARRIVAL_INVALID", "An arrival has a draft, an id, and what it goes on from.");
    const parents = new Set(result.output.map(({ parent }) => parent));
    const posts = result.output.map((one): Waiting => ({
      ...one,
      draft: parseDraft(one.draft),
      isParent: parents.has(one.id),
      since: null,
    }));
    await this.#turn.run(() => this.#add(posts));
    this.#plan();
  }

  /** What is held waits from now on, as far as there is room for it. */
  async resume(): Promise<void> {
    await this.#turn.run(() => this.#resume());
    this.#plan();
  }

  /** What is held is held no more, and may be given again. */
  async dropHeld(): Promise<void> {
    await this.#turn.run(async () => {
      const held = new Set(this.#held);
      const given = (await givenNames(this.#core.store)).filter((name) => !held.has(name));
      await this.#saveHeld([], { ...gone([...held].map(heldKey)), [GIVEN_KEY]: given });
    });
  }

  async drop(): Promise<void> {
    await this.#turn.run(async () => {
      const { first, next } = this.#state;
      const chunks = gone(Array.from({ length: next - first }, (_, index) => chunkKey(first + index)));
      // What is dropped may be given again.
      const dropped = new Set(await this.#waitingNames());
      const given = (await givenNames(this.#core.store)).filter((name) => !dropped.has(name));
      const records = { ...chunks, [ARRIVALS_KEY]: undefined, [ELSEWHERE_KEY]: undefined };
      await this.#save(EMPTY, { ...records, [GIVEN_KEY]: given });
      this.#chunk = [];
      this.#elsewhere.clear();
    });
    this.#plan();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#turn.idle();
  }

  async #add(all: readonly Waiting[]): Promise<void> {
    // Whoever gives the same archive again wants what is new in it.
    const given = new Set(await givenNames(this.#core.store));
    const posts = all.filter(({ draft }) => given.size < given.add(nameOfDraft(draft)).size);
    if (posts.length === 0) return;
    const { waiting } = this.#state;
    if (waiting + posts.length > MAX_WAITING || waiting + posts.length + this.#held.length > MAX_KNOWN) {
      throw new PeerError("ARRIVALS_FULL", `At most ${MAX_WAITING} posts wait to be published.`);
    }
    await this.#append(posts, { [GIVEN_KEY]: [...given].slice(-MAX_GIVEN) });
  }

  async #resume(): Promise<void> {
    const names = this.#held.slice(0, MAX_WAITING - this.#state.waiting);
    if (names.length === 0) return;
    const found: Waiting[] = [];
    const records: Record<string, unknown> = gone(names.map(heldKey));
    for (const name of names) {
      const stored = await this.#core.store.setting(heldKey(name));
      const one = this.#readOne(stored);
      if (!("unread" in one)) found.push(one);
      else if (stored !== undefined) records[`${DAMAGED}${this.#core.ports.clock.now()}:held:${name}`] = stored;
    }
    const parents = new Set(found.map(({ parent }) => parent));
    const rest = this.#held.slice(names.length);
    const held = rest.length === 0 ? undefined : rest;
    const posts = found.map((one) => ({ ...one, isParent: parents.has(one.id) }));
    await this.#append(posts, { ...records, [HELD_KEY]: held });
    this.#held = rest;
    this.#core.live.invalidate("arrivals");
  }

  /** Has these wait behind the others. */
  async #append(posts: readonly Waiting[], settings: Readonly<Record<string, unknown>>): Promise<void> {
    const before = this.#state.waiting === 0 ? { ...EMPTY, nextAt: this.#state.nextAt } : this.#state;
    const records: Record<string, unknown> = { ...settings };
    for (let at = 0; at < posts.length; at += CHUNK) {
      records[chunkKey(before.next + at / CHUNK)] = posts.slice(at, at + CHUNK);
    }
    const next = before.next + Math.ceil(posts.length / CHUNK);
    await this.#save({ ...before, next, waiting: before.waiting + posts.length }, records);
    if (before.waiting === 0) this.#chunk = posts.slice(0, CHUNK);
  }

  /** Sets the timer for the next one, or for another look. */
  #plan(): void {
    this.#cancel();
    this.#cancel = () => undefined;
    if (this.#stopped || this.#state.waiting === 0) return;
    const { clock, log } = this.#core.ports;
    const wait = this.#hindrance() === null ? Math.max(0, this.#state.nextAt - clock.now()) : LOOK_INTERVAL;
    this.#cancel = clock.after(wait, () => {
      this.#turn
        .run(() => this.#step())
        .catch((error: unknown) => {
          // The browser's storage is full or gone: nothing is lost, and there may be room later.
          log("arriving", error);
          this.#state = { ...this.#state, nextAt: clock.now() + REST };
        })
        .finally(() => this.#plan());
    });
  }

  async #step(): Promise<void> {
    const { clock } = this.#core.ports;
    this.#core.live.invalidate("arrivals");
    if (this.#stopped || this.#state.waiting === 0) return;
    if (this.#hindrance() !== null || clock.now() < this.#state.nextAt) return;
    const waiting = this.#chunk[this.#state.at];
    if (waiting === undefined) return await this.#turnOver();
    if ("unread" in waiting) return await this.#putAside(waiting);
    const known = await this.#publishedElsewhere(waiting);
    if (known !== null) return await this.#pass(waiting, known.postHash, "elsewhere", 0);
    const { draft } = waiting;
    const outcome = await this.#publish({ ...draft, replyTo: replyToOf(waiting, this.#state) });
    if (outcome === null) await this.#pass(waiting, null, "refused", 0);
    else await this.#pass(waiting, outcome, "published", this.#intervalOf(draft));
  }

  /** Goes on to the next one, which is to be published after so many milliseconds. */
  async #pass(
    { id, isParent }: Waiting,
    postHash: string | null,
    outcome: "published" | "refused" | "elsewhere",
    interval: number,
  ): Promise<void> {
    const { at, posted, waiting } = this.#state;
    await this.#save({
      ...this.#state,
      at: at + 1,
      waiting: waiting - 1,
      [outcome]: this.#state[outcome] + 1,
      nextAt: this.#core.ports.clock.now() + interval,
      posted: postHash === null || !isParent ? posted : [...posted, [id, postHash]],
    });
    if (this.#chunk[at + 1] === undefined) await this.#turnOver();
  }

  /**
   * What another device of this person has published: as the backup says that brought the news, or as the own history does, in
   * which the very same words stand since the backup was written that brought the post. With the post's hash where it is known.
   */
  async #publishedElsewhere({ draft, since }: Waiting): Promise<{ readonly postHash: string | null } | null> {
    const isKnown = this.#elsewhere.has(nameOfDraft(draft));
    if (!isKnown && since === null) return null;
    const hash = await this.#core.publisher.postHash(draft);
    const stands = hash !== null && this.#standsSince(hash, isKnown ? 0 : (since ?? 0));
    return stands || isKnown ? { postHash: stands ? toHex(hash) : null } : null;
  }

  #standsSince(target: Hash, since: number): boolean {
    const { identity, store } = this.#core;
    const own = { kind: "authors", authors: [identity.key] } as const;
    const filter = { kind: "every", of: [{ kind: "relation", relation: "post", target }, own] } as const;
    const [newest] = store.envelopes.query({ filter, limit: 1 });
    return newest !== undefined && newest.created >= since;
  }

  /** Damage of one is not to keep the others from being published, nor to destroy what is left of it (damaged.ts). */
  async #putAside({ unread }: Unread): Promise<void> {
    const { at, first, waiting } = this.#state;
    const name = nameOfUnread(unread);
    // The archive that it came from still has the whole.
    const given = (await givenNames(this.#core.store)).filter((other) => other !== name);
    const aside = { [`${DAMAGED}${this.#core.ports.clock.now()}:${first}:${at}`]: unread, [GIVEN_KEY]: given };
    await this.#save({ ...this.#state, at: at + 1, waiting: waiting - 1 }, aside);
    if (this.#chunk[at + 1] === undefined) await this.#turnOver();
  }

  /** Goes on to the next record; with the last one, what is remembered of it all is forgotten but for the counts. */
  async #turnOver(): Promise<void> {
    const { first, next, waiting } = this.#state;
    const isLast = first + 1 >= next;
    const state = isLast
      ? { ...this.#state, first: next, at: 0, waiting: 0, posted: [] }
      : { ...this.#state, first: first + 1, at: 0 };
    // A record that is gone takes its posts with it; what follows is counted anew when it is over.
    if (isLast && waiting > 0)
      this.#core.ports.log("arriving", new PeerError("NOT_FOUND", `${waiting} posts are gone.`));
    // Read before anything changes: after a failure it goes on where it is.
    const chunk = await this.#read(state.first);
    await this.#save(state, { [chunkKey(first)]: undefined, ...(isLast ? { [ELSEWHERE_KEY]: undefined } : {}) });
    this.#chunk = chunk;
    if (isLast) this.#elsewhere.clear();
  }

  /** The post's hash; `null` where it became a draft. @throws StoreError; PeerError where there is no room for the draft */
  async #publish(draft: Draft): Promise<string | null> {
    const { publisher, store } = this.#core;
    try {
      const { made, view } = await publisher.publish(draft);
      if (made !== null) {
        const { bytes, channel, envelope, hash } = made;
        this.#core.exchange()?.made({ hash, bytes, envelope, from: null, channel });
      }
      return view.postHash;
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      this.#core.ports.log("arriving", error);
      await saveDraft(store, draft);
      return null;
    }
  }

  #intervalOf({ scopes }: Draft): number {
    return unhurriedInterval(scopes, this.#core.settings().home);
  }

  /** Why nothing is published now. */
  #hindrance(): "offline" | "looking" | null {
    if ((this.#core.exchange()?.mesh.peers().length ?? 0) === 0) return "offline";
    const next = this.#chunk[this.#state.at];
    const mayBeOut = next !== undefined && "draft" in next && next.since !== null;
    return mayBeOut && this.#core.history.isPending ? "looking" : null;
  }

  async #read(number: number): Promise<readonly (Waiting | Unread)[]> {
    const stored = await this.#core.store.setting(chunkKey(number));
    return Array.isArray(stored) ? stored.map((one: unknown) => this.#readOne(one)) : [];
  }

  #readOne(stored: unknown): Waiting | Unread {
    try {
      return parseWaiting(stored);
    } catch (error) {
      this.#core.ports.log("arriving", error);
      return { unread: stored };
    }
  }

  async #waitingNames(): Promise<string[]> {
    const { at, first, next } = this.#state;
    const names: string[] = [];
    for (let number = first; number < next; number++) {
      const posts = (await this.#read(number)).slice(number === first ? at : 0);
      for (const one of posts) if (!("unread" in one)) names.push(nameOfDraft(one.draft));
    }
    return names;
  }

  async #save(state: State, records: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.#core.store.commit({ settings: { [ARRIVALS_KEY]: state, ...records } }, { durability: "strict" });
    this.#state = state;
    this.#core.live.invalidate("arrivals");
  }

  async #saveHeld(held: readonly string[], records: Readonly<Record<string, unknown>>): Promise<void> {
    const settings = { ...records, [HELD_KEY]: held.length === 0 ? undefined : held };
    await this.#core.store.commit({ settings }, { durability: "strict" });
    this.#held = held;
    this.#core.live.invalidate("arrivals");
  }
}

/** Settings that are to be removed. */
function gone(names: readonly string[]): Record<string, undefined> {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
