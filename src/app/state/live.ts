/** Live queries of the peer as Solid state. Rows keep their identity, so an update touches only what changed. */
import { type Accessor, batch, createEffect, createSignal, on, onCleanup, untrack } from "solid-js";
import { createStore, reconcile, type SetStoreFunction } from "solid-js/store";
import type { LiveName, LiveQueries, LiveUpdate, PeerApi, Subscription } from "../../peer/api.ts";
import { applyOps } from "../../rpc/index.ts";
import { codeOf } from "./errors.ts";

type RowName = { [Name in LiveName]: LiveQueries[Name] extends { rows: unknown } ? Name : never }[LiveName];
type ValueName = Exclude<LiveName, RowName>;
type RowOf<Name extends RowName> = LiveQueries[Name]["rows"];
type ValueOf<Name extends ValueName> = LiveQueries[Name]["value"];

/** Opens a subscription, and closes it also when its owner goes away before it was answered. */
function subscribe<Name extends LiveName>(
  api: PeerApi,
  name: Name,
  params: LiveQueries[Name]["params"],
  listener: (update: LiveUpdate<Name>) => void,
  failed: (code: string) => void,
): { readonly opened: Promise<Subscription | undefined>; stop(): void } {
  let stopped = false;
  let subscription: Subscription | undefined;
  const close = (open: Subscription) => {
    // The peer may have ended first; then there is nothing left to close.
    open.close().catch((error: unknown) => console.debug("close of a live query", codeOf(error)));
  };
  const opened = api
    .watch(name, params, (update) => {
      if (!stopped) listener(update);
    })
    .then(
      (open) => {
        if (stopped) close(open);
        else subscription = open;
        return subscription;
      },
      (error: unknown) => {
        if (!stopped) failed(codeOf(error));
        return undefined;
      },
    );
  return {
    opened,
    stop() {
      stopped = true;
      if (subscription) close(subscription);
    },
  };
}

/** What became of the asking, whatever was asked for. */
export interface Asking {
  /** The code of what the peer refused it with. */
  readonly error: Accessor<string | undefined>;
  /** Asks anew, as if for the first time. */
  retry(): void;
}

/** Several queries that a page needs together: it lacks what one of them lacks, and only those are asked anew. */
export function asOne(...queries: readonly Asking[]): Asking {
  const failed = () => queries.filter(({ error }) => error() !== undefined);
  return {
    error: () => failed()[0]?.error(),
    retry() {
      for (const query of untrack(failed)) query.retry();
    },
  };
}

export interface LiveValue<Value> extends Asking {
  /** `undefined` until the peer has answered. */
  readonly value: Accessor<Value | undefined>;
}

/** Many pages make what they ask for anew each time: it is the same question all the same. */
function isSame(before: unknown, query: unknown): boolean {
  return before === query || JSON.stringify(before) === JSON.stringify(query);
}

/** A live single value; `undefined` until the peer has answered. */
export function createLiveValue<Name extends ValueName>(
  api: Accessor<PeerApi | undefined>,
  name: Name,
  params: Accessor<LiveQueries[Name]["params"] | undefined>,
): LiveValue<ValueOf<Name>> {
  const [value, setValue] = createSignal<ValueOf<Name> | undefined>(undefined);
  const [error, setError] = createSignal<string | undefined>();
  const [attempt, setAttempt] = createSignal(0);
  createEffect(
    on([api, params, attempt], ([peer, query], before) => {
      setError(undefined);
      // What was known stays on screen while the peer changes tabs; it goes when something else is asked for.
      if (before && !isSame(before[1], query)) setValue(undefined);
      if (!peer || !query) return;
      const live = subscribe(
        peer,
        name,
        query,
        (update) => {
          if (update.kind === "value") setValue(() => (update as { value: ValueOf<Name> }).value);
        },
        setError,
      );
      onCleanup(() => live.stop());
    }),
  );
  return { value, error, retry: () => setAttempt((count) => count + 1) };
}

interface Kept<Row> {
  plain: Row;
  readonly row: Row;
  readonly set: SetStoreFunction<{ row: Row }>;
}

export interface LiveRows<Row> extends Asking {
  readonly rows: Accessor<readonly Row[]>;
  /** False until the first answer. */
  readonly ready: Accessor<boolean>;
  /** Whether older rows exist. */
  readonly hasMore: Accessor<boolean>;
  /** Resolves when another page of rows is in place; at once when there is none. */
  more(): Promise<void>;
}

/** Keeps one reactive object per key: a changed row is written into the object that the page already shows. */
function createRowKeeper<Row extends object>(keyOf: (row: Row) => string) {
  let kept = new Map<string, Kept<Row>>();
  return (plain: readonly Row[]): Row[] => {
    const next = new Map<string, Kept<Row>>();
    const rows = plain.map((row) => {
      const key = keyOf(row);
      const known = kept.get(key);
      if (known) {
        if (known.plain !== row) {
          known.plain = row;
          known.set("row", reconcile(row));
        }
        next.set(key, known);
        return known.row;
      }
      // The store writes into what it wraps. That is safe here: what a subscription delivers belongs to it alone.
      const [store, set] = createStore<{ row: Row }>({ row });
      next.set(key, { plain: row, row: store.row, set });
      return store.row;
    });
    kept = next;
    return rows;
  };
}

/** A live list. */
export function createLiveRows<Name extends RowName>(
  api: Accessor<PeerApi | undefined>,
  name: Name,
  params: Accessor<LiveQueries[Name]["params"] | undefined>,
  keyOf: (row: RowOf<Name>) => string,
): LiveRows<RowOf<Name>> {
  type Row = RowOf<Name>;
  const [rows, setRows] = createSignal<readonly Row[]>([]);
  const [ready, setReady] = createSignal(false);
  const [hasMore, setHasMore] = createSignal(false);
  const [error, setError] = createSignal<string | undefined>();
  const [attempt, setAttempt] = createSignal(0);
  const keep = createRowKeeper<Row>(keyOf);
  let plain: readonly Row[] = [];
  /** The first rows come before the subscription does. */
  let opened: Promise<Subscription | undefined> = Promise.resolve(undefined);

  createEffect(
    on([api, params, attempt], ([peer, query]) => {
      setError(undefined);
      if (!peer || !query) return;
      const live = subscribe(
        peer,
        name,
        query,
        (update) => {
          if (update.kind === "value") return;
          const change = update as LiveUpdate<RowName>;
          plain = change.kind === "rows" ? change.rows : applyOps(plain, change.ops as never);
          batch(() => {
            setRows(keep(plain));
            setHasMore(change.more);
            setReady(true);
          });
        },
        setError,
      );
      opened = live.opened;
      onCleanup(() => live.stop());
    }),
  );

  return {
    rows,
    ready,
    hasMore,
    error,
    retry: () => setAttempt((count) => count + 1),
    async more() {
      if (!hasMore()) return;
      const subscription = await opened;
      await subscription?.more();
    },
  };
}
