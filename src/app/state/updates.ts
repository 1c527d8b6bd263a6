/** Whether a newer version of the app waits, and the word that lets it in. */
import { createSignal } from "solid-js";
import { type AppUpdates, registerServiceWorker } from "../../rpc/update.ts";

const [updateReady, setUpdateReady] = createSignal(false);
let updates: AppUpdates | undefined;

export { updateReady };

/** Registers the service worker, which also opens the app offline. */
export function watchForUpdates(): void {
  updates = registerServiceWorker({ report: (error) => console.warn("service worker", error) });
  updates.onUpdate(() => setUpdateReady(true));
}

/** The page reloads into the new version. */
export function applyUpdate(): void {
  updates?.apply();
}
