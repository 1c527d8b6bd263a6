/** Links without a server, in real browsers: by invite, through neighbours, and with a relay that dies. */
import { CHANNEL, expect, test, until, type TestPeer } from "./mesh-harness/peers.ts";

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

/** Waits until nobody of these has a relay any more. */
async function withoutRelay(...peers: readonly TestPeer[]): Promise<void> {
  for (const one of peers) {
    await until("the loss of the relay", async () => (await one.call("relays"))[0]?.state !== "reserved");
  }
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
