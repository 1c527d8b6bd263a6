import * as v from "valibot";
import type { Clock } from "../../mesh/protocols/index.ts";
import { Doubts, Vouches, type Doubt, type Doubted, type Vouching } from "../../social/index.ts";
import type { Store } from "../../store/port.ts";
import { Serial } from "../../store/serial.ts";
import { fromHex, toHex, type Hash, type NodeKey } from "../../wire/index.ts";

const DOUBTS_KEY = "doubts";
const HUSHED_KEY = "hushed";
const VOUCHES_KEY = "vouches";
/** Who vouches for whom is written behind, in ms, half a megabyte at once: losing the last of it costs nothing that does not come again. */
const DELAY = 600_000;
const KEY_BYTES = 32;
/** What a coalition brings past the rates of protocol section 18 in a few days; the oldest are shown again. */
const MAX_HUSHED = 2_048;

const Key = v.pipe(
  v.instance(Uint8Array),
  v.check((key) => key.length === KEY_BYTES),
);
const StoredHushed = v.object({ envelope: Key, vouchers: v.array(Key) });
const Stored = v.object({ key: Key, causes: v.pipe(v.array(Key), v.minLength(1)), since: v.number() });

export interface KeptDoubtsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: (context: string, error: unknown) => void;
}

/** Whose word is doubted here, and who has vouched for whom; kept over restarts and told to nobody. */
export class KeptDoubts implements Doubted {
  readonly #options: KeptDoubtsOptions;
  readonly #store: Store;
  readonly #doubts: Doubts;
  readonly #vouches: Vouches;
  /** By hex: who is doubted for vouching for those who are, with hex of these; `null`: to be looked at. */
  #implicated: ReadonlyMap<string, readonly string[]> | null = null;
  #suspects: ReadonlySet<string> = new Set();
  #cancelSave: (() => void) | null = null;
  /** By hex of the envelope: whose word brought it here. */
  #hushed: ReadonlyMap<string, readonly NodeKey[]>;
  readonly #changes = new Serial();
  /** Whoever this person trusts or follows is believed, whomever it vouched for. */
  #spared: (key: NodeKey) => boolean = () => false;

  private constructor(
    options: KeptDoubtsOptions,
    doubts: Doubts,
    vouches: Vouches,
    hushed: ReadonlyMap<string, readonly NodeKey[]>,
  ) {
    this.#options = options;
    this.#store = options.store;
    this.#doubts = doubts;
    this.#vouches = vouches;
    this.#hushed = hushed;
  }

  static async open(options: KeptDoubtsOptions): Promise<KeptDoubts> {
    const { store } = options;
    const doubts: Doubt[] = [];
    for (const entry of await list(store, DOUBTS_KEY)) {
      // A damaged entry costs that entry, not the start of the peer.
      const parsed = v.safeParse(Stored, entry);
      if (parsed.success) doubts.push(parsed.output);
    }
    const hushed = new Map<string, readonly NodeKey[]>();
    for (const entry of await list(store, HUSHED_KEY)) {
      const parsed = v.safeParse(StoredHushed, entry);
      if (parsed.success) hushed.set(toHex(parsed.output.envelope), parsed.output.vouchers);
    }
    const vouches = await store.setting(VOUCHES_KEY);
    return new KeptDoubts(
      options,
      new Doubts(doubts),
      new Vouches(vouches instanceof Uint8Array ? vouches : undefined),
      hushed,
    );
  }

  spare(spared: (key: NodeKey) => boolean): void {
    this.#spared = spared;
    this.#implicated = null;
  }

  /** This person knows others well than before it did. */
  look(): void {
    this.#implicated = null;
  }

