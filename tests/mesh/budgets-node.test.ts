/** The budgets in front of the real libp2p: every wrapped method of the libraries is met here. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { BUDGETS } from "../../src/mesh/budgets/index.ts";
import { toHex } from "../../src/wire/index.ts";
import { attack, frame, gossipStream, rpcOf, startVictim, varint, type Attacker, type Victim } from "./hostile-node.ts";

const CHANNEL = "mehr/1/g/cyberspace/commons";
const ECHO = "/mehr-test/echo/1";
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 15_000, interval: 20 });
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

async function victim(): Promise<Victim & { heard: string[] }> {
  const started = await startVictim();
  stops.push(() => started.mesh.stop());
  const heard: string[] = [];
  started.mesh.setChannelHandler(async ({ bytes }) => {
    heard.push(new TextDecoder().decode(bytes));
    return "accept";
  });
  started.mesh.join(CHANNEL);
  started.mesh.handle(ECHO, async (stream) => {
    for (let part = await stream.read(); part !== null; part = await stream.read()) await stream.write(part);
  });
  return { ...started, heard };
}

async function attacker(on: Victim): Promise<Attacker> {
  const started = await attack(on);
  stops.push(() => started.stop());
  await eventually(() => expect(on.mesh.peers().map(toHex)).toContain(toHex(started.key)));
  return started;
}

/** Waits until the victim has dropped this peer, and resolves with the reason that it states. */
async function dropped({ mesh }: Victim, { key }: Attacker): Promise<string | undefined> {
  await eventually(() => expect(mesh.shutOut().map(({ peer }) => toHex(peer))).toContain(toHex(key)));
  await eventually(() => expect(mesh.peers().map(toHex)).not.toContain(toHex(key)));
  return mesh.shutOut().find(({ peer }) => toHex(peer) === toHex(key))?.code;
}

describe("streams", () => {
  test("five hundred at once are refused before they agree on a protocol, and their opener is dropped", async () => {
    const on = await victim();
    let served = 0;
    on.mesh.handle("/mehr-test/held/1", async (stream) => {
      served++;
      await stream.read();
    });
    const opener = await attacker(on);
    const opened = Array.from({ length: 500 }, () =>
      opener.connection.newStream("/mehr-test/held/1", { maxOutboundStreams: 1_000 }),
    );
    await Promise.allSettled(opened);
    expect(await dropped(on, opener)).toBe("STREAM_FLOOD");
    expect(served).toBeLessThanOrEqual(BUDGETS.streams.open);
  });

  test("of a neighbour work meanwhile", async () => {
    const on = await victim();
    const [honest, opener] = [await attacker(on), await attacker(on)];
    const opened = Promise.allSettled(
      Array.from({ length: 500 }, () => opener.connection.newStream(ECHO, { maxOutboundStreams: 1_000 })),
    );
    const stream = await honest.connection.newStream(ECHO);
    const answer = new Promise<Uint8Array>((resolve) => {
      stream.addEventListener("message", ({ data }) => resolve(data.subarray()));
    });
    stream.send(frame(text("hello")));
    expect(await answer).toEqual(frame(text("hello")));
    await opened;
    await dropped(on, opener);
    expect(on.mesh.shutOut().map(({ peer }) => toHex(peer))).not.toContain(toHex(honest.key));
  });
});

