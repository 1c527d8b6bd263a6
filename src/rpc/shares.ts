/** What other apps have shared with this one, from the page's side: the service worker has put it into the browser's cache. */
import { ShareBox } from "../offline/index.ts";

export { SHARE_LIMITS, type Share, type SharedFile, type ShareRefusal } from "../offline/index.ts";

/** `null` where the browser has no cache storage: not a secure context, and then no service worker took a share either. */
export function openShares(site: string): ShareBox | null {
  return "caches" in globalThis ? new ShareBox({ scope: new URL(site), caches }) : null;
}
