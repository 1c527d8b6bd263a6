import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LiveSet, type LiveSubscription, type RowsSource, type RowsUpdate } from "../../src/peer/live/index.ts";
import { applyOps } from "../../src/rpc/apply.ts";
import { settled, VirtualClock } from "./live-clock.ts";

type Topic = "envelopes" | "profiles" | "status";
interface Row {
  readonly id: number;
  readonly text: string;
}

/** A peer with one list, newest first, and somebody who reads it. */
function setting(options: { page?: number; rows?: number } = {}) {
  const clock = new VirtualClock();
  const reported: unknown[] = [];
  const live = new LiveSet<Topic>({ clock, interval: 100, report: (error) => reported.push(error) });
  const state = {
    stored: Array.from({ length: options.rows ?? 0 }, (_, index): Row => ({ id: index, text: "" })).reverse(),
    evaluations: 0,
    asked: [] as number[],
    failure: null as Error | null,
    gate: null as Promise<void> | null,
    updates: [] as RowsUpdate<Row>[],
    seen: [] as readonly Row[],
    more: false,
  };
  const source: RowsSource<Row, Topic> = {
    topics: ["envelopes", "profiles"],
    page: options.page ?? 10,
    key: (row) => String(row.id),
    async evaluate(limit) {
      state.evaluations++;
      state.asked.push(limit);
      const rows = state.stored.slice(0, limit);
      await state.gate;
      if (state.failure !== null) throw state.failure;
      return rows;
    },
  };
  const read = (update: RowsUpdate<Row>): void => {
    state.updates.push(update);
    state.seen = update.kind === "rows" ? update.rows : applyOps(state.seen, update.ops);
    state.more = update.more;
  };
  const arrive = (...ids: number[]): void => {
    state.stored = [...ids.map((id): Row => ({ id, text: "" })), ...state.stored];
    live.invalidate("envelopes");
  };
  return { clock, live, source, state, reported, read, arrive, open: () => live.rows(source, read) };
}

const ids = (rows: readonly Row[]): number[] => rows.map((row) => row.id);

