import { afterEach, describe, expect, it, vi } from "vitest";
import type { GivenDraft, EnvelopeView, LiveUpdate, PeerApi, Status } from "../../src/peer/api.ts";
import { PeerError } from "../../src/peer/errors.ts";
import { connectPeer, type PeerConnection } from "../../src/rpc/connect.ts";
import { CallError } from "../../src/rpc/errors.ts";
import { PeerServer } from "../../src/rpc/serve.ts";
import { LIFE_LOCK } from "../../src/rpc/wire.ts";
import { LockTable, type Context } from "./lock-table.ts";
import { ScriptedPeer } from "./scripted-peer.ts";

interface Setting {
  readonly peer: ScriptedPeer;
  readonly api: PeerApi;
  readonly connection: PeerConnection;
  readonly worker: Context;
  readonly locks: LockTable;
  readonly workerPort: MessagePort;
  readonly pagePort: MessagePort;
  /** What was reported in the worker and on the page. */
  readonly inWorker: { error: unknown; context: string }[];
  readonly onPage: unknown[];
}

/** By which pages notice the end of the worker. */
const WORKER_LOCK = "mehr-peer-worker";

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

function connect(ready?: (peer: ScriptedPeer) => Promise<PeerApi>): Setting {
  const peer = new ScriptedPeer();
  const locks = new LockTable();
  const worker = locks.context();
  const { port1: pagePort, port2: workerPort } = new MessageChannel();
  ports.push(pagePort, workerPort);
  const inWorker: Setting["inWorker"] = [];
  const onPage: unknown[] = [];
  const server = new PeerServer(() => (ready === undefined ? Promise.resolve(peer.api) : ready(peer)), {
    locks: worker,
    name: "worker",
    after: never,
    robbed: () => inWorker.push({ error: "robbed", context: "life" }),
    report: (error, context) => inWorker.push({ error, context }),
  });
  server.connect(workerPort, null);
  const connection = connectPeer(pagePort, {
    locks: locks.context(),
    report: (error) => onPage.push(error),
    remember: () => undefined,
  });
  return { peer, api: connection.api, connection, worker, locks, workerPort, pagePort, inWorker, onPage };
}

/** Patience without end. */
const never = () => () => undefined;

