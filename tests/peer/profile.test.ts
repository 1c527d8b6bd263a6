import { describe, expect, it } from "vitest";
import type { ProfileView } from "../../src/peer/index.ts";
import { decodeObject, encodeNodeId, ObjectType } from "../../src/wire/index.ts";
import { signEnvelope, signerOf, signProfile } from "../sim/author.ts";
import { draftOf, lastingStore, Town, type Resident } from "../sim/town.ts";

const named = (displayName: string) => ({ displayName, bio: "", scopes: [] });

async function ownHead(by: Resident) {
  const [head] = await by.store.heads(ObjectType.UserProfile);
  return head;
}

describe("the own profile", () => {
  it("never forks, however fast it is saved", async () => {
    const anna = await new Town({ seed: 90 }).arrive();
    const views = await Promise.all(["A", "An", "Ann", "Anna"].map((name) => anna.api.saveProfile(named(name))));
    expect(views.map(({ forked }) => forked)).toEqual([false, false, false, false]);
    expect(await ownHead(anna)).toMatchObject({ sequence: 4, forkBytes: null });
    // Only the last version has to leave: places take few an hour.
    const waiting = await anna.store.outbox();
    expect(waiting.map(({ bytes }) => decodeObject(bytes))).toMatchObject([{ displayName: "Anna", sequence: 4 }]);
  });

  it("gets no new version when nothing was changed", async () => {
    const anna = await new Town({ seed: 91 }).arrive();
    await anna.api.saveProfile({ displayName: "Anna", bio: "of the hill", scopes: ["t:gaming"] });
    const same = await anna.api.saveProfile({ displayName: " Anna ", bio: "of the hill", scopes: ["t:gaming"] });
    expect(same.sequence).toBe(1);
    expect((await anna.api.saveProfile(named("Anna"))).sequence).toBe(2);
  });

  it.each([
    ["no name", { displayName: 7, bio: "", scopes: [] }, "PROFILE_INVALID"],
    ["a name that is too long", named("x".repeat(10_000)), "PROFILE_INVALID"],
    ["half a character", named("\ud800"), "PROFILE_INVALID"],
    ["nothing", undefined, "PROFILE_INVALID"],
    ["a place that is none", { ...named("Anna"), scopes: ["utrecht"] }, "SCOPE_INVALID"],
  ])("is refused with a code: %s", async (_what, profile, code) => {
    const anna = await new Town({ seed: 92 }).arrive();
    await expect(anna.api.saveProfile(profile as ReturnType<typeof named>)).rejects.toMatchObject({ code });
    expect(await ownHead(anna)).toBeUndefined();
  });

  it("comes back with what was written, from others, when the words were typed on an empty device", async () => {
    const town = new Town({ seed: 93 });
    const lost = await town.arrive();
    const ben = await town.arrive();
    town.network.connectAll();
    await ben.api.updateSettings({ home: "g:europe/nl/utrecht" });
    await lost.api.updateSettings({ home: "g:europe/nl/utrecht" });
    await lost.api.saveProfile(named("Anna"));
    const { hash } = await lost.api.publish(draftOf("from utrecht", ["g:europe/nl/utrecht"]));
    await town.clock.until(async () => (await ben.api.envelope(hash))?.authorName === "Anna");
    const identity = await lost.store.key("identity");
    await town.leave(lost);
    const empty = lastingStore(93);
    await empty.commit({ keys: { identity } });
    const found = await town.arrive(empty);
    town.network.connectAll();
    await town.clock.until(async () => (await found.api.envelope(hash)) !== null);
    expect(await found.api.envelope(hash)).toMatchObject({ own: true, delivery: "sent" });
    await town.clock.until(async () => (await ownHead(found)) !== undefined);
    // The next version goes on from there, and is news to everybody.
    await found.api.updateSettings({ home: "g:europe/nl/utrecht" });
    await found.api.saveProfile(named("Anna again"));
    await town.clock.until(async () => (await ben.api.envelope(hash))?.authorName === "Anna again");
  });
});

describe("live queries about people", () => {
  it("count what arrives of whoever is followed", async () => {
    const town = new Town({ seed: 94 });
    const anna = await town.arrive();
    const author = await signerOf(94);
    const id = encodeNodeId(author.publicKey);
    await anna.api.follow(id);
    let rows: readonly ProfileView[] = [];
    let profile: ProfileView | null = null;
    const watching = await Promise.all([
      anna.api.watch("following", {}, (update) => {
        if (update.kind === "rows") rows = update.rows;
        else for (const op of update.ops) if (op.op === "replace") rows = [op.row];
      }),
      anna.api.watch("profile", { id }, ({ value }) => {
        profile = value;
      }),
    ]);
    expect(rows).toMatchObject([{ id, envelopes: 0, displayName: null }]);
    await anna.store.commit({ envelopes: [await signEnvelope(author), await signEnvelope(author, { summary: "2" })] });
    await town.clock.advance(1_000);
    expect(rows).toMatchObject([{ envelopes: 2 }]);
    expect(profile).toMatchObject({ envelopes: 2, followed: true });
    const { bytes, hash } = await signProfile(author, "Cem");
    const head = { type: ObjectType.UserProfile, owner: author.publicKey, name: "", sequence: 1, hash, bytes };
    await anna.store.commit({ heads: [{ ...head, forkBytes: null, frozenUntil: 0 }] });
    await town.clock.advance(1_000);
    expect(rows).toMatchObject([{ displayName: "Cem" }]);
    await anna.api.unfollow(id);
    await town.clock.advance(1_000);
    expect(profile).toMatchObject({ displayName: "Cem", followed: false });
    for (const subscription of watching) await subscription.close();
  });

  it("show the feed of the home place that is chosen now", async () => {
    const town = new Town({ seed: 95 });
    const anna = await town.arrive();
    const author = await signerOf(95);
    const scopes = ["g:europe/nl/utrecht"];
    await anna.store.commit({ envelopes: [await signEnvelope(author, { scopes, summary: "from utrecht" })] });
    let shown: string[] = [];
    const watching = await anna.api.watch("feed", { feed: { kind: "home" } }, (update) => {
      if (update.kind === "rows") shown = update.rows.map((row) => row.summary ?? "");
      else if (update.ops.some((op) => op.op === "remove")) shown = [];
    });
    expect(shown).toEqual([]);
    await anna.api.updateSettings({ home: "g:europe/nl" });
    await town.clock.advance(1_000);
    expect(shown).toEqual(["from utrecht"]);
    await anna.api.updateSettings({ home: "g:asia" });
    await town.clock.advance(1_000);
    expect(shown).toEqual([]);
    await watching.close();
  });
});
