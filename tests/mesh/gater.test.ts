import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import type { MultiaddrConnection } from "@libp2p/interface";
import { multiaddr } from "@multiformats/multiaddr";
import { describe, expect, test } from "vitest";
import { createGater, isLocalHost, refuseRelay, type GaterView } from "../../src/mesh/gater.ts";
import { circuitAddress, peerIdOf, relayAddress } from "../../src/mesh/keys.ts";

const key = async (fill: number): Promise<Uint8Array> =>
  (await generateKeyPairFromSeed("Ed25519", new Uint8Array(32).fill(fill))).publicKey.raw;

const [relay, otherRelay, peer, banned] = (await Promise.all([1, 2, 3, 4].map(key))).map(peerIdOf) as [
  ReturnType<typeof peerIdOf>,
  ReturnType<typeof peerIdOf>,
  ReturnType<typeof peerIdOf>,
  ReturnType<typeof peerIdOf>,
];

const RELAY_URL = "wss://relay.example.org/relay";
let room = true;
const knocked: string[] = [];
let knocks = true;
const view: GaterView = {
  isRelayAddress: (address) => address === relayAddress(RELAY_URL).toString(),
  isRelay: (id) => id === relay.toString(),
  isBanned: (id) => id === banned.toString(),
  hasRoom: () => room,
  mayKnock: (id) => {
    knocked.push(id);
    return knocks;
  },
};
const gater = createGater(view);

describe("which addresses are dialled", () => {
  const r = relay.toString();
  const p = peer.toString();
  test.each([
    ["the relay of the settings", relayAddress(RELAY_URL).toString(), true],
    ["the same, with its id", `${relayAddress(RELAY_URL).toString()}/p2p/${r}`, true],
    ["the relay's id alone", `/p2p/${r}`, true],
    ["a peer by WebRTC over that relay", circuitAddress(relay, peer).toString(), true],
    ["a peer over that relay", `/p2p/${r}/p2p-circuit/p2p/${p}`, true],
    ["a peer over another relay", circuitAddress(otherRelay, peer).toString(), false],
    [
      "a peer over another relay by address",
      `/dns4/evil.example/tcp/443/wss/p2p/${otherRelay.toString()}/p2p-circuit/p2p/${p}`,
      false,
    ],
    ["another path of the relay's host", "/dns4/relay.example.org/tcp/443/wss/http-path/other", false],
    ["another WebSocket", "/dns4/evil.example/tcp/443/wss", false],
    ["the local network", `/ip4/192.168.1.1/tcp/80/ws/p2p/${p}`, false],
    ["this machine", "/ip4/127.0.0.1/tcp/8080/ws", false],
    [
      "WebRTC direct",
      `/ip4/1.2.3.4/udp/9090/webrtc-direct/certhash/uEiAkH5a4DPGKUuOBjYw0CgwjvcJCJMD2K_1aluKR_tpevQ/p2p/${p}`,
      false,
    ],
    ["a peer's id alone", `/p2p/${p}`, false],
    ["a circuit without a relay", `/p2p-circuit/p2p/${p}`, false],
  ])("%s: %s -> %s", async (_, address, allowed) => {
    expect(await gater.denyDialMultiaddr?.(multiaddr(address))).toBe(!allowed);
  });
});

