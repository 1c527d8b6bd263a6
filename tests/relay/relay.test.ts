/** The relay as peers meet it: real WebSockets on loopback, libp2p nodes in this process. */
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { get as secureGet } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { circuitRelayTransport } from "@libp2p/circuit-relay-v2";
import { identify } from "@libp2p/identify";
import type { Stream } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { webSockets } from "@libp2p/websockets";
import { yamux } from "@libp2p/yamux";
import { multiaddr, type Multiaddr } from "@multiformats/multiaddr";
import { createLibp2p, type Libp2p } from "libp2p";
import { afterEach, describe, expect, test, vi } from "vitest";
import { frameStream } from "../../src/mesh/frames.ts";
import { nodeKeyOf } from "../../src/mesh/keys.ts";
import { systemClock } from "../../src/mesh/protocols/clock.ts";
import { RENDEZVOUS_PROTOCOL, RendezvousClient } from "../../src/mesh/rendezvous.ts";
import { loadIdentity, startRelay, type Relay, type RelayOptions } from "../../src/relay/index.ts";
import { toHex } from "../../src/wire/index.ts";

const HOME = "mehr/1/g/cyberspace/commons";

const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function relayWith(options: RelayOptions = {}): Promise<Relay> {
  const relay = await startRelay(options);
  stops.push(() => relay.stop());
  return relay;
}

const addressOf = (relay: Relay): Multiaddr => multiaddr(`/ip4/127.0.0.1/tcp/${relay.port}/ws/p2p/${relay.peerId}`);

async function peer(relay?: Relay): Promise<Libp2p> {
  const node = await createLibp2p({
    addresses: relay === undefined ? {} : { listen: [`${addressOf(relay).toString()}/p2p-circuit`] },
    transports: [webSockets(), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    // By default libp2p refuses the sixth connection within a second.
    connectionManager: { inboundConnectionThreshold: 1_000 },
    services: { identify: identify() },
  });
  stops.push(async () => {
    await node.stop();
  });
  return node;
}

/** A second answer to the same question until it is the one hoped for. */
const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 20 });

const keyOf = (node: Libp2p): Uint8Array => nodeKeyOf(node.peerId) ?? new Uint8Array();

describe("circuits", () => {
  test("a peer with a reservation is reached through the relay, and what passes is counted", async () => {
    const relay = await relayWith();
    const [alice, bob] = [await peer(relay), await peer()];
    await eventually(() => expect(relay.status().reservations).toBe(1));
    await alice.handle(
      "/test/echo/1",
      (stream: Stream) => {
        stream.addEventListener("message", ({ data }) => stream.send(data));
      },
      { runOnLimitedConnection: true },
    );
    const circuit = addressOf(relay).encapsulate(`/p2p-circuit/p2p/${alice.peerId.toString()}`);
    const stream = await bob.dialProtocol(circuit, "/test/echo/1", { runOnLimitedConnection: true });
    let received = 0;
    stream.addEventListener("message", ({ data }) => {
      received += data.byteLength;
    });
    const before = relay.status().relayed;
    expect(before.circuits).toBe(1);
    stream.send(new Uint8Array(10_000));
    await eventually(() => expect(received).toBe(10_000));
    const carried = relay.status().relayed.bytes - before.bytes;
    expect(carried).toBeGreaterThanOrEqual(20_000);
    expect(carried).toBeLessThan(22_000);
  });

  test("carry signalling and nothing bigger", async () => {
    const relay = await relayWith({ limits: { relayedBytes: 65_536 } });
    const [alice, bob] = [await peer(relay), await peer()];
    let arrived = 0;
    await alice.handle(
      "/test/sink/1",
      (stream: Stream) => {
        stream.addEventListener("message", ({ data }) => {
          arrived += data.byteLength;
        });
      },
      { runOnLimitedConnection: true },
    );
    const circuit = addressOf(relay).encapsulate(`/p2p-circuit/p2p/${alice.peerId.toString()}`);
    const stream = await bob.dialProtocol(circuit, "/test/sink/1", { runOnLimitedConnection: true });
    const ended = new Promise((resolve) => {
      stream.addEventListener("close", resolve, { once: true });
    });
    for (let sent = 0; sent < 40 && stream.status === "open"; sent++) stream.send(new Uint8Array(8_192));
    await ended;
    expect(arrived).toBeLessThan(65_536);
  });

  test("cost: a peer that asks for one after the other is refused after the first few dozen", async () => {
    const relay = await relayWith();
    const [alice, bob] = [await peer(relay), await peer()];
    await eventually(() => expect(relay.status().reservations).toBe(1));
    const circuit = addressOf(relay).encapsulate(`/p2p-circuit/p2p/${alice.peerId.toString()}`);
    let opened = 0;
    const openOne = async (): Promise<boolean> => {
      try {
        const connection = await bob.dial(circuit, { force: true });
        await connection.close();
        opened += 1;
        return true;
      } catch {
        return false;
      }
    };
    let granted = true;
    for (let asked = 0; granted && asked < 200; asked++) granted = await openOne();
    expect(opened).toBeGreaterThan(20);
    expect(opened).toBeLessThan(100);
  });

  test("the place of a peer that leaves is free at once", async () => {
    const relay = await relayWith({ limits: { maxReservations: 1 } });
    const first = await peer(relay);
    await eventually(() => expect(relay.status().reservations).toBe(1));
    await first.stop();
    await eventually(() => expect(relay.status()).toMatchObject({ reservations: 0, connections: 0 }));
    const second = await peer(relay);
    await eventually(() => expect(relay.status().reservations).toBe(1));
    expect(second.getMultiaddrs().map(String)).toContain(
      `${addressOf(relay).toString()}/p2p-circuit/p2p/${second.peerId.toString()}`,
    );
  });
});

