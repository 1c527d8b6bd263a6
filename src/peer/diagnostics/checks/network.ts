import { pause, type Clock } from "../../../mesh/protocols/index.ts";
import type { Mesh, RelayStatus } from "../../../mesh/port.ts";
import { equalBytes } from "../../../wire/index.ts";
import type { PeerCore } from "../../core.ts";
import type { Finding } from "../check.ts";

/** How long the network may take to load, and then a relay to answer; a relay is given 10 s, most answer within 1. */
const LOADING = 5_000;
const ANSWERING = 8_000;
const LOOK_EVERY = 100;
/** After `reconnect` a relay that waited is being dialled within this time. */
const BEGIN = 300;

/** Dials the relays that are not connected, now, and tells of each how that went. */
export async function checkRelays(core: PeerCore, signal: AbortSignal): Promise<readonly Finding[]> {
  const { clock } = core.ports;
  const mesh = await meshOf(core, signal);
  if (mesh === null) return [{ state: "broken", code: "NETWORK_NOT_LOADED" }];
  if (mesh.relays().length === 0) return [{ state: "warning", code: "RELAYS_NONE" }];
  mesh.reconnect();
  await pause(clock, BEGIN, signal);
  await until(clock, ANSWERING, signal, () => mesh.relays().every(settled));
  // With one relay or a direct link there is a way to others; without any this peer is alone.
  const alone = mesh.peers().length === 0 && !mesh.relays().some(reached);
  return mesh.relays().map((relay, at) => findingOf(relay, at + 1, mesh, alone));
}

/** Whether there is any direct link, over which alone posts travel. */
export async function checkLinks(core: PeerCore, signal: AbortSignal): Promise<readonly Finding[]> {
  const mesh = await meshOf(core, signal);
  if (mesh === null) return [{ state: "broken", code: "NETWORK_NOT_LOADED" }];
  const direct = mesh.links().filter((link) => link.direct);
  if (direct.length === 0) return [{ state: "warning", code: "LINKS_NONE" }];
  const trips = direct.map((link) => link.roundTrip).filter((trip) => trip !== null);
  const roundTrip = trips.length === 0 ? null : Math.min(...trips);
  return [{ state: "ok", code: "LINKS_DIRECT", details: { links: direct.length, roundTrip } }];
}

function findingOf(relay: RelayStatus, place: number, mesh: Mesh, alone: boolean): Finding {
  const { error, nodeId, state } = relay;
  if (reached(relay)) {
    const link = mesh.links().find((each) => nodeId !== null && equalBytes(each.peer, nodeId) && !each.direct);
    const details = { relay: place, roundTrip: link?.roundTrip ?? null };
    return state === "reserved"
      ? { state: "ok", code: "RELAY_READY", details }
      : { state: "warning", code: "RELAY_NOT_RESERVED", details };
  }
  const code = state === "failed" ? "RELAY_REFUSED" : "RELAY_UNREACHABLE";
  return { state: alone ? "broken" : "warning", code, details: { relay: place, reason: error } };
}

function reached({ state }: RelayStatus): boolean {
  return state === "reserved" || state === "connected";
}

function settled({ state }: RelayStatus): boolean {
  return state === "reserved" || state === "failed" || state === "waiting";
}

async function meshOf(core: PeerCore, signal: AbortSignal): Promise<Mesh | null> {
  const loaded = (): boolean => core.exchange() !== null;
  if (!loaded()) await until(core.ports.clock, LOADING, signal, loaded);
  return core.exchange()?.mesh ?? null;
}

/** Resolves when the condition holds or the time is over. */
async function until(clock: Clock, ms: number, signal: AbortSignal, condition: () => boolean): Promise<void> {
  const end = clock.now() + ms;
  while (!condition() && clock.now() < end) await pause(clock, LOOK_EVERY, signal);
}
