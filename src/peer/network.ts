import type { Mesh, PeerLink } from "../mesh/port.ts";
import type { Store } from "../store/port.ts";
import { encodeNodeId, equalBytes, type NodeKey } from "../wire/index.ts";
import type { ConnectionView, NetworkView, Status, StorageView } from "./api.ts";
import type { Guards } from "./defence/guards.ts";
import type { ProfileBook } from "./profiles.ts";

/** What `navigator.storage` offers; null where there is none, as in Node. */
export interface StorageEstimates {
  estimate(): Promise<{ quota?: number; usage?: number }>;
  persisted(): Promise<boolean>;
}

export interface NetworkSources {
  /** Null while the network is being loaded. */
  readonly mesh: () => Mesh | null;
  readonly store: Store;
  readonly profiles: ProfileBook;
  readonly guards: () => Pick<Guards, "alike">;
  readonly estimates: StorageEstimates | null;
  /** Envelopes refused since start, by code. */
  readonly refused: () => Readonly<Record<string, number>>;
  /** Objects in the outbox. */
  readonly waiting: () => number;
  /** Milliseconds that the own clock is ahead; `null` where not enough others have said. */
  readonly clockSkew: () => number | null;
  /** Whether others hear another device with this identity. */
  readonly twin: () => boolean;
}

export function statusOf(sources: Pick<NetworkSources, "mesh" | "twin" | "waiting">): Status {
  const mesh = sources.mesh();
  return { state: reachOf(mesh), peers: mesh?.peers().length ?? 0, waiting: sources.waiting(), twin: sources.twin() };
}

export async function networkOf(sources: NetworkSources): Promise<NetworkView> {
  const { profiles, refused } = sources;
  const mesh = sources.mesh();
  const links = mesh?.links() ?? [];
  const shutOut = mesh?.shutOut() ?? [];
  const misdeeds = mesh?.misdeeds() ?? [];
  await profiles.load([...links, ...shutOut, ...misdeeds].map(({ peer }) => peer));
  const guards = sources.guards();
  const named = ({ peer }: { peer: NodeKey }) => {
    const name = profiles.nameOf(peer);
    return { peer: encodeNodeId(peer), name, alike: guards.alike(peer, name) };
  };
  return {
    status: statusOf(sources),
    connections: links.map((link) => ({ ...connectionOf(link), ...(relayOf(mesh, link) ?? named(link)) })),
    relays: mesh?.relays().map(({ url, state, error }) => ({ url, state, error })) ?? [],
    channels: mesh?.channels().map((name) => ({ name, peers: mesh.channelPeers(name).length })) ?? [],
    storage: await storageOf(sources),
    refused: refused(),
    clockSkew: sources.clockSkew(),
    shutOut: shutOut.map((ban) => ({ ...ban, ...named(ban) })),
    misdeeds: misdeeds.map((misdeed) => ({ ...misdeed, ...named(misdeed) })),
  };
}

/** Whether anybody can be reached now. */
export function reachOf(mesh: Mesh | null): Status["state"] {
  if (mesh === null) return "searching";
  if (mesh.peers().length > 0) return "online";
  const reachable = mesh.relays().some((relay) => ["connecting", "connected", "reserved"].includes(relay.state));
  return reachable ? "searching" : "offline";
}

/** A relay has no profile: it is known by where it is. */
function relayOf(mesh: Mesh | null, link: PeerLink): Pick<ConnectionView, "alike" | "name" | "peer"> | null {
  if (link.transport !== "websocket") return null;
  const relay = mesh?.relays().find(({ nodeId }) => nodeId !== null && equalBytes(nodeId, link.peer));
  return relay === undefined ? null : { peer: encodeNodeId(link.peer), name: new URL(relay.url).host, alike: null };
}

function connectionOf(link: PeerLink): Omit<ConnectionView, "alike" | "name" | "peer"> {
  const { transport, direction, openedAt, roundTrip, bytesIn, bytesOut, protocols } = link;
  return {
    transport,
    direction,
    openedAt,
    roundTrip,
    bytesIn,
    bytesOut,
    protocols,
  };
}

async function storageOf({ store, estimates }: NetworkSources): Promise<StorageView> {
  const { collectable, collected, envelopes, envelopeBytes, objects, objectBytes } = await store.usage();
  const damaged = await store.damaged();
  const estimate = await estimates?.estimate();
  return {
    envelopes,
    envelopeBytes,
    objects,
    objectBytes,
    quota: estimate?.quota ?? null,
    used: estimate?.usage ?? null,
    persisted: (await estimates?.persisted()) ?? false,
    collectable,
    collected,
    damaged: { records: damaged.length, lost: damaged.filter(({ mended }) => !mended).length },
  };
}
