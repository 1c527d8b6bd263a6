import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import type { MultiaddrConnection, PeerId } from "@libp2p/interface";
import { multiaddr } from "@multiformats/multiaddr";
import { describe, expect, test } from "vitest";
import { Knocks } from "../../src/mesh/budgets/index.ts";
import { peerIdOf } from "../../src/mesh/keys.ts";
import { createMeshGater, type MeshGaterOptions } from "../../src/mesh/mesh-gater.ts";
import { equalBytes, toHex } from "../../src/wire/index.ts";
import { VirtualClock } from "../sim/clock.ts";

const keyOf = async (fill: number): Promise<Uint8Array> =>
  (await generateKeyPairFromSeed("Ed25519", new Uint8Array(32).fill(fill))).publicKey.raw;
const [relay, banned, linked, stranger] = (await Promise.all([1, 2, 3, 4].map(keyOf))) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

function gaterOf(options: Partial<MeshGaterOptions> = {}) {
  return createMeshGater({
    relayAddresses: new Set(),
    relayIds: new Set([peerIdOf(relay).toString()]),
    guard: { isBanned: (peer) => equalBytes(peer, banned), knocks: new Knocks(new VirtualClock()) },
    directLinks: () => [{ peerText: toHex(linked) }],
    maxLinks: 2,
    ownNetwork: false,
    ...options,
  });
}

/** Over WebRTC, by whatever signalling it came about: relays, neighbours or invites. */
const webrtc = (peer: PeerId): MultiaddrConnection =>
  ({ remoteAddr: multiaddr(`/webrtc/p2p/${peer.toString()}`) }) as MultiaddrConnection;

async function comesIn(gater: ReturnType<typeof gaterOf>, key: Uint8Array): Promise<boolean> {
  const peer = peerIdOf(key);
  const early = await gater.denyInboundConnection?.(webrtc(peer));
  return early !== true && (await gater.denyInboundUpgradedConnection?.(peer, webrtc(peer))) !== true;
}

async function goesOut(gater: ReturnType<typeof gaterOf>, key: Uint8Array): Promise<boolean> {
  const peer = peerIdOf(key);
  const early = await gater.denyOutboundConnection?.(peer, webrtc(peer));
  return early !== true && (await gater.denyOutboundUpgradedConnection?.(peer, webrtc(peer))) !== true;
}

describe("a WebRTC link, by whatever signalling", () => {
  test("is let in and made with anybody but who is shut out or blocked", async () => {
    const gater = gaterOf();
    expect([await comesIn(gater, stranger), await goesOut(gater, stranger)]).toEqual([true, true]);
    expect([await comesIn(gater, banned), await goesOut(gater, banned)]).toEqual([false, false]);
  });

  test("is not let in when there is no room, but for who has a place already", async () => {
    const gater = gaterOf({ maxLinks: 1 });
    expect([await comesIn(gater, stranger), await comesIn(gater, linked)]).toEqual([false, true]);
  });

  test("holds on a network of one's own, too: addresses are free there, bans are not", async () => {
    const gater = gaterOf({ ownNetwork: true });
    expect(await gater.denyDialMultiaddr?.(multiaddr("/ip4/127.0.0.1/tcp/1/ws"))).toBe(false);
    expect([await comesIn(gater, banned), await goesOut(gater, banned)]).toEqual([false, false]);
  });
});

describe("signalling over a relay", () => {
  test("is taken from one peer so many times and no more", async () => {
    const gater = gaterOf();
    const refused: unknown[] = [];
    for (let at = 0; at < 22; at++) {
      refused.push(await gater.denyInboundRelayedConnection?.(peerIdOf(relay), peerIdOf(stranger)));
    }
    expect(refused).toEqual([...Array.from({ length: 20 }, () => false), true, true]);
  });

  test("of who is shut out does not use up what others may", async () => {
    const gater = gaterOf({
      guard: {
        isBanned: (peer) => equalBytes(peer, banned),
        knocks: new Knocks(new VirtualClock(), {
          ofOne: { perSecond: 1, burst: 9 },
          ofAll: { perSecond: 0, burst: 1 },
        }),
      },
    });
    for (let at = 0; at < 5; at++) {
      expect(await gater.denyInboundRelayedConnection?.(peerIdOf(relay), peerIdOf(banned))).toBe(true);
    }
    expect(await gater.denyInboundRelayedConnection?.(peerIdOf(relay), peerIdOf(stranger))).toBe(false);
  });
});
