/** What pages say to the service worker. public/reset.js, which imports nothing, says GO_BACK too. */

/** To a waiting service worker, once the person has agreed to the new version. */
export const APPLY_UPDATE = "mehr:apply-update";

/**
 * To the active service worker, when the one that waits is not let in although the person has agreed: serve the newest version
 * from now on. Answered on the message's first port with whether there is a newer one.
 */
export const STEP_ASIDE = "mehr:step-aside";

/** To a waiting service worker: which build its page is of. Answered on the message's first port with the build or null. */
export const ASK_BUILD = "mehr:ask-build";

/** The app has drawn itself and its peer answers: a version that can be gone back to. */
export interface AppStarted {
  readonly kind: "mehr:app-started";
  /** Build of the page that says it; an old page may still be open when the new service worker runs. */
  readonly build: string;
}

/**
 * Serve the version before this one until another one comes. Answered on the message's first port with whether there is
 * one.
 */
export const GO_BACK = "mehr:go-back";

export function isAppStarted(message: unknown): message is AppStarted {
  if (typeof message !== "object" || message === null) return false;
  const { kind, build } = message as Partial<Record<keyof AppStarted, unknown>>;
  return kind === "mehr:app-started" && typeof build === "string";
}
