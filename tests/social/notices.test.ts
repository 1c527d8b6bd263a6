/** What becomes of events: few lines, whatever comes and however often. */
import { describe, expect, it } from "vitest";
import {
  isLate,
  LOOKED_FOR,
  nextLook,
  NoticeBook,
  type NoticeEvent,
  type NoticeKind,
} from "../../src/social/notices/index.ts";
import { SeededRandom } from "../sim/random.ts";

const NOW = 1_767_225_600_000;
const DAY = 86_400_000;
const LOUD = { read: false, quiet: false };
const hex = (number: number): string => number.toString(16).padStart(8, "0").repeat(8);
const ADA = hex(1);
const nobody = (): boolean => false;

let ids = 0;
function event(kind: NoticeKind, actor: string, about: Partial<NoticeEvent> = {}): NoticeEvent {
  ids += 1;
  const id = hex(1_000_000 + ids);
  return { kind, id, hash: id, actor, subject: hex(0), thread: hex(0), created: NOW, at: NOW, ...about };
}

describe("the book of notices", () => {
  it("makes one line of the boosts of a post, and of everything that one person says in a thread", () => {
    const book = new NoticeBook(nobody);
    for (let actor = 1; actor <= 5; actor += 1) book.add(event("boost", hex(actor), { subject: hex(7) }), LOUD);
    for (let count = 0; count < 4; count += 1) book.add(event("reply", ADA, { subject: hex(count + 20) }), LOUD);
    book.add(event("reference", ADA), LOUD);
    const lines = book.lines();
    expect(lines.map(({ items, kind }) => [kind, items.length])).toEqual([
      ["several", 5],
      ["boost", 5],
    ]);
    expect(new Set(lines[1]?.items.map(({ actor }) => actor)).size).toBe(5);
  });

  it("is told of nothing twice, also after a restart and whatever was pushed off the list since", () => {
    const book = new NoticeBook(nobody);
    const first = event("reply", ADA);
    expect(book.add(first, LOUD)).toBe(true);
    expect(book.add({ ...first, at: NOW + DAY }, LOUD)).toBe(false);
    for (let actor = 0; actor < 900; actor += 1) book.add(event("boost", hex(actor), { subject: hex(actor) }), LOUD);
    const again = new NoticeBook(nobody, structuredClone(book.state()));
    expect(again.lines()).toEqual(book.lines());
    expect(again.add(first, LOUD)).toBe(false);
    expect(again.seq).toBe(book.seq);
  });

  it("gives a stranger who is everywhere one line, and leaves those whom one knows theirs", () => {
    const book = new NoticeBook((actor) => actor === hex(2));
    for (const actor of [ADA, hex(2)]) {
      for (let thread = 0; thread < 12; thread += 1) {
        book.add(event("reply", actor, { thread: hex(thread + 50), subject: hex(thread + 50) }), LOUD);
      }
    }
    for (let post = 0; post < 40; post += 1) book.add(event("boost", ADA, { subject: hex(post + 300) }), LOUD);
    const by = (actor: string) => book.lines().filter(({ items }) => items.every((item) => item.actor === actor));
    expect(by(ADA)).toHaveLength(1);
    expect(by(ADA)[0]).toMatchObject({ kind: "several" });
    expect(by(hex(2))).toHaveLength(12);
    // What others boosted, too, stays a line of its own.
    book.add(event("boost", hex(3), { subject: hex(900) }), LOUD);
    book.add(event("boost", ADA, { subject: hex(900) }), LOUD);
    expect(book.lines()[0]).toMatchObject({ kind: "boost", items: [{ actor: ADA }, { actor: hex(3) }] });
  });

  it("puts a crowd of strangers in one thread together after the first five", () => {
    const book = new NoticeBook(nobody);
    for (let actor = 1; actor <= 300; actor += 1) book.add(event("reply", hex(actor)), LOUD);
    expect(book.lines()).toHaveLength(6);
  });

  it("stays small under any flood, and keeps what people whom one knows have said", () => {
    const friend = hex(99_999);
    const book = new NoticeBook((actor) => actor === friend);
    book.add(event("reply", friend, { thread: hex(5) }), LOUD);
    const random = new SeededRandom(5);
    for (let count = 0; count < 6_000; count += 1) {
      const kind = (["reply", "reference", "boost", "trust"] as const)[Math.floor(random.next() * 4)] ?? "reply";
      const subject = hex(Math.floor(random.next() * 2_000));
      book.add(event(kind, hex(100 + Math.floor(random.next() * 3_000)), { subject, thread: subject }), LOUD);
    }
    const lines = book.lines();
    expect(lines.length).toBeLessThanOrEqual(200);
    expect(lines.reduce((sum, { items }) => sum + items.length, 0)).toBeLessThanOrEqual(1_500);
    expect(lines.some(({ items }) => items.some(({ actor }) => actor === friend))).toBe(true);
    expect(JSON.stringify(book.state()).length).toBeLessThan(1_000_000);
  });

  it("keeps what was read, up to a number and for some lines alone, and moves on what was told", () => {
    const book = new NoticeBook(nobody);
    book.add(event("reply", ADA), LOUD);
    book.add(event("boost", hex(2), { subject: hex(2) }), LOUD);
    const [boost, reply] = book.lines();
    expect(book.markRead(book.seq, [boost?.key ?? ""])).toBe(true);
    expect(book.markRead(book.seq, [boost?.key ?? ""])).toBe(false);
    expect(book.lines().map(({ items }) => items[0]?.read)).toEqual([true, false]);
    book.add(event("reply", ADA), LOUD);
    expect(book.markRead(2)).toBe(true);
    expect(book.lines()[0]).toMatchObject({ key: reply?.key, items: [{ read: false }, { read: true }] });
    expect(book.markTold(Number.MAX_SAFE_INTEGER)).toBe(true);
    expect(book.told).toBe(3);
    expect(book.markTold(2)).toBe(false);
  });
});

describe("what calls nobody", () => {
  it("is what comes more than a day late", () => {
    expect(isLate(NOW - DAY, NOW)).toBe(false);
    expect(isLate(NOW - DAY - 1, NOW)).toBe(true);
    expect(isLate(NOW + 60_000, NOW)).toBe(false);
  });
});

describe("looking for answers", () => {
  it("begins after ten minutes, goes on ever more slowly, and ends after a week: some forty times", () => {
    const times: number[] = [];
    let asked: number | null = null;
    for (let now = NOW; ; now = times.at(-1) ?? now) {
      const next = nextLook({ alive: NOW, asked }, now);
      if (next === null) break;
      times.push(next);
      asked = next;
    }
    const pauses = times.map((time, at) => time - (times[at - 1] ?? NOW));
    expect(pauses[0]).toBe(600_000);
    expect(pauses).toEqual([...pauses].toSorted((a, b) => a - b));
    expect(Math.max(...pauses)).toBe(21_600_000);
    expect(times.length).toBeGreaterThan(30);
    expect(times.length).toBeLessThan(50);
  });

  it("looks at once for what was written before the peer slept, and for what is a week old never", () => {
    expect(nextLook({ alive: NOW - DAY, asked: null }, NOW)).toBe(NOW);
    expect(nextLook({ alive: NOW - LOOKED_FOR, asked: null }, NOW)).toBeNull();
  });
});
