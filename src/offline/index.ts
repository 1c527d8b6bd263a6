/**
 * The app without a network: which answers the service worker gives from its cache, how one version of the app takes the
 * place of another, what other apps share with this one, and what the system shows of notices. No posts and no pictures of people: those are in the store,
 * which the peer reads.
 *
 * The room imports no other. workers/service.ts connects it with the events of the browser.
 */
export { buildOf, Shell, type ShellEntry, type ShellOptions } from "./shell.ts";
export { APPLY_UPDATE, ASK_BUILD, GO_BACK, isAppStarted, STEP_ASIDE, type AppStarted } from "./messages.ts";
export {
  isClearNotices,
  isOpenPath,
  isShowNotices,
  Notifier,
  type ClearNotices,
  type ShowNotices,
  type SystemNotice,
} from "./notifying.ts";
export { SHARE_LIMITS, type Share, type SharedFile, type ShareRefusal } from "./share.ts";
export { ShareBox } from "./share-box.ts";
export { ShareTarget } from "./share-target.ts";
