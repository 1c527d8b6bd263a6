import { type Hash, type NodeKey, type ObjectTypeNumber, toHex } from "../../wire/index.ts";
import { ColumnIndex, EnvelopeTable } from "../columns/index.ts";
import { envelopeWritesOf } from "../envelope-writes.ts";
import { StoreError } from "../errors.ts";
import { type ChangeListener, Listeners, NO_CHANGE } from "../listeners.ts";
import type {
  CloseReason,
  CollectOptions,
  Collected,
  Damage,
  DraftRecord,
  EnvelopeRow,
  Head,
  Keeping,
  NewEnvelope,
  OutboxEntry,
  Store,
  StoreChange,
  StoredObject,
  StoreUsage,
  WriteBatch,
} from "../port.ts";
import { MemoryCaches } from "./memory-caches.ts";
import { MemoryBlobs } from "./memory-blobs.ts";
import { cloned } from "./cloned.ts";

export interface MemoryStoreOptions {
  /** Cryptographically strong, unless the run has to be repeatable. */
  readonly randomBytes: (length: number) => Uint8Array;
}

export function createMemoryStore(options: MemoryStoreOptions): Store {
  return new MemoryStore(options);
}

class MemoryStore implements Store {
  readonly epoch: Uint8Array;
  readonly envelopes: ColumnIndex;
  readonly blobs: MemoryBlobs;
  readonly closed: Promise<CloseReason>;
  readonly #table: EnvelopeTable;
  /** Bytes of each envelope by its seq, which is also its segment in the table. */
  readonly #envelopeBytes = new Map<number, Uint8Array>();
  readonly #objects = new Map<string, StoredObject>();
  readonly #heads = new Map<string, Head>();
  readonly #outbox = new Map<string, OutboxEntry>();
  readonly #drafts = new Map<string, DraftRecord>();
  readonly #settings = new Map<string, unknown>();
  readonly #keys = new Map<string, unknown>();
  readonly #caches: MemoryCaches;
  readonly #listeners = new Listeners();
  readonly #resolveClosed: (reason: CloseReason) => void;
  #isClosed = false;

