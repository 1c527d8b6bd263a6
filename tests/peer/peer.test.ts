import { describe, expect, it } from "vitest";
import { draftOf, hashesOf, Town } from "../sim/town.ts";

const LONG_TEXT = "A long story. ".repeat(60).trim();

async function townOf(count: number, seed: number) {
  const town = new Town({ seed });
  for (let made = 0; made < count; made++) await town.arrive();
  town.network.connectAll();
  await town.clock.advance(2_000);
  return town;
}

function faultsOf(town: Town): string[] {
  return town.residents.flatMap((resident) => resident.faults);
}

describe("peers of one place", () => {
  it("read what one of them posts, and the full post on request", async () => {
    const town = await townOf(2, 1);
    const [anna, ben] = town.residents as [Town["residents"][0], Town["residents"][0]];
    const { hash, postHash } = await anna.api.publish(draftOf(LONG_TEXT));
    await town.clock.until(async () => (await hashesOf(ben)).includes(hash));
    expect(await ben.api.envelope(hash)).toMatchObject({ own: false, held: false, whole: false });
    expect((await anna.api.envelope(hash))?.delivery).toBe("sent");
    const reading = ben.api.post(postHash);
    await town.clock.advance(2_000);
    expect(await reading).toMatchObject({ text: LONG_TEXT });
    expect((await ben.api.envelope(hash))?.held).toBe(true);
    expect(faultsOf(town)).toEqual([]);
  });

  it("get everything from each other: 6 peers, 100 envelopes", async () => {
    const town = await townOf(6, 2);
    for (let post = 0; post < 100; post++) {
      await town.residents[post % 6]!.api.publish(draftOf(`post ${post}`));
      await town.clock.advance(40);
    }
    const complete = async (): Promise<boolean> => {
      const held = await Promise.all(town.residents.map((resident) => hashesOf(resident)));
      return held.every((hashes) => hashes.length === 100);
    };
    await town.clock.until(complete);
    const [first, ...others] = await Promise.all(town.residents.map((resident) => hashesOf(resident)));
    for (const hashes of others) expect(hashes).toEqual(first);
    expect(faultsOf(town)).toEqual([]);
  });

  it("hand on what its author published before leaving, the post included once somebody read it", async () => {
    const town = await townOf(2, 3);
    const [anna, ben] = town.residents as [Town["residents"][0], Town["residents"][0]];
    const { hash, postHash } = await anna.api.publish(draftOf(LONG_TEXT));
    await town.clock.until(async () => (await hashesOf(ben)).includes(hash));
    const reading = ben.api.post(postHash);
    await town.clock.advance(2_000);
    await reading;
    await town.leave(anna);
    const cem = await town.arrive();
    town.network.connectAll();
    await town.clock.until(async () => (await hashesOf(cem)).includes(hash));
    const fetched = cem.api.post(postHash);
    await town.clock.advance(5_000);
    expect(await fetched).toMatchObject({ text: LONG_TEXT, from: (await identityOf(ben)).id });
  });

  it("know each other's names", async () => {
    const town = await townOf(2, 4);
    const [anna, ben] = town.residents as [Town["residents"][0], Town["residents"][0]];
    await anna.api.saveProfile({ displayName: "Anna", bio: "", scopes: [] });
    const { hash } = await anna.api.publish(draftOf("hello"));
    await town.clock.until(async () => (await ben.api.envelope(hash))?.authorName === "Anna");
    const cem = await town.arrive();
    town.network.connectAll();
    await town.clock.until(async () => (await cem.api.envelope(hash))?.authorName === "Anna");
    await anna.api.saveProfile({ displayName: "Anna of the hill", bio: "", scopes: [] });
    await town.clock.until(async () => (await cem.api.envelope(hash))?.authorName === "Anna of the hill");
  });
});

describe("a peer without a network", () => {
  it("keeps what was written and sends it once when somebody is there", async () => {
    const town = new Town({ seed: 5 });
    const anna = await town.arrive();
    const { hash } = await anna.api.publish(draftOf("written offline"));
    expect((await anna.api.envelope(hash))?.delivery).toBe("waiting");
    const ben = await town.arrive();
    await town.clock.advance(60_000);
    expect((await anna.api.envelope(hash))?.delivery).toBe("waiting");
    town.network.connectAll();
    await town.clock.until(async () => (await anna.api.envelope(hash))?.delivery === "sent");
    await town.clock.until(async () => (await hashesOf(ben)).length > 0);
    await town.clock.advance(600_000);
    expect(await hashesOf(ben)).toEqual([hash]);
    expect(await anna.store.outbox()).toEqual([]);
  });

  it("shows what it holds and says that it is offline for what it does not", async () => {
    const town = new Town({ seed: 6 });
    const anna = await town.arrive();
    const { postHash } = await anna.api.publish(draftOf("here"));
    expect(await anna.api.post(postHash)).toMatchObject({ text: "here", from: "here" });
    const missing = expect(anna.api.post("00".repeat(32))).rejects.toMatchObject({ code: "OFFLINE" });
    await town.clock.advance(30_000);
    await missing;
  });
});

