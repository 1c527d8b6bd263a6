import { expect } from "vitest";
import type { PeerApi } from "../../src/peer/api.ts";
import { createBroker, NoDeskError } from "../../src/rpc/broker.ts";
import { Desk, type DeskMessage } from "../../src/rpc/desk.ts";
import { CallError } from "../../src/rpc/errors.ts";
import type { FromPeerWorker, PeerOptions, ToPeerWorker } from "../../src/rpc/messages.ts";
import type { WorkerPort } from "../../src/rpc/run.ts";
import { PeerServer } from "../../src/rpc/serve.ts";
import { PeerSession } from "../../src/rpc/session.ts";
import type { PageLife, TabMessage } from "../../src/rpc/tabs.ts";
import { PULSE } from "../../src/rpc/view.ts";
import { LockTable, type Context } from "./lock-table.ts";
import { ScriptedPeer } from "./scripted-peer.ts";

export type Behaviour = "runs" | "cannot start" | "does not load" | "hangs at stop";

const NEWER = new CallError("STORE_NEWER", "the storage is of a newer version");

/** A worker in the thread of the test: real ports and the real server, a scripted peer. */
export class ThreadWorker implements WorkerPort {
  readonly peer = new ScriptedPeer();
  readonly context: Context;
  readonly log: string[] = [];
  readonly faults: unknown[] = [];
  /** Its timers; a test runs them by hand. */
  readonly timers = new Set<() => void>();
  server: PeerServer | null = null;
  remembered: unknown;
  readonly #name: string;
  readonly #listeners = new Map<string, ((event: never) => void)[]>();
  readonly #behaviour: Behaviour;
  readonly #ports: MessagePort[] = [];
  #dead = false;

  constructor(context: Context, name: string, behaviour: Behaviour) {
    this.context = context;
    this.#name = name;
    this.#behaviour = behaviour;
  }