describe("who is let in", () => {
  const from = (address: string): MultiaddrConnection => ({ remoteAddr: multiaddr(address) }) as MultiaddrConnection;

  test("peers over a relay of ours and by WebRTC, nobody else", async () => {
    const circuit = `/dns4/relay.example.org/tcp/443/wss/http-path/relay/p2p/${relay.toString()}/p2p-circuit/p2p/${peer.toString()}`;
    expect(await gater.denyInboundConnection?.(from(circuit))).toBe(false);
    expect(await gater.denyInboundConnection?.(from(`/webrtc/p2p/${peer.toString()}`))).toBe(false);
    expect(await gater.denyInboundConnection?.(from(`/ip4/1.2.3.4/tcp/1/ws/p2p/${peer.toString()}`))).toBe(true);
    expect(await gater.denyInboundConnection?.(from(circuit.replace(relay.toString(), otherRelay.toString())))).toBe(
      true,
    );
  });

  test("nobody who is shut out, in either direction", async () => {
    expect(await gater.denyDialPeer?.(banned)).toBe(true);
    expect(await gater.denyInboundRelayedConnection?.(relay, banned)).toBe(true);
    expect(await gater.denyInboundUpgradedConnection?.(banned, from("/webrtc"))).toBe(true);
    expect(await gater.denyDialPeer?.(peer)).toBe(false);
    expect(await gater.denyInboundRelayedConnection?.(relay, peer)).toBe(false);
  });

  test("nobody when there is no room", async () => {
    room = false;
    expect(await gater.denyInboundRelayedConnection?.(relay, peer)).toBe(true);
    expect(await gater.denyInboundUpgradedConnection?.(peer, from("/webrtc"))).toBe(true);
    room = true;
  });

  test("nobody who comes too often, and who is refused for another reason is not counted", async () => {
    knocked.length = 0;
    knocks = false;
    expect(await gater.denyInboundRelayedConnection?.(relay, peer)).toBe(true);
    knocks = true;
    expect(await gater.denyInboundRelayedConnection?.(relay, peer)).toBe(false);
    expect(await gater.denyInboundRelayedConnection?.(relay, banned)).toBe(true);
    room = false;
    expect(await gater.denyInboundRelayedConnection?.(relay, peer)).toBe(true);
    room = true;
    expect(knocked).toEqual([peer, peer].map(String));
  });

  test("nobody over a relay that is not in the settings", async () => {
    expect(await gater.denyInboundRelayedConnection?.(otherRelay, peer)).toBe(true);
  });

  test.each([
    "/webrtc-direct/p2p/",
    "/ip4/1.2.3.4/udp/9/webrtc-direct/p2p/",
    "/ip4/192.168.1.9/tcp/80/ws/p2p/",
    "/dns4/relay.example.org/tcp/443/wss/http-path/relay/p2p/",
    "/memory/1/p2p/",
    "/p2p/",
  ])("nothing that comes by %s", async (address) => {
    expect(await gater.denyInboundConnection?.(from(address + peer.toString()))).toBe(true);
  });

  test("of a peer's own addresses only circuits of our relays are kept", async () => {
    expect(await gater.filterMultiaddrForPeer?.(peer, circuitAddress(relay, peer))).toBe(true);
    expect(await gater.filterMultiaddrForPeer?.(peer, multiaddr("/ip4/10.0.0.1/tcp/1/ws"))).toBe(false);
  });
});

describe("which relays are used", () => {
  test.each([
    ["wss://relay.example.org/relay", null, null],
    ["ws://relay.example.org/relay", "RELAY_NOT_SECURE", "RELAY_NOT_SECURE"],
    ["ws://localhost:8080/relay", "RELAY_NOT_PUBLIC", null],
    ["wss://192.168.1.20/relay", "RELAY_NOT_PUBLIC", null],
    ["ws://[::1]:8080/relay", "RELAY_NOT_PUBLIC", null],
    ["https://relay.example.org/", "RELAY_URL_INVALID", "RELAY_URL_INVALID"],
    ["relay.example.org", "RELAY_URL_INVALID", "RELAY_URL_INVALID"],
    ["", "RELAY_URL_INVALID", "RELAY_URL_INVALID"],
  ])("%s: from the internet %s, from this network %s", (url, outside, inside) => {
    expect(refuseRelay(url, { allowLocal: false })).toBe(outside);
    expect(refuseRelay(url, { allowLocal: true })).toBe(inside);
  });

  test.each([
    ["localhost", true],
    ["app.localhost", true],
    ["printer.local", true],
    ["nas", true],
    ["127.0.0.1", true],
    ["127.255.255.254", true],
    ["10.1.2.3", true],
    ["172.16.0.1", true],
    ["172.31.255.255", true],
    ["172.32.0.1", false],
    ["192.168.0.1", true],
    ["192.169.0.1", false],
    ["169.254.10.10", true],
    ["100.64.0.1", true],
    ["100.128.0.1", false],
    ["0.0.0.0", true],
    ["8.8.8.8", false],
    ["[::1]", true],
    ["[fe80::1]", true],
    ["[fd00::1]", true],
    ["[2001:db8::1]", false],
    ["[::ffff:7f00:1]", true],
    ["[::ffff:808:808]", false],
    ["example.org", false],
    ["localhost.example.org", false],
  ])("%s is of this network: %s", (host, local) => {
    expect(isLocalHost(host)).toBe(local);
  });
});

describe("addresses", () => {
  test.each([
    ["ws://127.0.0.1:8080/relay", "/ip4/127.0.0.1/tcp/8080/ws/http-path/relay"],
    ["wss://relay.example.org/relay/", "/dns4/relay.example.org/tcp/443/wss/http-path/relay"],
    ["wss://relay.example.org/a/b", "/dns4/relay.example.org/tcp/443/wss/http-path/a%2Fb"],
    ["ws://[::1]:90", "/ip6/::1/tcp/90/ws"],
    ["ws://host/", "/dns4/host/tcp/80/ws"],
  ])("%s is dialled as %s", (url, address) => {
    expect(relayAddress(url).toString()).toBe(address);
  });

  test("a key and its libp2p name are one", async () => {
    const raw = await key(9);
    expect(peerIdOf(raw).publicKey?.raw).toEqual(raw);
    expect(() => peerIdOf(new Uint8Array(31))).toThrow(expect.objectContaining({ code: "UNREACHABLE" }));
  });
});
