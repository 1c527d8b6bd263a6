import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PeerApi } from "../../src/peer/api.ts";
import { CallError } from "../../src/rpc/errors.ts";
import { exposePeer } from "../../src/rpc/expose.ts";
import type { FromPeerWorker, PeerOptions, ToPeerWorker } from "../../src/rpc/messages.ts";
import { STOP_GRACE, type WorkerPort } from "../../src/rpc/run.ts";
import { PeerSession, type TabChannel, type TabMessage } from "../../src/rpc/session.ts";
import { LockTable, type Context } from "./lock-table.ts";
import { ScriptedPeer } from "./scripted-peer.ts";

type Behaviour = "runs" | "cannot start" | "does not load" | "hangs at stop";

const NEWER = new CallError("STORE_NEWER", "the storage is of a newer version");

/** A worker in the thread of the test: real ports and the real `exposePeer`, a scripted peer. */
class ThreadWorker implements WorkerPort {
  readonly peer = new ScriptedPeer();
  readonly context: Context;
  readonly log: string[] = [];
  readonly faults: unknown[] = [];
  readonly #listeners = new Map<string, ((event: never) => void)[]>();
  readonly #behaviour: Behaviour;
  #ports: MessagePort[] = [];
  #dead = false;

  constructor(context: Context, behaviour: Behaviour) {
    this.context = context;
    this.#behaviour = behaviour;
  }