  get dead(): boolean {
    return this.#dead;
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  postMessage(message: ToPeerWorker, transfer: Transferable[]): void {
    this.#ports.push(...(transfer as MessagePort[]));
    this.context.task(() => {
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

  say(message: FromPeerWorker): void {
    this.emit("message", { data: message });
  }

  emit(type: "message", event: { readonly data: FromPeerWorker }): void;
  emit(type: "error", event: { readonly message?: string }): void;
  emit(type: string, event: unknown): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }

  #receive(message: ToPeerWorker): void {
    if (message.kind === "stop") {
      this.log.push("stop");
      if (this.#behaviour !== "hangs at stop") this.say({ kind: "stopped" });
      return;
    }
    if (message.kind === "connect") return this.server?.connect(this.#within(message.api), message.page);
    if (this.#behaviour === "does not load") return this.emit("error", {});
    this.log.push(`start ${message.options.site}`);
    this.remembered = message.remembered;
    this.server = new PeerServer(() => this.#start(), {
      locks: this.context,
      name: this.#name,
      after: (_ms, task) => {
        this.timers.add(task);
        return () => this.timers.delete(task);
      },
      robbed: () => this.crash(),
      report: (error) => this.faults.push(error),
    });
    this.server.connect(this.#within(message.api), null);
  }

  /** A port that is heard only while this worker is not frozen. */
  #within(outer: MessagePort): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#ports.push(port1, port2);
    const pass = (from: MessagePort, to: MessagePort): void => {
      from.addEventListener("message", ({ data }: MessageEvent<unknown>) =>
        this.context.task(() => to.postMessage(data)),
      );
      from.addEventListener("close", () => this.context.task(() => to.close()));
      from.start();
    };
    pass(outer, port1);
    pass(port1, outer);
    return port2;
  }

  async #start(): Promise<PeerApi> {
    if (this.#behaviour !== "cannot start") return this.peer.api;
    const { code, message } = NEWER;
    this.say({ kind: "failed", code, message });
    throw NEWER;
  }
}

/** One origin with its tabs. */
export class Origin {
  readonly locks = new LockTable();
  readonly tabs: Tab[] = [];
  desk: { receive(message: DeskMessage): boolean } | null = new Desk();
  /** Milliseconds. */
  now = 0;

  open(behaviour: Behaviour = "runs"): Tab {
    const tab = new Tab(this, behaviour);
    this.tabs.push(tab);
    return tab;
  }

  /** The workers that are alive, in all tabs. */
  get alive(): ThreadWorker[] {
    return this.tabs.flatMap((tab) => tab.workers).filter((worker) => !worker.dead);
  }

  /** Time goes by: every tab that is not frozen beats so many times. */
  async pass(beats: number): Promise<void> {
    for (let beat = 0; beat < beats; beat++) {
      this.now += PULSE;
      for (const tab of this.tabs) tab.run(PULSE);
      await settle();
      for (const tab of this.tabs) tab.run(0);
      await settle();
    }
  }

  /** Ends what is left, and finds that nothing was reported and nothing stays held. */
  async close(): Promise<void> {
    await Promise.all(this.tabs.filter((tab) => !tab.killed).map((tab) => tab.session.close()));
    for (const tab of this.tabs) expect([...tab.reported, ...tab.workers.flatMap(({ faults }) => faults)]).toEqual([]);
    expect(this.alive).toEqual([]);
    await settle();
    expect(this.locks.held).toEqual([]);
  }
}

/** Messages of ports and tasks of locks that are under way arrive: rounds of the event loop, not time. */
async function settle(): Promise<void> {
  for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve));
}

export class Tab {
  readonly workers: ThreadWorker[] = [];
  readonly states: string[] = [];
  readonly reported: unknown[] = [];
  readonly timers = new Map<() => void, number>();
  readonly session: PeerSession;
  behaviour: Behaviour;
  visible = true;
  hostsOpen = 0;
  /** What every peer of this tab is taught before it starts. */
  teach: (peer: ScriptedPeer) => void = () => undefined;
  killed = false;
  readonly #origin: Origin;
  readonly #context: Context;
  readonly #heard: ((event: { readonly data: TabMessage }) => void)[] = [];
  readonly #tickets: ((event: { readonly data: string }) => void)[] = [];
  readonly #lives = new Map<string, Set<() => void>>();
  #frozen = false;
  #closed = false;

  constructor(origin: Origin, behaviour: Behaviour) {
    this.behaviour = behaviour;
    this.#origin = origin;
    this.#context = origin.locks.context();
    const name = `tab${origin.tabs.length}`;
    const others = (act: (tab: Tab) => void): void => {
      if (this.#closed) throw new DOMException("the channel is closed", "InvalidStateError");
      for (const tab of origin.tabs) if (tab !== this) tab.#context.task(() => act(tab));
    };
    const after = (ms: number, task: () => void): (() => void) => {
      this.timers.set(task, ms);
      return () => this.timers.delete(task);
    };
    const report = (error: unknown): void => void this.reported.push(error);
    const broker = createBroker({
      desk: async (message: DeskMessage) => {
        if (origin.desk === null) throw new NoDeskError("there is no desk");
        origin.desk.receive(message);
      },
      tickets: {
        postMessage: (ticket) => others((tab) => tab.#tickets.forEach((hear) => hear({ data: ticket }))),
        addEventListener: (_type, listener) => this.#tickets.push(listener),
        close: () => undefined,
      },
      newTicket: () => `${name}-${++this.#ticketCount}`,
      after,
      report,
    });
    const life: PageLife = {
      visible: () => this.visible,
      on: (event, listener) => {
        const listeners = this.#lives.get(event) ?? new Set();
        this.#lives.set(event, listeners.add(listener));
        return () => listeners.delete(listener);
      },
    };
    const options: PeerOptions = { site: "https://mehr.example/app/" };
    this.session = new PeerSession(
      {
        locks: this.#context,
        tabs: {
          postMessage: (message) => others((tab) => tab.#heard.forEach((hear) => hear({ data: message }))),
          addEventListener: (_type, listener) => this.#heard.push(listener),
          close: () => (this.#closed = true),
        },
        broker,
        life,
        name,
        now: () => origin.now,
        spawn: () => this.#spawn(),
        attachRtc: () => {
          this.hostsOpen++;
          return { close: () => this.hostsOpen-- };
        },
        after,
        report,
      },
      options,
    );
    this.session.onState((state) => this.states.push(stateText(state)));
  }

  #ticketCount = 0;

  get state(): string {
    return stateText(this.session.state);
  }

  get worker(): ThreadWorker {
    return this.workers.at(-1)!;
  }

  /** Runs the timers of this length that are due. */
  run(ms: number): void {
    if (this.killed || this.#frozen) return;
    for (const [task, length] of Array.from(this.timers)) {
      if (length !== ms) continue;
      this.timers.delete(task);
      task();
    }
  }

  happen(event: "freeze" | "resume" | "visible"): void {
    for (const listener of this.#lives.get(event) ?? []) listener();
  }

  /** The browser freezes it. `notice`: it says so before. */
  freeze({ notice }: { notice: boolean }): void {
    if (notice) this.happen("freeze");
    this.#frozen = true;
    this.#context.freeze();
    for (const worker of this.workers) worker.context.freeze();
  }

  thaw({ notice }: { notice: boolean }): void {
    this.#frozen = false;
    this.#context.thaw();
    for (const worker of this.workers) worker.context.thaw();
    if (notice) this.happen("resume");
  }

  /** The browser closes it: nothing of it runs on. */
  kill(): void {
    this.killed = true;
    this.#heard.length = 0;
    this.#tickets.length = 0;
    for (const worker of this.workers) worker.crash();
    this.#context.die();
  }

  #spawn(): ThreadWorker {
    const name = `${this.#origin.tabs.indexOf(this)}-${this.workers.length}`;
    const worker = new ThreadWorker(this.#origin.locks.context(), name, this.behaviour);
    this.teach(worker.peer);
    this.workers.push(worker);
    return worker;
  }
}

function stateText(state: PeerSession["state"]): string {
  if (state.kind === "failed") return `failed ${state.code}`;
  return state.kind === "running" && !state.here ? "view" : state.kind;
}

export const running = (tab: Tab): Promise<void> => expect.poll(() => tab.state).toBe("running");
export const viewing = (tab: Tab): Promise<void> => expect.poll(() => tab.state).toBe("view");
