/** A listener between an honest author and a flooder, on a simulated network whose signature checks take time. */
import { describe, expect, it } from "vitest";
import { pause } from "../../src/mesh/protocols/index.ts";
import { Receiver } from "../../src/peer/receiver.ts";
import { createMemoryStore, type Store } from "../../src/store/index.ts";
import { Serial } from "../../src/store/serial.ts";
import { toHex, type Signer } from "../../src/wire/index.ts";
import { signEnvelope, type SignedEnvelope } from "../sim/author.ts";
import { VirtualClock } from "../sim/clock.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { SimNetwork } from "../sim/network.ts";

const CHANNEL = "mehr/1/g/cyberspace/commons";
/** Ten times what WebCrypto needs for a check (0.1 ms, measured), one after the other. */
const CHECK = 1;
/** Each second, for 10,000 a minute. */
const FLOOD = 167;

const keyOf = (number: number): Uint8Array => {
  const key = new Uint8Array(32);
  new DataView(key.buffer).setUint32(0, number);
  return key;
};
/** Signs without meaning it: what a check says is part of the setting here. */
const authorOf = (number: number): Signer => ({ publicKey: keyOf(number), sign: async () => new Uint8Array(64) });

interface Setting {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly listener: SimMesh;
  readonly honest: SimMesh;
  readonly flooder: SimMesh;
  /** Publishes as the honest author and resolves with the milliseconds until the listener has stored it. */
  delivery(): Promise<number>;
  /** The longest of ten, since links take their time. */
  undisturbed(): Promise<number>;
  envelope(author: number, text: string, ahead?: number): Promise<SignedEnvelope>;
}

async function setting(valid: (author: Uint8Array) => boolean = () => true): Promise<Setting> {
  const clock = new VirtualClock();
  const network = new SimNetwork({ clock, seed: 77, latency: [30, 30] });
  const [listener, honest, flooder] = [1, 2, 3].map((number) => network.createMesh(keyOf(number))) as [
    SimMesh,
    SimMesh,
    SimMesh,
  ];
  const store = createMemoryStore({ randomBytes: (length) => network.random.bytes(length) });
  let free = 0;
  const receiver = new Receiver({
    store,
    clock,
    following: { has: () => false },
    onStored: () => undefined,
    onMisdeed: (peer, code) => listener.report(peer, code),
    onWaste: (peer, milliseconds) => listener.charge(peer, milliseconds),
    log: (context, error) => expect.unreachable(`${context}: ${String(error)}`),
    heads: new Serial(),
    verify: async (object) => {
      free = Math.max(free, clock.now()) + CHECK;
      await pause(clock, free - clock.now());
      return object.type === "PostEnvelope" && valid(object.author);
    },
    stopwatch: () => clock.now(),
  });
  listener.setChannelHandler(async (message) => (await receiver.heard(message)).verdict);
  for (const mesh of [listener, honest, flooder]) {
    await mesh.start();
    mesh.join(CHANNEL);
  }
  network.connect(listener, honest);
  network.connect(listener, flooder);
  await clock.advance(1_000);
  const envelope = (author: number, text: string, ahead = 0): Promise<SignedEnvelope> =>
    signEnvelope(authorOf(author), { summary: text, created: clock.now() + ahead });
  let posts = 0;
  const delivery = async (): Promise<number> => {
    const { bytes, hash } = await envelope(10, `honest ${posts++}`);
    const from = clock.now();
    await honest.publish(CHANNEL, bytes);
    await clock.until(() => store.envelopes.has(hash), 5_000);
    return clock.now() - from;
  };
  const undisturbed = async (): Promise<number> => {
    let longest = 0;
    for (let post = 0; post < 10; post++) longest = Math.max(longest, await delivery());
    return longest;
  };
  return { clock, store, listener, honest, flooder, delivery, undisturbed, envelope };
}

const reasons = (mesh: SimMesh): [string, string][] =>
  mesh.shutOut().map(({ code, peer }): [string, string] => [toHex(peer).slice(0, 8), code]);

