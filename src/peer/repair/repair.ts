import { withDeadline, type Clock } from "../../mesh/protocols/index.ts";
import type { Mesh } from "../../mesh/port.ts";
import { startChannels, type IntakeOptions } from "../../social/index.ts";
import type { Damage, LostRecord, OutboxEntry, Store, StoredObject } from "../../store/port.ts";
import {
  decodeEnvelope,
  decodeObject,
  equalBytes,
  scopeFromKey,
  ObjectType,
  verifyEncoded,
  type Hash,
  type NodeKey,
} from "../../wire/index.ts";

/** Records fetched in one round: upkeep must not compete with reading. */
const AT_ONCE = 256;
/** Beyond this the next record has its turn. */
const FETCH_TIMEOUT = 20_000;
/** Pauses after rounds that left something missing; the last one is that of all further rounds. */
const PAUSES = [10_000, 60_000, 600_000, 3_600_000] as const;

export interface RepairOptions {
  readonly store: Store;
  readonly mesh: Pick<Mesh, "on" | "peers">;
  readonly clock: Clock;
  readonly self: NodeKey;
  readonly home: () => string;
  /** The verdict on signatures, where it is not made by each peer for itself. */
  readonly verify: IntakeOptions["verify"];
  /** Bytes that hash to `hash`, from whoever has them. */
  readonly fetch: (hash: Hash, signal: AbortSignal) => Promise<Uint8Array>;
  /** Asks neighbours for the newest versions of a profile and stores what is valid. */
  readonly askProfile: (owner: NodeKey, signal: AbortSignal) => Promise<void>;
  readonly log: (context: string, error: unknown) => void;
}

/** Tries, with growing pauses, to have again what was lost; a new neighbour is asked at once. */
export class Repair {
  readonly #options: RepairOptions;
  readonly #stopped = new AbortController();
  readonly #unsubscribe: () => void;
  #cancel: () => void = () => undefined;
  #running: Promise<void> | null = null;
  #rounds = 0;

  constructor(options: RepairOptions) {
    this.#options = options;
    this.#unsubscribe = options.mesh.on("peerConnected", () => this.poke());
  }

  /** There may be something to fetch, or somebody who has it. */
  poke(): void {
    if (this.#running !== null || this.#stopped.signal.aborted) return;
    this.#cancel();
    this.#running = this.#round()
      .then((isWhole) => {
        this.#running = null;
        if (isWhole || this.#stopped.signal.aborted) return;
        const pause = PAUSES[Math.min(this.#rounds, PAUSES.length - 1)] as number;
        this.#rounds += 1;
        this.#cancel = this.#options.clock.after(pause, () => this.poke());
      })
      .catch((error: unknown) => {
        this.#running = null;
        if (!this.#stopped.signal.aborted) this.#options.log("repair", error);
      });
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#cancel();
    this.#unsubscribe();
    await this.#running;
  }

  /** @returns whether nothing is left that could be mended */
  async #round(): Promise<boolean> {
    let budget = AT_ONCE;
    let isWhole = true;
    for (const damage of await this.#options.store.damaged()) {
      if (damage.mended || damage.lost.length === 0 || !damage.lost.every(isFetchable)) continue;
      const missing = await this.#mend(damage, budget);
      budget -= missing.tried;
      isWhole &&= missing.left === 0;
      if (budget <= 0) return false;
    }
    return isWhole;
  }

  async #mend({ id, lost }: Damage, budget: number): Promise<{ tried: number; left: number }> {
    const { store } = this.#options;
    let tried = 0;
    let left = 0;
    for (const record of lost) {
      this.#stopped.signal.throwIfAborted();
      if (await this.#isHeld(record)) continue;
      tried += 1;
      if (tried > budget || !(await this.#fetched(record))) left += 1;
    }
    if (left === 0) await store.commit({ mended: [id] });
    return { tried, left };
  }

  async #isHeld(record: LostRecord): Promise<boolean> {
    const { store } = this.#options;
    switch (record.kind) {
      case "envelope":
        return store.envelopes.has(record.hash);
      case "object":
        return await store.hasObject(record.hash);
      case "blob":
        return (await store.blobs.size(record.hash)) !== undefined;
      case "head":
        return (await store.head(record.type, record.owner, record.name)) !== undefined;
      case "outbox":
        return (await store.outbox()).some(({ hash }) => equalBytes(hash, record.hash));
    }
  }

  /** @returns whether it is here again */
  async #fetched(record: LostRecord): Promise<boolean> {
    const { askProfile, log, mesh } = this.#options;
    try {
      if (record.kind === "outbox") return await this.#queueAgain(record.hash);
      if (mesh.peers().length === 0) return false;
      if (record.kind === "head") await this.#within((signal) => askProfile(record.owner, signal));
      else if (record.kind === "envelope") await this.#fetchEnvelope(record.hash);
      else await this.#fetchObject(record.hash);
      return await this.#isHeld(record);
    } catch (error) {
      this.#stopped.signal.throwIfAborted();
      // Nobody who can be reached now has it: another round comes.
      log("repair", error);
      return false;
    }
  }

  async #fetchEnvelope(hash: Hash): Promise<void> {
    const { fetch, store, verify = verifyEncoded } = this.#options;
    const bytes = await this.#within((signal) => fetch(hash, signal));
    const envelope = decodeEnvelope(bytes);
    if (await verify(envelope, bytes)) await store.commit({ envelopes: [{ hash, bytes, envelope }] });
  }

  async #fetchObject(hash: Hash): Promise<void> {
    const { clock, fetch, self, store, verify = verifyEncoded } = this.#options;
    const bytes = await this.#within((signal) => fetch(hash, signal));
    const object = decodeObject(bytes);
    if (object.type !== "SocialPost" || !(await verify(object, bytes))) return;
    const isOwn = equalBytes(object.author, self);
    const stored: StoredObject = {
      hash,
      type: ObjectType.SocialPost,
      bytes,
      holding: isOwn ? "own" : "cache",
      storedAt: clock.now(),
    };
    await store.commit({ objects: [stored] }, { durability: isOwn ? "strict" : "relaxed" });
  }

  /** The envelope itself is here: only the note that it has to be sent was lost. */
  async #queueAgain(hash: Hash): Promise<boolean> {
    const { clock, home, store } = this.#options;
    const [bytes] = await store.envelopes.bytes([hash]);
    // A profile, which goes out again with its next version, or nothing that is known here.
    if (bytes === undefined) return true;
    const channels = startChannels(decodeEnvelope(bytes), scopeFromKey(home()));
    const entry: OutboxEntry = { hash, bytes, channels, queuedAt: clock.now() };
    if (channels.length > 0) await store.commit({ outboxPut: [entry] }, { durability: "strict" });
    return true;
  }

  #within<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withDeadline(this.#options.clock, FETCH_TIMEOUT, this.#stopped.signal, work);
  }
}

/** Blobs come back with whoever plays them: there is no protocol yet by which they could be asked for. */
function isFetchable({ kind }: LostRecord): boolean {
  return kind !== "blob";
}
