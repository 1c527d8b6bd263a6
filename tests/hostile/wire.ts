/** Bytes of the protocols that libraries of honest peers write, written by hand: an attacker keeps to no library's rules. */
import { multiaddr } from "@multiformats/multiaddr";
import { concatBytes } from "../../src/wire/index.ts";

export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Uint8Array.of(...bytes, rest);
}

/** With its length in front, as all of them frame. */
export function framed(bytes: Uint8Array): Uint8Array {
  return concatBytes(varint(bytes.length), bytes);
}

const ascii = new TextEncoder();

/** A field of Protocol Buffers whose content has a length. */
function field(number: number, content: Uint8Array | string): Uint8Array {
  const bytes = typeof content === "string" ? ascii.encode(content) : content;
  return concatBytes(varint((number << 3) | 2), varint(bytes.length), bytes);
}

function numeral(number: number, value: number): Uint8Array {
  return concatBytes(varint(number << 3), varint(value));
}

/** Gossipsub's RPC: `subscriptions` = 1 (`subscribe` = 1, `topicid` = 2), `publish` = 2 (`data` = 2, `topic` = 4). */
export const gossip = {
  subscribe: (channel: string): Uint8Array => field(1, concatBytes(numeral(1, 1), field(2, channel))),
  publish: (channel: string, messages: readonly Uint8Array[]): Uint8Array =>
    concatBytes(...messages.map((data) => field(2, concatBytes(field(2, data), field(4, channel))))),
  /** `control` = 3 (`ihave` = 1 with `topicID` = 1 and `messageIDs` = 2). */
  ihave: (channel: string, ids: readonly Uint8Array[]): Uint8Array =>
    field(3, field(1, concatBytes(field(1, channel), ...ids.map((id) => field(2, id))))),
};

const ADD_PROVIDER = 2;
const ANYWHERE = multiaddr("/webrtc").bytes;

/**
 * Kademlia's ADD_PROVIDER: `type` = 1, `key` = 2 (a CID), `providers` = 9 (`id` = 1, `multiaddrs` = 2).
 * @param provider a peer id as multihash; the sender's own, or a lie
 */
export function addProvider(hash: Uint8Array, provider: Uint8Array): Uint8Array {
  // CID version 1, raw bytes, sha2-256: what the mesh calls every key, although it is a BLAKE3 hash.
  const cid = concatBytes(Uint8Array.of(0x01, 0x55, 0x12, 0x20), hash);
  return concatBytes(
    numeral(1, ADD_PROVIDER),
    field(2, cid),
    field(9, concatBytes(field(1, provider), field(2, ANYWHERE))),
  );
}
