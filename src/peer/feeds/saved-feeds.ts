import * as v from "valibot";
import { canonicalFeed, savedKindOf, type FeedFilters, type FeedKind } from "../../social/index.ts";
import type { Store } from "../../store/port.ts";
import { Serial } from "../../store/serial.ts";
import { hashOf, toHex } from "../../wire/index.ts";
import type { FeedSpec } from "../api.ts";
import { PeerError } from "../errors.ts";
import type { FeedMode } from "./api.ts";
import { FILTERS, MODES, parseSpec, type FeedChange } from "./input.ts";

/** In a backup file under this name, too. */
export const FEEDS_KEY = "feeds";
/** As many as one `subscribe` of /mehr/pub/1 has room for, and the unread counts of all are there in a tenth of a second. */
export const MAX_FEEDS = 1_000;
export const HOME_ID = "home";

/** A feed as it is stored; `name` is `null` where it is called after what it shows. */
export interface SavedFeed {
  readonly id: string;
  readonly kind: "home" | FeedKind;
  readonly name: string | null;
  readonly spec: FeedSpec;
  readonly mode: FeedMode;
  readonly filters: FeedFilters;
}

const ALL: FeedFilters = { boosts: true, replies: true };
const HOME: SavedFeed = { id: HOME_ID, kind: "home", name: null, spec: { kind: "home" }, mode: "auto", filters: ALL };

const Stored = v.looseObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/u)),
  name: v.nullable(v.string()),
  spec: v.looseObject({ kind: v.string() }),
  mode: v.picklist(MODES),
  filters: FILTERS,
});

/** The feeds that a person keeps, home first, in the order that the person gave them. Told to nobody. */
export class SavedFeeds {
  readonly #store: Store;
  #feeds: readonly SavedFeed[];
  /** Changes, one after the other: each writes the whole list. */
  readonly #changes = new Serial();

  private constructor(store: Store, feeds: readonly SavedFeed[]) {
    this.#store = store;
    this.#feeds = feeds;
  }

  /** @param topics scope keys of topics that were chosen before there were feeds to keep */
  static async open(store: Store, topics: readonly string[]): Promise<SavedFeeds> {
    const stored = await store.setting(FEEDS_KEY);
    if (Array.isArray(stored)) return new SavedFeeds(store, restored(stored));
    const people = made({ kind: "people" });
    return new SavedFeeds(store, [HOME, people, ...topics.map((scope) => made(topicFeed(scope)))]);
  }

  all(): readonly SavedFeed[] {
    return this.#feeds;
  }

  get(id: string): SavedFeed | undefined {
    return this.#feeds.find((feed) => feed.id === id);
  }