describe("a live list", () => {
  it("delivers the first page before it is open, and says whether there are more", async () => {
    const { open, state } = setting({ rows: 25 });
    await open();
    expect(state.updates).toEqual([{ kind: "rows", rows: state.stored.slice(0, 10), more: true }]);
  });

  it("delivers the first change without waiting for the interval", async () => {
    const { open, state, arrive, clock } = setting({ rows: 3 });
    await open();
    await clock.pass(1_000);
    arrive(100);
    await settled();
    expect(clock.waiting).toBe(0);
    expect(state.updates.at(-1)).toEqual({
      kind: "diff",
      ops: [{ op: "insert", at: 0, rows: [{ id: 100, text: "" }] }],
      more: false,
    });
  });

  it("counts the changes of one task as one", async () => {
    const { open, state, arrive, clock } = setting({ rows: 3 });
    await open();
    await clock.pass(1_000);
    arrive(100);
    arrive(101);
    arrive(102);
    await settled();
    expect(state.evaluations).toBe(2);
    expect(ids(state.seen)).toEqual([102, 101, 100, 2, 1, 0]);
  });

  it("evaluates no more often than the interval, and misses no change", async () => {
    const { open, state, arrive, clock } = setting({ rows: 3 });
    await open();
    await clock.pass(1_000);
    const before = state.evaluations;
    for (let index = 0; index < 100; index++) {
      arrive(100 + index);
      await clock.pass(10);
    }
    await clock.pass(100);
    expect(state.evaluations - before).toBeLessThanOrEqual(11);
    expect(state.evaluations - before).toBeGreaterThanOrEqual(10);
    expect(state.seen).toEqual(state.stored);
    expect(clock.waiting).toBe(0);
  });

  it("has one evaluation in flight, and another after it when something changed meanwhile", async () => {
    const { open, state, arrive, clock } = setting({ rows: 3 });
    await open();
    await clock.pass(1_000);
    let release = (): void => undefined;
    state.gate = new Promise((resolve) => (release = resolve));
    arrive(100);
    await clock.pass(500);
    arrive(101);
    arrive(102);
    await clock.pass(500);
    expect(state.evaluations).toBe(2);
    state.gate = null;
    release();
    await settled();
    expect(ids(state.seen)).toEqual([100, 2, 1, 0]);
    // It took a second, so for another second nothing is evaluated.
    await clock.pass(999);
    expect(state.evaluations).toBe(2);
    await clock.pass(1);
    expect(state.evaluations).toBe(3);
    expect(state.seen).toEqual(state.stored);
  });

  it.each([-86_400_000, 86_400_000])("is not silenced when the clock is set by %i ms", async (step) => {
    const { open, state, arrive, clock } = setting({ rows: 3 });
    await open();
    await clock.pass(1_000);
    let release = (): void => undefined;
    state.gate = new Promise((resolve) => (release = resolve));
    arrive(100);
    await settled();
    clock.set(clock.now() + step);
    state.gate = null;
    release();
    await settled();
    arrive(101);
    await clock.pass(2_000);
    expect(state.seen).toEqual(state.stored);
    arrive(102);
    clock.set(clock.now() + step);
    await clock.pass(2_000);
    expect(state.seen).toEqual(state.stored);
  });

  it("delivers nothing when nothing that it shows has changed", async () => {
    const { open, state, live, clock } = setting({ rows: 3 });
    await open();
    await clock.pass(1_000);
    state.stored = structuredClone(state.stored);
    live.invalidate("profiles");
    await clock.pass(1_000);
    expect(state.evaluations).toBe(2);
    expect(state.updates).toHaveLength(1);
    live.invalidate("status");
    await clock.pass(1_000);
    expect(state.evaluations).toBe(2);
  });

  it("grows by pages", async () => {
    const { open, state, clock } = setting({ rows: 25 });
    const subscription = await open();
    await subscription.more();
    expect(state.updates.at(-1)).toEqual({
      kind: "diff",
      ops: [{ op: "insert", at: 10, rows: state.stored.slice(10, 20) }],
      more: true,
    });
    await subscription.more();
    expect(state.seen).toEqual(state.stored);
    expect(state.more).toBe(false);
    const evaluations = state.evaluations;
    await subscription.more();
    expect(state.evaluations).toBe(evaluations);
    expect(clock.waiting).toBe(0);
  });

  it("does not cut off the last row when others come in above", async () => {
    const { open, state, arrive, clock } = setting({ rows: 25 });
    await open();
    await clock.pass(1_000);
    arrive(100, 101, 102);
    await clock.pass(1_000);
    expect(ids(state.seen)).toEqual([100, 101, 102, ...ids(state.stored.slice(3, 13))]);
    expect(state.updates.at(-1)).toMatchObject({ kind: "diff", ops: [{ op: "insert", at: 0 }], more: true });
  });

  it("falls back to its length when more come in than it could follow", async () => {
    const { open, state, arrive, clock } = setting({ rows: 25 });
    await open();
    await clock.pass(1_000);
    arrive(...Array.from({ length: 200 }, (_, index) => 1_000 + index));
    await clock.pass(1_000);
    expect(state.seen).toEqual(state.stored.slice(0, 10));
    expect(state.updates.at(-1)?.kind).toBe("rows");
  });

  it("does not grow for ever by itself", async () => {
    const { open, state, arrive, clock } = setting({ rows: 25 });
    await open();
    for (let index = 0; index < 200; index++) {
      arrive(...Array.from({ length: 8 }, (_, row) => 1_000 + index * 8 + row));
      await clock.pass(100);
    }
    expect(state.seen.length).toBeLessThanOrEqual(500);
    expect(state.seen).toEqual(state.stored.slice(0, state.seen.length));
  });

  it("shows what is stored, whatever happens in whatever order", async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("arrive" as const), count: fc.integer({ min: 1, max: 30 }) }),
      fc.record({ kind: fc.constant("remove" as const), at: fc.nat({ max: 100 }) }),
      fc.record({ kind: fc.constant("change" as const), at: fc.nat({ max: 100 }) }),
      fc.record({ kind: fc.constant("more" as const) }),
      fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 300 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { open, live, state, arrive, clock, reported } = setting({ rows: 15 });
        const subscription = await open();
        let next = 1_000;
        for (const action of steps) {
          if (action.kind === "arrive") arrive(...Array.from({ length: action.count }, () => next++));
          else if (action.kind === "more") await subscription.more();
          else if (action.kind === "pass") await clock.pass(action.ms);
          else if (state.stored.length > 0) {
            const at = action.at % state.stored.length;
            if (action.kind === "remove") state.stored = state.stored.toSpliced(at, 1);
            else state.stored = state.stored.with(at, { ...state.stored[at]!, text: String(next++) });
            live.invalidate("envelopes");
          }
        }
        await clock.pass(1_000);
        expect(state.seen).toEqual(state.stored.slice(0, state.seen.length));
        expect(state.seen.length).toBeGreaterThanOrEqual(Math.min(10, state.stored.length));
        expect(state.more).toBe(state.seen.length < state.stored.length);
        expect(reported).toEqual([]);
      }),
      { seed: 20_261_121, numRuns: 300 },
    );
  });
});

