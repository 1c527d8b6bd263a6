/** An identity goes to another device: to the one that has seen the code, after a yes, once. */
// Loaded beforehand: what is imported while it runs takes time outside of the virtual clock.
import "../../src/peer/arriving/queue.ts";
import "../../src/peer/backup/index.ts";
import "../../src/peer/devices/giving.ts";
import "../../src/peer/devices/taking.ts";
import { afterEach, describe, expect, it } from "vitest";
import type { DeviceView } from "../../src/peer/index.ts";
import {
  codeOfDevice,
  decodeGiver,
  deviceCode,
  DEVICE_PROTOCOL,
  encodeGiver,
  encodeTaker,
  proofOf,
} from "../../src/mesh/protocols/device/index.ts";
import type { VirtualClock } from "../sim/clock.ts";
import { trackOutside } from "../sim/outside.ts";
import type { StreamLimits } from "../sim/stream.ts";
import { draftOf, Town, type Resident } from "../sim/town.ts";
import { deviceMaker } from "./fleet.ts";
import { now } from "./origin.ts";

const deviceOf = deviceMaker();

async function soon<Value>(clock: VirtualClock, call: Promise<Value>): Promise<Value> {
  let settled = false;
  const result = call.finally(() => (settled = true));
  result.catch(() => undefined);
  await clock.until(() => settled);
  return await result;
}

const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "none",
    (error: { code?: string }) => error.code ?? "an error without a code",
  );
const viewOf = (one: Resident): Promise<DeviceView> => now(one.api, "device", {});

async function until(clock: VirtualClock, one: Resident, state: DeviceView["state"]): Promise<DeviceView> {
  await clock.until(async () => (await viewOf(one)).state === state);
  return await viewOf(one);
}

let untrack: () => void = () => undefined;
afterEach(() => untrack());

async function town(
  seed: number,
  streams: Partial<StreamLimits> = {},
): Promise<{ clock: VirtualClock; giver: Resident; taker: Resident; all: Town }> {
  const all = new Town({ seed, streams });
  untrack = trackOutside(all.clock);
  const [giver, taker] = [await all.arrive(), await all.arrive()] as const;
  return { clock: all.clock, giver, taker, all };
}

