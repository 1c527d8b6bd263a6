/**
 * One version of page and peer at a time. Tabs of one browser share one peer, and between an update and its last reload some
 * of them are older than others. A page must not talk to the peer of another build: what they say to each other has no
 * version of its own.
 */
import { buildOf } from "../offline/index.ts";

/** The build that this page is of, as its own document names it. The server for development has but one. */
export function ownBuild(document: Pick<Document, "querySelector">): string {
  return document.querySelector<HTMLMetaElement>('meta[name="mehr-build"]')?.content ?? "development";
}

/** What a page is to do that has met a peer of another build. */
export type VersionVerdict =
  /** The same build: go on. */
  | "same"
  /** This page is the older one: reload it at a quiet moment. */
  | "reload"
  /** The peer's page is the older one: run the peer here. It cannot ask for it back, for its verdict is to reload. */
  | "take-over"
  /** Which is older cannot be known now, or a reload has not helped: rest, and say so. */
  | "rest";

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
 * @param theirs build of the page that runs the peer
 */
export async function judgeVersions(mine: string, theirs: string, options: VersionOptions): Promise<VersionVerdict> {
  if (mine === theirs) return "same";
  const current = await currentBuild(options);
  if (current === null) return "rest";
  if (current === mine) return "take-over";
  const memory = options.memory ?? sessionStorage;
  const load = options.load ?? String(performance.timeOrigin);
  const [from, to, by] = memory.getItem(RELOADED)?.split(" ") ?? [];
  // The load that was told so before has not come to it yet.
  if (from === mine && to === current && by !== load) return "rest";
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
