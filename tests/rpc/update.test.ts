import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { APPLY_UPDATE } from "../../src/offline/index.ts";
import { registerServiceWorker, type AppUpdates } from "../../src/rpc/update.ts";

class Worker extends EventTarget {
  state: ServiceWorkerState = "installed";
  readonly postMessage = vi.fn();

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

async function open(controlled: boolean): Promise<void> {
  container = new Container();
  if (controlled) container.controller = container.registration.active;
  const found = new Promise<void>((resolve) => {
    updates = registerServiceWorker({
      container: container as unknown as ServiceWorkerContainer,
      script: new URL("https://mehr.example/service.js"),
      reload,
    });
    updates.onUpdate(resolve);
  });
  await found;
}

beforeEach(() => {
  vi.stubGlobal("document", new EventTarget());
  reload.mockReset();
});
afterEach(() => {
  updates.stop();
  vi.unstubAllGlobals();
});

describe("starting the version that waits", () => {
  it("reloads a page once that the service worker controls, when the control has changed", async () => {
    await open(true);
    updates.apply();
    expect(container.waiting.postMessage).toHaveBeenCalledExactlyOnceWith(APPLY_UPDATE);
    container.waiting.enter("activating");
    expect(reload).not.toHaveBeenCalled();
    container.controller = container.waiting;
    container.dispatchEvent(new Event("controllerchange"));
    container.waiting.enter("activated");
    expect(reload).toHaveBeenCalledOnce();
  });

  it("reloads a page that was loaded past the service worker, when the version is active", async () => {
    await open(false);
    updates.apply();
    container.waiting.enter("activating");
    expect(reload).not.toHaveBeenCalled();
    container.waiting.enter("activated");
    expect(reload).toHaveBeenCalledOnce();
  });
});