async function rejection(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => expect.unreachable(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
}

const DRAFT: GivenDraft = { id: "d", headline: "", summary: "", text: "hello", scopes: [], replyTo: null, updated: 0 };
const envelope = (hash: string): EnvelopeView => ({ hash }) as EnvelopeView;
const status = (peers: number): Status => ({ state: "online", peers, waiting: 0, twin: false });

describe("a call", () => {
  it("carries its arguments and its result", async () => {
    const { api, peer } = connect();
    peer.answers.set("publish", () => ({ hash: "aa", postHash: "bb" }));
    expect(await api.publish(DRAFT)).toEqual({ hash: "aa", postHash: "bb" });
    expect(await api.keepWords()).toBeUndefined();
    expect(peer.calls).toEqual([
      { name: "publish", args: [DRAFT] },
      { name: "keepWords", args: [] },
    ]);
  });

  it("made before the peer is ready waits for it", async () => {
    let start: (() => void) | null = null;
    const { api, peer } = connect(async (peer) => {
      await new Promise<void>((resolve) => (start = resolve));
      return peer.api;
    });
    peer.answers.set("words", () => ["one"]);
    const early = api.words();
    await expect.poll(() => start).not.toBeNull();
    expect(peer.calls).toEqual([]);
    (start as (() => void) | null)?.();
    expect(await early).toEqual(["one"]);
  });

  it("to a peer that could not start rejects with the reason", async () => {
    const { api } = connect(() => Promise.reject(new PeerError("PHRASE_INVALID", "no such words")));
    await expect(api.words()).rejects.toMatchObject({ code: "PHRASE_INVALID", message: "no such words" });
    await expect(api.watch("status", {}, () => undefined)).rejects.toMatchObject({ code: "PHRASE_INVALID" });
  });

  it("with what cannot be copied says so", async () => {
    const { api } = connect();
    const draft = { ...DRAFT, text: () => "no text" } as unknown as GivenDraft;
    await expect(api.saveDraft(draft)).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
  });

  it("of another name does not reach the peer", async () => {
    const { pagePort } = connect();
    const answers: unknown[] = [];
    pagePort.addEventListener("message", (event: MessageEvent<unknown>) => answers.push(event.data));
    for (const method of ["constructor", "__proto__", "watch", "toString"]) {
      pagePort.postMessage({
        id: method,
        type: "APPLY",
        path: ["call"],
        argumentList: [1, method, [], false].map((value) => ({ type: "RAW", value })),
      });
      await expect
        .poll(() => answers)
        .toContainEqual(
          expect.objectContaining({ id: method, value: expect.objectContaining({ code: "METHOD_UNKNOWN" }) }),
        );
    }
  });
});

describe("an error", () => {
  it("keeps its code, name and message, and nothing else", async () => {
    const { api, peer, inWorker } = connect();
    peer.answers.set("post", () => {
      throw Object.assign(new PeerError("OFFLINE", "nobody to ask", { cause: new Error("socket 7") }), { secret: 1 });
    });
    const error = await rejection(api.post("aa"));
    expect(error).toBeInstanceOf(CallError);
    expect(error).toMatchObject({ code: "OFFLINE", name: "PeerError", message: "nobody to ask" });
    expect(error).not.toHaveProperty("secret");
    expect((error as Error).cause).toBeUndefined();
    expect((error as Error).stack).not.toContain("scripted-peer");
    expect(inWorker).toEqual([]);
  });

  it("crosses the port without a stack", async () => {
    const { api, peer, pagePort } = connect();
    const seen: unknown[] = [];
    pagePort.addEventListener("message", (event: MessageEvent<unknown>) => seen.push(event.data));
    peer.answers.set("post", () => {
      throw new PeerError("OFFLINE", "nobody to ask");
    });
    await rejection(api.post("aa"));
    expect(JSON.stringify(seen)).toContain("OFFLINE");
    expect(JSON.stringify(seen)).not.toContain("stack");
    expect(JSON.stringify(seen)).not.toContain("scripted-peer");
  });

  it.each([
    ["an error without a code", new TypeError("x is not a function at secret.ts:1")],
    ["an error with a code that is none", Object.assign(new Error("secret"), { code: "not a code" })],
    ["a thrown text", "secret"],
    ["a DOMException", new DOMException("secret", "DataError")],
  ])("becomes INTERNAL when it is %s, and is reported in the worker", async (_, thrown) => {
    const { api, peer, inWorker } = connect();
    peer.answers.set("words", () => {
      throw thrown;
    });
    const error = await rejection(api.words());
    expect(error).toMatchObject({ code: "INTERNAL", name: "Error" });
    expect((error as Error).message).not.toContain("secret");
    expect(inWorker).toEqual([{ error: thrown, context: "words" }]);
  });

  it.each([
    ["AbortError", "ABORTED"],
    ["TimeoutError", "TIMEOUT"],
  ])("of the name %s has the code %s", async (name, code) => {
    const { api, peer } = connect();
    peer.answers.set("words", () => {
      throw new DOMException("signal 17", name);
    });
    expect(await rejection(api.words())).toMatchObject({ code, name });
  });

  it("of a result that cannot be copied is INTERNAL", async () => {
    const { api, peer } = connect();
    peer.answers.set("words", () => [() => "word"]);
    expect(await rejection(api.words())).toMatchObject({ code: "INTERNAL" });
  });
});

describe("an AbortSignal", () => {
  /** A peer whose `post` ends only with its signal. */
  function fetching(): Setting & { signals: AbortSignal[] } {
    const setting = connect();
    const signals: AbortSignal[] = [];
    setting.peer.answers.set("post", (_hash, options) => {
      const { signal } = options as { signal: AbortSignal };
      signals.push(signal);
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    return { ...setting, signals };
  }

  it("ends the call at once with its reason, and the work in the peer", async () => {
    const { api, signals, inWorker } = fetching();
    const controller = new AbortController();
    const call = rejection(api.post("aa", { signal: controller.signal }));
    await expect.poll(() => signals.length).toBe(1);
    expect(signals[0]?.aborted).toBe(false);
    const reason = new Error("the person went back");
    controller.abort(reason);
    expect(await call).toBe(reason);
    await expect.poll(() => signals[0]?.aborted).toBe(true);
    expect(inWorker).toEqual([]);
  });

  it("that is aborted already asks the peer nothing", async () => {
    const { api, peer } = fetching();
    expect(await rejection(api.post("aa", { signal: AbortSignal.abort() }))).toMatchObject({ name: "AbortError" });
    await api.keepWords();
    expect(peer.calls.map(({ name }) => name)).toEqual(["keepWords"]);
  });

  it("is let go of after the call", async () => {
    const { api, peer } = connect();
    const signals: AbortSignal[] = [];
    peer.answers.set("post", (_hash, options) => {
      signals.push((options as { signal: AbortSignal }).signal);
      return { hash: "aa" };
    });
    const controller = new AbortController();
    const remove = vi.spyOn(controller.signal, "removeEventListener");
    expect(await api.post("aa", { signal: controller.signal })).toEqual({ hash: "aa" });
    await expect.poll(() => remove.mock.calls.length).toBe(1);
    controller.abort();
    await api.keepWords();
    expect(signals[0]?.aborted).toBe(false);
  });

  it("aborted after the peer has gone does nothing", async () => {
    const { api, connection, signals } = fetching();
    const controller = new AbortController();
    const call = rejection(api.post("aa", { signal: controller.signal }));
    await expect.poll(() => signals.length).toBe(1);
    connection.end(new CallError("PEER_GONE", "ended"));
    controller.abort();
    expect(await call).toMatchObject({ code: "PEER_GONE" });
  });

  it("is aborted in the peer when the page has gone", async () => {
    const { api, signals, pagePort } = fetching();
    const call = rejection(api.post("aa", { signal: new AbortController().signal }));
    await expect.poll(() => signals.length).toBe(1);
    pagePort.close();
    await expect.poll(() => signals[0]?.aborted).toBe(true);
    expect(await call).toMatchObject({ code: "PEER_GONE" });
  });
});

describe("a live query", () => {
  it("delivers in order: the present state before it is open, further rows before `more` resolves", async () => {
    const { api, peer } = connect();
    const seen: string[] = [];
    const listen = (update: LiveUpdate<"feed">): void => void seen.push(update.kind);
    peer.onWatch = ({ deliver }) => deliver({ kind: "rows", rows: [envelope("aa")], more: true });
    peer.onMore = ({ deliver }) =>
      deliver({ kind: "diff", ops: [{ op: "insert", at: 1, rows: [envelope("bb")] }], more: false });
    const subscription = await api.watch("feed", { feed: { kind: "home" }, limit: 1 }, listen);
    expect(seen).toEqual(["rows"]);
    await subscription.more();
    expect(seen).toEqual(["rows", "diff"]);
    expect(peer.watches[0]).toMatchObject({ name: "feed", params: { feed: { kind: "home" }, limit: 1 } });
  });

  it("delivers nothing after it was closed, and is closed in the peer", async () => {
    const { api, peer } = connect();
    const seen: number[] = [];
    const subscription = await api.watch("status", {}, (update) => seen.push(update.value.peers));
    peer.watches[0]?.deliver({ kind: "value", value: status(1) });
    await expect.poll(() => seen).toEqual([1]);
    const closing = subscription.close();
    peer.watches[0]?.deliver({ kind: "value", value: status(2) });
    await closing;
    await subscription.close();
    await api.keepWords();
    expect(seen).toEqual([1]);
    expect(peer.openWatches).toEqual([]);
  });

  it("that the peer refuses rejects with its code", async () => {
    const { api, peer } = connect();
    peer.answers.set("watch", () => {
      throw new PeerError("SCOPE_INVALID", "no scope");
    });
    await expect(api.watch("status", {}, () => undefined)).rejects.toMatchObject({ code: "SCOPE_INVALID" });
  });

  it("goes on when its listener throws, and that is reported", async () => {
    const { api, peer, onPage } = connect();
    const fault = new Error("in the listener");
    const seen: number[] = [];
    await api.watch("status", {}, ({ value }) => {
      if (value.peers === 1) throw fault;
      seen.push(value.peers);
    });
    peer.watches[0]?.deliver({ kind: "value", value: status(1) });
    peer.watches[0]?.deliver({ kind: "value", value: status(2) });
    await expect.poll(() => seen).toEqual([2]);
    expect(onPage).toEqual([fault]);
  });

  it("is closed in the peer when the page has gone", async () => {
    const { api, peer, pagePort, locks } = connect();
    await api.watch("status", {}, () => undefined);
    await api.watch("settings", {}, () => undefined);
    expect(peer.openWatches).toHaveLength(2);
    pagePort.close();
    await expect.poll(() => peer.openWatches).toEqual([]);
    // The lock says that the worker lives, and it does.
    expect(locks.held).toEqual([WORKER_LOCK, LIFE_LOCK]);
  });

  it("is closed in the peer when the page ends the connection", async () => {
    const { api, peer, connection, locks } = connect();
    await api.watch("status", {}, () => undefined);
    connection.end(new CallError("PEER_CLOSED", "closed"));
    await expect.poll(() => peer.openWatches).toEqual([]);
    // The lock says that the worker lives, and it does.
    expect(locks.held).toEqual([WORKER_LOCK, LIFE_LOCK]);
  });

  it("that was still being opened when the page left is closed, too", async () => {
    const { api, peer, pagePort } = connect();
    let open: (() => void) | null = null;
    peer.answers.set("watch", () => new Promise<void>((resolve) => (open = resolve)));
    const opening = rejection(api.watch("status", {}, () => undefined));
    await expect.poll(() => open).not.toBeNull();
    pagePort.close();
    expect(await opening).toMatchObject({ code: "PEER_GONE" });
    (open as (() => void) | null)?.();
    await expect.poll(() => peer.watches.length).toBe(1);
    await expect.poll(() => peer.openWatches).toEqual([]);
  });
});

describe("when the peer has gone", () => {
  const deaths: [string, (setting: Setting) => void][] = [
    ["its port is closed", ({ workerPort }) => workerPort.close()],
    ["its worker died and only the lock tells", ({ worker }) => worker.die()],
    ["the page ends it", ({ connection }) => connection.end(new CallError("PEER_GONE", "terminated"))],
  ];

  it.each(deaths)("because %s, every call rejects with PEER_GONE", async (_, die) => {
    const setting = connect();
    const { api, peer, connection, onPage } = setting;
    peer.answers.set("words", () => new Promise(() => undefined));
    peer.answers.set("post", () => new Promise(() => undefined));
    await connection.alive;
    const subscription = await api.watch("status", {}, () => undefined);
    const pending = [api.words(), api.post("aa", { signal: new AbortController().signal })].map(rejection);
    await expect.poll(() => peer.calls.length).toBe(2);
    die(setting);
    for (const error of await Promise.all(pending)) expect(error).toMatchObject({ code: "PEER_GONE" });
    expect(await connection.ended).toMatchObject({ code: "PEER_GONE" });
    await expect(api.keepWords()).rejects.toMatchObject({ code: "PEER_GONE" });
    await expect(api.watch("status", {}, () => undefined)).rejects.toMatchObject({ code: "PEER_GONE" });
    await expect(subscription.more()).rejects.toMatchObject({ code: "PEER_GONE" });
    await subscription.close();
    expect(onPage).toEqual([]);
  });

  it("the page waits for its lock no longer", async () => {
    const { connection, locks, worker } = connect();
    await connection.alive;
    await expect.poll(() => locks.waiting(WORKER_LOCK)).toBe(1);
    connection.end(new CallError("PEER_CLOSED", "closed"));
    expect(locks.waiting(WORKER_LOCK)).toBe(0);
    worker.die();
  });
});