describe("two devices of one person", () => {
  it("agree on a number, and the file comes over once the person has said yes", async () => {
    const { clock, giver, taker } = await town(1);
    await giver.api.publish(draftOf("mine"));
    const { code, expiresAt } = await soon(clock, giver.api.offerDevice());
    expect(await viewOf(giver)).toMatchObject({ role: "giving", state: "open", expiresAt, number: null });
    const words = await giver.api.words();
    expect(words.filter((word) => word.length > 4 && code.includes(word))).toEqual([]);

    await soon(clock, taker.api.takeDevice(`https://mehr.example/devices#${code}`));
    let received: { file: Blob; key: Uint8Array } | null = null;
    const receiving = taker.api.receiveDevice().then((whole) => (received = whole));
    const asked = await until(clock, giver, "asked");
    expect(asked.number).toMatch(/^\d{6}$/);
    expect((await until(clock, taker, "asked")).number).toBe(asked.number);
    await clock.advance(60_000);
    expect(received).toBeNull();
    await giver.api.confirmDevice(true);
    await soon(clock, receiving);
    const { file, key } = received!;
    expect(file.size).toBeGreaterThan(500);
    expect(key).toHaveLength(32);
    expect(await until(clock, giver, "done")).toMatchObject({ problem: null, size: file.size, moved: file.size });
    expect(await viewOf(taker)).toMatchObject({ state: "done", moved: file.size });
    // Sealed: nothing of it can be read without the key.
    expect(Buffer.from(await file.arrayBuffer()).includes("mine")).toBe(false);
    expect([giver, taker].flatMap(({ faults }) => faults)).toEqual([]);
  });

  it.each([
    [true, "done"],
    [false, "ended"],
  ] as const)("take a %s that comes before the other one has the number", async (yes, state) => {
    // Nothing counts as written before it has been read over there.
    const { all, clock, giver, taker } = await town(12, { window: 0 });
    const made: Uint8Array[] = [];
    const { random } = all.network;
    const bytes = random.bytes.bind(random);
    random.bytes = (length) => made[made.push(bytes(length)) - 1]!;
    const { code } = await soon(clock, giver.api.offerDevice());
    const { secret } = deviceCode(code);
    const kept = made.filter((each) => Buffer.compare(each, secret) === 0);
    expect(kept).toHaveLength(1);
    await soon(clock, taker.api.takeDevice(code));
    const receiving = codeOf(taker.api.receiveDevice());
    await until(clock, giver, "asked");
    expect(await viewOf(taker)).toMatchObject({ state: "open" });
    await giver.api.confirmDevice(yes);
    expect(await soon(clock, receiving)).toBe(yes ? "none" : "DEVICE_REFUSED");
    await until(clock, giver, state);
    // The secret is good for nothing any more, and is kept nowhere.
    await clock.advance(1_000);
    expect(kept).toEqual([new Uint8Array(secret.length)]);
  });

  it("get nothing over when the person says no", async () => {
    const { clock, giver, taker } = await town(2);
    const { code } = await soon(clock, giver.api.offerDevice());
    await soon(clock, taker.api.takeDevice(code));
    const receiving = codeOf(taker.api.receiveDevice());
    await until(clock, giver, "asked");
    await giver.api.confirmDevice(false);
    expect(await soon(clock, receiving)).toBe("DEVICE_REFUSED");
    expect(await viewOf(giver)).toMatchObject({ state: "ended", problem: "DEVICE_REFUSED" });
    expect(await viewOf(taker)).toMatchObject({ state: "ended", problem: "DEVICE_REFUSED", size: null });
    expect(await codeOf(giver.api.confirmDevice(true))).toBe("DEVICE_NONE");
  });

  it("have what waits to be published, and the second one publishes nothing before it is told to", async () => {
    const { all, clock, giver, taker } = await town(9);
    // One of these goes as soon as somebody hears it, the next one 20 minutes later: a code is over by then.
    const posts = ["1", "2", "3"].map((id) => ({ draft: { ...draftOf(id, ["t:bread"]), id }, id, parent: null }));
    await giver.api.addArrivals(posts);
    const { code } = await soon(clock, giver.api.offerDevice());
    await soon(clock, taker.api.takeDevice(code));
    const receiving = taker.api.receiveDevice();
    await until(clock, giver, "asked");
    await giver.api.confirmDevice(true);
    const { file, key } = await soon(clock, receiving);
    const reader = await all.arrive();
    await reader.api.follow((await now(giver.api, "identity", {})).id);
    const second = deviceOf(90, all.network);
    await second.start();
    await second.anew((api) => api.restoreBackup(file, { key }));
    const heard = async () =>
      (await reader.api.feed({ feed: { kind: "scope", scope: "t:bread", match: "exact" }, limit: 50 })).map(
        ({ summary }) => summary,
      );
    // The first one is gone before it has published them all, and the second one has hours with somebody who would hear it.
    for (const { api } of [giver, taker]) await api.endDevice();
    await clock.advance(1_000);
    await all.leave(giver);
    all.network.connectAll();
    await clock.advance(6 * 3_600_000);
    await expect.poll(async () => (await now(second.api, "arrivals", {})).held).toBeGreaterThanOrEqual(2);
    expect(await now(second.api, "arrivals", {})).toMatchObject({ state: "none", waiting: 0, published: 0 });
    expect((await heard()).filter((words) => words !== "1")).toEqual([]);
    // It is heard as soon as it says something.
    await clock.track(second.api.resumeArrivals());
    await expect
      .poll(
        async () => (await clock.advance(60_000), (await heard()).toSorted((a, b) => (a ?? "").localeCompare(b ?? ""))),
        { timeout: 20_000, interval: 2 },
      )
      .toEqual(["1", "2", "3"]);
  });

  it("find to each other by hand where no network has both", async () => {
    const { all, clock, giver, taker } = await town(3);
    all.network.reachable = (one, other) => one === other;
    const { code } = await soon(clock, giver.api.offerDevice());
    const { answer } = await soon(clock, taker.api.takeDevice(code));
    await clock.advance(30_000);
    expect(await viewOf(taker)).toMatchObject({ state: "open" });
    all.network.reachable = () => true;
    await soon(clock, giver.api.acceptAnswer(answer));
    expect((await until(clock, giver, "asked")).number).toBe((await until(clock, taker, "asked")).number);
  });
});

describe("a code", () => {
  it("is good once: who comes second gets nothing, whatever the first one does", async () => {
    const { all, clock, giver, taker } = await town(4);
    const thief = await all.arrive();
    const { code } = await soon(clock, giver.api.offerDevice());
    await soon(clock, taker.api.takeDevice(code));
    await until(clock, giver, "asked");
    await soon(clock, thief.api.takeDevice(code));
    expect(await soon(clock, codeOf(thief.api.receiveDevice()))).toBe("DEVICE_SPENT");
    expect(await viewOf(giver)).toMatchObject({ state: "asked" });
    await taker.api.endDevice();
    await until(clock, giver, "ended");
    await soon(clock, thief.api.takeDevice(code)).catch((error: { code: string }) => {
      expect(error.code).toMatch(/^INVITE_/);
    });
  });

  it("is good for ten minutes", async () => {
    const { clock, giver, taker } = await town(5);
    const { code } = await soon(clock, giver.api.offerDevice());
    await clock.advance(600_000);
    expect(await viewOf(giver)).toMatchObject({ state: "ended", problem: "DEVICE_EXPIRED" });
    expect(await soon(clock, codeOf(taker.api.takeDevice(code)))).toBe("INVITE_EXPIRED");
  });

  it("ends with the next one, with the peer, and when it is given up", async () => {
    const { clock, giver, taker } = await town(6);
    const first = await soon(clock, giver.api.offerDevice());
    await soon(clock, giver.api.offerDevice());
    await soon(clock, taker.api.takeDevice(first.code));
    expect(await soon(clock, codeOf(taker.api.receiveDevice()))).toBe("DEVICE_SPENT");
    await giver.api.endDevice();
    expect(await viewOf(giver)).toMatchObject({ role: "none", state: "none" });
    expect(await codeOf(giver.api.receiveDevice())).toBe("DEVICE_NONE");
  });

  it("is text of a known form, or none", () => {
    const secret = new Uint8Array(16).fill(7);
    const text = codeOfDevice({ offer: "abc_-9", secret });
    expect(deviceCode(`https://x/devices#${text.slice(0, 5)} \n${text.slice(5)}`)).toEqual({ offer: "abc_-9", secret });
    for (const wrong of [null, "", ".", "abc", `${text}.a`, text.slice(0, -2), `.${text}`, "x".repeat(5_000)]) {
      expect(() => deviceCode(wrong), String(wrong)).toThrow("Not the code of a device.");
    }
  });
});

