import { describe, expect, it } from "vitest";
import type { Mesh } from "../../src/mesh/port.ts";
import { startPeer, type Peer } from "../../src/peer/index.ts";
import { createMemoryStore } from "../../src/store/index.ts";
import { createSigner, encodeNodeId } from "../../src/wire/index.ts";
import { VirtualClock } from "../sim/clock.ts";
import { SimNetwork } from "../sim/network.ts";
import { cheapStretch, draftOf, hashesOf, inlineHashing, Town, type Resident } from "../sim/town.ts";

/** What a call gives, while virtual time goes on. */
async function soon<Value>(clock: VirtualClock, call: Promise<Value>): Promise<Value> {
  let settled = false;
  const result = call.finally(() => (settled = true));
  result.catch(() => undefined);
  await clock.until(() => settled);
  return await result;
}

/** A peer whose network is there when the test says so, or never. */
async function slowPeer(clock: VirtualClock, network: SimNetwork, loaded: () => Promise<void>): Promise<Peer> {
  const randomBytes = (length: number): Uint8Array => network.random.bytes(length);
  return await clock.track(
    startPeer({
      store: createMemoryStore({ randomBytes }),
      clock,
      random: () => network.random.next(),
      randomBytes,
      estimates: null,
      hashing: inlineHashing,
      stretch: cheapStretch,
      createMesh: async (seed): Promise<Mesh> => {
        await loaded();
        const signer = await clock.track(createSigner(seed));
        return network.createMesh(signer.publicKey, (message) => clock.track(signer.sign(message)));
      },
      log: () => undefined,
    }),
  );
}

describe("two peers that know nobody", () => {
  it("are linked by invite, and from then on everything comes: what was written before, and after", async () => {
    const town = new Town({ seed: 4 });
    const { clock } = town;
    const [anna, ben] = [await town.arrive(), await town.arrive()] as const;
    const before = await anna.api.publish(draftOf("written before"));
    const { code, expiresAt } = await soon(clock, anna.api.createInvite());
    expect(await soon(clock, ben.api.readInvite(code))).toEqual({ kind: "offer", peer: idOf(anna), expiresAt });
    const answer = await soon(clock, ben.api.answerInvite(`https://mehr.example/join#${code}`));
    expect(answer.peer).toBe(idOf(anna));
    expect(await soon(clock, anna.api.acceptAnswer(answer.code))).toEqual({ peer: idOf(ben) });
    const after = await ben.api.publish(draftOf("written after"));
    for (const one of [anna, ben]) {
      await clock.until(async () => (await hashesOf(one)).length === 2);
      expect((await hashesOf(one)).toSorted()).toEqual([before.hash, after.hash].toSorted());
    }
    await expect(soon(clock, anna.api.acceptAnswer(answer.code))).rejects.toMatchObject({ code: "INVITE_USED" });
    expect([anna, ben].flatMap(({ faults }) => faults)).toEqual([]);
  });
});

describe("a peer whose network is still being loaded", () => {
  it("makes the invite as soon as it is there", async () => {
    const clock = new VirtualClock();
    const network = new SimNetwork({ clock, seed: 9 });
    let loaded = (): void => undefined;
    const loading = new Promise<void>((resolve) => (loaded = resolve));
    const peer = await slowPeer(clock, network, () => loading);
    let made = false;
    const call = peer.api.createInvite().finally(() => (made = true));
    await clock.advance(5_000);
    expect(made).toBe(false);
    loaded();
    expect((await soon(clock, call)).code.length).toBeGreaterThan(200);
    await peer.stop();
    expect(network.endpoints.open).toBe(0);
  });

  it("lets go of whoever gives up waiting", async () => {
    const clock = new VirtualClock();
    const network = new SimNetwork({ clock, seed: 9 });
    let loaded = (): void => undefined;
    const loading = new Promise<void>((resolve) => (loaded = resolve));
    const peer = await slowPeer(clock, network, () => loading);
    const controller = new AbortController();
    const call = peer.api.createInvite({ signal: controller.signal });
    controller.abort(new Error("given up"));
    await expect(soon(clock, call)).rejects.toThrow("given up");
    loaded();
    await peer.stop();
  });

  it("tries again to load it, and says so when that fails", async () => {
    const clock = new VirtualClock();
    const network = new SimNetwork({ clock, seed: 9 });
    let fails = true;
    const peer = await slowPeer(clock, network, async () => {
      if (fails) throw new Error("no script");
    });
    await expect(soon(clock, peer.api.createInvite())).rejects.toMatchObject({ code: "OFFLINE" });
    fails = false;
    expect(await soon(clock, peer.api.createInvite())).toHaveProperty("code");
    await peer.stop();
  });
});

function idOf(resident: Resident): string {
  return encodeNodeId(resident.mesh.self);
}
