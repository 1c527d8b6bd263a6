/** Links without a server, in real browsers: by invite, through neighbours, and with a relay that dies. */
import { CHANNEL, expect, test, until, type TestPeer } from "./mesh-harness/peers.ts";
import { startServer } from "./server.ts";

/** Links two peers by hand. */
async function invite(inviter: TestPeer, guest: TestPeer): Promise<number> {
  const offer = await inviter.call("createInvite");
  const answer = await guest.call("answerInvite", offer);
  expect(Math.max(offer.length, answer.length), "small enough for a QR code").toBeLessThan(600);
  const { peer, milliseconds } = await inviter.call("acceptAnswer", answer);
  expect(peer).toBe(guest.key);
  return milliseconds;
}

for (const mode of ["auto", "messages"] as const) {
  test(`two browsers connect by invite with no relay at all (${mode})`, async ({ peer }) => {
    const [a, b] = [await peer({ mode, relays: [] }), await peer({ mode, relays: [] })];
    expect(await invite(a, b)).toBeLessThan(2_000);
    await a.linkedTo(b);
    await b.linkedTo(a);
    expect(await a.call("echo", b.key, 16, 32_768)).toBe(524_288);
    expect(await b.call("echo", a.key, 16, 32_768)).toBe(524_288);
    await b.call("publish", CHANNEL, "hello");
    await a.hears("hello");
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const links = await one.call("links");
      expect(links.map((link) => [link.peer, link.transport, link.direct])).toEqual([[other.key, "webrtc", true]]);
      expect((await one.call("rtc")).open).toBe(1);
    }
  });
}

test("two strangers who share a peer form a direct link with no relay alive, and no offer is wasted", async ({
  peer,
}) => {
  const relays: string[] = [];
  const [a, b, c] = [await peer({ relays }), await peer({ relays }), await peer({ relays })];
  await invite(a, b);
  await invite(a, c);
  // Nobody tells b and c to: a names them to each other.
  await b.linkedTo(c);
  await c.linkedTo(b);
  expect(await b.call("echo", c.key, 4, 10_000)).toBe(40_000);
  for (const one of [b, c]) expect((await one.call("rtc")).created).toBeLessThanOrEqual(3);
});

test("the relay is killed: talk goes on, new links form, and a newcomer joins by invite", async ({
  peer,
  harnessPage,
  harnessRoot,
  guard,
}) => {
  test.setTimeout(180_000);
  const own = await startServer({ root: harnessRoot });
  guard.allow(own.url);
  const relays = [own.relayUrl];
  const page = await harnessPage();
  const [a, b, c] = [await peer({ relays }, page), await peer({ relays }, page), await peer({ relays })];
  await a.linkedTo(b, c);
  await b.linkedTo(c);
  await own.stop();
  for (const one of [a, b, c]) {
    await until("the loss of the relay", async () => (await one.call("relays"))[0]?.state === "waiting");
  }
  await a.call("publish", CHANNEL, "without a relay");
  for (const one of [b, c]) await one.hears("without a relay");

  const newcomers = [await peer({ relays: [] }), await peer({ relays: [] })] as const;
  await invite(a, newcomers[0]);
  await invite(b, newcomers[1]);
  // Everybody gets to know everybody through those who are there.
  for (const one of newcomers) await one.linkedTo(a, b, c);
  await newcomers[0].linkedTo(newcomers[1]);
  await newcomers[1].call("publish", CHANNEL, "hello from a newcomer");
  for (const one of [a, b, c, newcomers[0]]) await one.hears("hello from a newcomer");

  // Provider records are found by way of them, too.
  const hash = "7f".repeat(32);
  expect(await newcomers[0].call("provide", hash)).toBe("PROVIDED");
  expect(await c.call("findProviders", hash, 1)).toEqual([newcomers[0].key]);
});

test("a link that breaks with no relay alive is back through a neighbour", async ({ peer }) => {
  const relays: string[] = [];
  const [a, b, c] = [await peer({ relays }), await peer({ relays }), await peer({ relays })];
  await invite(a, b);
  await invite(a, c);
  await b.linkedTo(c);
  await b.call("drop", c.key);
  await until("the end of the link", async () => !(await b.call("peers")).includes(c.key));
  await b.linkedTo(c);
});

test("a peer that introduces nobody keeps strangers strangers", async ({ peer }) => {
  const relays: string[] = [];
  const [a, b, c] = [await peer({ relays, introduce: "off" }), await peer({ relays }), await peer({ relays })];
  await invite(a, b);
  await invite(a, c);
  expect(await b.call("tryProtocol", c.key, "/mehr-test/echo/1")).toBe("UNREACHABLE");
  await a.call("setIntroduce", "on");
  expect(await b.call("tryProtocol", c.key, "/mehr-test/echo/1")).toBe("OPEN");
});

test("what is no answer to the invite leads nowhere", async ({ peer }) => {
  const relays: string[] = [];
  const [a, b, c] = [await peer({ relays }), await peer({ relays }), await peer({ relays })];
  const offer = await a.call("createInvite");
  const answer = await b.call("answerInvite", offer);
  await expect(c.call("acceptAnswer", answer)).rejects.toThrow("INVITE_NOT_FOR_YOU");
  await expect(a.call("answerInvite", offer)).rejects.toThrow("INVITE_OWN");
  const middle = Math.floor(offer.length / 2);
  const letter = offer[middle] === "A" ? "B" : "A";
  const tampered = offer.slice(0, middle) + letter + offer.slice(middle + 1);
  await expect(c.call("answerInvite", tampered)).rejects.toThrow(/INVITE_(SIGNATURE_INVALID|MALFORMED)/);
  expect((await a.call("acceptAnswer", answer)).peer).toBe(b.key);
  await expect(a.call("acceptAnswer", answer)).rejects.toThrow("INVITE_USED");
  expect(await c.call("peers")).toEqual([]);
  expect((await c.call("rtc")).open).toBe(0);
});
