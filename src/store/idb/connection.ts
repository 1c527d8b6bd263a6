import { unwrap, wrap } from "idb";
import { StoreError } from "../errors.ts";
import type { CloseReason } from "../port.ts";
import { type Checked, checked, intact, RecordFault } from "./checked.ts";
import { legible } from "./legible.ts";
import { migrate, SCHEMA_VERSION } from "./migrations.ts";
import type { Database, Reading, StoreName, Upgrade, Writing } from "./schema.ts";

export interface ConnectionOptions {
  readonly name: string;
  readonly indexedDB: IDBFactory;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long other connections may keep an upgrade or deletion waiting, milliseconds. */
  readonly patience: number;
  readonly signal?: AbortSignal;
}

/**
 * One open database. Every way in which IndexedDB can fail ends here, as a `StoreError`:
 * a transaction's `abort` and `error` in `read` and `write`, the connection's `versionchange` and `close` in `closed`,
 * the opening's `blocked` and `error` in `openConnection`.
 */
export class Connection {
  /** Resolves when the connection can no longer be used. */
  readonly closed: Promise<CloseReason>;
  readonly #database: Database;
  readonly #options: ConnectionOptions;
  /** Of this opening. While another one has not raised it, this connection may write. */
  #generation: number | undefined;
  #settleClosed: (reason: CloseReason) => void = () => undefined;
  #isClosed = false;

  constructor(database: IDBDatabase, options: ConnectionOptions) {
    this.#database = wrap(database) as unknown as Database;
    this.#options = options;
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
    // Another tab wants to upgrade or delete the database and waits for this connection to go.
    database.addEventListener("versionchange", () => this.close("replaced"));
    // The browser closed it: the person cleared the site's data, the disk failed, the profile was evicted.
    database.addEventListener("close", () => this.close("terminated"));
  }

  /** @throws StoreError `STORE_CLOSED` */
  ensureOpen(): void {
    if (this.#isClosed) throw new StoreError("STORE_CLOSED", "the store is closed");
  }

  /** @throws StoreError */
  read<T>(stores: readonly StoreName[], work: (reading: Reading) => Promise<T>): Promise<T> {
    return this.#run(() => this.#database.transaction([...stores], "readonly"), work);
  }

  /**
   * Makes this the only connection that may write. A tab that was frozen and thaws does not know that another has
   * opened the database since: its next write finds another generation and fails.
   * @throws StoreError
   */
  async claim(): Promise<void> {
    try {
      await this.#raiseGeneration();
    } catch (fault) {
      if (!(fault instanceof StoreError && fault.code === "STORE_QUOTA")) throw fault;
      // A full disk takes deletions only: room that was put by is let go of, or the number itself, which shuts out as well.
      await this.#claiming(["reserve"], async (writing) => {
        const [piece] = await writing.objectStore("reserve").getAllKeys(undefined, 1);
        if (piece !== undefined) await writing.objectStore("reserve").delete(piece);
      });
      await this.#raiseGeneration().catch(async (again: unknown) => {
        if (!(again instanceof StoreError && again.code === "STORE_QUOTA")) throw again;
        await this.#claiming(["meta"], (writing) => writing.objectStore("meta").delete("generation"));
        this.#generation = 0;
      });
    }
  }

  async #raiseGeneration(): Promise<void> {
    this.#generation = await this.#claiming(["meta"], async (writing) => {
      const meta = writing.objectStore("meta");
      const last = generationIn(await legible(unwrap(meta).get("generation")));
      // One that was damaged has to be outdone unseen: milliseconds are more than anybody ever opened a store.
      const next = last === undefined ? this.#options.now() : last + 1;
      await meta.put(checked(next), "generation");
      return next;
    });
  }

  /** A write of a connection that does not have the right to write yet. */
  #claiming<T>(stores: readonly StoreName[], work: (writing: Writing) => Promise<T>): Promise<T> {
    return this.#run(() => this.#database.transaction([...stores], "readwrite", { durability: "relaxed" }), work);
  }

  /**
   * Runs `work` in one transaction: resolves when it is complete, and when anything fails, nothing of it was written.
   * `work` may wait for requests of the transaction only.
   * @throws StoreError `STORE_CLOSED` when the store was opened elsewhere since; this connection is closed then
   */
  write<T>(
    stores: readonly StoreName[],
    durability: "strict" | "relaxed",
    work: (writing: Writing) => Promise<T>,
  ): Promise<T> {
    const begin = () =>
      this.#database.transaction([...new Set([...stores, "meta"] as const)], "readwrite", { durability });
    return this.#run(begin, async (writing) => {
      // Asked before anything is written and answered while the rest is under way: it costs no round trip of its own.
      const [, value] = await Promise.all([this.#checkGeneration(writing), work(writing)]);
      return value;
    });
  }

  /** Transactions under way still end; new ones are refused. */
  close(reason: CloseReason): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#database.close();
    this.#settleClosed(reason);
  }

  /** Closes, then deletes the database. @throws StoreError `STORE_BLOCKED` when other tabs do not let go of it */
  async destroy(): Promise<void> {
    this.close("closed");
    const { name, indexedDB, patience } = this.#options;
    await settled(indexedDB.deleteDatabase(name), patience, undefined);
  }

  async #checkGeneration(writing: Writing): Promise<void> {
    if (generationIn(await writing.objectStore("meta").get("generation")) === this.#generation) return;
    this.close("replaced");
    throw new StoreError("STORE_CLOSED", "the store was opened elsewhere");
  }

  async #run<T, Transaction extends Reading | Writing>(
    begin: () => Transaction,
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    this.ensureOpen();
    let transaction: Transaction;
    try {
      transaction = begin();
    } catch (cause) {
      throw this.#errorOf(cause);
    }
    const end = endOf(transaction);
    let outcome: { value: T } | { cause: unknown };
    try {
      outcome = { value: await work(transaction) };
    } catch (cause) {
      outcome = { cause };
      abort(transaction);
    }
    const { aborted, error } = await end;
    if ("cause" in outcome) throw this.#errorOf(error ?? outcome.cause);
    if (aborted) throw this.#errorOf(error ?? new DOMException("the browser aborted the transaction", "AbortError"));
    return outcome.value;
  }

  #errorOf(cause: unknown): StoreError {
    if (this.#isClosed && !(cause instanceof StoreError)) {
      return new StoreError("STORE_CLOSED", "the store was closed", { cause });
    }
    return storeErrorOf(cause);
  }
}

