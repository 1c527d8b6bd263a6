import { unwrap } from "idb";
import { StoreError } from "../errors.ts";
import type { Damage, LostRecord } from "../port.ts";
import { type Connection, requested, storeErrorOf } from "./connection.ts";
import { ILLEGIBLE, legible } from "./legible.ts";
import type { DamageRecord, SegmentKey, StoreName, Writing } from "./schema.ts";

/** What people and checks call the records of a store. */
const WHAT: Readonly<Record<Exclude<StoreName, "damaged" | "reserve" | "partialBlobs">, Damage["what"]>> = {
  meta: "meta",
  segments: "segment",
  removals: "removals",
  snapshots: "snapshot",
  objects: "object",
  heads: "head",
  blobs: "blob",
  chunks: "blob",
  cached: "cache",
  outbox: "outbox",
  drafts: "draft",
  settings: "setting",
  keys: "key",
};

/** Made anew from the others, or done without, as soon as it is noticed. */
const REBUILT: ReadonlySet<StoreName> = new Set<StoreName>(["meta", "removals", "snapshots", "cached"]);

export interface BrokenRecord {
  readonly store: keyof typeof WHAT;
  readonly key: IDBValidKey;
  readonly reason: string;
  /** Whether what stands there now is what was found broken. Default: it is. */
  readonly still?: (now: unknown) => boolean;
  readonly envelopes?: number;
  /** What others may still have of it. Default: what follows from store and key. */
  readonly lost?: readonly LostRecord[];
}

/**
 * What stood where a broken record was to be moved away: it, nothing any more, or something else, which stays: a value
 * that was written since, or one that the browser failed to read before and can read now.
 */
export type Found = "broken" | "nothing" | "other";

interface Known {
  readonly damage: Damage;
  readonly key: unknown;
}

/** Takes what cannot be read out of the way, keeps what is left of it, and remembers that it was there. */
export class Damages {
  readonly #connection: Connection;
  readonly #now: () => number;
  readonly #known: Known[];
  #onMoved: (broken: BrokenRecord) => void = () => undefined;
  /** Counts down: ids of what was noticed while there was no room to write it down. It is noticed again at the next start. */
  #unwrittenId = 0;

  private constructor(connection: Connection, now: () => number, known: Known[]) {
    this.#connection = connection;
    this.#now = now;
    this.#known = known;
  }

  /** @throws StoreError */
  static async open(connection: Connection, now: () => number): Promise<Damages> {
    const ids = await connection.read(["damaged"], (reading) => reading.objectStore("damaged").getAllKeys());
    const known: Known[] = [];
    for (const id of ids) known.push(await readNote(connection, id));
    return new Damages(connection, now, known);
  }

  /** `listener` hears of every record that was moved aside. */
  onMoved(listener: (broken: BrokenRecord) => void): void {
    this.#onMoved = listener;
  }

  list(): Damage[] {
    return this.#known.map(({ damage }) => damage);
  }

  /** How many were noticed so far. */
  get count(): number {
    return this.#known.length;
  }