describe("following", () => {
  it("is told to no channel and to no peer that is not linked", async () => {
    const town = await townOf(3, 12);
    const [anna, ben, cem] = town.residents as [Town["residents"][0], Town["residents"][0], Town["residents"][0]];
    town.network.disconnect(ben.mesh, cem.mesh);
    await town.clock.advance(5_000);
    const gossiped = () => ben.mesh.links().map((link) => link.protocols["gossip"]?.out ?? 0);
    // What time it is everybody asks everybody, whoever follows whom.
    const heard = () => cem.mesh.links()[0]!.bytesIn - (cem.mesh.links()[0]!.protocols["/mehr/time/1"]?.in ?? 0);
    const heardBefore = heard();
    const before = gossiped();
    await ben.api.follow((await identityOf(cem)).id);
    await town.clock.advance(60_000);
    expect(gossiped()).toEqual(before);
    expect(ben.mesh.peers()).toEqual([anna.mesh.self]);
    // Anna is asked, and does not pass the question on.
    expect(heard()).toBe(heardBefore);
  });

  it("brings the posts of somebody in another place, until it ends", async () => {
    const town = await townOf(2, 7);
    const [anna, ben] = town.residents as [Town["residents"][0], Town["residents"][0]];
    await anna.api.updateSettings({ home: "g:europe/nl/utrecht" });
    const { hash } = await anna.api.publish(draftOf("from utrecht", ["g:europe/nl/utrecht"]));
    await town.clock.advance(5_000);
    expect(await hashesOf(ben)).toEqual([]);
    await ben.api.follow((await identityOf(anna)).id);
    await town.clock.until(async () => (await hashesOf(ben)).includes(hash));
    await ben.api.unfollow((await identityOf(anna)).id);
    expect(await hashesOf(ben)).toEqual([]);
  });
});

describe("what a person does not want to lose", () => {
  it("keeps drafts as typed until they are published", async () => {
    const town = new Town({ seed: 8 });
    const anna = await town.arrive();
    const draft = draftOf("half a thou");
    await anna.api.saveDraft(draft);
    const seen: unknown[] = [];
    const subscription = await anna.api.watch("drafts", {}, (update) => seen.push(update));
    expect(seen).toMatchObject([{ kind: "rows", rows: [draft] }]);
    await anna.api.publish({ ...draft, text: "half a thought, finished" });
    await town.clock.advance(1_000);
    expect(await anna.store.drafts()).toEqual([]);
    await subscription.close();
  });

  it("makes one post of one draft, however often the button is pressed", async () => {
    const anna = await new Town({ seed: 12 }).arrive();
    const [first, second] = await Promise.all([anna.api.publish(draftOf("once")), anna.api.publish(draftOf("once"))]);
    expect(second).toEqual(first);
    expect(anna.store.envelopes.size).toBe(1);
  });

  it("keeps trusted-only posts where nobody is trusted: nothing of them leaves this peer, and they wait", async () => {
    const town = await townOf(2, 9);
    const [anna, ben] = town.residents as [Town["residents"][0], Town["residents"][0]];
    await ben.api.follow((await identityOf(anna)).id);
    const { hash, postHash } = await anna.api.publish(draftOf("for friends", []));
    await town.clock.advance(60_000);
    expect(await hashesOf(ben)).toEqual([]);
    const refused = expect(ben.api.post(postHash)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await town.clock.advance(30_000);
    await refused;
    expect((await anna.api.envelope(hash))?.delivery).toBe("waiting");
  });
});

describe("input that cannot be", () => {
  it.each([
    ["an empty draft", { ...draftOf(""), id: "x" }, "DRAFT_EMPTY"],
    ["a headline that is too long", { ...draftOf("x"), headline: "h".repeat(101) }, "HEADLINE_TOO_LONG"],
    ["a place that is none", draftOf("x", ["g:a//b"]), "SCOPE_INVALID"],
    ["two places", draftOf("x", ["g:a", "g:b"]), "TOO_MANY_PLACES"],
  ])("is refused with a code: %s", async (_what, draft, code) => {
    const anna = await new Town({ seed: 10 }).arrive();
    await expect(anna.api.publish(draft)).rejects.toMatchObject({ code });
  });

  it("is refused wherever a text names something", async () => {
    const anna = await new Town({ seed: 11 }).arrive();
    await expect(anna.api.follow("mehr1nonsense")).rejects.toMatchObject({ code: "NODE_ID_INVALID" });
    await expect(anna.api.envelope("xyz")).rejects.toMatchObject({ code: "HASH_INVALID" });
    await expect(anna.api.updateSettings({ relays: ["javascript:alert(1)"] })).rejects.toMatchObject({
      code: "SETTING_INVALID",
    });
    await expect(anna.api.normaliseScope({ kind: "geo", text: "a/\u0000" })).rejects.toMatchObject({
      code: "SCOPE_INVALID",
    });
  });
});

async function identityOf(resident: Town["residents"][0]) {
  let id = "";
  const subscription = await resident.api.watch("identity", {}, (update) => {
    id = update.value.id;
  });
  await subscription.close();
  return { id };
}
