import { createMesh, MeshError, type FrameStream, type Mesh, type Verdict } from "../../../src/mesh/index.ts";
import type { RtcBridge } from "../../../src/mesh/rtc/shim.ts";
import { fromHex, toHex } from "../../../src/wire/index.ts";
import type { PeerCall, PeerCalls, PeerConfig, Received } from "./calls.ts";

const ECHO = "/mehr-test/echo/1";
const SINK = "/mehr-test/sink/1";

type Served = { [Name in keyof PeerCalls]: (...args: Parameters<PeerCalls[Name]>) => unknown };

export async function servePeer(config: PeerConfig, rtc: RtcBridge, port: MessagePort): Promise<void> {
  const mesh = await createMesh({
    seed: fromHex(config.seed),
    relays: config.relays,
    iceServers: config.iceServers ?? [],
    policy: { allowLocal: config.allowLocal ?? true },
    introduce: config.introduce ?? "on",
    rtc,
    random: Math.random,
    log: (level, message, detail) => console.debug(level, message, detail),
  });
  const received: Received[] = [];
  let verdict: Verdict = "accept";
  mesh.setChannelHandler(async ({ channel, bytes, from }) => {
    const at = performance.timeOrigin + performance.now();
    received.push({ channel, text: new TextDecoder().decode(bytes), from: toHex(from), at });
    if (verdict === "reject") mesh.report(from, "SIGNATURE_INVALID");
    return verdict;
  });
  mesh.handle(ECHO, echo);
  mesh.handle(SINK, sink);
  for (const channel of config.channels) {
    mesh.join(channel);
  }
  const served: Served = {
    self: () => toHex(mesh.self),
    start: () => mesh.start(),
    stop: () => mesh.stop(),
    peers: () => mesh.peers().map(toHex),
    links: () => mesh.links().map((link) => ({ ...link, peer: toHex(link.peer) })),
    relays: () => mesh.relays().map(({ url, state, error }) => ({ url, state, error })),
    reconnect: () => mesh.reconnect(),
    join: (channel) => mesh.join(channel),
    channelPeers: (channel) => mesh.channelPeers(channel).map(toHex),
    publish: async (channel, text) => {
      const at = performance.timeOrigin + performance.now();
      return { at, peers: (await mesh.publish(channel, new TextEncoder().encode(text))).length };
    },
    received: () => received,
    judge: (next) => {
      verdict = next;
    },
    connect: async (peer) => {
      const from = performance.now();
      await mesh.connect(fromHex(peer));
      return performance.now() - from;
    },
    echo: (peer, frames, bytes) => askEcho(mesh, fromHex(peer), frames, bytes),
    flood: (peer, frames, bytes) => flood(mesh, fromHex(peer), frames, bytes),
    tryProtocol: async (peer, protocol) => {
      try {
        const stream = await mesh.openStream(fromHex(peer), protocol);
        await stream.close();
        return "OPEN";
      } catch (error) {
        return error instanceof MeshError ? error.code : String(error);
      }
    },
    createInvite: async () => (await mesh.createInvite()).code,
    answerInvite: async (code) => (await mesh.answerInvite(code)).code,
    acceptAnswer: async (code) => {
      const from = performance.now();
      const { peer } = await mesh.acceptAnswer(code);
      return { peer: toHex(peer), milliseconds: performance.now() - from };
    },
    setIntroduce: (mode) => mesh.setIntroduce(mode),
    drop: (peer) => {
      mesh.setBlocked([fromHex(peer)]);
      mesh.setBlocked([]);
    },
    report: (peer, code) => mesh.report(fromHex(peer), code),
    provide: async (hash) => {
      try {
        await mesh.provide(fromHex(hash));
        return "PROVIDED";
      } catch (error) {
        return error instanceof MeshError ? error.code : String(error);
      }
    },
    findProviders: async (hash, limit) => {
      const found: string[] = [];
      for await (const peer of mesh.findProviders(fromHex(hash), { limit })) {
        found.push(toHex(peer));
      }
      return found;
    },
    rtc: async () => ({ mode: rtc.mode, created: rtc.created(), open: rtc.open(), stats: await rtc.stats() }),
  };
  port.addEventListener("message", (event: MessageEvent<{ id: number; call: PeerCall }>) => {
    void answer(port, event.data.id, event.data.call, served);
  });
  port.start();
  port.postMessage({ id: 0, value: "ready" });
}

async function answer(port: MessagePort, id: number, call: PeerCall, served: Served): Promise<void> {
  try {
    const method = served[call.name] as (...args: unknown[]) => unknown;
    port.postMessage({ id, value: await method(...call.args) });
  } catch (error) {
    port.postMessage({ id, error: describe(error) });
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.name}: ${"code" in error ? String(error.code) : ""} ${error.message}`;
}

async function echo(stream: FrameStream): Promise<void> {
  for (let frame = await stream.read(); frame !== null; frame = await stream.read()) {
    await stream.write(frame);
  }
}

/** Counts what comes and answers with the sum. */
async function sink(stream: FrameStream): Promise<void> {
  let bytes = 0;
  for (let frame = await stream.read(); frame !== null; frame = await stream.read()) {
    bytes += frame.length;
    if (frame.length === 0) {
      break;
    }
  }
  await stream.write(new TextEncoder().encode(String(bytes)));
}

async function askEcho(mesh: Mesh, peer: Uint8Array, frames: number, bytes: number): Promise<number> {
  const stream = await mesh.openStream(peer, ECHO);
  let echoed = 0;
  for (let frame = 0; frame < frames; frame++) {
    await stream.write(new Uint8Array(bytes).fill(frame));
    const back = await stream.read();
    if (back === null || back.some((byte) => byte !== frame % 256)) {
      throw new Error("The echo differs.");
    }
    echoed += back.length;
  }
  await stream.close();
  return echoed;
}

async function flood(
  mesh: Mesh,
  peer: Uint8Array,
  frames: number,
  bytes: number,
): Promise<{ milliseconds: number; received: number }> {
  const stream = await mesh.openStream(peer, SINK);
  const frame = new Uint8Array(bytes).fill(7);
  const from = performance.now();
  for (let sent = 0; sent < frames; sent++) {
    await stream.write(frame);
  }
  await stream.write(new Uint8Array(0));
  const answered = await stream.read();
  const milliseconds = performance.now() - from;
  await stream.close();
  return { milliseconds, received: Number(new TextDecoder().decode(answered ?? new Uint8Array())) };
}