describe("beside a flooder an honest author is heard in time", () => {
  it("who sends 10,000 valid envelopes of as many authors in a moment", async () => {
    const { clock, delivery, undisturbed, envelope, flooder, listener, store } = await setting();
    const usual = await undisturbed();
    for (let at = 0; at < 10_000; at++) {
      const { bytes } = await envelope(1_000 + at, "flood");
      await flooder.publish(CHANNEL, bytes);
    }
    expect(await delivery()).toBeLessThanOrEqual(2 * usual);
    await clock.advance(60_000);
    expect(reasons(listener)).toEqual([["00000003", "FLOODING"]]);
    // What the budget let in before the flood was found out.
    expect(store.envelopes.size).toBeLessThanOrEqual(602 + 11);
    expect(await delivery()).toBeLessThanOrEqual(usual);
  });

  it("who sends 10,000 a minute, each minute's first second and last alike", async () => {
    const { clock, delivery, undisturbed, envelope, flooder, listener } = await setting();
    const usual = await undisturbed();
    let worst = 0;
    for (let second = 0; second < 60 && listener.shutOut().length === 0; second++) {
      for (let at = 0; at < FLOOD; at++) {
        await flooder.publish(CHANNEL, (await envelope(1_000 + second * FLOOD + at, "flood")).bytes);
      }
      worst = Math.max(worst, await delivery());
      await clock.advance(900);
    }
    expect(worst).toBeLessThanOrEqual(2 * usual);
    expect(reasons(listener)).toEqual([["00000003", "FLOODING"]]);
  });

  it.each([
    ["the same author all the time, above the rate", "RATE_EXCEEDED", 0],
    ["from tomorrow", "FROM_THE_FUTURE", 86_400_000],
  ])("who sends what is only ignored: %s", async (_what, code, ahead) => {
    const { clock, delivery, undisturbed, envelope, flooder, listener, store } = await setting();
    const usual = await undisturbed();
    const worst: number[] = [];
    for (let second = 0; second < 30 && listener.shutOut().length === 0; second++) {
      for (let at = 0; at < 100; at++) {
        await flooder.publish(CHANNEL, (await envelope(999, `${second} ${at}`, ahead)).bytes);
      }
      worst.push(await delivery());
      await clock.advance(900);
    }
    expect(Math.max(...worst)).toBeLessThanOrEqual(2 * usual);
    expect(reasons(listener)).toEqual([["00000003", code]]);
    expect(store.envelopes.size).toBeLessThanOrEqual(601 + 10 + worst.length);
  });

  it("who repeats what the channel carried yesterday", async () => {
    const { clock, delivery, undisturbed, envelope, flooder, listener, store } = await setting();
    const old = await Promise.all(Array.from({ length: 600 }, (_, at) => envelope(1_000 + at, "old")));
    await store.commit({ envelopes: old });
    await clock.advance(86_400_000);
    const usual = await undisturbed();
    for (const { bytes } of old) await flooder.publish(CHANNEL, bytes);
    expect(await delivery()).toBeLessThanOrEqual(2 * usual);
    await clock.advance(5_000);
    expect(reasons(listener)).toEqual([["00000003", "STALE"]]);
  });

  it("whose signatures are wrong: nothing of it is stored", async () => {
    const { clock, delivery, undisturbed, envelope, flooder, listener, store } = await setting(
      (author) => author[0] === 0 && author[3] === 10,
    );
    const usual = await undisturbed();
    for (let at = 0; at < 1_000; at++) {
      await flooder.publish(CHANNEL, (await envelope(1_001 + at * 256, "forged")).bytes);
    }
    expect(await delivery()).toBeLessThanOrEqual(2 * usual);
    await clock.advance(1_000);
    expect(reasons(listener)).toEqual([["00000003", "SIGNATURE_INVALID"]]);
    expect(store.envelopes.size).toBe(11);
  });
});

it("a clock that is late blames nobody for it", async () => {
  const { clock, envelope, flooder, honest, listener } = await setting();
  for (let at = 0; at < 300; at++) {
    const { bytes } = await envelope(1_000 + at, "from their now", 86_400_000);
    await (at % 2 === 0 ? flooder : honest).publish(CHANNEL, bytes);
  }
  await clock.advance(5_000);
  expect(listener.shutOut()).toEqual([]);
  expect(listener.misdeeds()).toEqual([]);
});
