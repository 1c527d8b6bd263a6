/** The service worker from the page's side. A new version waits until the person says so, then every tab reloads into it. */
import { APPLY_UPDATE, ASK_BUILD, STEP_ASIDE, type AppStarted } from "../offline/index.ts";

/**
 * Whether the app opens without a network: `ready`; not yet, because its files are on their way (`coming`); not here, because
 * they could not be kept (`refused`: no room, or a file that did not arrive) or this browser, window or address has no service
 * workers (`unsupported`).
 */
export type OfflineState = "coming" | "ready" | "refused" | "unsupported";

export interface AppUpdates {
  /** Calls `listener` when a new version waits, and at once when one does already. The returned function unsubscribes. */
  onUpdate(listener: () => void): () => void;
  /** Calls `listener` with the present state, and with every later one. The returned function unsubscribes. */
  onOffline(listener: (state: OfflineState) => void): () => void;
  /** Starts the waiting version: this and every other tab of the app reloads. Does nothing when none waits. */
  apply(): void;
  /** The app has started: its version can be gone back to from a later one that does not. @param build of this page */
  started(build: string): void;
  /** Stops looking for new versions. */
  stop(): void;
}

export interface UpdateOptions {
  /** Of this page. */
  readonly build: string;
  /** Default: the browser's. */
  readonly container?: ServiceWorkerContainer;
  /** Where service.js lies; default: next to the page's base. */
  readonly script?: URL;
  /** Called when another version has taken over; default: reloads the page. */
  readonly reload?: () => void;
  /** Told why there is no service worker; the app works without one, but not offline. */
  readonly report?: (error: unknown) => void;
}

/** Tabs live for weeks, and the browser looks for a new version on navigation only. */
const CHECK_INTERVAL = 60 * 60_000;

/**
 * So long the person's word may be without effect, in milliseconds. Usually it takes a few. But Chromium lets the new version in
 * only while no request is under way, and one that comes at the wrong moment starts the old version anew, which then goes on
 * for half a minute after the last request, or for five minutes at most.
 */
const WORD_PATIENCE = 3_000;

/** A version that does not know the question never answers it. Milliseconds. */
const ANSWER_TIME = 2_000;

export function registerServiceWorker(options: UpdateOptions): AppUpdates {
  const container = options.container ?? navigator.serviceWorker;
  const reload = options.reload ?? (() => location.reload());
  const report = options.report ?? (() => undefined);
  const listeners = new Set<() => void>();
  const offlineListeners = new Set<(state: OfflineState) => void>();
  const stopping = new AbortController();
  const { signal } = stopping;
  let registration: ServiceWorkerRegistration | null = null;
  let offline: OfflineState =
    container === undefined ? "unsupported" : container.controller === null ? "coming" : "ready";
  let checkedAt = Date.now();
  /** What was asked last of which build it is. */
  let asked: ServiceWorker | null = null;
  let answered: Promise<void> = Promise.resolve();
  /** What waits and can be started. */
  let offered: ServiceWorker | null = null;
  /** What waits although this page is of its version already: the one before it has stepped aside. */
  let own: ServiceWorker | null = null;

  // Insecure contexts have none.
  if (container !== undefined) {
    start(container).catch((error: unknown) => {
      enter("refused");
      report(error);
    });
  }

  async function start(workers: ServiceWorkerContainer): Promise<void> {
    const script = options.script ?? new URL("service.js", document.baseURI);
    // Where there was no controller the first version has just been installed: the page is of that version already.
    let controlled = workers.controller !== null;
    workers.addEventListener(
      "controllerchange",
      () => {
        // What takes control may be about to say that it is of this page's build.
        if (controlled) void answered.then(() => workers.controller === own || reload());
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
    if (registration !== null) enter(offlineStateOf(registration));
    const next = waiting();
    if (next === null || next === asked) return;
    asked = next;
    answered = ask(next, ASK_BUILD).then((build) => {
      if (build === options.build) {
        own = next;
        // A page that was loaded past the service worker says nothing for the others.
        if (container.controller !== null) next.postMessage(APPLY_UPDATE);
      } else if (waiting() === next) {
        offered = next;
        for (const listener of listeners) listener();
      }
    });
  }

  function enter(state: OfflineState): void {
    if (state === offline) return;
    offline = state;
    for (const listener of offlineListeners) listener(state);
  }

  /** Without an active version the waiting one is the first, and nobody has to be asked. */
  function waiting(): ServiceWorker | null {
    return registration?.active === null ? null : (registration?.waiting ?? null);
  }

  /** The word has had no effect. */
  async function insist(next: ServiceWorker): Promise<void> {
    const active = registration?.active ?? null;
    if (signal.aborted || next.state !== "installed" || active === null) return;
    // The other tabs hear of the new build from this one when it has reloaded (version.ts).
    if ((await ask(active, STEP_ASIDE)) === true) reload();
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
      if (offered !== null && offered === waiting()) listener();
      return () => listeners.delete(listener);
    },
    onOffline(listener) {
      offlineListeners.add(listener);
      listener(offline);
      return () => offlineListeners.delete(listener);
    },
    apply() {
      const next = waiting();
      if (next === null) return;
      // A page that was loaded past the service worker (Shift and reload) gets no `controllerchange`.
      next.addEventListener(
        "statechange",
        () => {
          if (next.state === "activated" && container.controller === null) reload();
        },
        { signal },
      );
      next.postMessage(APPLY_UPDATE);
      setTimeout(() => {
        insist(next).catch(report);
      }, WORD_PATIENCE);
    },
    started(build) {
      const message: AppStarted = { kind: "mehr:app-started", build };
      // Never resolves where none is installed, and then there is nobody to tell. Those of another build do not mind.
      container?.ready
        .then(({ active, waiting: next }) => {
          for (const worker of [active, next]) worker?.postMessage(message);
        })
        .catch(report);
    },
    stop: () => stopping.abort(),
  };
}

/** What `worker` answers, or null when it does not. */
function ask(worker: ServiceWorker, question: typeof ASK_BUILD | typeof STEP_ASIDE): Promise<unknown> {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => {
    port1.addEventListener("message", ({ data }: MessageEvent<unknown>) => resolve(data));
    port1.start();
    setTimeout(() => resolve(null), ANSWER_TIME);
  });
  worker.postMessage(question, [port2]);
  return answer.finally(() => port1.close());
}

/** A version that could not be installed is thrown away by the browser, and nothing of it is left to ask. */
function offlineStateOf({ active, installing, waiting }: ServiceWorkerRegistration): OfflineState {
  if (active !== null) return "ready";
  return installing === null && waiting === null ? "refused" : "coming";
}
