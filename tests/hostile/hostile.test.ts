/**
 * Hostile peers against a whole peer with real streams: nothing that they send is kept, they are shut out with a reason, and
 * whoever is honest is heard meanwhile. What it costs the victim's threads is looked at in a browser (tests/browser).
 */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import type { Clock } from "../../src/mesh/protocols/index.ts";
import { equalBytes, fromHex, toHex, type Hash } from "../../src/wire/index.ts";
import { SeededRandom } from "../sim/random.ts";
import { draftOf } from "../sim/town.ts";
import { Attacker } from "./attacker.ts";
import { ATTACKS, CHANNEL, PLACE, TOPIC } from "./attacks.ts";
import { fastClock, Neighbourhood, type RealPeer } from "./real-peer.ts";

await initHash();

/** Half a minute of the victim's is three seconds of the test's; faster, and on a busy machine echoes come too late for it. */
const SPEED = 10;
const HELD = 40;
/** Contexts under which the peer logs what goes wrong inside it. */
const OWN_WORK = /^(ingest|live|outbox|network):/;

let clock: Clock;
let town: Neighbourhood;
let victim: RealPeer;
let friend: RealPeer;
let attacker: Attacker;
let written = 0;
let large: Hash;

const eventually = (check: () => void | Promise<void>, timeout = 20_000): Promise<void> =>
  vi.waitFor(check, { timeout, interval: 10 });

beforeEach(async () => {
  clock = fastClock(SPEED);
  town = new Neighbourhood(clock, 6);
  [victim, friend] = [await town.arrive(), await town.arrive()];
  await eventually(() => friend.mesh.connect(victim.mesh.self));
  await eventually(() => {
    expect(victim.mesh.channelPeers(CHANNEL)).toHaveLength(1);
    expect(friend.mesh.channelPeers(CHANNEL)).toHaveLength(1);
  });
  await victim.api.updateSettings({ topics: [TOPIC] });
  const { postHash } = await friend.api.publish(draftOf("Much to read. ".repeat(3_500), [PLACE]));
  large = fromHex(postHash);
  for (let at = 1; at < HELD; at++) await friend.api.publish(draftOf(`From before ${at}`, [PLACE]));
  await eventually(() => expect(victim.store.envelopes.count({ kind: "all" })).toBe(HELD));
  await victim.api.post(postHash);
  attacker = await Attacker.create({ seed: new SeededRandom(11).bytes(32), network: town.transports });
  await attacker.reach(victim.address);
});

afterEach(async () => {
  await attacker.stop();
  await town.end();
});

/** Publishes at the friend's; resolves with the milliseconds until the victim holds it. */
async function delivery(): Promise<number> {
  const began = performance.now();
  const { hash } = await friend.api.publish(draftOf(`Honest ${written++}`, [PLACE]));
  await eventually(async () => expect(await victim.api.envelope(hash)).not.toBeNull());
  return performance.now() - began;
}

async function held(): Promise<Uint8Array[]> {
  const rows = victim.store.envelopes.query({ filter: { kind: "all" }, limit: HELD });
  const bytes = await victim.store.envelopes.bytes(rows.map((row) => row.hash));
  return bytes.filter((each) => each !== undefined);
}

describe("a peer under attack by", () => {
  it.each(ATTACKS)("$name", { timeout: 120_000 }, async ({ mayKeep = 0, reasons, run }) => {
    const objects = (await victim.store.usage()).objects;
    const attack = run(attacker, {
      now: () => clock.now(),
      held: await held(),
      large,
      read: (post) =>
        victim.api.post(toHex(post)).then(
          () => undefined,
          // The attacker has no post to give: what the reader says to the person is tested elsewhere.
          () => undefined,
        ),
      pause: (ms) => new Promise((resolve) => void clock.after(ms, () => resolve())),
    });
    // Honest people go on talking while it lasts, and are heard.
    const pace = { over: false };
    const attacking = attack.finally(() => (pace.over = true));
    do await delivery();
    while (!pace.over);
    await attacking;

    await eventually(() => {
      const shutOut = victim.mesh.shutOut().filter(({ peer }) => equalBytes(peer, attacker.key));
      const expected = reasons.length === 0 ? [] : [expect.toBeOneOf([...reasons])];
      expect(shutOut.map(({ code }) => code)).toEqual(expected);
      const neighbours = victim.mesh.peers().map(toHex);
      expect(neighbours).toContain(toHex(friend.mesh.self));
      if (reasons.length > 0) expect(neighbours).toHaveLength(1);
    });
    const own = victim.store.envelopes.count({ kind: "authors", authors: [attacker.key] });
    expect(own).toBeLessThanOrEqual(mayKeep);
    expect((await victim.store.usage()).objects).toBe(objects);
    // Streams to somebody who hangs up fail, which is logged; nothing of the peer's own may.
    expect(victim.faults.filter((fault) => OWN_WORK.test(fault))).toEqual([]);
    await delivery();
  });
});
