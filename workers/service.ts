/** The service worker: opens the app without a network, at any of its addresses. */
import { APPLY_UPDATE, Shell, type ShellEntry } from "../src/offline/index.ts";

declare const self: ServiceWorkerGlobalScope & {
  /** The build puts the list of files here. */
  readonly __WB_MANIFEST: readonly ShellEntry[];
};

const shell = new Shell({
  entries: self.__WB_MANIFEST,
  scope: new URL(self.registration.scope),
  caches: self.caches,
  fetch: (request) => self.fetch(request),
});

self.addEventListener("install", (event) => event.waitUntil(shell.install()));

self.addEventListener("activate", (event) => {
  // At the first visit the open page works offline from now on. At an update src/rpc/update.ts reloads the pages.
  event.waitUntil(shell.activate().then((first) => (first ? self.clients.claim() : undefined)));
});

self.addEventListener("message", (event) => {
  if (event.data === APPLY_UPDATE) event.waitUntil(self.skipWaiting());
});

self.addEventListener("fetch", (event) => {
  const answer = shell.answer(event.request);
  if (answer !== null) event.respondWith(answer);
});
