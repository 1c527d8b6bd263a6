/** Whether a newer version of the app waits, the word that lets it in, and the quiet moment at which this tab changes over. */
import { createSignal } from "solid-js";
import type { PeerHandle } from "../../rpc/index.ts";
import { type AppUpdates, type OfflineState, registerServiceWorker } from "../../rpc/update.ts";
import { ownBuild, VERSION_CHANNEL, watchVersions } from "../../rpc/version.ts";
import { SITE } from "../site.ts";
import { whenQuiet } from "./quiet.ts";

const [updateReady, setUpdateReady] = createSignal(false);
const [offlineStart, setOfflineStart] = createSignal<OfflineState>("unsupported");
/** The person has said the word, and the browser takes its time. */
const [applying, setApplying] = createSignal(false);
/** Another version runs already; this tab waits for a quiet moment to follow. */
const [changeover, setChangeover] = createSignal(false);
let updates: AppUpdates | undefined;

export { applying, changeover, offlineStart, updateReady };

/** The build of this page, to be told when something is wrong. */
export const BUILD: string = ownBuild(document);

/** Registers the service worker, which also opens the app offline. */
export function watchForUpdates(peer: PeerHandle): void {
  updates = registerServiceWorker({
    build: BUILD,
    reload: reloadWhenQuiet,
    report: (error) => console.warn("service worker", error),
  });
  updates.onUpdate(() => {
    setUpdateReady(true);
    setApplying(false);
  });
  updates.onOffline(setOfflineStart);
  const stop = peer.onState(({ kind }) => {
    if (kind === "starting" || kind === "failed") return;
    updates?.started(BUILD);
    queueMicrotask(() => stop());
  });
  watchVersions(BUILD, new BroadcastChannel(VERSION_CHANNEL), { site: SITE }, reloadWhenQuiet);
}

/** Every tab of the app changes over to the new version. */
export function applyUpdate(): void {
  setApplying(true);
  updates?.apply();
}

/** Now, or when the person has paused and nothing typed would be lost. */
export function reloadWhenQuiet(): void {
  if (changeover()) return;
  setChangeover(true);
  whenQuiet(() => location.reload());
}
