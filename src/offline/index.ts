/**
 * The app without a network: which answers the service worker gives from its cache, and how one version of the app takes
 * the place of another. No posts and no pictures of people: those are in the store, which the peer reads.
 *
 * The room imports no other. workers/service.ts connects it with the events of the browser.
 */
export { Shell, type ShellEntry, type ShellOptions } from "./shell.ts";
export { APPLY_UPDATE } from "./messages.ts";