  /** Keys of the topics that are followed with all that is below them. */
  topics(): string[] {
    return this.#feeds.flatMap(({ kind, spec }) =>
      kind === "topic" && spec.kind === "scope" && spec.match === "prefix" ? [spec.scope] : [],
    );
  }

  /**
   * Resolves with the feed as it is kept, once that is durable.
   * @throws PeerError `FEEDS_FULL`, `FEED_FIXED`, `FEED_INVALID`
   */
  save({ at, id, spec, ...rest }: FeedChange): Promise<SavedFeed> {
    return this.#changes.run(async () => {
      const known = this.#find(id, spec);
      if (known === undefined && spec === undefined) {
        throw new PeerError("FEED_INVALID", "A new feed needs to say what it shows.");
      }
      if (known?.kind === "home" && (spec !== undefined || at !== undefined || rest.name !== undefined)) {
        throw new PeerError("FEED_FIXED", "Home shows what it shows, stands first and is called after its place.");
      }
      const base = known ?? made(spec as FeedSpec, id ?? this.#newId(spec as FeedSpec));
      const kind = spec === undefined ? base.kind : (savedKindOf(spec) as FeedKind);
      const feed: SavedFeed = { ...base, kind, ...(spec && { spec }), ...rest };
      const others = this.#feeds.filter((other) => other.id !== feed.id);
      if (known === undefined && others.length > MAX_FEEDS) {
        throw new PeerError("FEEDS_FULL", `At most ${MAX_FEEDS} feeds can be kept.`);
      }
      const place = at === undefined ? (known === undefined ? others.length : this.#feeds.indexOf(known)) : at + 1;
      await this.#write(others.toSpliced(Math.min(place, others.length), 0, feed));
      return feed;
    });
  }

  /** Resolves with whether there was one. @throws PeerError `FEED_FIXED` */
  remove(id: string): Promise<boolean> {
    return this.#changes.run(async () => {
      if (id === HOME_ID) throw new PeerError("FEED_FIXED", "Home stays.");
      const left = this.#feeds.filter((feed) => feed.id !== id);
      if (left.length === this.#feeds.length) return false;
      await this.#write(left);
      return true;
    });
  }

  order(ids: readonly string[]): Promise<void> {
    return this.#changes.run(async () => {
      const places = new Map([...new Set(ids)].map((id, place) => [id, place]));
      const placeOf = ({ id }: SavedFeed): number => (id === HOME_ID ? -1 : (places.get(id) ?? ids.length));
      await this.#write(this.#feeds.toSorted((a, b) => placeOf(a) - placeOf(b)));
    });
  }

  /** Follows exactly these topics with what is below them; feeds of other kinds stay as they are. */
  setTopics(scopes: readonly string[]): Promise<void> {
    return this.#changes.run(async () => {
      const before = new Set(this.topics());
      const wanted = new Set(scopes);
      const kept = this.#feeds.filter(({ spec }) => !isTopic(spec, before) || isTopic(spec, wanted));
      const added = [...wanted].filter((scope) => !before.has(scope)).map(topicFeed);
      const next = [...kept, ...added.map((spec) => made(spec, this.#newId(spec)))];
      if (next.length > MAX_FEEDS + 1) throw new PeerError("FEEDS_FULL", `At most ${MAX_FEEDS} feeds can be kept.`);
      if (added.length > 0 || kept.length < this.#feeds.length) await this.#write(next);
    });
  }

  #find(id: string | undefined, spec: FeedSpec | undefined): SavedFeed | undefined {
    const named = id === undefined ? undefined : this.get(id);
    if (named !== undefined || spec === undefined) return named;
    const text = JSON.stringify(spec);
    return this.#feeds.find((feed) => JSON.stringify(feed.spec) === text);
  }

  /** From what it shows, so that saving the same twice makes one; numbered where a feed was changed into another since. */
  #newId(spec: FeedSpec): string {
    const id = idOf(spec);
    let free = id;
    for (let number = 2; this.get(free) !== undefined; number += 1) free = `${id}-${number}`;
    return free;
  }

  async #write(feeds: readonly SavedFeed[]): Promise<void> {
    const stored = feeds.map(({ filters, id, mode, name, spec }) => ({ id, name, spec, mode, filters }));
    await this.#store.commit({ settings: { [FEEDS_KEY]: stored } }, { durability: "strict" });
    this.#feeds = feeds;
  }
}

function topicFeed(scope: string): FeedSpec {
  return { kind: "scope", scope, match: "prefix" };
}

function isTopic(spec: FeedSpec, scopes: ReadonlySet<string>): boolean {
  return spec.kind === "scope" && spec.match === "prefix" && scopes.has(spec.scope);
}

function made(spec: FeedSpec, id = idOf(spec)): SavedFeed {
  return { id, kind: savedKindOf(spec) as FeedKind, name: null, spec, mode: "auto", filters: ALL };
}

function idOf(spec: FeedSpec): string {
  return toHex(hashOf(new TextEncoder().encode(JSON.stringify(spec)))).slice(0, 16);
}

/** A damaged entry costs that entry. The list may come from a backup file, which anybody can write. */
function restored(stored: readonly unknown[]): SavedFeed[] {
  const feeds = new Map<string, SavedFeed>();
  let home = HOME;
  for (const entry of stored.slice(0, MAX_FEEDS + 1)) {
    const parsed = v.safeParse(Stored, entry);
    if (!parsed.success) continue;
    const { filters, id, mode, name, spec } = parsed.output;
    if (id === HOME_ID) {
      home = { ...HOME, mode, filters };
      continue;
    }
    const known = specOrNull(spec);
    const kind = known === null ? null : savedKindOf(known);
    if (known !== null && kind !== null) feeds.set(id, { id, kind, name, spec: known, mode, filters });
  }
  return [home, ...feeds.values()];
}

function specOrNull(spec: unknown): FeedSpec | null {
  try {
    return canonicalFeed(parseSpec(spec));
  } catch {
    // Of another version, or damaged: whatever it meant cannot be shown.
    return null;
  }
}
