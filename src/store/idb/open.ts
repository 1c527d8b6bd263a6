import type { StoreError } from "../errors.ts";
import type { Store } from "../port.ts";
import { openConnection } from "./connection.ts";
import { IdbStore } from "./idb-store.ts";
import { PIECE_BYTES } from "./reserve.ts";
import { ROOM_PAUSES } from "./room.ts";
import type { Schedule } from "./upkeep.ts";

export interface IdbStoreOptions {
  /** Name of the database, one of the origin. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Cryptographically strong. */
  readonly randomBytes: (length: number) => Uint8Array;
  /** Default: the global one. */
  readonly indexedDB?: IDBFactory;
  /** Default: timers of the platform. */
  readonly schedule?: Schedule;
  /**
   * Hears of work behind the scenes that failed (no room for a snapshot, say). Nothing committed is lost by it, and it
   * is tried again. Default: reported as an uncaught error.
   */
  readonly onFault?: (fault: StoreError) => void;
  /** How long other tabs may hold up an upgrade or a deletion, milliseconds. Default 5,000. */
  readonly patience?: number;
  /** Bytes of each of the four pieces of room that are put by for what a person writes. Default 1 MiB. */
  readonly reservePieceBytes?: number;
  /** How long what a person wrote waits for room that was freed, several times, milliseconds. Default 500 and 2,500. */
  readonly roomPauses?: readonly number[];
  readonly signal?: AbortSignal;
}

const DEFAULT_PATIENCE = 5_000;

/**
 * Opens the store, making or upgrading the database as needed; the index is complete when it resolves.
 * @throws StoreError `STORE_NEWER`, `STORE_BLOCKED`, `STORE_QUOTA` or `STORE_FAILED`; the signal's reason when aborted
 */
export async function openIdbStore(options: IdbStoreOptions): Promise<Store> {
  const { name, now, randomBytes, signal } = options;
  const connection = await openConnection({
    name,
    indexedDB: options.indexedDB ?? indexedDB,
    now,
    patience: options.patience ?? DEFAULT_PATIENCE,
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    return await IdbStore.over({
      connection,
      now,
      randomBytes,
      schedule: options.schedule ?? scheduleByTimer,
      onFault: options.onFault ?? reportUncaught,
      roomPauses: options.roomPauses ?? ROOM_PAUSES,
      reservePieceBytes: options.reservePieceBytes ?? PIECE_BYTES,
    });
  } catch (cause) {
    connection.close("closed");
    throw cause;
  }
}

function scheduleByTimer(task: () => void, delay: number): () => void {
  const timer = setTimeout(task, delay);
  return () => clearTimeout(timer);
}

function reportUncaught(fault: StoreError): void {
  queueMicrotask(() => {
    throw fault;
  });
}