  /**
   * Whether a record under this key was moved aside and nothing has taken its place since. A note that cannot be read may be
   * of any record: it counts.
   */
  has(what: Damage["what"], key: unknown): boolean {
    return this.#known.some(
      ({ damage, key: lost }) => damage.what === "note" || (damage.what === what && !damage.mended && lost === key),
    );
  }

  /** Ids of damages to keys that are written or removed now: whoever does that knows. */
  ofKeys(names: readonly string[]): number[] {
    return this.#known.flatMap(({ damage, key }) =>
      damage.what === "key" && !damage.mended && names.includes(key as string) ? [damage.id] : [],
    );
  }

  /** Queues in a transaction that these are whole again. @returns what to call when it is complete */
  async mend(writing: Writing, ids: readonly number[]): Promise<() => void> {
    const store = writing.objectStore("damaged");
    for (const id of ids) {
      const record = await store.get(id);
      if (record !== undefined) requested([store.put({ ...record, mended: true }, id)]);
    }
    return () => {
      for (const [at, { damage, key }] of this.#known.entries()) {
        if (ids.includes(damage.id)) this.#known[at] = { damage: { ...damage, mended: true }, key };
      }
    };
  }

  /** @throws StoreError */
  async moveAside(broken: BrokenRecord): Promise<Found> {
    const { store, key, still = () => true } = broken;
    const stores = store === "segments" ? (["segments", "removals"] as const) : ([store] as const);
    const note = this.#noteOf(broken);
    try {
      const moved = await this.#connection.write([...stores, "damaged"], "relaxed", async (writing) => {
        const found: unknown = await legible(unwrap(writing).objectStore(store).get(key));
        // Of what the browser cannot read, its words are all that there is to keep.
        const remains = found === ILLEGIBLE ? broken.reason : found;
        if (found === undefined) return "nothing";
        if (!still(found)) return "other";
        // A key that the browser cannot read today it may read tomorrow, and there is no other copy.
        if (store === "keys" && found === ILLEGIBLE) return "unread";
        requested([(writing.objectStore(store) as unknown as Deleting).delete(key)]);
        // What is counted is one less now: whoever opens the store next counts anew.
        if (store === "objects" || store === "blobs") requested([writing.objectStore("meta").delete("totals")]);
        if (store === "segments") requested([writing.objectStore("removals").delete((key as SegmentKey)[0])]);
        return await writing.objectStore("damaged").add({ ...note, remains });
      });
      if (moved === "unread" && !this.has("key", key)) this.#remember(note);
      if (typeof moved === "string") return moved === "unread" ? "broken" : moved;
      this.#known.push({ damage: damageOf(moved, note), key });
      this.#onMoved(broken);
    } catch (fault) {
      this.#unwritten(fault, note);
    }
    return "broken";
  }

  /** Tells of one that has to stay where it is for now. It is noticed again at the next start. */
  leave(broken: BrokenRecord): void {
    this.#remember(this.#noteOf(broken));
  }

  /** The snapshot as a whole is dropped: it is made anew from the segments. @throws StoreError */
  async dropSnapshot(reason: string): Promise<void> {
    const note = this.#noteOf({ store: "snapshots", key: "head", reason });
    try {
      const id = await this.#connection.write(["snapshots", "damaged"], "relaxed", async (writing) => {
        requested([writing.objectStore("snapshots").clear()]);
        return await writing.objectStore("damaged").add({ ...note, remains: null });
      });
      this.#known.push({ damage: damageOf(id, note), key: null });
    } catch (fault) {
      this.#unwritten(fault, note);
    }
  }

  #noteOf({ store, key, reason, envelopes = 0, lost }: BrokenRecord): Omit<DamageRecord, "remains"> {
    const noticed = this.#now();
    const mended = REBUILT.has(store);
    return { what: WHAT[store], key, reason, envelopes, noticed, lost: lost ?? lostWith(store, key), mended };
  }

  /** A full disk must not keep the rest of the store from being used. */
  #unwritten(fault: unknown, note: Omit<DamageRecord, "remains">): void {
    if (!(fault instanceof StoreError && fault.code === "STORE_QUOTA")) throw fault;
    this.#remember(note);
  }

  #remember(note: Omit<DamageRecord, "remains">): void {
    this.#unwrittenId -= 1;
    this.#known.push({ damage: damageOf(this.#unwrittenId, note), key: note.key });
  }
}

/** Any store, as far as its keys are concerned. */
interface Deleting {
  delete(key: IDBValidKey): Promise<void>;
}

function lostWith(store: StoreName, key: IDBValidKey): LostRecord[] {
  // IndexedDB gives binary keys back as bare buffers, whatever they were given as.
  const bytes = (part: unknown): Uint8Array =>
    part instanceof Uint8Array ? part.slice() : new Uint8Array(part as ArrayBuffer);
  if (store === "objects") return [{ kind: "object", hash: bytes(key) }];
  if (store === "blobs") return [{ kind: "blob", hash: bytes(key) }];
  if (store === "outbox") return [{ kind: "outbox", hash: bytes(key) }];
  if (store === "chunks") return [{ kind: "blob", hash: bytes((key as unknown[])[0]) }];
  if (store !== "heads") return [];
  const [type, owner, name] = key as [Extract<LostRecord, { kind: "head" }>["type"], unknown, string];
  return [{ kind: "head", type, owner: bytes(owner), name }];
}

async function readNote(connection: Connection, id: number): Promise<Known> {
  try {
    const record = await connection.read(["damaged"], (reading) => reading.objectStore("damaged").get(id));
    if (isNote(record)) return { damage: damageOf(id, record), key: record.key };
  } catch (cause) {
    const error = storeErrorOf(cause);
    if (error.code !== "STORE_FAILED") throw error;
  }
  // The note itself has been damaged. Something was, that much is known.
  const reason = "the note of it cannot be read";
  return { damage: { id, what: "note", envelopes: 0, noticed: 0, reason, lost: [], mended: false }, key: null };
}

function isNote(record: unknown): record is DamageRecord {
  return (
    typeof record === "object" &&
    record !== null &&
    "what" in record &&
    Object.values<unknown>(WHAT).includes(record.what) &&
    "lost" in record &&
    Array.isArray(record.lost)
  );
}

function damageOf(id: number, { what, envelopes, noticed, reason, lost, mended }: Omit<Damage, "id">): Damage {
  return { id, what, envelopes, noticed, reason, lost, mended };
}
