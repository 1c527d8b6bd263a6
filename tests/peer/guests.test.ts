/** People who bring something to a place that they do not live in, while nobody of that place can be reached. */
import { expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import { channelOf, encodeNodeId, scopeFromKey } from "../../src/wire/index.ts";
import { draftOf, hashesOf, Town, type Resident } from "../sim/town.ts";

await initHash();

const UTRECHT = "g:europe/nl/utrecht";
const CHANNEL = channelOf(scopeFromKey(UTRECHT));

async function living(town: Town, home: string): Promise<Resident> {
  const resident = await town.arrive();
  await resident.api.updateSettings({ home });
  return resident;
}

it("do not take each other for those who live there", async () => {
  const town = new Town({ seed: 131 });
  const { clock, network } = town;
  const [ada, ben] = [await living(town, UTRECHT), await living(town, UTRECHT)];
  const [cem, dov] = [await living(town, "g:asia/jp/tokyo"), await living(town, "g:europe/no/oslo")];
  for (const one of [cem, dov]) await one.api.follow(encodeNodeId(ada.mesh.self));
  network.connectAll();
  const { hash } = await clock.track(ada.api.publish(draftOf("High water", [UTRECHT])));
  const follows = async (one: Resident): Promise<boolean> => (await one.api.envelope(hash)) !== null;
  await clock.until(async () => (await follows(cem)) && (await follows(dov)));

  network.partition([
    [ada.mesh, ben.mesh],
    [cem.mesh, dov.mesh],
  ]);
  const boosts = [await clock.track(cem.api.boost(hash)), await clock.track(dov.api.boost(hash))];
  await clock.until(() => [cem, dov].every(({ mesh }) => mesh.channelPeers(CHANNEL).length === 1));
  await clock.advance(1_200_000);
  for (const [at, one] of [cem, dov].entries()) {
    expect((await one.api.envelope(boosts[at]!))?.delivery).toBe("waiting");
    expect(one.mesh.channels()).toContain(CHANNEL);
  }
  // One sending to each other, and no more while nothing changes.
  expect(cem.mesh.links()[0]?.protocols["gossip"]?.out).toBeLessThan(1_500);

  network.heal();
  network.connect(cem.mesh, ben.mesh);
  network.connect(dov.mesh, ben.mesh);
  const given = async (): Promise<boolean> => {
    const held = await hashesOf(ben);
    return boosts.every((boost) => held.includes(boost));
  };
  await clock.until(given);
  await clock.advance(1_000);
  for (const [at, one] of [cem, dov].entries()) {
    expect((await one.api.envelope(boosts[at]!))?.delivery).toBe("sent");
    // One of the place may be somebody to whom the others do not listen.
    expect(one.mesh.channels()).toContain(CHANNEL);
  }
  await clock.advance(600_000);
  for (const one of [cem, dov]) expect(one.mesh.channels()).not.toContain(CHANNEL);
});

it("go when three who live there have it, and whoever comes meanwhile has it, too", async () => {
  const town = new Town({ seed: 132 });
  const { clock, network } = town;
  const [ada, ben] = [await living(town, UTRECHT), await living(town, UTRECHT)];
  const cem = await living(town, "g:asia/jp/tokyo");
  await cem.api.follow(encodeNodeId(ada.mesh.self));
  network.connect(ada.mesh, cem.mesh);
  const { hash } = await clock.track(ada.api.publish(draftOf("Low water", [UTRECHT])));
  await clock.until(async () => (await cem.api.envelope(hash)) !== null);
  const boost = await clock.track(cem.api.boost(hash));
  await clock.until(async () => (await cem.api.envelope(boost))?.delivery === "sent");
  expect(cem.mesh.channels()).toContain(CHANNEL);
  const late = [ben, await living(town, UTRECHT)];
  for (const one of late) {
    // To no other: what they have is from the guest.
    network.connect(cem.mesh, one.mesh);
    await clock.until(async () => (await hashesOf(one)).includes(boost));
    await clock.advance(150_000);
  }
  expect(cem.mesh.channels()).not.toContain(CHANNEL);
});

it("are heard in a place where everybody saves data", async () => {
  const town = new Town({ seed: 133 });
  const { clock, network } = town;
  const ada = await living(town, UTRECHT);
  const cem = await living(town, "g:asia/jp/tokyo");
  await cem.api.follow(encodeNodeId(ada.mesh.self));
  network.connect(ada.mesh, cem.mesh);
  const { hash } = await clock.track(ada.api.publish(draftOf("Spring tide", [UTRECHT])));
  await clock.until(async () => (await cem.api.envelope(hash)) !== null);
  network.disconnect(ada.mesh, cem.mesh);
  const boost = await clock.track(cem.api.boost(hash));
  const others: Resident[] = [];
  for (let at = 0; at < 6; at++) {
    const one = await living(town, UTRECHT);
    await one.api.updateSettings({ lowData: "on" });
    for (const other of others) network.connect(one.mesh, other.mesh);
    others.push(one);
  }
  await clock.advance(60_000);
  for (const one of others) {
    network.connect(cem.mesh, one.mesh);
    await clock.advance(10_000);
  }
  // Each asks three of its six neighbours for what it may have missed, and not all of them the same three.
  await clock.until(async () => (await cem.api.envelope(boost))?.delivery === "sent");
});
