/** Errors that nobody caught in this page, on their way into the log of the peer: class, code and place, never their text. */
import type { PageFault, PeerApi } from "../../peer/api.ts";
import { codeOf } from "../../rpc/index.ts";

/** What the peer has not taken is kept here for the report, so many at most. */
const KEPT = 20;
/** An error in a loop must not keep the peer busy: so many in a minute are told, the rest is the same again. */
const PER_MINUTE = 30;
const MINUTE = 60_000;
/** Deeper frames say little more. */
const FRAMES = 8;

/** Sizes that settle in the next frame: no fault, though browsers report it as one (Resize Observer, "Deliver Resize Loop Error"). */
const SETTLING = /^ResizeObserver loop/;

const FRAME = /(https?:\/\/[^\s()]+):(\d+):(\d+)/g;

export interface KeptFault extends PageFault {
  /** Milliseconds since 1970. */
  readonly time: number;
}

const kept: KeptFault[] = [];

/** Faults that no peer has taken, because none runs. */
export function untoldFaults(): readonly KeptFault[] {
  return kept;
}

/** Tells the peer of every uncaught error and rejection of this page from now on. Returns what ends that. */
export function noteFaults(api: Pick<PeerApi, "noteFault">, site: string, target: EventTarget = window): () => void {
  const stopping = new AbortController();
  let since = 0;
  let told = 0;
  const note = (kind: PageFault["kind"], thrown: unknown): void => {
    const time = Date.now();
    if (time - since > MINUTE) {
      since = time;
      told = 0;
    }
    told++;
    if (told > PER_MINUTE) return;
    const fault = faultOf(kind, thrown, site);
    api.noteFault(fault).catch(() => {
      // The peer is away; its own end is told elsewhere.
      kept.push({ ...fault, time });
      if (kept.length > KEPT) kept.shift();
    });
  };
  const options = { signal: stopping.signal };
  target.addEventListener(
    "error",
    (event) => {
      const { error, message } = event as ErrorEvent;
      if (!SETTLING.test(message)) note("error", error);
    },
    options,
  );
  target.addEventListener(
    "unhandledrejection",
    (event) => note("rejection", (event as PromiseRejectionEvent).reason),
    options,
  );
  return () => stopping.abort();
}

/** @param site URL of the folder of the app: only what lies there is named, relative to it, without query and fragment */
export function faultOf(kind: PageFault["kind"], thrown: unknown, site: string): PageFault {
  const error = thrown instanceof Error ? thrown : null;
  return { kind, class: error?.name ?? "Error", code: codeOf(thrown), at: framesOf(error?.stack ?? "", site) };
}

function framesOf(stack: string, site: string): string[] {
  const found: string[] = [];
  for (const [, address = "", line, column] of stack.matchAll(FRAME)) {
    if (!URL.canParse(address)) continue;
    const { origin, pathname } = new URL(address);
    const file = `${origin}${pathname}`;
    if (file.startsWith(site)) found.push(`${file.slice(site.length)}:${line}:${column}`);
  }
  return found.slice(0, FRAMES);
}
