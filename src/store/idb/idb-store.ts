import type { Hash, NodeKey, ObjectTypeNumber } from "../../wire/index.ts";
import { ColumnIndex, type EnvelopeTable } from "../columns/index.ts";
import { envelopeWritesOf } from "../envelope-writes.ts";
import { StoreError } from "../errors.ts";
import { type ChangeListener, Listeners, NO_CHANGE } from "../listeners.ts";
import type {
  CloseReason,
  CollectOptions,
  Collected,
  CommitOptions,
  Damage,
  DraftRecord,
  Freeable,
  Head,
  Keeping,
  OutboxEntry,
  Store,
  StoredObject,
  StoreUsage,
  WriteBatch,
} from "../port.ts";
import { Serial } from "../serial.ts";
import { collectableBytes } from "../victims.ts";
import { Caches } from "./caches.ts";
import type { RecordFault } from "./checked.ts";
import { CheckedRecords, recordFaultOf } from "./checked-records.ts";
import { Collector } from "./collector.ts";
import type { Connection } from "./connection.ts";
import { Damages } from "./damages.ts";
import { EnvelopeLog } from "./envelope-log.ts";
import { IdbBlobs } from "./idb-blobs.ts";
import { hashOfKey, objectOf } from "./objects.ts";
import { headsOf, keyOf, recordStoresOf, writeRecords } from "./records.ts";
import { recover, type Recovered } from "./recovery.ts";
import { Reserve } from "./reserve.ts";
import { Room, sizeOfBatch } from "./room.ts";
import type { Salvage } from "./salvage.ts";
import type { Segments } from "./segments.ts";
import { writeSnapshot } from "./snapshot.ts";
import { RunningTotals } from "./totals.ts";
import { type Schedule, Upkeep } from "./upkeep.ts";

export interface IdbStoreParts {
  readonly connection: Connection;
  readonly now: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly schedule: Schedule;
  readonly onFault: (fault: StoreError) => void;
  readonly reservePieceBytes: number;
  readonly roomPauses: readonly number[];
}

/** What is read before the store can be used. */
interface Opened {
  readonly damages: Damages;
  readonly records: CheckedRecords;
  readonly totals: RunningTotals;
  readonly recovered: Recovered;
}

/** The reserve is put by, and uses of caches are written down, when the start or a burst of reading is over. */
const SPARE_TIME = 60_000;