/** 0 before the first opening, `undefined` when it cannot be told. */
function generationIn(record: unknown): number | undefined {
  if (record === undefined) return 0;
  try {
    const generation = intact(record as Checked<unknown>);
    return typeof generation === "number" ? generation : undefined;
  } catch (fault) {
    if (fault instanceof RecordFault) return undefined;
    throw fault;
  }
}

/**
 * How a transaction ended. Not idb's `done`, which rejects at the first failed request, before the transaction has its
 * own error: only `abort` says what it really was, a full disk for instance.
 */
function endOf(transaction: Reading | Writing): Promise<{ aborted: boolean; error: DOMException | null }> {
  transaction.done.catch(() => undefined);
  return new Promise((resolve) => {
    transaction.addEventListener("complete", () => resolve({ aborted: false, error: null }));
    transaction.addEventListener("abort", () => resolve({ aborted: true, error: transaction.error }));
  });
}

/**
 * For requests whose result nobody needs: when one fails, its transaction fails with the same error, and that is
 * where it is handled. Without this the request's promise would be reported as unhandled besides.
 */
export function requested(requests: readonly Promise<unknown>[]): void {
  for (const request of requests) request.catch(() => undefined);
}

/** A request's failure has already aborted its transaction; a fault in `work` has not. */
function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch (fault) {
    if (!(fault instanceof DOMException && fault.name === "InvalidStateError")) throw fault;
  }
}

export function storeErrorOf(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : "";
  const message = cause instanceof Error || cause instanceof DOMException ? cause.message : String(cause);
  if (name === "QuotaExceededError") return new StoreError("STORE_QUOTA", "no room left for this site", { cause });
  if (name === "VersionError") return new StoreError("STORE_NEWER", "written by a newer version", { cause });
  return new StoreError("STORE_FAILED", message === "" ? name : message, { cause });
}

/**
 * Opens the database, brings it to this version of the schema, and takes the right to write from whoever had it.
 * @throws StoreError `STORE_NEWER` when a newer version of the code has been here, `STORE_BLOCKED` when another tab
 *   does not let go of an older version; the signal's reason when it is aborted
 */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { name, indexedDB, patience, signal } = options;
  signal?.throwIfAborted();
  const request = indexedDB.open(name, SCHEMA_VERSION);
  let fault: unknown;
  request.addEventListener("upgradeneeded", ({ oldVersion }) => {
    const { transaction } = request;
    if (transaction === null) throw new Error("an upgrade has a transaction");
    const upgrade = wrap(transaction) as unknown as Upgrade;
    // The request itself fails when the upgrade is aborted.
    upgrade.done.catch(() => undefined);
    migrate(wrap(request.result) as unknown as Database, upgrade, oldVersion).catch((cause: unknown) => {
      fault = cause;
      abort(upgrade);
    });
  });
  let connection: Connection;
  try {
    connection = new Connection(await settled(request, patience, signal), options);
  } catch (cause) {
    throw signal?.aborted === true ? cause : storeErrorOf(fault ?? cause);
  }
  try {
    await connection.claim();
  } catch (cause) {
    connection.close("closed");
    throw cause;
  }
  return connection;
}

/** The result of opening or deleting. When it comes after nobody waits any more, the connection is closed again. */
function settled<T>(request: IDBRequest<T>, patience: number, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    let isGivenUp = false;
    const stop = () => {
      clearTimeout(waiting);
      signal?.removeEventListener("abort", onAbort);
    };
    const giveUp = (reason: unknown) => {
      isGivenUp = true;
      stop();
      reject(reason);
    };
    const onAbort = () => giveUp(signal?.reason);
    signal?.addEventListener("abort", onAbort);
    request.addEventListener("blocked", () => {
      // Connections that close at once still count until their last transaction has ended.
      waiting = setTimeout(() => {
        giveUp(new StoreError("STORE_BLOCKED", "another tab keeps the database open"));
      }, patience);
    });
    request.addEventListener("success", () => {
      stop();
      if (isGivenUp && request.result instanceof IDBDatabase) request.result.close();
      resolve(request.result);
    });
    request.addEventListener("error", () => {
      stop();
      reject(request.error);
    });
  });
}
