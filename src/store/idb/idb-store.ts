import type { Hash, NodeKey, ObjectTypeNumber } from "../../wire/index.ts";
import { ColumnIndex, type EnvelopeTable } from "../columns/index.ts";
import { envelopeWritesOf } from "../envelope-writes.ts";
import { StoreError } from "../errors.ts";
import { type ChangeListener, Listeners, NO_CHANGE } from "../listeners.ts";
import type {
  CloseReason,
  CommitOptions,
  Damage,
  DraftRecord,
  Head,
  OutboxEntry,
  Store,
  StoredObject,
  StoreUsage,
  WriteBatch,
} from "../port.ts";
import { Serial } from "../serial.ts";
import type { Connection } from "./connection.ts";
import { Damages } from "./damages.ts";
import { EnvelopeLog } from "./envelope-log.ts";
import { IdbBlobs } from "./idb-blobs.ts";
import { headsOf, keyOf, NO_TOTALS, objectOf, recordStoresOf, writeRecords } from "./records.ts";
import { recover, type Recovered } from "./recovery.ts";
import type { Totals } from "./schema.ts";
import type { Segments } from "./segments.ts";
import { writeSnapshot } from "./snapshot.ts";
import { type Schedule, Upkeep } from "./upkeep.ts";

export interface IdbStoreParts {
  readonly connection: Connection;
  readonly now: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly schedule: Schedule;
  readonly onFault: (fault: StoreError) => void;
}

export class IdbStore implements Store {
  readonly epoch: Uint8Array;
  readonly envelopes: ColumnIndex;
  readonly blobs: IdbBlobs;
  readonly closed: Promise<CloseReason>;
  readonly #connection: Connection;
  readonly #damages: Damages;
  readonly #table: EnvelopeTable;
  readonly #segments: Segments;
  readonly #log: EnvelopeLog;
  readonly #upkeep: Upkeep;
  readonly #listeners = new Listeners();
  /** Commits and merges, one at a time: what one stages, no other may change before it is applied. */
  readonly #serial = new Serial();
  #closing: Promise<void> | undefined;

