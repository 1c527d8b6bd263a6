/** The mesh in real browsers, without an app: direct links through the real relay, over both kinds of bridge. */
import { createServer, type AddressInfo } from "node:net";
import { CHANNEL, expect, test, until, type TestPeer } from "./mesh-harness/peers.ts";
import { startServer } from "./server.ts";

const MIB = 1_048_576;

/** Bytes that the window's connections of a peer have sent and received. */
async function windowBytes(peer: TestPeer): Promise<{ sent: number; received: number }> {
  const { stats } = await peer.call("rtc");
  return {
    sent: stats.reduce((sum, one) => sum + one.bytesSent, 0),
    received: stats.reduce((sum, one) => sum + one.bytesReceived, 0),
  };
}

for (const mode of ["auto", "messages"] as const) {
  test(`two people are linked directly, and content goes over that link alone (${mode})`, async ({ peer, relay }) => {
    const [a, b] = [await peer({ mode }), await peer({ mode })];
    await a.linkedTo(b);
    await b.linkedTo(a);
    // No STUN or TURN server was asked.
    for (const { localCandidate } of (await a.call("rtc")).stats)
      expect(localCandidate ?? "host").toMatch(/^(host|prflx)$/);
    expect((await a.call("rtc")).mode).toBe(mode === "auto" ? "transfer" : "messages");

    // Signalling is over when the circuits are closed; from then on nothing passes through the relay.
    await until("only the direct link and the relay's", async () =>
      (await a.call("links")).every((link) => link.transport !== "relay"),
    );
    const relayedBefore = (await relay.status()).relayed.bytes;
    const before = await windowBytes(a);

    expect(await a.call("echo", b.key, 32, 32_768)).toBe(MIB);
    const { received } = await a.call("flood", b.key, 64, 65_536);
    expect(received).toBe(4 * MIB);
    const published = await a.call("publish", CHANNEL, "hello");
    expect(published.peers).toBe(1);
    expect((await b.hears("hello")).from).toBe(a.key);

    const after = await windowBytes(a);
    expect(after.sent - before.sent).toBeGreaterThan(5 * MIB);
    expect(after.received - before.received).toBeGreaterThan(MIB);
    expect((await relay.status()).relayed.bytes).toBe(relayedBefore);

    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const links = await one.call("links");
      const direct = links.filter((link) => link.direct);
      expect(direct.map((link) => [link.peer, link.transport])).toEqual([[other.key, "webrtc"]]);
      expect(direct[0]?.protocols["/mehr-test/sink/1"]?.[one === a ? "out" : "in"]).toBeGreaterThan(4 * MIB);
      for (const link of links.filter((link) => !link.direct)) {
        expect(link.transport).toBe("websocket");
        expect(Object.keys(link.protocols).filter((protocol) => /^.mehr-test|meshsub/.test(protocol))).toEqual([]);
        expect(link.bytesOut).toBeLessThan(20_000);
      }
    }
  });
}

test("six peers form one mesh: each pair has one link, gossip reaches all, providers are found", async ({
  peer,
  harnessPage,
}) => {
  const page = await harnessPage();
  const peers: TestPeer[] = [];
  for (let count = 0; count < 6; count++) peers.push(await peer({}, page));
  for (const one of peers) await one.linkedTo(...peers.filter((other) => other !== one));

  for (const one of peers) {
    await until(`one link for each neighbour of peer ${one.index}`, async () => {
      const links = await one.call("links");
      return links.filter((link) => link.direct).length === 5 && links.every((link) => link.transport !== "relay");
    });
    expect(new Set(await one.call("peers")).size).toBe(5);
  }

  for (const one of peers) {
    const text = `from ${one.index}`;
    expect((await one.call("publish", CHANNEL, text)).peers).toBeGreaterThan(0);
    for (const other of peers) if (other !== one) await other.hears(text);
  }
  for (const one of peers) {
    const texts = (await one.call("received")).map((message) => message.text);
    expect(new Set(texts).size, "each message is heard once").toBe(texts.length);
  }

  const [provider, , , seeker] = peers as [TestPeer, TestPeer, TestPeer, TestPeer];
  const hash = "5e".repeat(32);
  expect(await provider.call("provide", hash)).toBe("PROVIDED");
  expect(await seeker.call("findProviders", hash, 1)).toEqual([provider.key]);
  expect(await seeker.call("findProviders", "00".repeat(32), 1)).toEqual([]);
});

