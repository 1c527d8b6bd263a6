/**
 * Feeds that outlive their page: going back shows the same rows at the same pixel, at once and without a question to
 * the peer. The few used last stay open; the others are closed. And the list of feeds that the person keeps.
 */
import {
  type Accessor,
  createContext,
  createEffect,
  createRoot,
  createSignal,
  getOwner,
  type JSX,
  on,
  onCleanup,
  untrack,
  useContext,
} from "solid-js";
import { unwrap } from "solid-js/store";
import type { EnvelopeView, FeedFilters, FeedSpec, FeedView } from "../../peer/api.ts";
import { RowHeights } from "../components/virtual-rows/heights.ts";
import { useConnection } from "./connection.tsx";
import { type Asking, createLiveRows } from "./live.ts";
import { splitArrivals } from "./rows.ts";

/** Home, the feeds that a person goes through of a morning, a profile: each is a live query at the peer. */
const KEPT_FEEDS = 8;
const PAGE_ROWS = 30;

export interface FeedState extends Asking {
  readonly shown: Accessor<readonly EnvelopeView[]>;
  /** Rows that wait behind "N new". */
  readonly waiting: Accessor<number>;
  readonly ready: Accessor<boolean>;
  readonly hasMore: Accessor<boolean>;
  more(): Promise<void>;
  /** Shows what waits. */
  showWaiting(): void;
  /** Whether the reader stands at the top, where new rows may go in at once. */
  setAtTop(atTop: boolean): void;
  /** What the list has measured; it outlives the list. */
  readonly heights: RowHeights;
  /** Where the reader stood when the list was left, in pixels; 0 before that. */
  leftAt: number;
  /** Notes the reader's place, in pixels, for a reload of the tab. */
  remember(y: number): void;
  /** The place to go back to after a reload, given once. */
  takeRestored(): number | undefined;
}

interface SavedPlace {
  readonly feed: string;
  readonly y: number;
  readonly rows: number;
  readonly heights: readonly (readonly [string, number])[];
}

/** What is worth keeping over a reload: 1,000 rows are some 200 screens and 80 kB. */
const MOST_SAVED_ROWS = 1_000;

const PLACE_KEY = "mehr.place";

/** The place in this feed that the tab had before it was reloaded; none in a tab that was opened anew. */
function savedPlace(feed: string): SavedPlace | undefined {
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (!navigation || navigation.type === "navigate") return undefined;
  const stored = sessionStorage.getItem(PLACE_KEY);
  if (stored === null) return undefined;
  sessionStorage.removeItem(PLACE_KEY);
  const place = JSON.parse(stored) as SavedPlace;
  return place.feed === feed ? place : undefined;
}

interface Entry {
  readonly feed: FeedState;
  readonly dispose: () => void;
}

export interface KeptFeeds extends Asking {
  readonly rows: Accessor<readonly FeedView[]>;
  readonly ready: Accessor<boolean>;
  /** The kept feed that shows this, in its one form. */
  find(spec: FeedSpec): FeedView | undefined;
}

type OpenFeed = (spec: FeedSpec, filters?: FeedFilters) => FeedState;
const FeedsContext = createContext<{ readonly open: OpenFeed; readonly kept: KeptFeeds }>();

function keyOf(spec: FeedSpec, filters: FeedFilters | undefined): string {
  return JSON.stringify(filters === undefined || (filters.boosts && filters.replies) ? spec : [spec, filters]);
}

function createFeed(spec: FeedSpec, filters: FeedFilters | undefined): FeedState {
  const connection = useConnection();
  const key = keyOf(spec, filters);
  const saved = savedPlace(key);
  let restored = saved?.y;
  const heights = new RowHeights(saved?.heights);
  const live = createLiveRows(
    connection.api,
    "feed",
    () => ({ feed: spec, limit: Math.max(PAGE_ROWS, saved?.rows ?? 0), ...(filters && { filters }) }),
    (row) => row.hash,
  );
  const [shown, setShown] = createSignal<readonly EnvelopeView[]>([]);
  const [waiting, setWaiting] = createSignal(0);
  let atTop = true;

  function take(latest: readonly EnvelopeView[], everything: boolean) {
    const next = splitArrivals(untrack(shown), latest, (row) => row.hash, everything);
    setShown(next.shown);
    setWaiting(next.waiting.length);
  }
  createEffect(on(live.rows, (latest) => take(latest, atTop)));

  return {
    shown,
    waiting,
    ready: live.ready,
    hasMore: live.hasMore,
    error: live.error,
    retry: () => live.retry(),
    more: () => live.more(),
    showWaiting: () => take(untrack(live.rows), true),
    setAtTop(value) {
      atTop = value;
    },
    heights,
    leftAt: 0,
    remember(y) {
      const rows = Math.min(untrack(shown).length, MOST_SAVED_ROWS);
      const value: SavedPlace = { feed: key, y, rows, heights: heights.entries(rows) };
      sessionStorage.setItem(PLACE_KEY, JSON.stringify(value));
    },
    takeRestored() {
      const y = live.ready() ? restored : undefined;
      if (live.ready()) restored = undefined;
      return y;
    },
  };
}

export function FeedsProvider(props: { children: JSX.Element }): JSX.Element {
  const entries = new Map<string, Entry>();
  const owner = getOwner();
  const { api } = useConnection();
  const live = createLiveRows(
    api,
    "feeds",
    () => ({}),
    (row) => row.id,
  );
  const kept: KeptFeeds = {
    rows: live.rows,
    ready: live.ready,
    error: live.error,
    retry: () => live.retry(),
    find(spec) {
      const text = JSON.stringify(spec);
      return live.rows().find((row) => JSON.stringify(row.spec) === text);
    },
  };
  const open: OpenFeed = (spec, filters) => {
    const key = keyOf(spec, filters);
    const known = entries.get(key);
    if (known) {
      // Re-inserted, so that the order of the map is the order of use.
      entries.delete(key);
      entries.set(key, known);
      return known.feed;
    }
    const entry = createRoot((dispose): Entry => ({ feed: createFeed(spec, filters), dispose }), owner);
    entries.set(key, entry);
    for (const [oldKey, old] of entries) {
      if (entries.size <= KEPT_FEEDS) break;
      old.dispose();
      entries.delete(oldKey);
    }
    return entry.feed;
  };

  onCleanup(() => {
    for (const entry of entries.values()) entry.dispose();
  });

  return <FeedsContext.Provider value={{ open, kept }}>{props.children}</FeedsContext.Provider>;
}

function useContextOfFeeds(): { readonly open: OpenFeed; readonly kept: KeptFeeds } {
  const value = useContext(FeedsContext);
  if (!value) throw new Error("useFeeds outside of FeedsProvider");
  return value;
}

export function useFeeds(): OpenFeed {
  return useContextOfFeeds().open;
}

/** The feeds that the person keeps, home first. */
export function useKeptFeeds(): KeptFeeds {
  return useContextOfFeeds().kept;
}

/** A kept feed as it can be given to the peer: rows of a live list are reactive, and those cannot be copied to a worker. */
export function plainFeed(feed: FeedView): FeedView {
  return structuredClone(unwrap(feed));
}
