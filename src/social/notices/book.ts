import { BoundedMap } from "../bounded.ts";

export const NOTICE_KINDS = ["reply", "reference", "boost", "curated", "trust"] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Something that somebody did and this person may want to know. Keys and hashes are hex. */
export interface NoticeEvent {
  readonly kind: NoticeKind;
  /** Names this event for good: told once, whatever way and however often it comes. */
  readonly id: string;
  /** The envelope, the post that was added to a feed, or the actor for trust. */
  readonly hash: string;
  /** Whose doing it is. */
  readonly actor: string;
  /** The own envelope that it is about, the id of a kept feed for a curated one, or the actor for trust. */
  readonly subject: string;
  /** What an answer belongs to: all by one person in one thread is one line. Else the subject. */
  readonly thread: string;
  /** The date that it bears, milliseconds since 1970. */
  readonly created: number;
  /** When it came here. */
  readonly at: number;
}

export interface NoticeItem {
  readonly hash: string;
  readonly actor: string;
  readonly kind: NoticeKind;
  readonly subject: string;
  readonly created: number;
  readonly at: number;
  /** Order of arrival in this book, strictly increasing. */
  readonly seq: number;
  readonly read: boolean;
  /** In the list only: nobody is called for it. */
  readonly quiet: boolean;
}

/** What a person sees as one. */
export interface NoticeLine {
  /** Names the line for as long as it is kept. */
  readonly key: string;
  /** `several`: of several kinds. */
  readonly kind: NoticeKind | "several";
  /** Newest first, at least one. */
  readonly items: readonly NoticeItem[];
}

/** What is kept of a book; survives structured clone. */
export interface BookState {
  readonly lines: readonly (NoticeLine & { readonly thread: string })[];
  /** Newest last. */
  readonly known: readonly string[];
  readonly seq: number;
  /** Up to this one whoever calls people was told. */
  readonly told: number;
}

interface Line extends NoticeLine {
  readonly thread: string;
  items: readonly NoticeItem[];
}

/** Of one line: "32 people boosted this" says all that more could. */
const MAX_ITEMS = 32;
/** A month of a person who is much answered. */
const MAX_LINES = 200;
/** Of all lines, some 300 bytes each: the record is written whole, and stays below half a megabyte whatever others do. */
const MAX_ITEMS_IN_ALL = 1_500;
/** So many lines one kind can have while others need room: a wave of boosts does not push answers out. */
const MAX_OF_A_KIND = 80;
/** Lines that are by one person alone: beyond that they become one. Whom one follows or trusts may say more. */
const ALONE = { stranger: 3, known: 24 } as const;
/** Strangers in one thread who have a line of their own; whoever comes then shares one. */
const STRANGERS_OF_A_THREAD = 5;
/** What was told once is not told again although its line is long gone: 16 digits each. */
const MAX_KNOWN = 4_096;
/** Two of them begin alike by chance with 2^-64; who makes two on purpose keeps one of them from being told. */
const SHORT = 16;

/**
 * What a person was and is told of. It stays small whatever others do: a line for each own post that is boosted, each person in
 * a thread, each feed; one line for a stranger who is everywhere, and for the strangers of a thread together.
 */
export class NoticeBook {
  /** By key, in no order. */
  readonly #lines = new Map<string, Line>();
  readonly #known = new BoundedMap<string, true>(MAX_KNOWN);
  readonly #knows: (actor: string) => boolean;
  #seq = 0;
  #told = 0;

  /** @param knows whether this person follows or trusts the actor */
  constructor(knows: (actor: string) => boolean, state?: BookState) {
    this.#knows = knows;
    if (state === undefined) return;
    for (const item of state.known) this.#known.set(item, true);
    for (const line of state.lines) this.#lines.set(line.key, { ...line });
    this.#seq = state.seq;
    this.#told = state.told;
  }

  /** The number of the last item. */
  get seq(): number {
    return this.#seq;
  }

  get told(): number {
    return this.#told;
  }

  has(id: string): boolean {
    return this.#known.get(id.slice(0, SHORT)) !== undefined;
  }