describe("introductions", () => {
  async function register(node: Libp2p, relay: Relay) {
    const stream = await node.dialProtocol(addressOf(relay), RENDEZVOUS_PROTOCOL);
    const seen: string[] = [];
    const client = new RendezvousClient(frameStream(stream, new Uint8Array(32)), {
      self: keyOf(node),
      clock: systemClock,
      onPeers: (_, peers) => seen.push(...peers.map(toHex)),
    });
    const stop = new AbortController();
    client.setChannels([HOME]);
    const ended = client.run(stop.signal).then(
      () => null,
      (error: unknown) => error,
    );
    return { seen, stop, ended };
  }

  test("peers of a channel hear of each other over the wire", async () => {
    const relay = await relayWith();
    const [alice, bob] = [await peer(relay), await peer(relay)];
    const first = await register(alice, relay);
    await eventually(() => expect(relay.status().registrations).toEqual({ peers: 1, channels: 1 }));
    const second = await register(bob, relay);
    await eventually(() => {
      expect(first.seen).toEqual([toHex(keyOf(bob))]);
      expect(second.seen).toEqual([toHex(keyOf(alice))]);
    });
    first.stop.abort();
    expect(await first.ended).toBeNull();
    await eventually(() => expect(relay.status().registrations.peers).toBe(1));
    await bob.stop();
    await eventually(() => expect(relay.status().registrations).toEqual({ peers: 0, channels: 0 }));
  });

  test("a hostile frame ends that stream and nothing else", async () => {
    const relay = await relayWith();
    const [alice, mallory] = [await peer(relay), await peer()];
    const honest = await register(alice, relay);
    const stream = await mallory.dialProtocol(addressOf(relay), RENDEZVOUS_PROTOCOL);
    const reset = new Promise<string>((resolve) => {
      stream.addEventListener("close", () => resolve(stream.status), { once: true });
    });
    // A frame of 2^28 - 1 bytes, it says.
    stream.send(Uint8Array.of(0xff, 0xff, 0xff, 0x7f, 1, 2, 3));
    expect(await reset).toBe("reset");
    const bob = await register(await peer(relay), relay);
    await eventually(() => expect(bob.seen).toEqual([toHex(keyOf(alice))]));
    honest.stop.abort();
    expect(await honest.ended).toBeNull();
  });

  test("stopping the relay ends the streams of its peers", async () => {
    const relay = await startRelay();
    const client = await register(await peer(relay), relay);
    await eventually(() => expect(relay.status().registrations.peers).toBe(1));
    await relay.stop();
    expect(await client.ended).toMatchObject({ code: "STREAM_RESET" });
  });
});

