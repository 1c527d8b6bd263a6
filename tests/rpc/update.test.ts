import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { APPLY_UPDATE, ASK_BUILD, STEP_ASIDE } from "../../src/offline/index.ts";
import { registerServiceWorker, type AppUpdates } from "../../src/rpc/update.ts";

const QUESTIONS = new Set<unknown>([ASK_BUILD, STEP_ASIDE]);

class Worker extends EventTarget {
  state: ServiceWorkerState = "installed";
  /** What it says to each question, or will say; to one that is not here, nothing. */
  readonly answers = new Map<unknown, unknown>();
  readonly told: unknown[] = [];
  readonly asked: unknown[] = [];

  postMessage(message: unknown, [port]: readonly MessagePort[] = []): void {
    (QUESTIONS.has(message) ? this.asked : this.told).push(message);
    const answer = this.answers.get(message);
    if (answer instanceof Promise) void answer.then((said) => port?.postMessage(said));
    else if (answer !== undefined) port?.postMessage(answer);
  }

  enter(state: ServiceWorkerState): void {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

/** A browser in which one version is active and another waits. */
class Container extends EventTarget {
  readonly waiting = new Worker();
  readonly registration = Object.assign(new EventTarget(), {
    active: new Worker(),
    installing: null,
    waiting: this.waiting,
  });
  controller: Worker | null = null;
  readonly register = async (): Promise<unknown> => this.registration;
}

let container: Container;
let updates: AppUpdates;
const reload = vi.fn();

const offered = vi.fn();

/** @param build of the version that waits; the page is of "a1" */
function start(controlled: boolean, build: string | Promise<string>): void {
  container = new Container();
  container.waiting.answers.set(ASK_BUILD, build);
  if (controlled) container.controller = container.registration.active;
  updates = registerServiceWorker({
    build: "a1",
    container: container as unknown as ServiceWorkerContainer,
    script: new URL("https://mehr.example/service.js"),
    reload,
  });
  updates.onUpdate(offered);
}

async function open(controlled: boolean): Promise<void> {
  start(controlled, "b2");
  await vi.waitFor(() => expect(offered).toHaveBeenCalledOnce());
}

function takeControl(): void {
  container.waiting.enter("activating");
  container.controller = container.waiting;
  container.dispatchEvent(new Event("controllerchange"));
  container.waiting.enter("activated");
}

beforeEach(() => {
  vi.stubGlobal("document", new EventTarget());
  reload.mockReset();
  offered.mockReset();
});
afterEach(() => {
  updates.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("starting the version that waits", () => {
  it("reloads a page once that the service worker controls, when the control has changed", async () => {
    await open(true);
    updates.apply();
    expect(container.waiting.told).toEqual([APPLY_UPDATE]);
    expect(reload).not.toHaveBeenCalled();
    takeControl();
    await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
  });

  it("reloads a page that was loaded past the service worker, when the version is active", async () => {
    await open(false);
    updates.apply();
    container.waiting.enter("activating");
    expect(reload).not.toHaveBeenCalled();
    container.waiting.enter("activated");
    expect(reload).toHaveBeenCalledOnce();
  });

  it("offers one that does not know the question", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    start(true, "b2");
    container.waiting.answers.clear();
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(1_000);
      expect(offered).toHaveBeenCalledOnce();
    });
  });
});

describe("a browser that keeps the new version waiting after the word", () => {
  async function wordWithoutEffect(aside: boolean | undefined): Promise<void> {
    await open(true);
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    if (aside !== undefined) container.registration.active.answers.set(STEP_ASIDE, aside);
    updates.apply();
    await vi.advanceTimersByTimeAsync(2_900);
    expect(reload).not.toHaveBeenCalled();
  }

  it("makes the old one step aside, and reloads", async () => {
    await wordWithoutEffect(true);
    await vi.advanceTimersByTimeAsync(200);
    await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
  });

  it("leaves the page as it is when there is no newer version to serve, or no answer", async () => {
    for (const answer of [false, undefined]) {
      await wordWithoutEffect(answer);
      // An answer takes a turn of the real clock.
      for (let turn = 0; turn < 5; turn++) {
        await vi.advanceTimersByTimeAsync(2_000);
        await new Promise(setImmediate);
      }
      expect(reload).not.toHaveBeenCalled();
      offered.mockReset();
      updates.stop();
      vi.useRealTimers();
    }
  });

  it("does nothing more where the word was heard in time", async () => {
    await wordWithoutEffect(true);
    takeControl();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reload).toHaveBeenCalledOnce();
    expect(container.registration.active.asked).not.toContain(STEP_ASIDE);
  });

  it("offers nothing to a page of the version that waits, and lets it in without another reload", async () => {
    start(true, "a1");
    await vi.waitFor(() => expect(container.waiting.told).toEqual([APPLY_UPDATE]));
    takeControl();
    await new Promise(setImmediate);
    expect(offered).not.toHaveBeenCalled();
    expect(reload).not.toHaveBeenCalled();
  });

  it("waits for the answer of one that takes control before it has said of which version it is", async () => {
    for (const [build, reloads] of [
      ["a1", 0],
      ["b2", 1],
    ] as const) {
      let answer!: (build: string) => void;
      start(true, new Promise((resolve) => (answer = resolve)));
      await vi.waitFor(() => expect(container.waiting.asked).toEqual([ASK_BUILD]));
      Object.assign(container.registration, { waiting: null });
      takeControl();
      await new Promise(setImmediate);
      expect(reload).not.toHaveBeenCalled();
      answer(build);
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      expect(reload).toHaveBeenCalledTimes(reloads);
      expect(offered).not.toHaveBeenCalled();
      updates.stop();
    }
  });

  it("lets nothing in for the others from a page that was loaded past the service worker", async () => {
    start(false, "a1");
    await vi.waitFor(() => expect(container.waiting.asked).toEqual([ASK_BUILD]));
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    expect(container.waiting.told).toEqual([]);
    expect(offered).not.toHaveBeenCalled();
  });
});