  /**
   * @param manner `read`: it is nothing new; `quiet`: it is new and calls nobody
   * @returns whether it was not known
   */
  add(event: NoticeEvent, manner: { readonly read: boolean; readonly quiet: boolean }): boolean {
    const { actor, at, created, hash, id, kind, subject, thread } = event;
    if (this.has(id)) return false;
    this.#known.set(id.slice(0, SHORT), true);
    this.#seq += 1;
    const item: NoticeItem = { hash, actor, kind, subject, created, at, seq: this.#seq, ...manner };
    const key = this.#keyOf(event);
    const before = this.#lines.get(key);
    const items = [item, ...(before?.items ?? [])].slice(0, MAX_ITEMS);
    const isMixed = before !== undefined && before.kind !== kind;
    this.#lines.set(key, { key, kind: isMixed ? "several" : kind, thread, items });
    this.#joinAlone(actor);
    this.#makeRoom(kind);
    return true;
  }

  /** @param keys of lines; all of them by default. @returns whether anything was unread */
  markRead(until: number, keys?: readonly string[]): boolean {
    let changed = false;
    for (const line of this.#lines.values()) {
      if (keys !== undefined && !keys.includes(line.key)) continue;
      if (!line.items.some(({ read, seq }) => !read && seq <= until)) continue;
      changed = true;
      line.items = line.items.map((item) => (item.seq <= until ? { ...item, read: true } : item));
    }
    return changed;
  }

  /** Whoever calls people has dealt with everything up to here. @returns whether that is news */
  markTold(until: number): boolean {
    const told = Math.min(until, this.#seq);
    if (told <= this.#told) return false;
    this.#told = told;
    return true;
  }

  /** Newest first. */
  lines(): NoticeLine[] {
    return [...this.#lines.values()].toSorted((a, b) => latest(b) - latest(a));
  }

  state(): BookState {
    return {
      lines: [...this.#lines.values()],
      known: [...this.#known].map(([item]) => item),
      seq: this.#seq,
      told: this.#told,
    };
  }

  #keyOf({ actor, kind, subject, thread }: NoticeEvent): string {
    switch (kind) {
      case "boost":
        return this.#personOr(actor, `b:${subject}`);
      case "curated":
        return `c:${subject}`;
      case "trust":
        return `t:${actor}`;
      case "reply":
      case "reference": {
        const own = this.#personOr(actor, `r:${thread}:${actor}`);
        if (this.#lines.has(own) || this.#knows(actor)) return own;
        const strangers = this.#count((line) => line.key.startsWith(`r:${thread}:`) && this.#isStrange(line));
        return strangers < STRANGERS_OF_A_THREAD ? own : `r:${thread}`;
      }
    }
  }

  /** Where a stranger has one line for everything, it stays the one, unless others are on the other. */
  #personOr(actor: string, key: string): string {
    const person = personKey(actor);
    const known = this.#lines.get(key);
    const isShared = known !== undefined && known.items.some((item) => item.actor !== actor);
    return this.#lines.has(person) && !isShared && !this.#knows(actor) ? person : key;
  }

  /** Lines that are all by one person become one when there are too many of them. */
  #joinAlone(actor: string): void {
    const alone = [...this.#lines.values()].filter(
      (line) => line.kind !== "curated" && line.kind !== "trust" && line.items.every((item) => item.actor === actor),
    );
    if (alone.length <= (this.#knows(actor) ? ALONE.known : ALONE.stranger)) return;
    for (const { key } of alone) this.#lines.delete(key);
    const items = alone.flatMap((line) => line.items).toSorted((a, b) => b.seq - a.seq);
    const key = personKey(actor);
    this.#lines.set(key, { key, kind: "several", thread: "", items: items.slice(0, MAX_ITEMS) });
  }

  #makeRoom(kind: NoticeKind): void {
    if (this.#count((line) => line.kind === kind) > MAX_OF_A_KIND) this.#dropOldest((line) => line.kind === kind);
    if (this.#lines.size > MAX_LINES) this.#dropOldest(() => true);
    let items = 0;
    for (const line of this.#lines.values()) items += line.items.length;
    if (items > MAX_ITEMS_IN_ALL) this.#dropOldest(() => true);
  }

  /** Strangers first, and of those what was read. */
  #dropOldest(among: (line: Line) => boolean): void {
    const rank = (line: Line): number =>
      (this.#isStrange(line) ? 0 : 2) + (line.items.some(({ read }) => !read) ? 1 : 0);
    const [first] = [...this.#lines.values()]
      .filter(among)
      .toSorted((a, b) => rank(a) - rank(b) || latest(a) - latest(b));
    if (first !== undefined) this.#lines.delete(first.key);
  }

  #isStrange(line: Line): boolean {
    return line.kind !== "curated" && !line.items.some(({ actor }) => this.#knows(actor));
  }

  #count(test: (line: Line) => boolean): number {
    let count = 0;
    for (const line of this.#lines.values()) if (test(line)) count += 1;
    return count;
  }
}

function latest(line: NoticeLine): number {
  return line.items[0]?.seq ?? 0;
}

function personKey(actor: string): string {
  return `p:${actor}`;
}
