/** What the page itself can see: how it was loaded, its version and service worker, whether the peer answers, its host's clock. */
import type { LockView, PeerApi } from "../../../../peer/api.ts";
import type { PeerState } from "../../../../rpc/index.ts";
import { ownBuild } from "../../../../rpc/version.ts";
import { SITE } from "../../../site.ts";
import { codeOf } from "../../../state/errors.ts";
import { finding, type Finding } from "../finding.ts";

/** A call to an idle worker takes some milliseconds; nobody should wait a second for one. */
const SLOW = 1_000;
const SILENT = 10_000;

/** The host's clock is told in whole seconds, and the answer was on its way. */
const TOLERANCE = 30_000;
/** What is dated further ahead is refused by everybody (docs/protocol.md, "Belief"). */
const REFUSED = 600_000;
const HOST_PATIENCE = 5_000;

export function checkContext(): Finding {
  return window.isSecureContext ? finding("ok", "CONTEXT_SECURE") : finding("broken", "CONTEXT_INSECURE");
}

export async function checkService(): Promise<Finding> {
  if (!("serviceWorker" in navigator)) return finding("warning", "SERVICE_UNSUPPORTED");
  const registration = await navigator.serviceWorker.getRegistration(SITE);
  if (registration === undefined) return finding("warning", "SERVICE_MISSING");
  if (registration.active === null) return finding("warning", "SERVICE_STARTING");
  return finding("ok", registration.waiting === null ? "SERVICE_ACTIVE" : "SERVICE_WAITING");
}

export function checkVersion(): Finding {
  return finding("ok", "VERSION_KNOWN", { build: ownBuild(document) });
}

/** How the keys of this identity lie on the device. */
export async function checkKeys(api: PeerApi): Promise<Finding> {
  let state: LockView["state"] | null = null;
  const subscription = await api.watch("lock", {}, (update) => (state ??= update.value.state));
  await subscription.close();
  return finding("ok", state === "none" ? "KEYS_PLAIN" : "KEYS_ENCRYPTED");
}

export async function checkPeer(state: PeerState, api: PeerApi | undefined): Promise<Finding> {
  if (state.kind === "failed") return finding("broken", "PEER_FAILED", { reason: state.code });
  if (api === undefined) return finding("warning", "PEER_ELSEWHERE");
  const began = performance.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const silent = new Promise<"silent">((resolve) => (timer = setTimeout(resolve, SILENT, "silent")));
    if ((await Promise.race([api.log({ limit: 1 }), silent])) === "silent") return finding("broken", "PEER_SILENT");
  } catch (error) {
    return finding("broken", "PEER_FAILED", { reason: codeOf(error) });
  } finally {
    clearTimeout(timer);
  }
  const took = Math.round(performance.now() - began);
  return took > SLOW ? finding("warning", "PEER_SLOW", { took }) : finding("ok", "PEER_ANSWERS", { took });
}

/** Compares with the host of the app, which tells the time with every answer; no third party is asked. */
export async function checkClockOfHost(signal: AbortSignal): Promise<Finding> {
  const skew = await skewToHost(signal);
  if (skew === null) return finding("ok", "CLOCK_UNKNOWN");
  const off = Math.abs(skew);
  if (off <= TOLERANCE) return finding("ok", "CLOCK_RIGHT", { skew });
  return finding(off > REFUSED ? "broken" : "warning", off > REFUSED ? "CLOCK_WRONG" : "CLOCK_OFF", { skew });
}

/** Milliseconds that this clock is ahead of the host's; `null` when the host does not answer. */
async function skewToHost(signal: AbortSignal): Promise<number | null> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(HOST_PATIENCE)]);
  const before = Date.now();
  try {
    // HEAD goes past the service worker, which would answer with what it kept, dated long ago.
    const response = await fetch(SITE, { method: "HEAD", cache: "no-store", signal: limited });
    const told = Date.parse(response.headers.get("date") ?? "");
    return Number.isNaN(told) ? null : Math.round((before + Date.now()) / 2 - (told + 500));
  } catch {
    // Offline: there is nobody to compare with, which the finding says.
    signal.throwIfAborted();
    return null;
  }
}
