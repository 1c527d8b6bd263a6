import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PeerApi } from "../../src/peer/api.ts";
import { connectPeer, type PeerConnection } from "../../src/rpc/connect.ts";
import { CallError } from "../../src/rpc/errors.ts";
import { LIFE_PATIENCE } from "../../src/rpc/life.ts";
import { PeerServer } from "../../src/rpc/serve.ts";
import { LIFE_LOCK } from "../../src/rpc/wire.ts";
import { LockTable, type Context } from "./lock-table.ts";
import { ScriptedPeer } from "./scripted-peer.ts";

interface Page {
  readonly connection: PeerConnection;
  readonly api: PeerApi;
  readonly context: Context;
  readonly remembered: unknown[];
}

class Worker {
  readonly peer = new ScriptedPeer();
  readonly context: Context;
  readonly server: PeerServer;
  readonly timers = new Map<() => void, number>();
  started = false;
  robbed = false;

  constructor(locks: LockTable, name: string) {
    this.context = locks.context();
    this.server = new PeerServer(
      async () => {
        this.started = true;
        return this.peer.api;
      },
      {
        locks: this.context,
        name,
        after: (ms, task) => {
          this.timers.set(task, ms);
          return () => this.timers.delete(task);
        },
        robbed: () => (this.robbed = true),
        report: (error) => faults.push(error),
      },
    );
  }
}

let locks: LockTable;
let faults: unknown[];
let ports: MessagePort[];
beforeEach(() => {
  locks = new LockTable();
  faults = [];
  ports = [];
});
afterEach(() => {
  for (const port of ports) port.close();
  expect(faults).toEqual([]);
});

function open(worker: Worker, name: string): Page {
  const context = locks.context();
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  void context.request(`page-${name}`, {}, () => new Promise<never>(() => undefined));
  const remembered: unknown[] = [];
  const connection = connectPeer(port1, {
    locks: context,
    report: (error) => faults.push(error),
    remember: (value) => remembered.push(value),
  });
  worker.server.connect(port2, `page-${name}`);
  return { connection, api: connection.api, context, remembered };
}

describe("a peer with several pages", () => {
  it("answers each and tells each when it is ready, also the late one", async () => {
    const worker = new Worker(locks, "w");
    worker.peer.answers.set("words", () => ["one"]);
    const pages = [open(worker, "a"), open(worker, "b")];
    await Promise.all(pages.map(({ connection }) => connection.ready));
    pages.push(open(worker, "c"));
    await pages[2]!.connection.ready;
    expect(await Promise.all(pages.map(({ api }) => api.words()))).toEqual([["one"], ["one"], ["one"]]);
    await pages[2]!.connection.beat();
  });

  it("frees what a page had open when its lock comes free, though no port tells", async () => {
    const worker = new Worker(locks, "w");
    const [gone, stays] = [open(worker, "a"), open(worker, "b")];
    await gone.api.watch("status", {}, () => undefined);
    await stays.api.watch("settings", {}, () => undefined);
    let aborted = false;
    worker.peer.answers.set("post", (_hash, options) => {
      const { signal } = options as { signal: AbortSignal };
      return new Promise((_, reject) =>
        signal.addEventListener("abort", () => {
          aborted = true;
          reject(signal.reason);
        }),
      );
    });
    gone.api.post("aa", { signal: new AbortController().signal }).catch(() => undefined);
    await expect.poll(() => worker.peer.calls.length).toBe(1);
    gone.context.die();
    await expect.poll(() => worker.peer.openWatches.map(({ name }) => name)).toEqual(["settings"]);
    await expect.poll(() => aborted).toBe(true);
    await stays.api.keepWords();
  });

  it("gives all of them what is to be remembered, the last value also to those that come later", async () => {
    const worker = new Worker(locks, "w");
    const early = open(worker, "a");
    worker.server.remember({ key: 1 });
    worker.server.remember({ key: 2 });
    const late = open(worker, "b");
    await Promise.all([early, late].map(({ api }) => api.keepWords()));
    expect(early.remembered).toEqual([{ key: 1 }, { key: 2 }]);
    expect(late.remembered).toEqual([{ key: 2 }]);
  });

  it("is noticed by all when it dies, whatever a frozen page in their midst does", async () => {
    const worker = new Worker(locks, "w");
    const pages = [open(worker, "a"), open(worker, "b"), open(worker, "c")];
    await Promise.all(pages.map(({ connection }) => connection.ready));
    await expect.poll(() => locks.waiting("mehr-peer-w")).toBe(3);
    pages[0]!.context.freeze();
    worker.context.die();
    for (const { connection } of pages.slice(1)) expect(await connection.ended).toMatchObject({ code: "PEER_GONE" });
    expect(pages[0]!.connection.reason).toBeNull();
    pages[0]!.context.thaw();
    await pages[0]!.connection.ended;
  });
});

describe("a worker whose predecessor lives", () => {
  it("starts when that has died, and calls wait", async () => {
    const before = new Worker(locks, "old");
    await open(before, "a").connection.ready;
    const next = new Worker(locks, "new");
    const { api } = open(next, "b");
    const call = api.keepWords();
    await expect.poll(() => locks.waiting(LIFE_LOCK)).toBe(1);
    expect(next.started).toBe(false);
    before.context.die();
    await call;
    expect(next.timers.size).toBe(0);
    expect(before.robbed).toBe(false);
  });

  it("starts without it when its patience ends, and that one learns of it", async () => {
    const before = new Worker(locks, "old");
    await open(before, "a").connection.ready;
    const next = new Worker(locks, "new");
    const page = open(next, "b");
    await expect.poll(() => [...next.timers.values()]).toEqual([LIFE_PATIENCE]);
    before.context.freeze();
    for (const task of next.timers.keys()) task();
    await page.api.keepWords();
    expect(before.robbed).toBe(false);
    before.context.thaw();
    await expect.poll(() => before.robbed).toBe(true);
    page.connection.end(new CallError("PEER_CLOSED", "closed"));
  });
});
