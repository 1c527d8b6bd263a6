import type { LogEntry, LogLevel, LogQuery } from "./api.ts";
import { EVENTS, isEventName, type EventFields, type EventName, type EventShape } from "./events.ts";
import { admit } from "./fields.ts";

export interface RingLimits {
  /** Entries of the level `debug`, which come in crowds and must not push out the others. */
  readonly debug: number;
  /** Entries of all other levels together. */
  readonly other: number;
  /** Of everything that is held, as JSON. */
  readonly bytes: number;
}

/** An hour of a busy peer in the worst case seen, a day of a quiet one; small beside any other thing in the worker. */
export const RING_LIMITS: RingLimits = { debug: 400, other: 600, bytes: 160_000 };

/** What says the same again within this time is counted instead of written down again, milliseconds. */
const REPEAT_WINDOW = 60_000;
/** How far back a repetition is looked for: several things may fail in turn. */
const REPEAT_REACH = 8;

export const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

export interface RingOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly limits?: RingLimits;
}

interface Held {
  entry: LogEntry;
  readonly bytes: number;
  /** Event and fields as text, to know a repetition by. */
  readonly says: string;
}

/**
 * The log of a peer: the last entries, bounded in number and bytes, in memory. It holds no content and no keys: an entry
 * consists of fields whose kinds are fixed by `events.ts` and checked by `fields.ts` when it is written.
 */
export class LogRing {
  readonly #now: () => number;
  readonly #limits: RingLimits;
  readonly #listeners = new Set<(entry: LogEntry | null) => void>();
  #debug: Held[] = [];
  #other: Held[] = [];
  #bytes = 0;
  #seq = 0;

  constructor({ limits = RING_LIMITS, now }: RingOptions) {
    this.#now = now;
    this.#limits = limits;
  }

  /** Writes an event down. Never throws: a log must not break what it tells of. */
  add<Name extends EventName>(event: Name, fields: EventFields<Name>, level?: LogLevel): void {
    const shape: EventShape = EVENTS[event];
    const admitted: Record<string, number | string | boolean> = {};
    for (const [name, kind] of Object.entries(shape.fields)) {
      const value = admit(kind, (fields as Readonly<Record<string, unknown>>)[name]);
      if (value !== null) admitted[name] = value;
    }
    const time = this.#now();
    const says = JSON.stringify([event, admitted]);
    // Frozen, so that whoever keeps what was written down needs no copy of it.
    const entry: LogEntry = Object.freeze({
      seq: this.#seq + 1,
      time,
      level: level ?? shape.level,
      room: shape.room,
      event,
      fields: Object.freeze(admitted),
      times: 1,
      last: time,
    });
    this.#told(this.#repeated(entry, says) ?? this.#append(entry, says));
  }

  /** The newest first, at most `limit`. */
  entries({ level = "debug", limit = Infinity, room }: LogQuery = {}): LogEntry[] {
    const least = LEVELS.indexOf(level);
    const found: LogEntry[] = [];
    let [debug, other] = [this.#debug.length - 1, this.#other.length - 1];
    // Each of the two is in order, and most ask for a few of the newest.
    while (found.length < limit && (debug >= 0 || other >= 0)) {
      const detail = this.#debug[debug]?.entry;
      const rest = this.#other[other]?.entry;
      const isDetail = detail !== undefined && (rest === undefined || detail.seq > rest.seq);
      const entry = (isDetail ? detail : rest) as LogEntry;
      if (isDetail) debug--;
      else other--;
      if (LEVELS.indexOf(entry.level) >= least && (room === undefined || entry.room === room)) found.push(entry);
    }
    return found;
  }

  clear(): void {
    this.#debug = [];
    this.#other = [];
    this.#bytes = 0;
    this.#told(null);
  }

  /** Puts entries of an earlier life before those of this one. What does not look like an entry of this log is left out. */
  restore(kept: unknown): void {
    const earlier = Array.isArray(kept) ? kept.filter(isEntry) : [];
    const own = this.entries().toReversed();
    this.clear();
    this.#seq = 0;
    // Told as a repetition of nothing: what happens again after a restart is another story.
    for (const entry of [...earlier.toSorted((a, b) => a.seq - b.seq), ...own]) {
      this.#append(Object.freeze({ ...entry, seq: this.#seq + 1, fields: Object.freeze({ ...entry.fields }) }), "");
    }
    this.#told(null);
  }

  /** `listener` hears of every entry that was written or counted again, and of `null` when the log is another. */
  onChanged(listener: (entry: LogEntry | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #told(entry: LogEntry | null): void {
    for (const listener of this.#listeners) listener(entry);
  }

  #repeated(entry: LogEntry, says: string): LogEntry | null {
    const held = entry.level === "debug" ? this.#debug : this.#other;
    const earlier = held.slice(-REPEAT_REACH).find((each) => each.says === says && each.entry.level === entry.level);
    if (earlier === undefined || entry.time - earlier.entry.time > REPEAT_WINDOW) return null;
    earlier.entry = Object.freeze({ ...earlier.entry, times: earlier.entry.times + 1, last: entry.time });
    return earlier.entry;
  }

  #append(entry: LogEntry, says: string): LogEntry {
    const held = entry.level === "debug" ? this.#debug : this.#other;
    const bytes = JSON.stringify(entry).length;
    held.push({ entry, bytes, says });
    this.#seq = entry.seq;
    this.#bytes += bytes;
    while (this.#debug.length > this.#limits.debug) this.#drop(this.#debug);
    while (this.#other.length > this.#limits.other) this.#drop(this.#other);
    while (this.#bytes > this.#limits.bytes) this.#drop(this.#debug.length > 0 ? this.#debug : this.#other);
    return entry;
  }

  #drop(held: Held[]): void {
    this.#bytes -= held.shift()?.bytes ?? 0;
  }
}

/** Whether this can be written down as it is: a name that is known, with fields of the kinds that it has. */
function isEntry(value: unknown): value is LogEntry {
  if (typeof value !== "object" || value === null) return false;
  const { event, fields, last, level, room, seq, time, times } = value as Partial<LogEntry>;
  if (typeof event !== "string" || !isEventName(event)) return false;
  const shape: EventShape = EVENTS[event];
  return (
    typeof seq === "number" &&
    typeof time === "number" &&
    typeof times === "number" &&
    typeof last === "number" &&
    LEVELS.includes(level as LogLevel) &&
    room === shape.room &&
    typeof fields === "object" &&
    fields !== null &&
    Object.keys(fields).every((name) => Object.hasOwn(shape.fields, name))
  );
}