test("twenty dials one after another succeed", async ({ peer, harnessPage }) => {
  const target = await peer({ channels: [] });
  const page = await harnessPage();
  for (let count = 0; count < 20; count++) {
    const dialler = await peer({ channels: [] }, page);
    await until("a reservation", async () => (await dialler.call("relays"))[0]?.state === "reserved");
    expect(await dialler.call("connect", target.key)).toBeLessThan(10_000);
    expect(await dialler.call("echo", target.key, 1, 1_000)).toBe(1_000);
    await dialler.call("stop");
    await until("the end of the link", async () => !(await target.call("peers")).includes(dialler.key));
  }
});

test("links outlive the relay, and everybody is back when it is", async ({ peer, harnessRoot, guard, harnessPage }) => {
  const port = await freePort();
  let own = await startServer({ root: harnessRoot, port });
  try {
    guard.allow(own.url);
    const relays = [own.relayUrl];
    const [a, b] = [await peer({ relays }), await peer({ relays })];
    await a.linkedTo(b);
    await own.stop();
    await until("the loss to be noticed", async () => (await a.call("relays"))[0]?.state === "waiting");
    expect(await a.call("echo", b.key, 4, 10_000)).toBe(40_000);
    await a.call("publish", CHANNEL, "without a relay");
    await b.hears("without a relay");

    own = await startServer({ root: harnessRoot, port });
    await a.call("reconnect");
    for (const one of [a, b]) {
      await until("a new reservation", async () => (await one.call("relays"))[0]?.state === "reserved");
    }
    const c = await peer({ relays }, await harnessPage());
    await c.linkedTo(a, b);
  } finally {
    await own.stop();
  }
});

test("when a worker ends its window lets go of the connections, and others notice", async ({ peer, harnessPage }) => {
  const page = await harnessPage();
  const a = await peer({}, page);
  const b = await peer();
  await b.linkedTo(a);
  expect(await page.evaluate((index) => window.harness.connections(index), a.index)).toBe(1);
  await page.evaluate((index) => window.harness.terminate(index), a.index);
  await until(
    "closed connections",
    async () => (await page.evaluate((index) => window.harness.connections(index), a.index)) === 0,
  );
  await until("the end of the link", async () => (await b.call("peers")).length === 0);
});

test("a peer that sends what is rejected loses its link and does not get it back", async ({ peer }) => {
  const [a, b] = [await peer(), await peer()];
  await a.linkedTo(b);
  await b.linkedTo(a);
  await b.call("judge", "reject");
  for (let message = 0; message < 20; message++) await a.call("publish", CHANNEL, `bad ${message}`);
  for (const one of [a, b]) await until("the end of the link", async () => (await one.call("peers")).length === 0);
  expect(await b.call("tryProtocol", a.key, "/mehr-test/echo/1")).toBe("UNREACHABLE");
  expect(await a.call("tryProtocol", b.key, "/mehr-test/echo/1")).toBe("UNREACHABLE");
});

test("a page from the internet does not touch relays of the local network", async ({ peer, harnessRoot }) => {
  const own = await startServer({ root: harnessRoot });
  try {
    const a = await peer({ allowLocal: false, relays: [own.relayUrl] });
    expect(await a.call("relays")).toEqual([{ url: own.relayUrl, state: "failed", error: "RELAY_NOT_PUBLIC" }]);
    await a.call("reconnect");
    expect(await a.call("tryProtocol", "11".repeat(32), "/mehr-test/echo/1")).toBe("UNREACHABLE");
    expect((await own.status()).connections).toBe(0);
  } finally {
    await own.stop();
  }
});

test("a browser that makes no more connections is a failed dial, not a wait for ever", async ({
  peer,
  harnessPage,
}) => {
  const page = await harnessPage();
  const a = await peer({ channels: [] }, page);
  const b = await peer({ channels: [] });
  await until("a reservation", async () => (await b.call("relays"))[0]?.state === "reserved");
  await until("a reservation", async () => (await a.call("relays"))[0]?.state === "reserved");
  await page.evaluate(() => {
    const kept: RTCPeerConnection[] = [];
    Object.assign(window, { kept });
    for (;;) {
      try {
        kept.push(new RTCPeerConnection());
      } catch (error) {
        // Chromium refuses the 501st that was not collected.
        console.debug(error);
        return;
      }
    }
  });
  expect(await a.call("tryProtocol", b.key, "/mehr-test/echo/1")).toBe("UNREACHABLE");
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}
