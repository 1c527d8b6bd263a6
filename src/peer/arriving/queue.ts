import * as v from "valibot";
import { unhurriedInterval } from "../../social/index.ts";
import { Serial } from "../../store/serial.ts";
import { hashOf, toHex } from "../../wire/index.ts";
import type { Draft } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { parseDraft, saveDraft } from "../drafts.ts";
import { PeerError } from "../errors.ts";
import type { Arrival, ArrivalsView } from "./api.ts";
import { ARRIVALS_KEY, DAMAGED, GIVEN_KEY } from "./name.ts";

/** At the pace of a town of four words, 30 an hour, three days; more than that nobody foresees. */
const MAX_WAITING = 2_000;
/** Posts in one record: 2 MiB with the largest. */
const CHUNK = 32;
/** Between two looks at whether somebody is there, in ms. */
const LOOK_INTERVAL = 15_000;
/** After the store failed, in ms. */
const REST = 60_000;

/** Drafts that are known to have been given: ten times what can wait, 400 kB. */
const MAX_GIVEN = 20_000;
/** Half of 64 bits is reached by nobody's archive. */
const GIVEN_DIGITS = 16;
const GivenBefore = v.array(v.string());

const MAX_ID = 2_048;
const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_ID));
const Given = v.array(v.strictObject({ draft: v.unknown(), id: Id, parent: v.nullable(Id) }));

const Stored = v.object({
  draft: v.unknown(),
  id: Id,
  parent: v.nullable(Id),
  isParent: v.optional(v.boolean(), false),
});

interface Waiting {
  readonly draft: Draft;
  readonly id: string;
  readonly parent: string | null;
  /** Something that waits behind it goes on from it. */
  readonly isParent: boolean;
}

/** What lies in the store and cannot be read as a post. */
interface Unread {
  readonly unread: unknown;
}

/** How far it is. Records `arriving:<number>` hold what waits. */
const State = v.object({
  /** Number of the record that is being published, how many of it are, and number of the next new one. */
  first: v.number(),
  at: v.number(),
  next: v.number(),
  waiting: v.number(),
  published: v.number(),
  refused: v.number(),
  nextAt: v.number(),
  /** Ids of what others go on from, and their post hashes; in a list, since any word may be an id, "constructor" too. */
  posted: v.union([
    v.array(v.tuple([v.string(), v.string()])),
    // As it was stored at first.
    v.pipe(
      v.record(v.string(), v.string()),
      v.transform((posted): [string, string][] => Object.entries(posted)),
    ),
  ]),
});
type State = v.InferOutput<typeof State>;

const EMPTY: State = { first: 0, at: 0, next: 0, waiting: 0, published: 0, refused: 0, nextAt: 0, posted: [] };

/** What waits to be published, in the store; publishes one at a time while somebody is there to hear it. */
export class ArrivalQueue {
  readonly #core: PeerCore;
  readonly #turn = new Serial();
  #state: State;
  /** What the record that is being published holds, from its beginning. */
  #chunk: readonly (Waiting | Unread)[] = [];
  #cancel: () => void = () => undefined;
  #stopped = false;

  private constructor(core: PeerCore, state: State) {
    this.#core = core;
    this.#state = state;
  }

  static async open(core: PeerCore): Promise<ArrivalQueue> {
    const stored = v.safeParse(State, await core.store.setting(ARRIVALS_KEY));
    const queue = new ArrivalQueue(core, stored.success ? stored.output : EMPTY);
    queue.#chunk = await queue.#read(queue.#state.first);
    queue.#plan();
    core.live.invalidate("arrivals");
    return queue;
  }