  constructor({ randomBytes }: MemoryStoreOptions) {
    this.epoch = randomBytes(8);
    this.#table = new EnvelopeTable(new Uint32Array(randomBytes(8).slice().buffer));
    this.envelopes = new ColumnIndex(this.#table, (hashes) => this.#readEnvelopes(hashes));
    this.blobs = new MemoryBlobs(() => this.#ensureOpen());
    this.#caches = new MemoryCaches({
      table: this.#table,
      objects: this.#objects,
      blobs: this.blobs,
      waiting: () => [...this.#outbox.values()].map(({ hash }) => hash),
      removeEnvelopes: (hashes) => this.commit({ removeEnvelopes: hashes }),
      removeObjects: (hashes) => this.commit({ removeObjects: hashes }),
    });
    let resolveClosed: (reason: CloseReason) => void = () => undefined;
    this.closed = new Promise((resolve) => {
      resolveClosed = resolve;
    });
    this.#resolveClosed = resolveClosed;
  }

  // Nothing in here waits, so a batch is atomic: what can fail (the copies) comes before the first change.
  async commit(batch: WriteBatch): Promise<void> {
    this.#ensureOpen();
    const copy = copyOf(batch);
    const { removed, added } = envelopeWritesOf(this.#table, batch);
    const change: StoreChange = {
      ...NO_CHANGE,
      removedEnvelopes: removed.map((row) => this.#removeEnvelope(row)),
      envelopes: this.#addEnvelopes(added),
      removedObjects: (batch.removeObjects ?? []).filter((hash) => this.#objects.delete(toHex(hash))),
      objects: copy.objects.filter((object) => this.#addObject(object)),
      heads: copy.heads,
      outboxRemoved: (batch.outboxRemove ?? []).filter((hash) => this.#outbox.delete(toHex(hash))),
      outboxPut: copy.outboxPut,
      drafts: [...(batch.draftsRemove ?? []), ...copy.draftsPut.map(({ id }) => id)],
      settings: Object.keys(copy.settings),
    };
    for (const head of copy.heads) this.#heads.set(headName(head.type, head.owner, head.name), head);
    for (const entry of copy.outboxPut) this.#outbox.set(toHex(entry.hash), entry);
    for (const id of batch.draftsRemove ?? []) this.#drafts.delete(id);
    for (const draft of copy.draftsPut) this.#drafts.set(draft.id, draft);
    putAll(this.#settings, copy.settings);
    putAll(this.#keys, copy.keys);
    if (this.#table.isSparse) this.#table.compact();
    this.#listeners.tell(change);
  }

  async object(hash: Hash): Promise<StoredObject | undefined> {
    this.#ensureOpen();
    this.#caches.used(hash);
    const object = this.#objects.get(toHex(hash));
    return object === undefined ? undefined : copyOfObject(object);
  }

  async hasObject(hash: Hash): Promise<boolean> {
    this.#ensureOpen();
    return this.#objects.has(toHex(hash));
  }

  async objectHashes(type: ObjectTypeNumber): Promise<Hash[]> {
    this.#ensureOpen();
    return [...this.#objects.values()].filter((object) => object.type === type).map(({ hash }) => hash.slice());
  }

  async head(type: ObjectTypeNumber, owner: NodeKey, name: string): Promise<Head | undefined> {
    this.#ensureOpen();
    const head = this.#heads.get(headName(type, owner, name));
    return head === undefined ? undefined : copyOfHead(head);
  }

  async headsOf(type: ObjectTypeNumber, owners: readonly NodeKey[], name: string): Promise<(Head | undefined)[]> {
    return await Promise.all(owners.map((owner) => this.head(type, owner, name)));
  }

  async heads(type: ObjectTypeNumber): Promise<Head[]> {
    this.#ensureOpen();
    return [...this.#heads.values()].filter((head) => head.type === type).map(copyOfHead);
  }

  async outbox(): Promise<OutboxEntry[]> {
    this.#ensureOpen();
    return [...this.#outbox.values()].sort((a, b) => a.queuedAt - b.queuedAt).map(copyOfEntry);
  }

  async drafts(): Promise<DraftRecord[]> {
    this.#ensureOpen();
    return cloned([...this.#drafts.values()].sort((a, b) => b.updated - a.updated));
  }

  async setting(key: string): Promise<unknown> {
    this.#ensureOpen();
    return cloned(this.#settings.get(key));
  }

  async allSettings(): Promise<ReadonlyMap<string, unknown>> {
    this.#ensureOpen();
    return cloned(this.#settings);
  }

  async key(name: string): Promise<unknown> {
    this.#ensureOpen();
    return cloned(this.#keys.get(name));
  }

  async allKeys(): Promise<ReadonlyMap<string, unknown>> {
    this.#ensureOpen();
    return cloned(this.#keys);
  }

  async usage(): Promise<StoreUsage> {
    this.#ensureOpen();
    return {
      envelopes: this.#table.live,
      envelopeBytes: this.#table.bytes,
      objects: this.#objects.size,
      objectBytes: [...this.#objects.values()].reduce((sum, { bytes }) => sum + bytes.length, 0),
      blobs: this.blobs.count,
      blobBytes: this.blobs.bytes,
      collectable: this.#caches.freeable(),
      collected: this.#caches.collected,
    };
  }

  keep(keeping: Keeping): void {
    this.#caches.keep(keeping);
  }

  async collect(options: CollectOptions = {}): Promise<Collected> {
    this.#ensureOpen();
    return await this.#caches.collect(options);
  }

  subscribe(listener: ChangeListener): () => void {
    return this.#listeners.add(listener);
  }

  async damaged(): Promise<Damage[]> {
    this.#ensureOpen();
    return [];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#resolveClosed("closed");
  }

  async destroy(): Promise<void> {
    await this.close();
    for (const map of [this.#envelopeBytes, this.#objects, this.#heads, this.#outbox, this.#drafts]) map.clear();
    this.#settings.clear();
    this.#keys.clear();
    this.blobs.clear();
  }

  #ensureOpen(): void {
    if (this.#isClosed) throw new StoreError("STORE_CLOSED", "the store is closed");
  }

  async #readEnvelopes(hashes: readonly Hash[]): Promise<(Uint8Array | undefined)[]> {
    this.#ensureOpen();
    return hashes.map((hash) => {
      const row = this.#table.find(hash);
      return row === -1 ? undefined : this.#envelopeBytes.get(this.#table.seq[row]!)?.slice();
    });
  }

  #addEnvelopes(added: readonly NewEnvelope[]): EnvelopeRow[] {
    const firstSeq = this.#table.lastSeq + 1;
    const firstRow = this.#table.insert(
      added.map(({ hash, bytes, envelope }, index) => {
        const seq = firstSeq + index;
        this.#envelopeBytes.set(seq, bytes.slice());
        return { hash, envelope, seq, segment: seq, offset: 0, size: bytes.length };
      }),
    );
    return added.map((_, index) => this.#table.rowAt(firstRow + index));
  }

  #removeEnvelope(row: number): Hash {
    this.#envelopeBytes.delete(this.#table.seq[row]!);
    this.#table.remove(row);
    return this.#table.rowAt(row).hash;
  }

  #addObject(object: StoredObject): boolean {
    const name = toHex(object.hash);
    if (this.#objects.has(name)) return false;
    this.#objects.set(name, object);
    return true;
  }
}

/** As a database would keep it: nothing shared with the caller, nothing that cannot be cloned. */
function copyOf({ draftsPut, heads, keys, objects, outboxPut, settings }: WriteBatch) {
  try {
    return {
      objects: (objects ?? []).map(copyOfObject),
      heads: (heads ?? []).map(copyOfHead),
      outboxPut: (outboxPut ?? []).map(copyOfEntry),
      draftsPut: draftsPut === undefined ? [] : cloned([...draftsPut]),
      settings: settings === undefined ? {} : cloned({ ...settings }),
      keys: keys === undefined ? {} : cloned({ ...keys }),
    };
  } catch (cause) {
    throw new StoreError("STORE_FAILED", "a value of the batch cannot be stored", { cause });
  }
}

function copyOfObject(object: StoredObject): StoredObject {
  return { ...object, hash: new Uint8Array(object.hash), bytes: new Uint8Array(object.bytes) };
}

function copyOfHead(head: Head): Head {
  const { bytes, forkBytes, hash, owner } = head;
  return {
    ...head,
    owner: new Uint8Array(owner),
    hash: new Uint8Array(hash),
    bytes: new Uint8Array(bytes),
    forkBytes: forkBytes === null ? null : new Uint8Array(forkBytes),
  };
}

function copyOfEntry(entry: OutboxEntry): OutboxEntry {
  return {
    ...entry,
    hash: new Uint8Array(entry.hash),
    bytes: new Uint8Array(entry.bytes),
    channels: [...entry.channels],
  };
}

function putAll(map: Map<string, unknown>, values: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  }
}

function headName(type: ObjectTypeNumber, owner: NodeKey, name: string): string {
  return `${type}/${toHex(owner)}/${name}`;
}
