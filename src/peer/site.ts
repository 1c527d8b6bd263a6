import * as v from "valibot";
import { isLocalHost } from "../mesh/gater.ts";
import type { MeshOptions } from "../mesh/options.ts";
import type { Settings } from "./api.ts";

/** `config.json` beside the page: what whoever hosts the app adds to it. */
const SiteConfig = v.object({ relays: v.pipe(v.array(v.string()), v.maxLength(16)) });

/** The file is small and from the page's own origin; a server that hangs must not keep the peer from starting. */
const TIMEOUT = 5_000;

/**
 * WebSocket URLs of the relays that the site names, relative ones resolved against it. A site without the file, or one
 * that cannot be reached now, names none.
 * @param site URL of the folder that the app is served from
 */
export async function siteRelays(site: string, load: typeof fetch): Promise<readonly string[]> {
  try {
    const response = await load(new URL("config.json", site), { signal: AbortSignal.timeout(TIMEOUT) });
    if (!response.ok) return [];
    const { relays } = v.parse(SiteConfig, await response.json());
    return relays.flatMap((relay) => webSocketUrl(relay, site) ?? []);
  } catch (error) {
    // Offline, or not JSON: the peers of earlier days and the person's own relays are there still.
    console.warn("config.json", error instanceof Error ? error.message : error);
    return [];
  }
}

/** Whom a peer of this site may contact: the person's own relays, else the site's. */
export async function reachOf(
  site: string,
  settings: Pick<Settings, "relays" | "iceServers">,
  load: typeof fetch,
): Promise<Pick<MeshOptions, "relays" | "iceServers" | "policy">> {
  const relays = settings.relays.length > 0 ? settings.relays : await siteRelays(site, load);
  const policy = { allowLocal: isLocalHost(new URL(site).hostname) };
  return { relays, iceServers: [...settings.iceServers], policy };
}

/** `null` for what no relay can be reached at: the others of the list are still good. */
function webSocketUrl(relay: string, site: string): string | null {
  if (!URL.canParse(relay, site)) return null;
  const url = new URL(relay, site);
  if (url.protocol === "http:") url.protocol = "ws:";
  if (url.protocol === "https:") url.protocol = "wss:";
  return url.protocol === "ws:" || url.protocol === "wss:" ? url.href : null;
}
