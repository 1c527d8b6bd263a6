/**
 * One version of page and peer at a time. Tabs of one browser share one peer, and between an update and its last reload some
 * of them are older than others. What page and peer say to each other has no version of its own, so a page is no view of a peer
 * of another build (`page.ts` keeps their ports apart). Here the older of two pages learns that it is, and reloads.
 */
import { buildOf } from "../offline/index.ts";

/** The build that this page is of, as its own document names it. The server for development has but one. */
export function ownBuild(document: Pick<Document, "querySelector">): string {
  return document.querySelector<HTMLMetaElement>('meta[name="mehr-build"]')?.content ?? "development";
}

/** What a page is to do that has met one of another build. */
export type VersionVerdict =
  /** The same build: go on. */
  | "same"
  /** This page is the older one: reload it at a quiet moment. */
  | "reload"
  /**
   * The other page is the older one and will reload; the peer comes here when it has. Not sooner: it may hold words that only its
   * own peer can store. Also when it cannot be known now which is older, or when a reload has not helped.
   */
  | "wait";

export interface VersionOptions {
  /** Where the app lies, with a slash at its end. */
  readonly site: string;
  /** Default: the browser's. */
  readonly fetch?: (url: URL) => Promise<Response>;
  /** Remembers over a reload, for this tab alone. Default: the browser's session storage. */
  readonly memory?: Pick<Storage, "getItem" | "setItem">;
  /** Differs from one load of the page to the next. Default: when this one began. */
  readonly load?: string;
}

/** Key in session storage: from which build to which this tab was to be reloaded last, and by which load of it. */
const RELOADED = "mehr.reloaded";

/**
 * Neither build is greater than the other: an update may also lead back. What counts as current is what a reload would bring,
 * so a page is older if that is not what it is; once it has reloaded it is current, and two pages never send each other
 * back and forth. A host that answers now with one build and now with another would make a page reload without end: the same
 * step is taken once.
 * @param mine build of this page
 * @param theirs build of another page of this origin
 */
export async function judgeVersions(mine: string, theirs: string, options: VersionOptions): Promise<VersionVerdict> {
  if (mine === theirs) return "same";
  const current = await currentBuild(options);
  if (current === null || current === mine) return "wait";
  const memory = options.memory ?? sessionStorage;
  const load = options.load ?? String(performance.timeOrigin);
  const [from, to, by] = memory.getItem(RELOADED)?.split(" ") ?? [];
  // The load that was told so before has not come to it yet.
  if (from === mine && to === current && by !== load) return "wait";
  memory.setItem(RELOADED, `${mine} ${current} ${load}`);
  return "reload";
}

/** The build that a reload would bring: the service worker's, or the host's where there is none. `null` when neither answers. */
async function currentBuild({ site, fetch = (url) => globalThis.fetch(url) }: VersionOptions): Promise<string | null> {
  try {
    const response = await fetch(new URL("index.html", site));
    return response.ok ? buildOf(await response.text()) : null;
  } catch (error) {
    console.warn("version", error instanceof Error ? error.message : error);
    return null;
  }
}

/** What pages of one origin tell each other of their builds. */
export interface VersionMessage {
  readonly build: string;
  /** Said in answer: nobody answers it in turn. */
  readonly answer: boolean;
}

/** What one posts all others get, and itself does not. A `BroadcastChannel` is one. */
export interface VersionChannel {
  postMessage(message: VersionMessage): void;
  addEventListener(type: "message", listener: (event: { readonly data: VersionMessage }) => void): void;
  close(): void;
}

/** Name of the BroadcastChannel. Every version of the app has to keep to it, and to the form of its messages. */
export const VERSION_CHANNEL = "mehr-build";

/**
 * Tells the other pages of this origin which build this one is of, and hears of theirs.
 * @param outdated called when a page of a newer build is met
 * @returns what ends it
 */
export function watchVersions(
  mine: string,
  channel: VersionChannel,
  options: VersionOptions,
  outdated: () => void,
): () => void {
  channel.addEventListener("message", ({ data: { build, answer } }) => {
    if (build === mine) return;
    if (!answer) channel.postMessage({ build: mine, answer: true });
    judgeVersions(mine, build, options).then(
      (verdict) => {
        if (verdict === "reload") outdated();
      },
      (error: unknown) => console.warn("version", error),
    );
  });
  channel.postMessage({ build: mine, answer: false });
  return () => channel.close();
}
