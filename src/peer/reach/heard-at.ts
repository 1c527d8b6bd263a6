import type { Clock } from "../../mesh/protocols/index.ts";
import { BoundedMap } from "../../social/index.ts";
import type { Store } from "../../store/port.ts";
import { fromHex, scopeFromKey, scopeKey, toHex, WireError, type Hash, type Scope } from "../../wire/index.ts";

/**
 * Envelopes with topics alone are heard on the home channel of their author, and nothing in them says which that is. Whoever
 * heard one there notes it, so that a neighbour who asks for that place later can be given it.
 */
export interface HeardAtOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: (context: string, error: unknown) => void;
}

const SETTING = "heard-at";
/** Days that are kept: as long as a peer may be away and catch up from its neighbours without a gap. */
const DAYS = 7;
const DAY = 86_400_000;
/** Of one day: the busiest that the commons' rate of one author allows is less than a third of it. */
const MAX_OF_A_DAY = 2_048;
/** Written behind, so that a busy channel costs one write in so many ms. */
const DELAY = 10_000;
/** Somebody is on few channels, so an envelope is heard on one; two places can share a neighbour who is on both. */
const MAX_PLACES = 4;

/** An envelope that was heard at a place. */
export interface HeardEnvelope {
  readonly envelope: Hash;
  /** The arrival number from which on this was known; 0 where it was when the envelope came. */
  readonly became: number;
}

/** By hex of the envelope: keys of the places. */
type Day = BoundedMap<string, readonly string[]>;

/** On which places envelopes with topics alone were heard, for a week. */
export class HeardAt {
  readonly #options: HeardAtOptions;
  /** By number of the day since 1970. */
  readonly #days = new Map<number, Day>();
  readonly #dirty = new Set<number>();
  /** Arrival numbers from which on it was known of envelopes that were held before, by hex. */
  readonly #late = new BoundedMap<string, number>(MAX_OF_A_DAY);
  readonly #listeners = new Set<(envelope: Hash, place: Scope) => void>();
  #cancelSave: (() => void) | null = null;

  private constructor(options: HeardAtOptions) {
    this.#options = options;
  }

  static async open(options: HeardAtOptions): Promise<HeardAt> {
    const heard = new HeardAt(options);
    const today = heard.#today();
    for (let day = today - DAYS + 1; day <= today; day++) {
      const stored = await options.store.setting(settingOf(day));
      if (stored instanceof Map) heard.#days.set(day, dayOf(stored));
    }
    return heard;
  }

  /** @param created of the envelope, in ms since 1970: it is noted for a week from then, and one that is older not at all */
  note(envelope: Hash, place: Scope, created: number): void {
    const key = toHex(envelope);
    const name = scopeKey(place);
    const places = this.#placesOf(key);
    if (places.includes(name) || places.length >= MAX_PLACES) return;
    const today = this.#today();
    // A clock over there may be ahead of this one.
    const written = Math.min(today, Math.floor(created / DAY));
    if (written <= today - DAYS) return;
    const day = this.#days.get(written) ?? new BoundedMap<string, readonly string[]>(MAX_OF_A_DAY);
    day.set(key, [...(day.get(key) ?? []), name]);
    this.#days.set(written, day);
    this.#dirty.add(written);
    const { clock, log, store } = this.#options;
    if (store.envelopes.has(envelope)) {
      this.#late.set(key, store.envelopes.lastSeq + 1);
      for (const listener of this.#listeners) listener(envelope, place);
    }
    this.#cancelSave ??= clock.after(DELAY, () => {
      this.#cancelSave = null;
      this.#save().catch((error: unknown) => log("heard at", error));
    });
  }

  places(envelope: Hash): Scope[] {
    return this.#placesOf(toHex(envelope)).map(scopeFromKey);
  }

  has(envelope: Hash, place: Scope): boolean {
    return this.#placesOf(toHex(envelope)).includes(scopeKey(place));
  }

  /** Envelopes that were heard at this place, in no order. */
  *at(place: Scope): Iterable<HeardEnvelope> {
    const name = scopeKey(place);
    for (const day of this.#days.values()) {
      for (const [key, places] of day) {
        if (places.includes(name)) yield { envelope: fromHex(key), became: this.#late.get(key) ?? 0 };
      }
    }
  }

  /** `listener` hears where envelopes started that were held before that was known. */
  onNoted(listener: (envelope: Hash, place: Scope) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Writes what has not been written yet. */
  async stop(): Promise<void> {
    this.#cancelSave?.();
    this.#cancelSave = null;
    await this.#save();
  }

  #placesOf(key: string): readonly string[] {
    const places: string[] = [];
    for (const day of this.#days.values()) {
      for (const name of day.get(key) ?? []) if (!places.includes(name)) places.push(name);
    }
    return places;
  }

  async #save(): Promise<void> {
    const settings: Record<string, unknown> = {};
    for (const day of this.#dirty) settings[settingOf(day)] = new Map(this.#days.get(day));
    this.#dirty.clear();
    const oldest = this.#today() - DAYS + 1;
    for (const day of this.#days.keys()) {
      if (day >= oldest) continue;
      this.#days.delete(day);
      settings[settingOf(day)] = undefined;
    }
    if (Object.keys(settings).length > 0) await this.#options.store.commit({ settings });
  }

  #today(): number {
    return Math.floor(this.#options.clock.now() / DAY);
  }
}

function settingOf(day: number): string {
  return `${SETTING}:${day}`;
}

/** A damaged entry costs that entry. */
function dayOf(stored: ReadonlyMap<unknown, unknown>): Day {
  const day: Day = new BoundedMap(MAX_OF_A_DAY);
  for (const [key, places] of stored) {
    if (typeof key !== "string" || !/^[0-9a-f]{64}$/u.test(key) || !Array.isArray(places)) continue;
    const valid = places.filter(isPlace).slice(0, MAX_PLACES);
    if (valid.length > 0) day.set(key, valid);
  }
  return day;
}

function isPlace(name: unknown): name is string {
  if (typeof name !== "string") return false;
  try {
    return scopeFromKey(name).kind === "geo";
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}
