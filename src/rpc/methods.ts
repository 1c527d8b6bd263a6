import type { PeerApi } from "../peer/api.ts";

/** Calls of PeerApi that take values and resolve with a value; `watch` is carried in its own way. */
export type CallName = Exclude<keyof PeerApi, "watch">;

/**
 * What becomes of a call that was under way when the peer ended (a tab was closed, crashed or frozen, the peer was started
 * anew). Its page cannot know whether it was carried out.
 *
 * - `again`: it is made again on the next peer, and its caller notices nothing. For what only reads, for what has the same
 *   outcome the second time (settings, drafts, follow), and for `publish` and `saveProfile`, which know what they have done already.
 * - `once`: it rejects with `PEER_GONE`. For what would be done twice, or what belongs to the peer that has ended.
 */
const CALLS = {
  words: "again",
  keepWords: "again",
  welcome: "again",
  unlock: "again",
  lock: "again",
  stayOpen: "again",
  protect: "once",
  unprotect: "once",
  createIdentity: "once",
  switchIdentity: "again",
  removeIdentity: "once",
  restore: "once",
  exportBackup: "again",
  restoreBackup: "once",
  previewMerge: "again",
  mergeBackup: "once",
  closeHistory: "again",
  deleteEverything: "once",
  saveProfile: "again",
  saveFeed: "again",
  removeFeed: "again",
  orderFeeds: "again",
  markRead: "again",
  saveCurated: "again",
  curate: "again",
  moveCurated: "again",
  uncurate: "again",
  renameCurated: "again",
  closeCurated: "again",
  browseScopes: "again",
  follow: "again",
  unfollow: "again",
  block: "again",
  unblock: "again",
  mute: "again",
  unmute: "again",
  notWorthIt: "again",
  worthIt: "again",
  believe: "again",
  setDefence: "again",
  exportDefence: "again",
  previewDefence: "again",
  importDefence: "again",
  trust: "again",
  distrust: "again",
  boost: "again",
  pardon: "again",
  readNotices: "again",
  tellNotices: "again",
  updateNotices: "again",
  saveDraft: "again",
  dropDraft: "again",
  preview: "again",
  publish: "again",
  envelope: "again",
  feed: "again",
  post: "again",
  attach: "again",
  attachment: "again",
  hashFile: "again",
  find: "again",
  avatar: "again",
  search: "again",
  suggestPeople: "again",
  respell: "again",
  suggestScopes: "again",
  normaliseScope: "again",
  updateSettings: "again",
  reconnect: "again",
  freeStorage: "again",
  loadHints: "again",
  createInvite: "again",
  answerInvite: "again",
  acceptAnswer: "once",
  readInvite: "again",
  offerDevice: "once",
  confirmDevice: "once",
  endDevice: "again",
  takeDevice: "once",
  receiveDevice: "once",
  addArrivals: "once",
  dropArrivals: "again",
  resumeArrivals: "again",
  dropHeldArrivals: "again",
  damagedArrival: "again",
  dropDamagedArrival: "again",
  log: "again",
  clearLog: "again",
  noteFault: "once",
  selfCheck: "again",
} as const satisfies Record<CallName, "again" | "once">;

export const CALL_NAMES = Object.keys(CALLS) as CallName[];

/** Every name of PeerApi. */
export const METHOD_NAMES: readonly (keyof PeerApi)[] = ["watch", ...CALL_NAMES];

/** Whether a call may be made again on the next peer when the one that it was made on has ended. */
export function isRepeatable(name: CallName): boolean {
  return CALLS[name] === "again";
}

export function isCallName(name: string): name is CallName {
  return Object.hasOwn(CALLS, name);
}

export type AnyCall = (...args: unknown[]) => Promise<unknown>;

/** A PeerApi whose calls all go through one function. The types of the calls are those of PeerApi on both ends. */
export function peerApi(
  watch: PeerApi["watch"],
  call: (name: CallName, args: readonly unknown[]) => Promise<unknown>,
): PeerApi {
  const calls = Object.fromEntries(
    CALL_NAMES.map((name): [CallName, AnyCall] => [name, (...args) => call(name, args)]),
  );
  return Object.freeze({ watch, ...calls }) as unknown as PeerApi;
}