  /** Writes what has not been written yet. */
  async stop(): Promise<void> {
    if (this.#cancelSave === null) return;
    this.#cancelSave();
    await this.#save();
  }

  /** Remembers who vouches for whom: for what somebody wrote, and that somebody's word counts. Whether anybody is doubted for it now. */
  vouched({ author, isBelieved, vouchers: [issuer, ...boosters] }: Vouching): boolean {
    const { clock, log } = this.#options;
    const before = this.size === 0 ? null : this.#found();
    let changed = false;
    const remember = (voucher: NodeKey, others: readonly NodeKey[]): void => {
      if (!this.#vouches.note(voucher, others, isBelieved)) return;
      changed = true;
      this.#cancelSave ??= clock.after(DELAY, () => {
        this.#save().catch((error: unknown) => log("vouches", error));
      });
    };
    if (issuer !== undefined) remember(issuer, [author, ...boosters]);
    for (const booster of boosters) remember(booster, [author]);
    if (!changed || before === null) return false;
    // Nobody who vouches for others alone can be found out by it, and those who were can only be cleared.
    const touched = [author, issuer, ...boosters].some((key) => key !== undefined && this.#isSuspect(toHex(key)));
    if (!touched) return false;
    this.#implicated = null;
    return [...this.#found().keys()].some((id) => !before.has(id));
  }

  get size(): number {
    return this.#doubts.size;
  }

  has(key: NodeKey): boolean {
    if (this.size === 0) return false;
    return (this.#doubts.has(key) || this.#found().has(toHex(key))) && !this.#spared(key);
  }

  repeatedly(key: NodeKey): boolean {
    if (this.size === 0) return false;
    return (this.#doubts.repeatedly(key) || this.#found().has(toHex(key))) && !this.#spared(key);
  }

  /** Whether any envelope is here on the word of people whose word does not count any more. */
  get hushesAny(): boolean {
    return this.#hushed.size > 0 && this.size > 0;
  }

  /** Whether this one is, and nobody's word for it has come to count since. */
  hushes(envelope: Hash): boolean {
    return this.#hushed.get(toHex(envelope))?.some((key) => this.has(key)) === true;
  }

  /** Remembers whose word brought these here: their certificates end after a day, and they stay. */
  hush(found: readonly { readonly envelope: Hash; readonly vouchers: readonly NodeKey[] }[]): Promise<void> {
    return this.#changes.run(async () => {
      const next = new Map(this.#hushed);
      for (const { envelope, vouchers } of found) next.set(toHex(envelope), vouchers);
      const kept = [...next].slice(-MAX_HUSHED);
      const stored = kept.map(([envelope, vouchers]) => ({ envelope: fromHex(envelope), vouchers }));
      await this.#store.commit({ settings: { [HUSHED_KEY]: stored } });
      this.#hushed = new Map(kept);
    });
  }

  /** Those whose word counts for nothing now, latest first; those last who are doubted for vouching for the others. */
  all(): Doubt[] {
    const doubts = this.#doubts.all();
    const since = Math.max(0, ...doubts.map((doubt) => doubt.since));
    const found = [...this.#found()].map(([id, bad]) => ({ key: fromHex(id), causes: bad.map(fromHex), since }));
    return [...doubts, ...found].filter(({ key }) => !this.#spared(key));
  }

  /** Each resolves with whether anything changed, once it is durable. */
  note(cause: NodeKey, vouchers: readonly NodeKey[], now: number): Promise<boolean> {
    // One who is known well is not noted either: it is not to be doubted when it is followed no more.
    return this.#change(() =>
      this.#doubts.note(
        cause,
        vouchers.filter((key) => !this.#spared(key)),
        now,
      ),
    );
  }

  forgive(cause: NodeKey): Promise<boolean> {
    return this.#change(() => this.#doubts.forgive(cause));
  }

  /** Whoever it has vouched for is forgotten, too. */
  async believe(key: NodeKey): Promise<boolean> {
    const wasDoubted = this.has(key);
    if (this.#vouches.forget(key)) {
      this.#implicated = null;
      await this.#save();
    }
    return (await this.#change(() => this.#doubts.believe(key))) || wasDoubted;
  }

  #found(): ReadonlyMap<string, readonly string[]> {
    if (this.#implicated !== null) return this.#implicated;
    this.#suspects = this.#doubts.suspects();
    const spared = (id: string): boolean => this.#spared(fromHex(id));
    this.#implicated = this.size === 0 ? new Map() : this.#vouches.implicated(this.#suspects, spared);
    return this.#implicated;
  }

  #isSuspect(id: string): boolean {
    return this.#found().has(id) || this.#suspects.has(id);
  }

  async #save(): Promise<void> {
    this.#cancelSave?.();
    this.#cancelSave = null;
    await this.#store.commit({ settings: { [VOUCHES_KEY]: this.#vouches.packed() } });
  }

  #change(change: () => boolean): Promise<boolean> {
    return this.#changes.run(async () => {
      if (!change()) return false;
      this.#implicated = null;
      const stored = this.#doubts.all().toReversed();
      await this.#store.commit({ settings: { [DOUBTS_KEY]: stored } }, { durability: "strict" });
      return true;
    });
  }
}

async function list(store: Store, key: string): Promise<readonly unknown[]> {
  const stored = await store.setting(key);
  return Array.isArray(stored) ? stored : [];
}