describe("the WebSocket", () => {
  /** Sends bytes as they are and returns what comes back until the server ends the connection. */
  function raw(port: number, text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let answer = "";
      const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.from(text, "latin1")));
      socket.on("data", (chunk) => {
        answer += chunk.toString("latin1");
      });
      socket.on("error", reject);
      socket.on("close", () => resolve(answer));
    });
  }

  const upgrade = (target: string): string =>
    [
      `GET ${target} HTTP/1.1`,
      "Host: localhost",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      "",
      "",
    ].join("\r\n");

  test("is at /relay and at /, and nowhere else", async () => {
    const relay = await relayWith();
    for (const target of ["/relay", "/", "/relay?x=1"]) {
      const socket = new WebSocket(`ws://127.0.0.1:${relay.port}${target}`);
      await new Promise((resolve, reject) => {
        socket.addEventListener("open", resolve, { once: true });
        socket.addEventListener("error", reject, { once: true });
      });
      socket.close();
    }
    expect(await raw(relay.port, upgrade("/other"))).toMatch(/^HTTP\/1.1 404 /);
  });

  test("survives those who do not speak the protocol", async () => {
    const relay = await relayWith();
    expect(await raw(relay.port, "\u0016\u0003\u0001 not http at all\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
    const half = upgrade("/relay").replace("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "");
    expect(await raw(relay.port, half)).toMatch(/^HTTP\/1.1 400 /);
    // A frame without a mask, which a client must set: RFC 6455 section 5.1.
    expect(await raw(relay.port, `${upgrade("/relay")}\u0082\u0001x`)).toMatch(/^HTTP\/1.1 101 /);
    const socket = new WebSocket(`ws://127.0.0.1:${relay.port}/relay`);
    await new Promise((resolve) => {
      socket.addEventListener("open", resolve, { once: true });
    });
    const closed = new Promise((resolve) => {
      socket.addEventListener("close", resolve, { once: true });
    });
    // Longer than any message of ours; the relay must not wait for the end of it.
    socket.send(new Uint8Array(2_000_000));
    await closed;
    expect((await fetch(`${relay.url}relay/status`)).status).toBe(200);
  });
});

describe("over TLS", () => {
  test("the app is https, the relay wss", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "mehr-tls-"));
    stops.push(() => rm(folder, { recursive: true }));
    const [certFile, keyFile] = [path.join(folder, "cert.pem"), path.join(folder, "key.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1"];
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyFile];
    execFileSync("openssl", ["req", "-x509", ...key, "-out", certFile, ...subject], { stdio: "pipe" });
    const cert = await readFile(certFile, "utf8");
    await writeFile(path.join(folder, "index.html"), "<title>Mehr</title>");
    const relay = await relayWith({ cert, key: await readFile(keyFile, "utf8"), root: folder });
    expect(relay.url).toBe(`https://127.0.0.1:${relay.port}/`);
    expect(relay.relayUrl).toBe(`wss://127.0.0.1:${relay.port}/relay`);
    const body = await new Promise<string>((resolve, reject) => {
      const sent = secureGet(relay.url, { ca: cert }, (response) => {
        response.on("data", (chunk: Buffer) => resolve(chunk.toString()));
      });
      sent.on("error", reject);
    });
    expect(body).toContain("Mehr");
  });

  test("a certificate that is none is refused", async () => {
    await expect(startRelay({ cert: "nonsense", key: "nonsense" })).rejects.toMatchObject({
      code: "RELAY_CERTIFICATE",
    });
    await expect(startRelay({ cert: "nonsense" })).rejects.toMatchObject({ code: "RELAY_CERTIFICATE" });
  });
});

describe("the identity", () => {
  test("is made once and kept", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "mehr-identity-"));
    stops.push(() => rm(folder, { recursive: true }));
    const file = path.join(folder, "relay.key");
    const first = await relayWith({ identity: await loadIdentity(file) });
    const second = await relayWith({ identity: await loadIdentity(file) });
    expect(second.peerId).toBe(first.peerId);
    expect((await relayWith()).peerId).not.toBe(first.peerId);
    expect((await stat(file)).mode & 0o077).toBe(0);
    await writeFile(file, "nonsense");
    await expect(loadIdentity(file)).rejects.toMatchObject({ code: "RELAY_IDENTITY" });
    await expect(loadIdentity(folder)).rejects.toMatchObject({ code: "RELAY_IDENTITY" });
  });
});
