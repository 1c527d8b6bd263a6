/** Links without a server, in real browsers: by invite, through neighbours, and with a relay that dies. */
import { CHANNEL, expect, test, type TestPeer } from "./mesh-harness/peers.ts";

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