  view(): Omit<ArrivalsView, "interval"> {
    const { nextAt, published, refused, waiting } = this.#state;
    if (waiting === 0) return { state: "none", waiting, published, refused, nextAt: null, doneAt: null };
    const now = this.#core.ports.clock.now();
    const next = Math.max(nextAt, now);
    const first = this.#chunk[this.#state.at];
    const interval = first === undefined || "unread" in first ? 0 : this.#intervalOf(first.draft);
    const doneAt = next + (waiting - 1) * interval;
    return { state: this.#isHeard() ? "publishing" : "offline", waiting, published, refused, nextAt: next, doneAt };
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
    }));
    await this.#turn.run(() => this.#add(posts));
    this.#plan();
  }

  async drop(): Promise<void> {
    await this.#turn.run(async () => {
      const { first, next } = this.#state;
      const gone = Array.from({ length: next - first }, (_, index): [string, undefined] => [
        nameOf(first + index),
        undefined,
      ]);
      // What is dropped may be given again.
      const dropped = new Set(await this.#waitingNames());
      const given = (await this.#given()).filter((name) => !dropped.has(name));
      const records = Object.fromEntries([...gone, [ARRIVALS_KEY, undefined]]);
      await this.#save(EMPTY, { ...records, [GIVEN_KEY]: given });
      this.#chunk = [];
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
    const given = new Set(await this.#given());
    const posts = all.filter(({ draft }) => given.size < given.add(nameOfDraft(draft)).size);
    if (posts.length === 0) return;
    const before = this.#state.waiting === 0 ? { ...EMPTY, nextAt: this.#state.nextAt } : this.#state;
    if (before.waiting + posts.length > MAX_WAITING) {
      throw new PeerError("ARRIVALS_FULL", `At most ${MAX_WAITING} posts wait to be published.`);
    }
    const records: Record<string, unknown> = {};
    for (let at = 0; at < posts.length; at += CHUNK) {
      records[nameOf(before.next + at / CHUNK)] = posts.slice(at, at + CHUNK);
    }
    records[GIVEN_KEY] = [...given].slice(-MAX_GIVEN);
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
    const wait = this.#isHeard() ? Math.max(0, this.#state.nextAt - clock.now()) : LOOK_INTERVAL;
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
    if (this.#stopped || this.#state.waiting === 0 || !this.#isHeard() || clock.now() < this.#state.nextAt) return;
    const waiting = this.#chunk[this.#state.at];
    if (waiting === undefined) return await this.#turnOver();
    if ("unread" in waiting) return await this.#putAside(waiting);
    const { draft, id, isParent, parent } = waiting;
    const replyTo = this.#state.posted.findLast(([name]) => name === parent)?.[1] ?? null;
    const outcome = await this.#publish({ ...draft, replyTo: draft.replyTo ?? replyTo });
    const { at, posted, published, refused } = this.#state;
    await this.#save({
      ...this.#state,
      at: at + 1,
      waiting: this.#state.waiting - 1,
      published: published + (outcome === null ? 0 : 1),
      refused: refused + (outcome === null ? 1 : 0),
      nextAt: clock.now() + (outcome === null ? 0 : this.#intervalOf(draft)),
      posted: outcome === null || !isParent ? posted : [...posted, [id, outcome]],
    });
    if (this.#chunk[at + 1] === undefined) await this.#turnOver();
  }

  /** Damage of one is not to keep the others from being published, nor to destroy what is left of it (damaged.ts). */
  async #putAside({ unread }: Unread): Promise<void> {
    const { at, first, waiting } = this.#state;
    const aside = { [`${DAMAGED}${this.#core.ports.clock.now()}:${first}:${at}`]: unread };
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
    await this.#save(state, { [nameOf(first)]: undefined });
    this.#chunk = chunk;
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

  #isHeard(): boolean {
    return (this.#core.exchange()?.mesh.peers().length ?? 0) > 0;
  }

  async #read(number: number): Promise<readonly (Waiting | Unread)[]> {
    const stored = await this.#core.store.setting(nameOf(number));
    return Array.isArray(stored) ? stored.map((one: unknown) => this.#readOne(one)) : [];
  }

  #readOne(stored: unknown): Waiting | Unread {
    try {
      const one = v.parse(Stored, stored);
      return { ...one, draft: parseDraft(one.draft) };
    } catch (error) {
      this.#core.ports.log("arriving", error);
      return { unread: stored };
    }
  }

  async #given(): Promise<readonly string[]> {
    const stored = v.safeParse(GivenBefore, await this.#core.store.setting(GIVEN_KEY));
    return stored.success ? stored.output : [];
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
}

function nameOfDraft({ id }: Draft): string {
  return toHex(hashOf(new TextEncoder().encode(id))).slice(0, GIVEN_DIGITS);
}

function nameOf(number: number): string {
  return `${ARRIVALS_KEY}:${number}`;
}