describe("somebody else at the other end", () => {
  it("who does not know the secret gets nothing, and nobody is asked", async () => {
    const { all, clock, giver } = await town(7);
    const stranger = await all.arrive();
    await soon(clock, giver.api.offerDevice());
    await soon(clock, stranger.mesh.connect(giver.mesh.self));
    const stream = await soon(clock, stranger.mesh.openStream(giver.mesh.self, DEVICE_PROTOCOL));
    const nonce = new Uint8Array(16);
    const guessed = proofOf(new Uint8Array(16), "taker", { giver: giver.mesh.self, taker: stranger.mesh.self }, [
      nonce,
    ]);
    await soon(clock, stream.write(encodeTaker({ kind: "hello", nonce, proof: guessed })));
    const answer = await soon(clock, stream.read());
    expect(decodeGiver(answer!)).toEqual({ kind: "no", reason: 0 });
    expect(await viewOf(giver)).toMatchObject({ state: "open" });
  });

  it("cannot pass on a proof that was made for another link", async () => {
    const { all, clock, giver, taker } = await town(8);
    const middle = await all.arrive();
    const { code } = await soon(clock, giver.api.offerDevice());
    const { secret } = deviceCode(code);
    const nonce = new Uint8Array(16).fill(1);
    const overheard = proofOf(secret, "taker", { giver: giver.mesh.self, taker: taker.mesh.self }, [nonce]);
    await soon(clock, middle.mesh.connect(giver.mesh.self));
    const stream = await soon(clock, middle.mesh.openStream(giver.mesh.self, DEVICE_PROTOCOL));
    await soon(clock, stream.write(encodeTaker({ kind: "hello", nonce, proof: overheard })));
    expect(decodeGiver((await soon(clock, stream.read()))!)).toEqual({ kind: "no", reason: 0 });
  });

  it("who shows a code and does not know its secret is not believed", async () => {
    const { all, clock, giver, taker } = await town(9);
    const { code } = await soon(clock, giver.api.offerDevice());
    const { offer, secret } = deviceCode(code);
    secret[0] = (secret[0] ?? 0) ^ 1;
    giver.mesh.handle(DEVICE_PROTOCOL, async (stream) => {
      await stream.read();
      await stream.write(encodeGiver({ kind: "welcome", nonce: new Uint8Array(16), proof: new Uint8Array(32) }));
      await stream.read();
    });
    await soon(clock, taker.api.takeDevice(codeOfDevice({ offer, secret })));
    expect(await soon(clock, codeOf(taker.api.receiveDevice()))).toBe("DEVICE_FOREIGN");
    expect(all.residents.flatMap(({ faults }) => faults)).toEqual([]);
  });

  it.each([
    ["more than it said", 4, [5]],
    ["a file larger than any", 2 ** 40, []],
    ["no file at all", 0, []],
  ])("who sends %s is not believed", async (_what, size, pieces) => {
    const { clock, giver, taker } = await town(10);
    const { code } = await soon(clock, giver.api.offerDevice());
    const { secret } = deviceCode(code);
    giver.mesh.handle(DEVICE_PROTOCOL, async (stream) => {
      const hello = (await stream.read())!.subarray(3, 19);
      const nonce = new Uint8Array(16).fill(9);
      const ends = { giver: giver.mesh.self, taker: stream.peer };
      const proof = proofOf(secret, "giver", ends, [hello, nonce]);
      await stream.write(encodeGiver({ kind: "welcome", nonce, proof }));
      await stream.write(encodeGiver({ kind: "file", size }));
      for (const length of pieces) {
        await stream.write(encodeGiver({ kind: "piece", bytes: new Uint8Array(length) }));
      }
      await stream.read();
    });
    await soon(clock, taker.api.takeDevice(code));
    expect(await soon(clock, codeOf(taker.api.receiveDevice()))).toBe("DEVICE_FOREIGN");
  });

  it("cannot make the link last: who goes silent is let go of with the peer", async () => {
    const { all, clock, giver, taker } = await town(11);
    const { code } = await soon(clock, giver.api.offerDevice());
    await soon(clock, taker.api.takeDevice(code));
    const receiving = codeOf(taker.api.receiveDevice());
    await until(clock, giver, "asked");
    await all.leave(giver);
    expect(await soon(clock, receiving)).toMatch(/^DEVICE_(?:LOST|ENDED)$/);
  });
});