  private constructor(parts: IdbStoreParts, recovered: Recovered, damages: Damages, blobs: IdbBlobs) {
    const { connection, schedule, onFault } = parts;
    const { epoch, table, segments, removals, unsaved } = recovered;
    this.epoch = epoch;
    this.closed = connection.closed;
    this.blobs = blobs;
    this.#connection = connection;
    this.#damages = damages;
    this.#table = table;
    this.#segments = segments;
    this.#log = new EnvelopeLog({
      connection,
      damages,
      table,
      segments,
      removals,
      onLost: (hashes) => this.#listeners.tell({ ...NO_CHANGE, removedEnvelopes: hashes }),
    });
    this.envelopes = new ColumnIndex(table, (hashes) => this.#log.read(hashes));
    this.#upkeep = new Upkeep(
      schedule,
      {
        merge: () => this.#serial.run(async () => (this.#log.wantsMerge ? this.#log.merge() : undefined)),
        writeSnapshot: () => this.#writeSnapshot(),
        size: () => table.rows,
        onFault: (fault) => {
          if (!(fault instanceof StoreError)) throw fault;
          if (fault.code !== "STORE_CLOSED") onFault(fault);
        },
      },
      unsaved,
    );
  }

  /** @throws StoreError */
  static async over(parts: IdbStoreParts): Promise<IdbStore> {
    const { connection, now, randomBytes } = parts;
    const damages = new Damages(connection, now);
    const blobs = new IdbBlobs(connection, now);
    const recovered = await recover({ connection, damages, randomBytes });
    await blobs.dropPartial();
    return new IdbStore(parts, recovered, damages, blobs);
  }

  commit(batch: WriteBatch, { durability = "relaxed" }: CommitOptions = {}): Promise<void> {
    return this.#serial.run(async () => {
      this.#connection.ensureOpen();
      const staged = this.#log.stage(envelopeWritesOf(this.#table, batch));
      const stores = [...staged.stores, ...recordStoresOf(batch)];
      if (stores.length === 0) return;
      const records = await this.#connection.write(stores, durability, (writing) => {
        staged.write(writing);
        return writeRecords(writing, batch);
      });
      const envelopes = staged.apply();
      this.#upkeep.noteChange(envelopes.envelopes.length + envelopes.removedEnvelopes.length);
      this.#listeners.tell({ ...records, ...envelopes });
    });
  }

  async object(hash: Hash): Promise<StoredObject | undefined> {
    const record = await this.#connection.read(["objects"], (reading) =>
      reading.objectStore("objects").get(keyOf(hash)),
    );
    return record === undefined ? undefined : objectOf(hash, record);
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
    // IndexedDB gives binary keys back as bare buffers, whatever they were given as.
    return keys.map((key) => new Uint8Array(key as ArrayBuffer));
  }

  head(type: ObjectTypeNumber, owner: NodeKey, name: string): Promise<Head | undefined> {
    return this.#connection.read(["heads"], (reading) => reading.objectStore("heads").get([type, keyOf(owner), name]));
  }

  heads(type: ObjectTypeNumber): Promise<Head[]> {
    return this.#connection.read(["heads"], (reading) => reading.objectStore("heads").getAll(headsOf(type)));
  }

  async outbox(): Promise<OutboxEntry[]> {
    const entries = await this.#connection.read(["outbox"], (reading) => reading.objectStore("outbox").getAll());
    return entries.sort((a, b) => a.queuedAt - b.queuedAt);
  }

  async drafts(): Promise<DraftRecord[]> {
    const drafts = await this.#connection.read(["drafts"], (reading) => reading.objectStore("drafts").getAll());
    return drafts.sort((a, b) => b.updated - a.updated);
  }

  setting(key: string): Promise<unknown> {
    return this.#connection.read(["settings"], (reading) => reading.objectStore("settings").get(key));
  }

  allSettings(): Promise<ReadonlyMap<string, unknown>> {
    return this.#connection.read(["settings"], (reading) => entriesOf(reading.objectStore("settings")));
  }

  key(name: string): Promise<unknown> {
    return this.#connection.read(["keys"], (reading) => reading.objectStore("keys").get(name));
  }

  allKeys(): Promise<ReadonlyMap<string, unknown>> {
    return this.#connection.read(["keys"], (reading) => entriesOf(reading.objectStore("keys")));
  }

  async usage(): Promise<StoreUsage> {
    const totals = await this.#connection.read(["meta"], (reading) => reading.objectStore("meta").get("totals"));
    return {
      envelopes: this.#table.live,
      envelopeBytes: this.#table.bytes,
      ...((totals as Totals | undefined) ?? NO_TOTALS),
    };
  }

  subscribe(listener: ChangeListener): () => void {
    return this.#listeners.add(listener);
  }

  damaged(): Promise<Damage[]> {
    return this.#damages.list();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async destroy(): Promise<void> {
    await this.#upkeep.stop();
    await this.#connection.destroy();
  }

  async #close(): Promise<void> {
    const isWorthSaving = await this.#upkeep.stop();
    await this.#serial.run(async () => {
      try {
        if (isWorthSaving) await this.#writeSnapshot();
      } catch (fault) {
        // Without room or already closed there is no new snapshot; the next start replays what the old one lacks.
        if (!(fault instanceof StoreError)) throw fault;
      } finally {
        this.#connection.close("closed");
      }
    });
  }

  async #writeSnapshot(): Promise<void> {
    this.#connection.ensureOpen();
    await writeSnapshot(this.#connection, this.#table, this.#segments.keys, this.epoch);
  }
}

interface Values {
  getAllKeys(): Promise<string[]>;
  getAll(): Promise<unknown[]>;
}

/** In one transaction, so that names and values belong together. */
async function entriesOf(values: Values): Promise<Map<string, unknown>> {
  const [names, stored] = await Promise.all([values.getAllKeys(), values.getAll()]);
  return new Map(names.map((name, at) => [name, stored[at]]));
}
