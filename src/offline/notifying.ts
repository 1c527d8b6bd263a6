/** What the system shows of the app's notices, and where a press on it leads. */

/** One notice as the system shows it: words, and no key or hash but in its path. */
export interface SystemNotice {
  /** One that is shown under the same tag gives way to it without another sound. */
  readonly tag: string;
  readonly title: string;
  readonly body: string;
  /** Where a press leads: a path within the app, beginning with a slash. */
  readonly path: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
}

/** From a page: to be shown, unless somebody has the app before them. Answered on the first port with whether it was. */
export interface ShowNotices {
  readonly kind: "mehr:show-notices";
  readonly notices: readonly SystemNotice[];
}

/** From a page: what is shown was read, or nobody may read it any more. */
export interface ClearNotices {
  readonly kind: "mehr:clear-notices";
}

/** To a page: the person has pressed a notice. */
export interface OpenPath {
  readonly kind: "mehr:open";
  readonly path: string;
}

/** More than a person would look at of a lock screen. */
const MAX_SHOWN = 8;

export function isShowNotices(message: unknown): message is ShowNotices {
  return kindOf(message) === "mehr:show-notices" && Array.isArray((message as Partial<ShowNotices>).notices);
}

export function isClearNotices(message: unknown): message is ClearNotices {
  return kindOf(message) === "mehr:clear-notices";
}

export function isOpenPath(message: unknown): message is OpenPath {
  return kindOf(message) === "mehr:open" && typeof (message as Partial<OpenPath>).path === "string";
}

function kindOf(message: unknown): unknown {
  return typeof message === "object" && message !== null && "kind" in message ? message.kind : undefined;
}

/** A window of the app, as the service worker knows it. */
export interface AppWindow {
  readonly url: string;
  readonly visibilityState: DocumentVisibilityState;
  readonly focused: boolean;
  focus(): Promise<unknown>;
  postMessage(message: OpenPath): void;
}

export interface NotifierOptions {
  /** Where the app lies; with a slash at its end. */
  readonly scope: URL;
  readonly registration: Pick<ServiceWorkerRegistration, "showNotification" | "getNotifications">;
  /** All windows of the app, the one that was used last first. */
  readonly windows: () => Promise<readonly AppWindow[]>;
  readonly openWindow: (url: string) => Promise<unknown>;
  readonly report: (error: unknown) => void;
}

/** Shows notices while nobody looks, and takes people where they lead. */
export class Notifier {
  readonly #options: NotifierOptions;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** Resolves with whether they were shown: not while a window of the app is in front, where they are in the inbox. */
  async show(notices: readonly SystemNotice[]): Promise<boolean> {
    const { registration, scope, windows } = this.#options;
    const open = await windows();
    if (open.some(({ focused, visibilityState }) => focused && visibilityState === "visible")) return false;
    for (const { body, direction, language, path, tag, title } of notices.slice(0, MAX_SHOWN)) {
      await registration.showNotification(title, {
        body,
        tag,
        dir: direction,
        lang: language,
        icon: new URL("icons/mehr-192.png", scope).href,
        badge: new URL("icons/mehr-monochrome-512.png", scope).href,
        data: { path },
      });
    }
    return true;
  }

  async clear(): Promise<void> {
    for (const shown of await this.#options.registration.getNotifications()) shown.close();
  }

  /** The person has pressed one: goes there in a window that is open, else in a new one. */
  async pressed(notification: Pick<Notification, "close" | "data">): Promise<void> {
    const { openWindow, report, windows } = this.#options;
    notification.close();
    const path = this.#pathOf(notification.data);
    const open = await windows();
    const window = open.find(({ visibilityState }) => visibilityState === "visible") ?? open[0];
    if (window === undefined) {
      await openWindow(this.#urlOf(path));
      return;
    }
    window.postMessage({ kind: "mehr:open", path });
    try {
      await window.focus();
    } catch (error) {
      // Browsers give the front away for a press alone, and not all of them count this as one. The page has gone there.
      report(error);
    }
  }

  /** What lies outside of the app is nothing that this app has shown. */
  #pathOf(data: unknown): string {
    const path = typeof data === "object" && data !== null && "path" in data ? data.path : undefined;
    return typeof path === "string" && /^\/[^/]/u.test(path) && this.#urlOf(path).startsWith(this.#options.scope.href)
      ? path
      : "/inbox";
  }

  #urlOf(path: string): string {
    return new URL(path.slice(1), this.#options.scope).href;
  }
}