describe("gossip", () => {
  test("that is no RPC costs its sender the link", async () => {
    const on = await victim();
    const sender = await attacker(on);
    const stream = await gossipStream(sender);
    for (let bad = 0; bad < 4; bad++) stream.send(frame(Uint8Array.of(0x0a, 0xff, 0xff, 0xff)));
    expect(await dropped(on, sender)).toBe("MALFORMED");
    expect(on.heard).toEqual([]);
  });

  test("with a length that is too large is not waited for", async () => {
    const on = await victim();
    const sender = await attacker(on);
    const stream = await gossipStream(sender);
    stream.send(Uint8Array.from(varint(100_000_000)));
    await eventually(() => expect(on.mesh.misdeeds().map(({ code }) => code)).toEqual(["FRAME_TOO_LARGE"]));
  });

  test("with a message that is too large is dropped with its sender", async () => {
    const on = await victim();
    const sender = await attacker(on);
    const stream = await gossipStream(sender);
    for (let bad = 0; bad < 2; bad++) stream.send(frame(rpcOf(CHANNEL, [new Uint8Array(30_000).fill(bad)])));
    expect(await dropped(on, sender)).toBe("FRAME_TOO_LARGE");
    expect(on.heard).toEqual([]);
  });

  test("of 10,000 messages in a moment is heard as far as the budget goes; a neighbour's message is there at once", async () => {
    const on = await victim();
    const [flooder, honest] = [await attacker(on), await attacker(on)];
    const [flood, stream] = [await gossipStream(flooder), await gossipStream(honest)];
    for (let at = 0; at < 10_000; at += 100) {
      const messages = Array.from({ length: 100 }, (_, index) => text(`flood ${at + index}`));
      flood.send(frame(rpcOf(CHANNEL, messages)));
    }
    stream.send(frame(rpcOf(CHANNEL, [text("honest")])));
    expect(await dropped(on, flooder)).toBe("FLOODING");
    await eventually(() => expect(on.heard).toContain("honest"));
    const { burst } = BUDGETS.gossip.messages;
    expect(on.heard.length).toBeLessThan(burst + 200);
  });

  test("on a channel that was not joined is of no use, and a lot of it is a flood", async () => {
    const on = await victim();
    const sender = await attacker(on);
    const stream = await gossipStream(sender);
    const elsewhere = (from: number): Uint8Array =>
      frame(
        rpcOf(
          "mehr/1/g/elsewhere",
          Array.from({ length: 100 }, (_, at) => text(`${from + at}`)),
        ),
      );
    for (let part = 0; part < 6; part++) stream.send(elsewhere(part * 100));
    expect(await dropped(on, sender)).toBe("FLOODING");
    expect(on.heard).toEqual([]);
  });

  test("of more bytes than a budget is not read faster, and resets the stream when too much gathers", async () => {
    const on = await victim();
    const sender = await attacker(on);
    const stream = await gossipStream(sender);
    const { bytes, maxUnread } = BUDGETS.gossip;
    // Messages on no joined channel, in frames of 64 KiB; more than what is saved up and may gather together.
    const part = frame(new Uint8Array(65_000));
    const reset = new Promise<void>((resolve) => stream.addEventListener("close", () => resolve(), { once: true }));
    let sent = 0;
    while (stream.status === "open" && sent < 4 * (bytes.burst + maxUnread)) {
      stream.send(part);
      sent += part.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await reset;
    expect(on.mesh.misdeeds().map(({ peer }) => toHex(peer))).toEqual([toHex(sender.key)]);
  });
});

test("a request of the DHT that is longer than any of them resets its stream", async () => {
  const on = await victim();
  const sender = await attacker(on);
  const stream = await sender.connection.newStream("/mehr/kad/1");
  stream.send(frame(new Uint8Array(100_000)));
  await eventually(() => expect(on.mesh.misdeeds().map(({ code }) => code)).toEqual(["FRAME_TOO_LARGE"]));
});

test("an answer of the DHT that is longer than any of them resets its stream, too", async () => {
  const on = await victim();
  const liar = await attacker(on);
  await liar.handle("/mehr/kad/1", (stream) => {
    stream.send(frame(new Uint8Array(100_000)));
  });
  const looking = new AbortController();
  const search = (async () => {
    for await (const found of on.mesh.findProviders(new Uint8Array(32).fill(7), { signal: looking.signal }))
      return found;
    return null;
  })();
  await eventually(() => expect(on.mesh.misdeeds().map(({ code }) => code)).toContain("FRAME_TOO_LARGE"));
  looking.abort(new Error("seen enough"));
  await search.catch((error: unknown) => expect(error).toMatchObject({ message: "seen enough" }));
});

describe("who is shut out or blocked", () => {
  test("comes in no more, and does again when it is let in", async () => {
    const on = await victim();
    const sender = await attacker(on);
    for (const code of ["BAD_HASH", "BAD_HASH"]) on.mesh.report(sender.key, code);
    await dropped(on, sender);
    await eventually(() => expect(sender.connection.status).not.toBe("open"));
    expect(on.mesh.shutOut()).toMatchObject([{ code: "BAD_HASH", times: 1 }]);
    on.mesh.pardon(sender.key);
    expect(on.mesh.shutOut()).toEqual([]);
  });

  test("a block ends the link and keeps it ended", async () => {
    const on = await victim();
    const blocked = await attacker(on);
    on.mesh.setBlocked([blocked.key]);
    await eventually(() => expect(on.mesh.peers()).toEqual([]));
    await eventually(() => expect(blocked.connection.status).not.toBe("open"));
    expect(on.mesh.shutOut()).toEqual([]);
    await expect(on.mesh.connect(blocked.key)).rejects.toMatchObject({ code: "UNREACHABLE" });
  });
});
