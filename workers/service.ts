/**
 * The service worker: opens the app without a network, at any of its addresses, takes what other apps share with it, and shows
 * notices while nobody looks.
 */
import {
  APPLY_UPDATE,
  ASK_BUILD,
  GO_BACK,
  isAppStarted,
  isClearNotices,
  isShowNotices,
  Notifier,
  ShareBox,
  ShareTarget,
  STEP_ASIDE,
  Shell,
  type ShellEntry,
} from "../src/offline/index.ts";
import { Desk } from "../src/rpc/desk.ts";

declare const self: ServiceWorkerGlobalScope & {
  /** The build puts the list of files here. */
  readonly __WB_MANIFEST: readonly ShellEntry[];
};

const { caches, clients } = self;
const scope = new URL(self.registration.scope);
const shell = new Shell({ entries: self.__WB_MANIFEST, scope, caches, fetch: (request) => self.fetch(request) });
/** Where there is no SharedWorker. It may forget at any time, and so it may be ended at any time. */
const desk = new Desk();
const shares = new ShareTarget(new ShareBox({ scope, caches }), scope);
const notifier = new Notifier({
  scope,
  registration: self.registration,
  windows: () => clients.matchAll({ type: "window", includeUncontrolled: true }),
  openWindow: (url) => clients.openWindow(url),
  report: (error) => console.warn("notices", error),
});

self.addEventListener("install", (event) => event.waitUntil(shell.install()));

self.addEventListener("activate", (event) => {
  // At the first visit the open page works offline from now on. At an update src/rpc/update.ts reloads the pages.
  event.waitUntil(shell.activate().then((first) => (first ? self.clients.claim() : undefined)));
});

self.addEventListener("message", (event) => {
  const { data, ports } = event as { readonly data: unknown; readonly ports: readonly MessagePort[] };
  if (desk.receive(data)) return;
  if (data === APPLY_UPDATE) event.waitUntil(shell.chosen().finally(() => self.skipWaiting()));
  else if (isAppStarted(data)) event.waitUntil(shell.started(data.build));
  else if (isShowNotices(data))
    event.waitUntil(notifier.show(data.notices).then((shown) => ports[0]?.postMessage(shown)));
  else if (isClearNotices(data)) event.waitUntil(notifier.clear());
  else if (data === GO_BACK) event.waitUntil(shell.goBack().then((back) => ports[0]?.postMessage(back)));
  else if (data === STEP_ASIDE) event.waitUntil(shell.stepAside().then((aside) => ports[0]?.postMessage(aside)));
  else if (data === ASK_BUILD) ports[0]?.postMessage(shell.build);
});

self.addEventListener("notificationclick", (event) => event.waitUntil(notifier.pressed(event.notification)));

self.addEventListener("fetch", (event) => {
  const answer = shares.answer(event.request) ?? shell.answer(event.request);
  if (answer !== null) event.respondWith(answer);
});
