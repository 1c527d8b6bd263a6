/** Between the key that names a peer everywhere else and the names that libp2p gives it. */
import { publicKeyFromRaw } from "@libp2p/crypto/keys";
import type { PeerId } from "@libp2p/interface";
import { peerIdFromPublicKey, peerIdFromString } from "@libp2p/peer-id";
import { multiaddr, type Multiaddr } from "@multiformats/multiaddr";
import { compareBytes, toHex, type NodeKey } from "../wire/index.ts";
import { MeshError } from "./errors.ts";

/** Ed25519 keys are 32 bytes. */
const KEY_BYTES = 32;

/** @throws MeshError `UNREACHABLE` when the bytes are no Ed25519 key: such a peer cannot exist. */
export function peerIdOf(key: NodeKey): PeerId {
  if (key.length !== KEY_BYTES) {
    throw new MeshError("UNREACHABLE", `A node key has ${KEY_BYTES} bytes, not ${key.length}.`);
  }
  return peerIdFromPublicKey(publicKeyFromRaw(key));
}

/** `null` for peers whose identity is not an Ed25519 key; they are none of ours. */
export function nodeKeyOf(peer: PeerId): NodeKey | null {
  return peer.type === "Ed25519" ? peer.publicKey.raw : null;
}

export function nodeKeyFromText(peer: string): NodeKey | null {
  return nodeKeyOf(peerIdFromString(peer));
}

/** A key as the key of a Map. */
export const keyText = toHex;

/** Order of keys by their bytes; both ends of a link agree on it. */
export function lowerKey(a: NodeKey, b: NodeKey): boolean {
  return compareBytes(a, b) < 0;
}

/**
 * Where a peer is dialled: signalling over the circuit of a relay that both are connected to, then WebRTC. The relay
 * is named by its id alone, so such an address never makes the node contact a host.
 */
export function circuitAddress(relay: PeerId, peer: PeerId): Multiaddr {
  return multiaddr(`/p2p/${relay.toString()}/p2p-circuit/webrtc/p2p/${peer.toString()}`);
}

/**
 * `ws://host:port/path` as a multiaddr.
 * @throws TypeError when the text is no ws or wss URL
 */
export function relayAddress(url: string): Multiaddr {
  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol !== "ws:" && protocol !== "wss:") {
    throw new TypeError(`A relay has a ws or wss URL, not ${protocol}`);
  }
  const secure = protocol === "wss:";
  const path = pathname.replace(/^\/|\/$/g, "");
  const parts = [
    hostComponent(hostname),
    `/tcp/${port === "" ? (secure ? 443 : 80) : port}`,
    secure ? "/wss" : "/ws",
    path === "" ? "" : `/http-path/${encodeURIComponent(path)}`,
  ];
  return multiaddr(parts.join(""));
}

function hostComponent(hostname: string): string {
  if (hostname.startsWith("[")) {
    return `/ip6/${hostname.slice(1, -1)}`;
  }
  return /^\d+\.\d+\.\d+\.\d+$/.test(hostname) ? `/ip4/${hostname}` : `/dns4/${hostname}`;
}