  get dead(): boolean {
    return this.#dead;
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  postMessage(message: ToPeerWorker, transfer: Transferable[]): void {
    if (message.kind === "start") this.#ports = transfer as MessagePort[];
    setImmediate(() => {
      if (!this.#dead) this.#receive(message);
    });
  }

  terminate(): void {
    if (this.#dead) return;
    this.log.push("terminated");
    this.crash();
    for (const port of this.#ports) port.close();
  }

  /** As when the browser kills it: the lock comes free, and nothing else is heard. */
  crash(): void {
    this.#dead = true;
    this.context.die();
  }

  emit(type: "message", event: { readonly data: FromPeerWorker }): void;
  emit(type: "error", event: { readonly message?: string }): void;
  emit(type: string, event: unknown): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }

  #receive(message: ToPeerWorker): void {
    if (message.kind === "stop") {
      this.log.push("stop");
      if (this.#behaviour !== "hangs at stop") this.emit("message", { data: { kind: "stopped" } });
      return;
    }
    if (this.#behaviour === "does not load") return this.emit("error", {});
    this.log.push(`start ${message.options.site}`);
    const start = async (): Promise<PeerApi> => {
      if (this.#behaviour === "cannot start") {
        const { code, message } = NEWER;
        this.emit("message", { data: { kind: "failed", code, message } });
        throw NEWER;
      }
      this.emit("message", { data: { kind: "ready" } });
      return this.peer.api;
    };
    exposePeer(message.api, start, { locks: this.context, report: (error) => this.faults.push(error) });
  }
}

/** One origin with its tabs. */
class Origin {
  readonly locks = new LockTable();
  readonly tabs: Tab[] = [];

  open(behaviour: Behaviour = "runs"): Tab {
    const tab = new Tab(this, behaviour);
    this.tabs.push(tab);
    return tab;
  }

  /** The workers that are alive, in all tabs. */
  get alive(): ThreadWorker[] {
    return this.tabs.flatMap((tab) => tab.workers).filter((worker) => !worker.dead);
  }
}

class Tab {
  readonly workers: ThreadWorker[] = [];
  readonly states: string[] = [];
  readonly reported: unknown[] = [];
  readonly timers = new Map<() => void, number>();
  readonly session: PeerSession;
  behaviour: Behaviour;
  hostsOpen = 0;
  readonly #context: Context;
  readonly #heard: ((event: { readonly data: TabMessage }) => void)[] = [];
  /** What every peer of this tab is taught before it starts. */
  teach: (peer: ScriptedPeer) => void = () => undefined;
  killed = false;
  #closed = false;

  constructor(origin: Origin, behaviour: Behaviour) {
    this.behaviour = behaviour;
    this.#context = origin.locks.context();
    const tabs: TabChannel = {
      postMessage: (message) => {
        if (this.#closed) throw new DOMException("the channel is closed", "InvalidStateError");
        for (const tab of origin.tabs) if (tab !== this) setImmediate(() => tab.#hear(message));
      },
      addEventListener: (_type, listener) => this.#heard.push(listener),
      close: () => (this.#closed = true),
    };
    const options: PeerOptions = { site: "https://mehr.example/app/" };
    this.session = new PeerSession(
      {
        locks: this.#context,
        tabs,
        spawn: () => {
          if (origin.alive.length > 0) this.reported.push(new Error("two peers at once"));
          const worker = new ThreadWorker(origin.locks.context(), this.behaviour);
          this.teach(worker.peer);
          this.workers.push(worker);
          return worker;
        },
        attachRtc: () => {
          this.hostsOpen++;
          return { close: () => this.hostsOpen-- };
        },
        after: (ms, task) => {
          this.timers.set(task, ms);
          return () => this.timers.delete(task);
        },
        report: (error) => this.reported.push(error),
      },
      options,
    );
    this.session.onState((state) => this.states.push(state.kind === "failed" ? `failed ${state.code}` : state.kind));
  }

  get state(): string {
    return this.session.state.kind;
  }

  get worker(): ThreadWorker {
    return this.workers.at(-1)!;
  }

  /** The browser closes it: nothing of it runs on. */
  kill(): void {
    this.killed = true;
    this.#heard.length = 0;
    for (const worker of this.workers) worker.crash();
    this.#context.die();
  }

  #hear(message: TabMessage): void {
    for (const listener of this.#heard) listener({ data: message });
  }
}

let origin: Origin;
beforeEach(() => {
  origin = new Origin();
});
afterEach(async () => {
  await Promise.all(origin.tabs.filter((tab) => !tab.killed).map((tab) => tab.session.close()));
  for (const tab of origin.tabs) expect([...tab.reported, ...tab.workers.flatMap(({ faults }) => faults)]).toEqual([]);
  expect(origin.alive).toEqual([]);
  expect(origin.locks.held).toEqual([]);
});

const running = (tab: Tab): Promise<void> => expect.poll(() => tab.state).toBe("running");
const elsewhere = (tab: Tab): Promise<void> => expect.poll(() => tab.state).toBe("elsewhere");

describe("the only tab", () => {
  it("runs the peer, and calls made before wait for it", async () => {
    const tab = origin.open();
    const words = tab.session.api.words();
    expect(tab.state).toBe("starting");
    await words;
    await running(tab);
    expect(tab.worker.peer.calls).toEqual([{ name: "words", args: [] }]);
    expect(tab.worker.log).toEqual(["start https://mehr.example/app/"]);
    expect(tab.states).toEqual(["starting", "running"]);
  });

  it("closes it cleanly", async () => {
    const tab = origin.open();
    await running(tab);
    await tab.session.close();
    expect(tab.worker.log.slice(1)).toEqual(["stop", "terminated"]);
    expect(tab.state).toBe("closed");
    expect(tab.hostsOpen).toBe(0);
    expect(tab.timers.size).toBe(0);
    expect(origin.locks.held).toEqual([]);
    await expect(tab.session.api.words()).rejects.toMatchObject({ code: "PEER_CLOSED" });
    await expect(tab.session.takeOver()).rejects.toMatchObject({ code: "PEER_CLOSED" });
    await expect(tab.session.restart()).rejects.toMatchObject({ code: "PEER_CLOSED" });
  });

  it("ends a peer that does not stop", async () => {
    const tab = origin.open("hangs at stop");
    await running(tab);
    const closing = tab.session.close();
    await expect.poll(() => tab.worker.log).toContain("stop");
    expect([...tab.timers.values()]).toEqual([STOP_GRACE]);
    for (const task of tab.timers.keys()) task();
    await closing;
    expect(tab.worker.log.slice(1)).toEqual(["stop", "terminated"]);
  });

  it("closed before the peer has started leaves nothing behind", async () => {
    const tab = origin.open();
    await tab.session.close();
    expect(tab.state).toBe("closed");
    expect(origin.alive).toEqual([]);
    expect(origin.locks.held).toEqual([]);
  });
});

describe("a peer that fails", () => {
  it("says why it could not start, and is started anew", async () => {
    const tab = origin.open("cannot start");
    const early = expect(tab.session.api.words()).rejects.toMatchObject({ code: "STORE_NEWER" });
    await expect.poll(() => tab.session.state).toEqual({ kind: "failed", code: "STORE_NEWER" });
    await early;
    await expect(tab.session.api.words()).rejects.toMatchObject({ code: "STORE_NEWER" });
    expect(tab.worker.dead).toBe(true);
    expect(tab.hostsOpen).toBe(0);
    await expect(tab.session.restart()).rejects.toMatchObject({ code: "STORE_NEWER" });
    tab.behaviour = "runs";
    await tab.session.restart();
    expect(tab.state).toBe("running");
    await tab.session.api.words();
  });

  it("whose script does not load is PEER_GONE", async () => {
    const tab = origin.open("does not load");
    await expect(tab.session.api.words()).rejects.toMatchObject({ code: "PEER_GONE" });
    await expect.poll(() => tab.session.state).toEqual({ kind: "failed", code: "PEER_GONE" });
  });

  it("and crashes rejects what is under way", async () => {
    const tab = origin.open();
    await running(tab);
    tab.worker.peer.answers.set("words", () => new Promise(() => undefined));
    const call = expect(tab.session.api.words()).rejects.toMatchObject({ code: "PEER_GONE" });
    await expect.poll(() => tab.worker.peer.calls.length).toBe(1);
    tab.worker.crash();
    await call;
    await expect.poll(() => tab.session.state).toEqual({ kind: "failed", code: "PEER_GONE" });
    await tab.session.restart();
    await tab.session.api.words();
  });

  it("survives an uncaught exception somewhere in it, and that is reported", async () => {
    const tab = origin.open();
    await running(tab);
    tab.worker.emit("error", { message: "Uncaught TypeError" });
    await tab.session.api.words();
    expect(tab.state).toBe("running");
    expect(tab.reported.splice(0)).toMatchObject([{ code: "INTERNAL" }]);
  });

  it("leaves the place to a tab in line", async () => {
    const one = origin.open();
    await running(one);
    const two = origin.open();
    await elsewhere(two);
    one.worker.crash();
    await running(two);
    expect(one.state).toBe("failed");
    await expect(one.session.restart()).rejects.toMatchObject({ code: "PEER_ELSEWHERE" });
    expect(one.state).toBe("elsewhere");
    expect(origin.alive).toEqual([two.worker]);
  });
});

describe("a page without Web Locks", () => {
  it("has no peer, and says why", async () => {
    const reported: unknown[] = [];
    const session = new PeerSession(
      {
        locks: { request: () => Promise.reject(new CallError("INSECURE_CONTEXT", "no locks")) },
        tabs: { postMessage: () => undefined, addEventListener: () => undefined, close: () => undefined },
        spawn: () => expect.unreachable("a worker was started"),
        attachRtc: () => expect.unreachable("a worker was started"),
        after: () => () => undefined,
        report: (error) => reported.push(error),
      },
      { site: "http://mehr.example/" },
    );
    await expect(session.api.words()).rejects.toMatchObject({ code: "INSECURE_CONTEXT" });
    expect(session.state).toEqual({ kind: "failed", code: "INSECURE_CONTEXT" });
    await session.close();
    expect(session.state).toEqual({ kind: "closed" });
    expect(reported).toEqual([]);
  });
});

describe("live queries over a restart", () => {
  it("are opened again, as far as they had grown, and end when closed", async () => {
    const tab = origin.open();
    await running(tab);
    const kinds: string[] = [];
    tab.teach = (peer) => {
      peer.onWatch = ({ deliver }) => deliver({ kind: "rows", rows: [], more: true });
      peer.onMore = ({ deliver }) => deliver({ kind: "diff", ops: [], more: true });
    };
    tab.teach(tab.worker.peer);
    const subscription = await tab.session.api.watch("feed", { feed: { kind: "home" } }, ({ kind }) =>
      kinds.push(kind),
    );
    await subscription.more();
    expect(kinds).toEqual(["rows", "diff"]);
    await tab.session.restart();
    await expect.poll(() => kinds).toEqual(["rows", "diff", "rows", "diff"]);
    expect(tab.worker.peer.watches).toMatchObject([{ name: "feed", params: { feed: { kind: "home" } }, grown: 1 }]);
    await subscription.close();
    expect(tab.worker.peer.openWatches).toEqual([]);
    await tab.session.restart();
    await tab.session.api.words();
    expect(tab.worker.peer.watches).toEqual([]);
  });

  it("that the peer refused are not opened again", async () => {
    const tab = origin.open();
    await running(tab);
    tab.worker.peer.answers.set("watch", () => {
      throw new CallError("SCOPE_INVALID", "no scope");
    });
    await expect(tab.session.api.watch("status", {}, () => undefined)).rejects.toMatchObject({ code: "SCOPE_INVALID" });
    await tab.session.restart();
    await tab.session.api.words();
    expect(tab.worker.peer.watches).toEqual([]);
  });
});

describe("several tabs", () => {
  it("have one peer, and the others say where it is", async () => {
    const one = origin.open();
    await running(one);
    const two = origin.open();
    await elsewhere(two);
    await expect(two.session.api.words()).rejects.toMatchObject({ code: "PEER_ELSEWHERE" });
    await expect(two.session.restart()).rejects.toMatchObject({ code: "PEER_ELSEWHERE" });
    expect(two.workers).toEqual([]);
    expect(one.state).toBe("running");
  });

  it("take it over when the one that has it is closed", async () => {
    const one = origin.open();
    await running(one);
    const two = origin.open();
    await elsewhere(two);
    one.kill();
    await running(two);
    expect(two.states).toEqual(["starting", "elsewhere", "starting", "running"]);
  });

  it("hand it over when asked, cleanly, and one after the other", async () => {
    const one = origin.open();
    await running(one);
    const two = origin.open();
    await elsewhere(two);
    const pending = expect(one.session.api.watch("status", {}, () => undefined)).resolves.toBeDefined();
    await pending;
    await two.session.takeOver();
    expect(one.worker.log.slice(1)).toEqual(["stop", "terminated"]);
    expect(one.state).toBe("elsewhere");
    expect(two.state).toBe("running");
    expect(origin.alive).toEqual([two.worker]);
    await one.session.takeOver();
    expect(two.state).toBe("elsewhere");
    await expect.poll(() => one.worker.peer.openWatches.length).toBe(1);
    expect(origin.alive).toEqual([one.worker]);
  });

  it("give it to the one that asks, not to the next in line", async () => {
    const one = origin.open();
    await running(one);
    const others = [origin.open(), origin.open(), origin.open()];
    for (const tab of others) await elsewhere(tab);
    const [first, second, third] = others as [Tab, Tab, Tab];
    await third.session.takeOver();
    expect([one, first, second].map((tab) => tab.state)).toEqual(["elsewhere", "elsewhere", "elsewhere"]);
    expect(origin.alive).toEqual([third.worker]);
    third.kill();
    await expect.poll(() => [one, first, second].filter((tab) => tab.state === "running")).toHaveLength(1);
    expect(origin.alive).toHaveLength(1);
  });

  it("that ask at once end with one peer", async () => {
    const one = origin.open();
    await running(one);
    const two = origin.open();
    const three = origin.open();
    await elsewhere(two);
    await elsewhere(three);
    await Promise.allSettled([two.session.takeOver(), three.session.takeOver()]);
    await expect.poll(() => origin.tabs.map((tab) => tab.state).sort()).toEqual(["elsewhere", "elsewhere", "running"]);
    expect(origin.alive).toHaveLength(1);
  });

  it("keep it over a restart though others are in line", async () => {
    const one = origin.open();
    await running(one);
    const two = origin.open();
    await elsewhere(two);
    await one.session.restart();
    expect(one.state).toBe("running");
    expect(two.state).toBe("elsewhere");
    expect(one.workers).toHaveLength(2);
    expect(origin.alive).toEqual([one.worker]);
  });

  it("stop asking when the signal says so", async () => {
    const one = origin.open("hangs at stop");
    await running(one);
    const two = origin.open();
    await elsewhere(two);
    const controller = new AbortController();
    const asking = two.session.takeOver({ signal: controller.signal });
    controller.abort();
    await expect(asking).rejects.toMatchObject({ name: "AbortError" });
    expect(two.state).toBe("elsewhere");
    await expect.poll(() => one.timers.size).toBe(1);
    for (const task of one.timers.keys()) task();
    await running(two);
  });

  it("leave the line when closed", async () => {
    const one = origin.open();
    await running(one);
    const two = origin.open();
    await elsewhere(two);
    await two.session.close();
    expect(origin.locks.waiting("mehr-peer")).toBe(0);
    expect(two.state).toBe("closed");
  });
});
