/**
 * Who this node contacts, and whom it lets in. By default nothing is contacted but the relays of the settings, and
 * peers through them: addresses that other peers tell of are never dialled.
 */
import type { ConnectionGater, PeerId } from "@libp2p/interface";
import type { Multiaddr } from "@multiformats/multiaddr";

export interface GaterPolicy {
  /**
   * Whether relays on this machine or the local network may be used, and without TLS. True where the page itself came
   * from there; a page from the internet must not be able to probe the networks of its visitors.
   */
  readonly allowLocal: boolean;
}

/** What the gater needs to know of the node, asked at every decision. */
export interface GaterView {
  /** Addresses (without peer id) of the relays in the settings. */
  isRelayAddress(address: string): boolean;
  isRelay(peer: string): boolean;
  isBanned(peer: string): boolean;
  /** Whether one more inbound peer is welcome. */
  hasRoom(peer: string): boolean;
  /** Whether this peer may begin to signal now; if so, it is counted. */
  mayKnock(peer: string): boolean;
}

export type RelayRefusal = "RELAY_URL_INVALID" | "RELAY_NOT_SECURE" | "RELAY_NOT_PUBLIC";

/** Why this relay must not be contacted under the policy; `null` when it may. */
export function refuseRelay(url: string, policy: GaterPolicy): RelayRefusal | null {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return "RELAY_URL_INVALID";
  }
  if ((parsed.protocol !== "ws:" && parsed.protocol !== "wss:") || parsed.hostname === "") {
    return "RELAY_URL_INVALID";
  }
  const local = isLocalHost(parsed.hostname);
  if (local) {
    return policy.allowLocal ? null : "RELAY_NOT_PUBLIC";
  }
  return parsed.protocol === "wss:" ? null : "RELAY_NOT_SECURE";
}

/** Loopback, link-local and private addresses, and names that only resolve on this machine or network. */
export function isLocalHost(hostname: string): boolean {
  const host = hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
  if (host.includes(":")) {
    return isLocalIp6(host);
  }
  const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host);
  if (octets !== null) {
    const [first = 0, second = 0] = octets.slice(1).map(Number);
    return (
      first === 127 ||
      first === 10 ||
      first === 0 ||
      (first === 172 && second >= 16 && second <= 31) ||
      (first === 192 && second === 168) ||
      (first === 169 && second === 254) ||
      // Carrier-grade NAT (RFC 6598) is not the internet either.
      (first === 100 && second >= 64 && second <= 127)
    );
  }
  // A name without a dot is one of the local network.
  return !host.includes(".") || /\.(localhost|local|internal|lan|home\.arpa)$/.test(host);
}

function isLocalIp6(host: string): boolean {
  const mapped = /^::ffff:(.+)$/.exec(host)?.[1];
  if (mapped !== undefined) {
    // The URL parser writes mapped addresses in hexadecimal groups.
    const groups = mapped.split(":").map((group) => Number.parseInt(group, 16));
    const [high = 0] = groups;
    return mapped.includes(".") ? isLocalHost(mapped) : isLocalHost(`${high >> 8}.${high & 0xff}.0.0`);
  }
  const first = Number.parseInt(host.split(":")[0] ?? "", 16);
  return (
    host === "::1" ||
    host === "::" ||
    // fc00::/7 unique local, fe80::/10 link-local.
    (first & 0xfe00) === 0xfc00 ||
    (first & 0xffc0) === 0xfe80
  );
}

export function createGater(view: GaterView): ConnectionGater {
  const denied = (peer: PeerId): boolean => view.isBanned(peer.toString());
  return {
    denyDialPeer: denied,
    denyDialMultiaddr: (address) => !mayDial(address, view),
    denyInboundConnection: (connection) =>
      !isThroughRelay(connection.remoteAddr, view) && !isWebRtc(connection.remoteAddr),
    // Signalling costs the window a connection, so this comes last: who is refused for another reason is not counted.
    denyInboundRelayedConnection: (relay, peer) =>
      !view.isRelay(relay.toString()) ||
      denied(peer) ||
      !view.hasRoom(peer.toString()) ||
      !view.mayKnock(peer.toString()),
    denyOutboundConnection: denied,
    denyInboundEncryptedConnection: denied,
    denyOutboundEncryptedConnection: denied,
    denyInboundUpgradedConnection: (peer) => denied(peer) || !view.hasRoom(peer.toString()),
    denyOutboundUpgradedConnection: denied,
    // Nothing but the circuits of our relays is worth remembering of what other peers say about addresses.
    filterMultiaddrForPeer: (_peer, address) => isThroughRelay(address, view),
  };
}

function mayDial(address: Multiaddr, view: GaterView): boolean {
  if (isThroughRelay(address, view)) {
    return true;
  }
  const parts = address.getComponents();
  const base = parts.at(-1)?.name === "p2p" ? address.decapsulate("/p2p") : address;
  if (view.isRelayAddress(base.toString())) {
    return true;
  }
  // A bare relay id leads to the connection that there is already.
  return parts.length === 1 && view.isRelay(parts[0]?.value ?? "");
}

/** Whether the circuit of one of our relays leads there, and nothing else does. */
function isThroughRelay(address: Multiaddr, view: GaterView): boolean {
  const parts = address.getComponents();
  const circuit = parts.findIndex((part) => part.name === "p2p-circuit");
  return circuit > 0 && view.isRelay(parts.slice(0, circuit).findLast((part) => part.name === "p2p")?.value ?? "");
}

function isWebRtc(address: Multiaddr): boolean {
  return address.getComponents()[0]?.name === "webrtc";
}