export class IdbStore implements Store {
  readonly epoch: Uint8Array;
  readonly envelopes: ColumnIndex;
  readonly blobs: IdbBlobs;
  readonly closed: Promise<CloseReason>;
  readonly #connection: Connection;
  readonly #damages: Damages;
  readonly #records: CheckedRecords;
  readonly #totals: RunningTotals;
  readonly #table: EnvelopeTable;
  readonly #segments: Segments;
  readonly #log: EnvelopeLog;
  readonly #upkeep: Upkeep;
  readonly #caches: Caches;
  readonly #collector: Collector;
  readonly #room: Room;
  readonly #listeners = new Listeners();
  /** Commits, merges and collections, one at a time: what one stages, no other may change before it is applied. */
  readonly #serial = new Serial();
  readonly #schedule: Schedule;
  readonly #reserve: Reserve;
  readonly #onFault: (fault: unknown) => void;
  /** Takes back what is scheduled for when there is time. */
  #cancelSpare: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  private constructor(parts: IdbStoreParts, opened: Opened) {
    const { connection, now, randomBytes, schedule } = parts;
    const { damages, records, totals } = opened;
    const { epoch, table, segments, removals, unsaved } = opened.recovered;
    this.epoch = epoch;
    this.closed = connection.closed;
    this.#connection = connection;
    this.#damages = damages;
    this.#records = records;
    this.#totals = totals;
    this.#table = table;
    this.#segments = segments;
    this.#schedule = schedule;
    this.#onFault = (fault) => {
      if (!(fault instanceof StoreError)) throw fault;
      if (fault.code !== "STORE_CLOSED") parts.onFault(fault);
    };
    this.#log = new EnvelopeLog({
      connection,
      table,
      segments,
      removals,
      onLost: (hashes) => this.#listeners.tell({ ...NO_CHANGE, removedEnvelopes: hashes }),
      storeAgain: (salvage) => this.#storeAgain(salvage),
    });
    this.envelopes = new ColumnIndex(table, (hashes) => this.#log.read(hashes));
    this.#caches = new Caches(connection, records, damages, now);
    this.#collector = new Collector({
      connection,
      totals,
      caches: this.#caches,
      log: this.#log,
      table,
      waiting: async () => (await this.outbox()).map(({ hash }) => hash),
      onDropped: (change) => {
        this.#upkeep.noteChange(change.removedEnvelopes.length);
        this.#listeners.tell(change);
      },
    });
    this.#reserve = new Reserve(connection, randomBytes, parts.reservePieceBytes);
    this.#room = new Room({
      collector: this.#collector,
      reserve: this.#reserve,
      now,
      freeable: () => this.#freeable(),
      pauses: parts.roomPauses,
      onReserveUsed: () => this.#inSpareTime(),
    });
    this.blobs = new IdbBlobs({
      connection,
      records,
      totals,
      caches: this.#caches,
      now,
      withRoom: (bytes, write) => this.#serial.run(() => this.#room.write(bytes, false, write)),
      onUsed: (hash) => this.#used(hash),
    });
    this.#upkeep = new Upkeep(
      schedule,
      {
        merge: () => this.#serial.run(async () => (this.#log.wantsMerge ? this.#log.merge() : undefined)),
        writeSnapshot: () => this.#writeSnapshot(),
        size: () => table.rows,
        onFault: this.#onFault,
      },
      unsaved,
    );
    damages.onMoved(({ key, store }) => {
      if (store !== "objects" && store !== "blobs") return;
      void this.#serial.run(() => totals.recount(connection, records)).catch(this.#onFault);
      if (store === "objects") this.#listeners.tell({ ...NO_CHANGE, removedObjects: [hashOfKey(key)] });
    });
    this.#inSpareTime();
  }

  /** @throws StoreError */
  static async over(parts: IdbStoreParts): Promise<IdbStore> {
    const { connection, now, randomBytes } = parts;
    const damages = await Damages.open(connection, now);
    const records = new CheckedRecords(connection, damages);
    const recovered = await recover({ connection, damages, records, randomBytes });
    const totals = await RunningTotals.open(connection, records);
    const store = new IdbStore(parts, { damages, records, totals, recovered });
    await store.blobs.dropPartial();
    await store.#storeAgain(recovered.salvage);
    return store;
  }

  commit(batch: WriteBatch, { durability = "relaxed" }: CommitOptions = {}): Promise<void> {
    return this.#serial.run(() =>
      this.#room.write(sizeOfBatch(batch), durability === "strict", () => this.#commit(batch, durability)),
    );
  }

  object(hash: Hash): Promise<StoredObject | undefined> {
    return this.#object(hash, false);
  }

  async hasObject(hash: Hash): Promise<boolean> {
    const key = await this.#connection.read(["objects"], (reading) =>
      reading.objectStore("objects").getKey(keyOf(hash)),
    );
    return key !== undefined;
  }

  async objectHashes(type: ObjectTypeNumber): Promise<Hash[]> {
    const keys: unknown[] = await this.#connection.read(["objects"], (reading) =>
      reading.objectStore("objects").index("type").getAllKeys(type),
    );
    return keys.map(hashOfKey);
  }

  head(type: ObjectTypeNumber, owner: NodeKey, name: string): Promise<Head | undefined> {
    return this.#records.get("heads", [type, keyOf(owner), name]);
  }

  headsOf(type: ObjectTypeNumber, owners: readonly NodeKey[], name: string): Promise<(Head | undefined)[]> {
    return this.#records.several(
      "heads",
      owners.map((owner) => [type, keyOf(owner), name] as const),
    );
  }

  async heads(type: ObjectTypeNumber): Promise<Head[]> {
    return (await this.#records.all("heads", headsOf(type))).map(({ value }) => value);
  }

  async outbox(): Promise<OutboxEntry[]> {
    const entries = await this.#records.all("outbox");
    return entries.map(({ value }) => value).sort((a, b) => a.queuedAt - b.queuedAt);
  }

  async drafts(): Promise<DraftRecord[]> {
    const drafts = await this.#records.all("drafts");
    return drafts.map(({ value }) => value).sort((a, b) => b.updated - a.updated);
  }

  setting(key: string): Promise<unknown> {
    return this.#records.get("settings", key);
  }

  async allSettings(): Promise<ReadonlyMap<string, unknown>> {
    return new Map((await this.#records.all("settings")).map(({ key, value }) => [key, value]));
  }

  async key(name: string): Promise<unknown> {
    const value = await this.#records.get("keys", name);
    if (value === undefined && this.#damages.has("key", name)) {
      throw new StoreError("STORE_DAMAGED", "a key cannot be read back; what is left of it was moved aside");
    }
    return value;
  }

  async allKeys(): Promise<ReadonlyMap<string, unknown>> {
    return new Map((await this.#records.all("keys")).map(({ key, value }) => [key, value]));
  }

  async usage(): Promise<StoreUsage> {
    this.#connection.ensureOpen();
    const { objects, objectBytes, blobs, blobBytes } = this.#totals.now;
    return {
      envelopes: this.#table.live,
      envelopeBytes: this.#table.bytes,
      objects,
      objectBytes,
      blobs,
      blobBytes,
      collectable: this.#freeable(),
      collected: this.#collector.collected,
    };
  }

  keep(keeping: Keeping): void {
    this.#collector.keep(keeping);
  }

  async collect(options: CollectOptions = {}): Promise<Collected> {
    this.#connection.ensureOpen();
    const collected = await this.#collector.collect(options, (step) => this.#serial.run(step));
    this.#inSpareTime();
    return collected;
  }

  subscribe(listener: ChangeListener): () => void {
    return this.#listeners.add(listener);
  }

  async damaged(): Promise<Damage[]> {
    this.#connection.ensureOpen();
    return this.#damages.list();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async destroy(): Promise<void> {
    this.#cancelSpare?.();
    await this.#upkeep.stop();
    await this.#connection.destroy();
  }

  async #close(): Promise<void> {
    this.#cancelSpare?.();
    const isWorthSaving = await this.#upkeep.stop();
    await this.#serial.run(async () => {
      try {
        await this.#caches.flush();
        if (isWorthSaving) await this.#writeSnapshot();
      } catch (fault) {
        // Without room or already closed there is no new snapshot; the next start replays what the old one lacks.
        if (!(fault instanceof StoreError)) throw fault;
      } finally {
        this.#connection.close("closed");
      }
    });
  }

  async #object(hash: Hash, isLastAttempt: boolean): Promise<StoredObject | undefined> {
    let record: unknown;
    let fault: RecordFault;
    try {
      record = await this.#connection.read(["objects"], (reading) => reading.objectStore("objects").get(keyOf(hash)));
      if (record === undefined) return undefined;
      const object = await objectOf(hash, record);
      if (object.holding === "cache") this.#used(hash);
      return object;
    } catch (cause) {
      fault = recordFaultOf(cause);
      // The bytes may be in a file that the browser failed to read once.
      if (fault !== cause && !isLastAttempt) return await this.#object(hash, true);
    }
    if ((await this.#records.lost("objects", keyOf(hash), fault, record)) !== "other") return undefined;
    if (isLastAttempt) throw new StoreError("STORE_FAILED", fault.message, { cause: fault });
    return await this.#object(hash, true);
  }

  async #commit(batch: WriteBatch, durability: "strict" | "relaxed"): Promise<void> {
    this.#connection.ensureOpen();
    const staged = this.#log.stage(envelopeWritesOf(this.#table, batch));
    const stores = [...staged.stores, ...recordStoresOf(batch, this.#damages)];
    if (stores.length === 0) return;
    const records = await this.#connection.write(stores, durability, (writing) => {
      staged.write(writing);
      return writeRecords(writing, batch, { totals: this.#totals, damages: this.#damages });
    });
    records.apply();
    const envelopes = staged.apply();
    this.#upkeep.noteChange(envelopes.envelopes.length + envelopes.removedEnvelopes.length);
    this.#listeners.tell({ ...records.change, ...envelopes });
  }

  /** Without room, what was whole within a damaged segment stays where it is, and the next start tries again. */
  async #storeAgain({ envelopes, broken }: Salvage): Promise<void> {
    try {
      if (envelopes.length > 0) await this.commit({ envelopes }, { durability: "strict" });
    } catch (fault) {
      this.#onFault(fault);
      for (const record of broken) this.#damages.leave(record);
      return;
    }
    for (const record of broken) await this.#damages.moveAside(record).catch(this.#onFault);
  }

  #freeable(): Freeable {
    const { cachedObjectBytes, cachedBlobBytes } = this.#totals.now;
    const { keeping } = this.#collector;
    const envelopes = keeping === undefined ? 0 : collectableBytes(this.#table, keeping);
    return { objects: cachedObjectBytes, blobs: cachedBlobBytes, envelopes };
  }

  #used(hash: Hash): void {
    if (this.#caches.used(hash)) this.#inSpareTime();
  }

  /** Writes down what was used and puts by the reserve, once, when there is time. */
  #inSpareTime(): void {
    if (this.#closing !== undefined) return;
    this.#cancelSpare ??= this.#schedule(() => {
      this.#cancelSpare = undefined;
      this.#caches
        .flush()
        .then(() => this.#reserve.fill())
        .catch(this.#onFault);
    }, SPARE_TIME);
  }

  async #writeSnapshot(): Promise<void> {
    this.#connection.ensureOpen();
    await writeSnapshot(this.#connection, this.#table, this.#segments.keys, this.epoch);
  }
}
