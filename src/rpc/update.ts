/** The service worker from the page's side. A new version waits until the person says so, then every tab reloads into it. */
import { APPLY_UPDATE } from "../offline/index.ts";

export interface AppUpdates {
  /** Calls `listener` when a new version waits, and at once when one does already. The returned function unsubscribes. */
  onUpdate(listener: () => void): () => void;
  /** Starts the waiting version: this and every other tab of the app reloads. Does nothing when none waits. */
  apply(): void;
  /** Stops looking for new versions. */
  stop(): void;
}

export interface UpdateOptions {
  /** Default: the browser's. */
  readonly container?: ServiceWorkerContainer;
  /** Where service.js lies; default: next to the page's base. */
  readonly script?: URL;
  /** Default: reloads the page. */
  readonly reload?: () => void;
  /** Told why there is no service worker; the app works without one, but not offline. */
  readonly report?: (error: unknown) => void;
}

/** Tabs live for weeks, and the browser looks for a new version on navigation only. */
const CHECK_INTERVAL = 60 * 60_000;

export function registerServiceWorker(options: UpdateOptions = {}): AppUpdates {
  const container = options.container ?? navigator.serviceWorker;
  const reload = options.reload ?? (() => location.reload());
  const report = options.report ?? (() => undefined);
  const listeners = new Set<() => void>();
  const stopping = new AbortController();
  const { signal } = stopping;
  let registration: ServiceWorkerRegistration | null = null;
  let checkedAt = Date.now();

  // Insecure contexts have none.
  if (container !== undefined) start(container).catch(report);

  async function start(workers: ServiceWorkerContainer): Promise<void> {
    const script = options.script ?? new URL("service.js", document.baseURI);
    // Where there was no controller the first version has just been installed: the page is of that version already.
    let controlled = workers.controller !== null;
    workers.addEventListener(
      "controllerchange",
      () => {
        if (controlled) reload();
        controlled = true;
      },
      { signal },
    );
    registration = await workers.register(script, { scope: new URL("./", script).pathname });
    registration.addEventListener("updatefound", watchInstalling, { signal });
    watchInstalling();
    announce();
    document.addEventListener("visibilitychange", check, { signal });
  }

  function watchInstalling(): void {
    registration?.installing?.addEventListener("statechange", announce, { signal });
  }

  function announce(): void {
    if (waiting() === null) return;
    for (const listener of listeners) listener();
  }

  /** Without an active version the waiting one is the first, and nobody has to be asked. */
  function waiting(): ServiceWorker | null {
    return registration?.active === null ? null : (registration?.waiting ?? null);
  }

  function check(): void {
    if (document.visibilityState !== "visible" || Date.now() - checkedAt < CHECK_INTERVAL) return;
    checkedAt = Date.now();
    // Fails without a network; the next check may succeed.
    registration?.update().catch(report);
  }

  return {
    onUpdate(listener) {
      listeners.add(listener);
      if (waiting() !== null) listener();
      return () => listeners.delete(listener);
    },
    apply() {
      waiting()?.postMessage(APPLY_UPDATE);
    },
    stop: () => stopping.abort(),
  };
}
