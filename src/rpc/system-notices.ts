/** What the system shows of notices, from the page's side: the service worker shows it, since no page need be in front. */
import { isOpenPath, type ClearNotices, type ShowNotices, type SystemNotice } from "../offline/index.ts";

export type { SystemNotice } from "../offline/index.ts";

/** A service worker that has to be started answers within a second; one that never does must not hold up what comes next. In ms. */
const PATIENCE = 10_000;

/**
 * Resolves with whether they were shown: not while a window of the app is in front, nor where no service worker runs.
 * @throws Error when the service worker does not answer
 */
export async function showSystemNotices(
  notices: readonly SystemNotice[],
  container: ServiceWorkerContainer = navigator.serviceWorker,
): Promise<boolean> {
  const { active } = await container.ready;
  if (active === null) return false;
  const { port1, port2 } = new MessageChannel();
  const message: ShowNotices = { kind: "mehr:show-notices", notices };
  return await new Promise<boolean>((resolve, reject) => {
    const timer = setTimeout(() => {
      port1.close();
      reject(new Error("the service worker does not answer"));
    }, PATIENCE);
    port1.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      clearTimeout(timer);
      port1.close();
      resolve(data === true);
    });
    port1.start();
    active.postMessage(message, [port2]);
  });
}

/** Takes everything away that the system shows. */
export async function clearSystemNotices(container: ServiceWorkerContainer = navigator.serviceWorker): Promise<void> {
  const { active } = await container.ready;
  const message: ClearNotices = { kind: "mehr:clear-notices" };
  active?.postMessage(message);
}

/** `listener` hears of the path within the app where a notice leads that was pressed. Returns how to stop. */
export function onSystemNoticePressed(
  listener: (path: string) => void,
  container: ServiceWorkerContainer = navigator.serviceWorker,
): () => void {
  const hear = ({ data }: MessageEvent<unknown>): void => {
    if (isOpenPath(data)) listener(data.path);
  };
  container.addEventListener("message", hear);
  container.startMessages();
  return () => container.removeEventListener("message", hear);
}