describe("failures", () => {
  it("reject the opening, and leave nothing behind", async () => {
    const { open, state, live, reported } = setting({ rows: 3 });
    state.failure = new Error("no storage");
    await expect(open()).rejects.toBe(state.failure);
    expect(live.size).toBe(0);
    expect(reported).toEqual([]);
  });

  it("are reported later, and the next change is delivered", async () => {
    const { open, state, arrive, clock, reported } = setting({ rows: 3 });
    await open();
    await clock.pass(1_000);
    const failure = new Error("no storage");
    state.failure = failure;
    arrive(100);
    await clock.pass(1_000);
    expect(reported).toEqual([failure]);
    state.failure = null;
    arrive(101);
    await clock.pass(1_000);
    expect(state.seen).toEqual(state.stored);
  });

  it("reject the caller who asked for more", async () => {
    const { open, state, reported } = setting({ rows: 30 });
    const subscription = await open();
    state.failure = new Error("no storage");
    await expect(subscription.more()).rejects.toBe(state.failure);
    state.failure = null;
    await subscription.more();
    expect(state.seen).toEqual(state.stored);
    expect(reported).toEqual([]);
  });

  it("of a delivery are made good by all rows the next time", async () => {
    const { live, source, state, read, arrive, clock, reported } = setting({ rows: 3 });
    const refused = new Error("the reader could not take it");
    let refuse = false;
    await live.rows(source, (update) => {
      if (refuse) throw refused;
      read(update);
    });
    await clock.pass(1_000);
    refuse = true;
    arrive(100);
    await clock.pass(1_000);
    expect(reported).toEqual([refused]);
    refuse = false;
    arrive(101);
    await clock.pass(1_000);
    expect(state.updates.at(-1)?.kind).toBe("rows");
    expect(state.seen).toEqual(state.stored);
  });
});

describe("closing", () => {
  async function inFlight(): Promise<
    { release: () => void; subscription: LiveSubscription } & ReturnType<typeof setting>
  > {
    const all = setting({ rows: 3 });
    const subscription = await all.open();
    await all.clock.pass(1_000);
    let release = (): void => undefined;
    all.state.gate = new Promise((resolve) => (release = resolve));
    all.arrive(100);
    await settled();
    expect(all.state.evaluations).toBe(2);
    return { ...all, release, subscription };
  }

  it("waits for the evaluation in flight and delivers nothing any more", async () => {
    const { release, subscription, state, live, arrive, clock, reported } = await inFlight();
    let closed = false;
    const closing = subscription.close().then(() => (closed = true));
    await settled();
    expect(closed).toBe(false);
    expect(live.size).toBe(0);
    release();
    await closing;
    arrive(101);
    await clock.pass(1_000);
    expect(state.updates).toHaveLength(1);
    expect(state.evaluations).toBe(2);
    expect(reported).toEqual([]);
  });

  it("of the set closes all, cancels timers and opens none", async () => {
    const { release, subscription, live, arrive, clock, open, reported } = await inFlight();
    release();
    await settled();
    arrive(101);
    expect(clock.waiting).toBe(1);
    await live.close();
    expect(clock.waiting).toBe(0);
    await expect(open()).rejects.toMatchObject({ code: "LIVE_CLOSED" });
    await subscription.close();
    expect(reported).toEqual([]);
  });

  it("rejects whoever waits for more", async () => {
    const { open, state, live } = setting({ rows: 30 });
    const subscription = await open();
    let release = (): void => undefined;
    state.gate = new Promise((resolve) => (release = resolve));
    const more = expect(subscription.more()).rejects.toMatchObject({ code: "LIVE_CLOSED" });
    await settled();
    const closing = live.close();
    release();
    await more;
    await closing;
    expect(state.updates).toHaveLength(1);
  });
});

describe("a live value", () => {
  it("is delivered at once and whenever it is another", async () => {
    const clock = new VirtualClock();
    const reported: unknown[] = [];
    const live = new LiveSet<Topic>({ clock, report: (error) => reported.push(error) });
    let status = { state: "offline", peers: 0 };
    const seen: unknown[] = [];
    const subscription = await live.value({ topics: ["status"], evaluate: () => status }, (update) =>
      seen.push(update),
    );
    expect(seen).toEqual([{ kind: "value", value: { state: "offline", peers: 0 } }]);
    await clock.pass(1_000);
    status = { state: "offline", peers: 0 };
    live.invalidate("status", "envelopes");
    await clock.pass(1_000);
    expect(seen).toHaveLength(1);
    status = { state: "online", peers: 1 };
    live.invalidate("status");
    await settled();
    expect(seen.at(-1)).toEqual({ kind: "value", value: { state: "online", peers: 1 } });
    await subscription.more();
    await subscription.close();
    expect(live.size).toBe(0);
    expect(reported).toEqual([]);
  });
});
