import { StoreError } from "../errors.ts";
import type { Damage } from "../port.ts";
import type { Connection } from "./connection.ts";
import type { DamageRecord, SegmentKey } from "./schema.ts";

/** Takes what cannot be read out of the way, and remembers that it was there. */
export class Damages {
  readonly #connection: Connection;
  readonly #now: () => number;
  /** Noticed while there was no room to write it down; noticed again at the next start. */
  readonly #unwritten: Damage[] = [];

  constructor(connection: Connection, now: () => number) {
    this.#connection = connection;
    this.#now = now;
  }

  /** @throws StoreError */
  async list(): Promise<Damage[]> {
    const written = await this.#connection.read(["damaged"], (reading) => reading.objectStore("damaged").getAll());
    return [
      ...written.map(({ what, envelopes, noticed, reason }) => ({ what, envelopes, noticed, reason })),
      ...this.#unwritten,
    ];
  }

  /** @throws StoreError */
  async moveAside(key: SegmentKey, reason: string): Promise<void> {
    let remains: unknown;
    try {
      remains = await this.#connection.read(["segments"], (reading) => reading.objectStore("segments").get(key));
    } catch (fault) {
      this.#connection.ensureOpen();
      // Not even its bytes can be read: the browser's words are all that is left to keep.
      remains = String(fault);
    }
    await this.#note({ what: "segment", envelopes: key[1], noticed: this.#now(), reason, remains }, key);
  }

  /** @throws StoreError */
  async dropSnapshot(reason: string): Promise<void> {
    await this.#note({ what: "snapshot", envelopes: 0, noticed: this.#now(), reason, remains: null }, undefined);
  }

  async #note(record: DamageRecord, segment: SegmentKey | undefined): Promise<void> {
    const stores = ["segments", "removals", "snapshots", "damaged"] as const;
    try {
      await this.#connection.write(stores, "relaxed", async (writing) => {
        const requests: Promise<unknown>[] = [writing.objectStore("damaged").add(record)];
        if (segment === undefined) {
          requests.push(writing.objectStore("snapshots").clear());
        } else {
          requests.push(writing.objectStore("segments").delete(segment));
          requests.push(writing.objectStore("removals").delete(segment[0]));
        }
        await Promise.all(requests);
      });
    } catch (fault) {
      // A full disk must not keep the rest of the store from opening.
      if (!(fault instanceof StoreError && fault.code === "STORE_QUOTA")) throw fault;
      const { what, envelopes, noticed, reason } = record;
      this.#unwritten.push({ what, envelopes, noticed, reason });
    }
  }
}
