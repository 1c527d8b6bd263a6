import * as v from "valibot";
import { unhurriedInterval } from "../../social/index.ts";
import { Serial } from "../../store/serial.ts";
import type { Draft, Published } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { parseDraft, saveDraft } from "../drafts.ts";
import { PeerError } from "../errors.ts";
import type { Arrival, ArrivalsView } from "./api.ts";
import { shortHash, standing, type Standing } from "./elsewhere.ts";
import { ARRIVALS_KEY, DAMAGED, ELSEWHERE_KEY, GIVEN_KEY, HELD_KEY, PUBLISHED_KEY } from "./name.ts";
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
  publishedNames,
  replyToOf,
  storedState,
  type State,
  type Waiting,
  withNames,
} from "./records.ts";

/** Between two looks at whether somebody is there, in ms. */
const LOOK_INTERVAL = 15_000;
/** The first neighbour that has delivered everything may know little: others get this long to be met, in ms. */
const OTHERS_GRACE = 5_000;
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
  /** Names of what waits or is held here and was published by another device, as a backup says. */
  #elsewhere: ReadonlySet<string>;
  /** Since when somebody is there who has delivered everything. */
  #metAt: number | null = null;
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
    queue.#turn
      .run(() => queue.#settle())
      .catch((error: unknown) => core.ports.log("arriving", error))
      .finally(() => queue.#plan());
    core.live.invalidate("arrivals");
    return queue;
  }

  view(): Omit<ArrivalsView, "interval"> {
    const { elsewhere, nextAt, published, refused, waiting } = this.#state;
    const doubted = this.#held.filter((name) => this.#elsewhere.has(name)).length;
    const counts = { waiting, held: this.#held.length, doubted, published, refused, elsewhere };
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

  /** What is held is held no more. But for what another device has published, it may be given again. */
  async dropHeld(): Promise<void> {
    await this.#turn.run(async () => {
      const { store } = this.#core;
      const settings: Record<string, unknown> = { ...gone(this.#held.map(heldKey)), [HELD_KEY]: undefined };
      Object.assign(settings, await this.#dropped(this.#held));
      await store.commit({ settings }, { durability: "strict" });
      this.#elsewhere = without(this.#elsewhere, this.#held);
      this.#held = [];
      this.#core.live.invalidate("arrivals");
    });
  }

  async drop(): Promise<void> {
    await this.#turn.run(async () => {
      const { first, next } = this.#state;
      const chunks = gone(Array.from({ length: next - first }, (_, index) => chunkKey(first + index)));
      const names = await this.#waitingNames();
      const state = { ...EMPTY, ...this.#memory() };
      const records = { ...chunks, ...(await this.#dropped(names)) };
      if (this.#held.length > 0) await this.#save(state, records);
      else
        await this.#core.store.commit(
          { settings: { ...records, [ARRIVALS_KEY]: undefined } },
          { durability: "strict" },
        );
      this.#state = state;
      this.#chunk = [];
      this.#elsewhere = without(this.#elsewhere, names);
      this.#core.live.invalidate("arrivals");
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
    const { clock } = this.#core.ports;
    const sure = this.#held.filter((name) => !this.#elsewhere.has(name));
    // What may be out already waits for a word of its own: until nothing else is left to go on with.
    const names = (sure.length > 0 ? sure : this.#held).slice(0, MAX_WAITING - this.#state.waiting);
    if (names.length === 0) return;
    const chosen = new Set(names);
    const found: Waiting[] = [];
    const lost = new Set<string>();
    const parents = new Set<string | null>();
    const records: Record<string, unknown> = gone(names.map(heldKey));
    for (const name of this.#held) {
      const stored = await this.#core.store.setting(heldKey(name));
      const one = this.#readOne(stored);
      if ("unread" in one) {
        if (!chosen.has(name)) continue;
        lost.add(name);
        if (stored !== undefined) records[`${DAMAGED}${clock.now()}:held:${name}`] = stored;
        continue;
      }
      parents.add(one.parent);
      // Where a backup says that it is out, whatever stands in its place was published in its place.
      if (chosen.has(name)) found.push(this.#elsewhere.has(name) ? { ...one, since: 0 } : one);
    }
    // The archive that it came from still has the whole.
    if (lost.size > 0) records[GIVEN_KEY] = (await givenNames(this.#core.store)).filter((name) => !lost.has(name));
    const held = this.#held.filter((name) => !chosen.has(name));
    const elsewhere = without(this.#elsewhere, names);
    const posts = found.map((one) => ({ ...one, isParent: parents.has(one.id) }));
    await this.#append(posts, { ...records, ...listed(HELD_KEY, held), ...listed(ELSEWHERE_KEY, elsewhere) });
    this.#held = held;
    this.#elsewhere = elsewhere;
    this.#core.live.invalidate("arrivals");
  }

  /**
   * Of what is held and published by another device, as a backup says, what the own history has is held no longer. The others
   * stay: what somebody wrote does not go on the word of a file.
   */
  async #settle(): Promise<void> {
    const { store } = this.#core;
    const over: string[] = [];
    let state = this.#state;
    for (const name of this.#held) {
      if (this.#stopped) return;
      const one = this.#elsewhere.has(name) ? this.#readOne(await store.setting(heldKey(name))) : null;
      if (one === null || "unread" in one) continue;
      const known = await standing(this.#core, { ...one.draft, replyTo: replyToOf(one, state) }, 0, state.answered);
      if (known === null) continue;
      over.push(name);
      state = { ...answeredBy(state, { ...one, isParent: true }, known), elsewhere: state.elsewhere + 1 };
    }
    if (over.length === 0) return;
    const published = withNames(await publishedNames(store), over);
    const held = this.#held.filter((name) => !over.includes(name));
    const elsewhere = without(this.#elsewhere, over);
    const lists = { ...listed(HELD_KEY, held), ...listed(ELSEWHERE_KEY, elsewhere), [PUBLISHED_KEY]: published };
    await this.#save(state, { ...gone(over.map(heldKey)), ...lists });
    this.#held = held;
    this.#elsewhere = elsewhere;
  }

  /** What changes where these are dropped: they may be given again, but for those that another device has published. */
  async #dropped(names: readonly string[]): Promise<Record<string, unknown>> {
    const { store } = this.#core;
    const out = names.filter((name) => this.#elsewhere.has(name));
    const forgotten = new Set(names.filter((name) => !this.#elsewhere.has(name)));
    const given = (await givenNames(store)).filter((name) => !forgotten.has(name));
    const published = out.length === 0 ? {} : { [PUBLISHED_KEY]: withNames(await publishedNames(store), out) };
    return { ...published, ...listed(ELSEWHERE_KEY, without(this.#elsewhere, names)), [GIVEN_KEY]: given };
  }

  /** What is remembered of those that were published: for as long as anything is here that may go on from it. */
  #memory(): Pick<State, "answered" | "posted"> {
    const { answered, posted } = this.#state;
    return this.#held.length === 0 ? { answered: [], posted: [] } : { answered, posted };
  }

  /** Has these wait behind the others. */
  async #append(posts: readonly Waiting[], settings: Readonly<Record<string, unknown>>): Promise<void> {
    const before =
      this.#state.waiting === 0 ? { ...EMPTY, ...this.#memory(), nextAt: this.#state.nextAt } : this.#state;
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
    this.#meet();
    const { clock, log } = this.#core.ports;
    const hindrance = this.#hindrance();
    const until = hindrance === null ? Math.max(0, this.#state.nextAt - clock.now()) : LOOK_INTERVAL;
    const wait = hindrance === "looking" ? OTHERS_GRACE : until;
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
    this.#meet();
    if (this.#hindrance() !== null || clock.now() < this.#state.nextAt) return;
    const waiting = this.#chunk[this.#state.at];
    if (waiting === undefined) return await this.#turnOver();
    if ("unread" in waiting) return await this.#putAside(waiting);
    const draft = { ...waiting.draft, replyTo: replyToOf(waiting, this.#state) };
    const isDoubted = this.#elsewhere.has(nameOfDraft(draft));
    const since = isDoubted ? 0 : waiting.since;
    // What another device has published stands in the own history, as it would stand there from here.
    const known = since === null ? null : await standing(this.#core, draft, since, this.#state.answered);
    if (known !== null) return await this.#pass(waiting, known, "elsewhere", 0);
    if (isDoubted) return await this.#holdBack(waiting);
    const outcome = await this.#publish(draft);
    if (outcome === null) await this.#pass(waiting, null, "refused", 0);
    else await this.#pass(waiting, outcome, "published", this.#intervalOf(draft));
  }

  /** Goes on to the next one, which is to be published after so many milliseconds. */
  async #pass(
    waiting: Waiting,
    made: Standing | null,
    outcome: "published" | "refused" | "elsewhere",
    interval: number,
  ): Promise<void> {
    const name = nameOfDraft(waiting.draft);
    const elsewhere = without(this.#elsewhere, [name]);
    const records: Record<string, unknown> = {};
    if (elsewhere.size < this.#elsewhere.size) Object.assign(records, listed(ELSEWHERE_KEY, elsewhere));
    if (made !== null) records[PUBLISHED_KEY] = withNames(await publishedNames(this.#core.store), [name]);
    const state = made === null ? this.#state : answeredBy(this.#state, waiting, made);
    const nextAt = this.#core.ports.clock.now() + interval;
    await this.#save(
      { ...state, at: state.at + 1, waiting: state.waiting - 1, [outcome]: state[outcome] + 1, nextAt },
      records,
    );
    this.#elsewhere = elsewhere;
    await this.#turnOverAtEnd();
  }

  /** Another device has published it, as a backup says, and nothing else does: the person decides. */
  async #holdBack(waiting: Waiting): Promise<void> {
    const { at, waiting: count } = this.#state;
    const name = nameOfDraft(waiting.draft);
    const held = [...new Set([...this.#held, name])];
    const records = { [heldKey(name)]: { ...waiting, since: waiting.since ?? 0 }, ...listed(HELD_KEY, held) };
    await this.#save({ ...this.#state, at: at + 1, waiting: count - 1 }, records);
    this.#held = held;
    await this.#turnOverAtEnd();
  }

  /** Damage of one is not to keep the others from being published, nor to destroy what is left of it (damaged.ts). */
  async #putAside({ unread }: Unread): Promise<void> {
    const { at, first, waiting } = this.#state;
    const name = nameOfUnread(unread);
    // The archive that it came from still has the whole.
    const given = (await givenNames(this.#core.store)).filter((other) => other !== name);
    const aside = { [`${DAMAGED}${this.#core.ports.clock.now()}:${first}:${at}`]: unread, [GIVEN_KEY]: given };
    await this.#save({ ...this.#state, at: at + 1, waiting: waiting - 1 }, aside);
    await this.#turnOverAtEnd();
  }

  async #turnOverAtEnd(): Promise<void> {
    if (this.#chunk[this.#state.at] === undefined) await this.#turnOver();
  }

  /** Goes on to the next record; with the last one, what is remembered of it all is forgotten but for the counts. */
  async #turnOver(): Promise<void> {
    const { first, next, waiting } = this.#state;
    const isLast = first + 1 >= next;
    const state = isLast
      ? { ...this.#state, first: next, at: 0, waiting: 0, ...this.#memory() }
      : { ...this.#state, first: first + 1, at: 0 };
    // A record that is gone takes its posts with it; what follows is counted anew when it is over.
    if (isLast && waiting > 0)
      this.#core.ports.log("arriving", new PeerError("NOT_FOUND", `${waiting} posts are gone.`));
    // Read before anything changes: after a failure it goes on where it is.
    const chunk = await this.#read(state.first);
    // Of what went with a damaged record nothing is known any more.
    const held = new Set(this.#held);
    const elsewhere = isLast ? new Set([...this.#elsewhere].filter((name) => held.has(name))) : this.#elsewhere;
    await this.#save(state, { [chunkKey(first)]: undefined, ...listed(ELSEWHERE_KEY, elsewhere) });
    this.#chunk = chunk;
    this.#elsewhere = elsewhere;
  }

  /** What was made of it; `null` where it became a draft. @throws StoreError; PeerError where there is no room for the draft */
  async #publish(draft: Draft): Promise<Published | null> {
    const { publisher, store } = this.#core;
    try {
      const { made, view } = await publisher.publish(draft);
      if (made !== null) {
        const { bytes, channel, envelope, hash } = made;
        this.#core.exchange()?.made({ hash, bytes, envelope, from: null, channel });
      }
      return view;
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
    const mayBeOut =
      next !== undefined && "draft" in next && (next.since !== null || this.#elsewhere.has(nameOfDraft(next.draft)));
    if (!mayBeOut) return null;
    return this.#core.history.isPending || !this.#hasLooked() ? "looking" : null;
  }

  /** Notes whether somebody is there who has told what there is: after days without anybody, what was told before is old. */
  #meet(): void {
    const isMet = (this.#core.exchange()?.caughtUp().length ?? 0) > 0;
    this.#metAt = isMet ? (this.#metAt ?? this.#core.ports.clock.now()) : null;
  }

  #hasLooked(): boolean {
    return this.#metAt !== null && this.#core.ports.clock.now() - this.#metAt >= OTHERS_GRACE;
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
      for (const one of posts) {
        const name = "unread" in one ? nameOfUnread(one.unread) : nameOfDraft(one.draft);
        if (name !== null) names.push(name);
      }
    }
    return names;
  }

  async #save(state: State, records: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.#core.store.commit({ settings: { [ARRIVALS_KEY]: state, ...records } }, { durability: "strict" });
    this.#state = state;
    this.#core.live.invalidate("arrivals");
  }
}

/** The state once this envelope answers for one that waited. */
function answeredBy(state: State, { id, isParent }: Waiting, { hash, postHash }: Standing): State {
  const answered = [...state.answered, shortHash(hash)].slice(-MAX_KNOWN);
  return { ...state, answered, posted: isParent ? [...state.posted, [id, postHash]] : state.posted };
}

/** The setting with these names, or without any. */
function listed(key: string, names: Iterable<string>): Record<string, unknown> {
  const list = [...names];
  return { [key]: list.length === 0 ? undefined : list };
}

function without(names: ReadonlySet<string>, others: Iterable<string>): ReadonlySet<string> {
  const left = new Set(names);
  for (const name of others) left.delete(name);
  return left;
}

/** Settings that are to be removed. */
function gone(names: readonly string[]): Record<string, undefined> {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
