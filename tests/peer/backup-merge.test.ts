/** A backup of the identity that is here: what is new in it comes, and nothing that is here goes. */
import { describe, expect, it } from "vitest";
import type { PeerApi } from "../../src/peer/index.ts";
import { createSigner, encodeNodeId } from "../../src/wire/index.ts";
import { draftOf } from "../sim/town.ts";
import { png } from "../wire/pictures.ts";
import { deviceMaker } from "./fleet.ts";
import { now, type Device } from "./origin.ts";

const device = deviceMaker();
const PASSPHRASE = "correct horse battery";
const NOTHING = {
  posts: 0,
  drafts: 0,
  newerDrafts: 0,
  draftsLeftOut: 0,
  arrivals: 0,
  arrivalsLeftOut: 0,
  arrivalsUnproven: 0,
  profile: false,
  curated: 0,
  following: 0,
  trust: 0,
  blocks: 0,
  mutes: 0,
  flags: 0,
  feeds: 0,
  settings: false,
};

const personOf = async (number: number): Promise<string> =>
  encodeNodeId((await createSigner(new Uint8Array(32).fill(number))).publicKey);

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "none",
    (error: unknown) => (error as { code?: unknown }).code,
  );

const draftsOf = async (api: PeerApi): Promise<Record<string, string>> =>
  Object.fromEntries((await now(api, "drafts", {})).map(({ id, text }) => [id, text]));

const post = (api: PeerApi, text: string) => api.publish({ ...draftOf(text), id: `post-${text}` });

/** Two devices of one identity that went on apart: the second from a backup of the first. */
async function apart(seed: number): Promise<{ one: Device; two: Device }> {
  const [one, two] = [device(seed), device(seed + 1)];
  await one.start();
  await two.start();
  await one.api.saveProfile({ displayName: "Anna", bio: "", scopes: [] });
  await post(one.api, "before");
  await one.api.saveDraft({ ...draftOf("first words"), id: "shared", updated: 1 });
  await one.api.follow(await personOf(1));
  const file = await one.api.exportBackup();
  await two.anew((api) => api.restoreBackup(file));
  await two.api.closeHistory();
  return { one, two };
}

describe("a backup of the identity that is here", () => {
  it("adds what is new in it, after it was looked at, and changes nothing else", async () => {
    const { one, two } = await apart(70);
    const [followed, trusted, blocked] = [await personOf(2), await personOf(3), await personOf(4)];
    const picture = png(64, 64);
    const kept = { ...(await two.api.attach({ bytes: picture, contentType: "image/png" })), blurhash: null };
    const attachments = [{ ...kept, altText: "A cat", duration: null }];
    await two.api.saveDraft({ ...draftOf("with a cat"), id: "cat", kind: "photos", attachments });
    await two.api.saveDraft({ ...draftOf("later words"), id: "shared", updated: 5 });
    const sent = await post(two.api, "on the second");
    await two.api.saveProfile({ displayName: "Anna B", bio: "", scopes: [] });
    await two.api.follow(followed);
    await two.api.trust(trusted);
    await two.api.block(blocked);
    await two.api.mute([{ target: { kind: "word", word: "rain", whole: true } }]);
    await two.api.saveFeed({ spec: { kind: "scope", scope: "t:bread", match: "prefix" } });
    await two.api.saveCurated({ name: "Good loaves" });
    await two.api.updateSettings({ home: "g:europe/nl" });
    const file = await two.api.exportBackup();

    const here = await post(one.api, "on the first");
    await one.api.saveDraft({ ...draftOf("mine"), id: "mine" });
    const before = await now(one.api, "settings", {});
    const { id } = await now(one.api, "identity", {});
    const objects = { posts: 1, drafts: 1, newerDrafts: 1, profile: true, curated: 1 };
    const choices = { following: 1, trust: 1, blocks: 1, mutes: 1, feeds: 1, settings: true };
    const adds = { ...NOTHING, id, ...objects, ...choices };
    expect(await one.api.previewMerge(file)).toEqual(adds);
    expect(Object.keys(await draftsOf(one.api)).toSorted()).toEqual(["mine", "shared"]);
    expect((await now(one.api, "following", {})).length).toBe(1);

    expect(await one.anew((api) => api.mergeBackup(file))).toEqual(adds);
    const { api } = one;
    expect(await draftsOf(api)).toEqual({ mine: "mine", shared: "later words", cat: "with a cat" });
    expect(await api.attachment({ hash: kept.hash })).toEqual(picture);
    expect((await now(api, "following", {})).map(({ id }) => id)).toEqual([await personOf(1), followed]);
    expect((await now(api, "trusted", {})).map(({ id }) => id)).toEqual([trusted]);
    expect((await now(api, "blocked", {})).map(({ id }) => id)).toEqual([blocked]);
    expect(await now(api, "ownCurated", {})).toMatchObject([{ name: "Good loaves" }]);
    expect(await now(api, "profile", { id: adds.id })).toMatchObject({ displayName: "Anna B" });
    // Topics are those of the feeds.
    expect(await now(api, "settings", {})).toEqual({ ...before, topics: ["t:bread"] });
    for (const { hash } of [sent, here]) expect(await api.envelope(hash)).not.toBeNull();
    expect(await api.post(sent.postHash)).toMatchObject({ text: "on the second" });
    // Again there is nothing in it, but the settings that were not asked for.
    expect(await api.previewMerge(file)).toEqual({ ...NOTHING, id: adds.id, settings: true });
    await one.anew((again) => again.mergeBackup(file, { settings: true }));
    expect(await now(one.api, "settings", {})).toMatchObject({ home: "g:europe/nl" });
  });

  it("of an earlier day takes nothing back", async () => {
    const { one } = await apart(72);
    const file = await one.api.exportBackup();
    await one.api.saveDraft({ ...draftOf("newer words"), id: "shared", updated: 9 });
    await one.api.saveProfile({ displayName: "Anna C", bio: "", scopes: [] });
    const [first] = await now(one.api, "following", {});
    await one.api.unfollow(first!.id);
    await one.api.block(first!.id);
    const { id } = await now(one.api, "identity", {});
    expect(await one.anew((api) => api.mergeBackup(file))).toEqual({ ...NOTHING, id });
    expect(await draftsOf(one.api)).toEqual({ shared: "newer words" });
    expect(await now(one.api, "following", {})).toEqual([]);
    expect(await now(one.api, "profile", { id })).toMatchObject({ displayName: "Anna C" });
  });

  it("needs no words where the file has no key, and its passphrase where it has one", async () => {
    const { one, two } = await apart(74);
    await post(two.api, "later");
    const keyless = await two.api.exportBackup({ keys: false });
    expect(await one.api.previewMerge(keyless)).toMatchObject({ posts: 1 });
    const sealed = await two.api.exportBackup({ passphrase: PASSPHRASE });
    expect(await codeOf(one.api.previewMerge(sealed))).toBe("PASSPHRASE_NEEDED");
    expect(await codeOf(one.api.mergeBackup(sealed, { passphrase: "something else" }))).toBe("PASSPHRASE_WRONG");
    // Nothing stopped for that.
    expect(await one.api.previewMerge(sealed, { passphrase: PASSPHRASE })).toMatchObject({ posts: 1 });
    await one.anew((api) => api.mergeBackup(sealed, { passphrase: PASSPHRASE }));
    expect(await one.api.previewMerge(keyless)).toMatchObject(NOTHING);
  });

  it("brings nothing that would be published by itself where anybody may have written it", async () => {
    const { one, two } = await apart(84);
    const draft = { ...draftOf("a stranger's words"), id: "arrival" };
    await two.api.addArrivals([{ draft, id: "https://elsewhere.example/1", parent: null }]);
    const keyless = await two.api.exportBackup({ keys: false });
    const counts = { arrivals: 0, arrivalsUnproven: 1 };
    expect(await one.api.previewMerge(keyless)).toMatchObject(counts);
    expect(await one.anew((api) => api.mergeBackup(keyless))).toMatchObject(counts);
    expect(await now(one.api, "arrivals", {})).toMatchObject({ waiting: 0, held: 0 });
    // With a passphrase or the key it is this person's own.
    const sealed = await two.api.exportBackup({ keys: false, passphrase: PASSPHRASE });
    for (const [file, options] of [
      [await two.api.exportBackup(), {}],
      [sealed, { passphrase: PASSPHRASE }],
    ] as const)
      expect(await one.api.previewMerge(file, options)).toMatchObject({ arrivals: 1, arrivalsUnproven: 0 });
  });

  it("is merged into an identity that is encrypted, and stays sealed there", async () => {
    const { one, two } = await apart(76);
    await two.api.saveDraft({ ...draftOf("a secret"), id: "secret" });
    const file = await two.api.exportBackup();
    await one.anew((api) => api.protect({ kind: "passphrase", passphrase: PASSPHRASE }, null));
    await one.anew((api) => api.mergeBackup(file));
    expect(await draftsOf(one.api)).toMatchObject({ secret: "a secret" });
    await one.anew((api) => api.lock());
    expect(await codeOf(one.api.mergeBackup(file))).toBe("LOCKED");
    await one.api.unlock({ kind: "passphrase", passphrase: PASSPHRASE });
    expect(await draftsOf(one.api)).toMatchObject({ secret: "a secret" });
  });

  it.each([true, false])(
    "of another identity is refused, and becomes another identity (with its key: %s)",
    async (keys) => {
      const [mine, other] = [device(78), device(79)];
      await mine.start();
      await other.start();
      const words = (await other.api.words()).join(" ");
      await post(other.api, "not mine");
      const file = await other.api.exportBackup({ keys });
      expect(await codeOf(mine.api.previewMerge(file))).toBe("BACKUP_OTHER");
      expect(await codeOf(mine.api.mergeBackup(file))).toBe("BACKUP_OTHER");
      await post(mine.api, "mine");
      await mine.anew((api) => api.restoreBackup(file, keys ? {} : { words }));
      expect(await now(mine.api, "identities", {})).toHaveLength(2);
    },
  );

  it("that is damaged at its end changes nothing", async () => {
    const { one, two } = await apart(80);
    await post(two.api, "later");
    const file = await two.api.exportBackup();
    const damaged = new Uint8Array(await file.arrayBuffer());
    damaged[damaged.length - 3] = (damaged.at(-3) ?? 0) ^ 1;
    expect(await codeOf(one.api.mergeBackup(new Blob([damaged])))).toBe("BACKUP_DAMAGED");
    expect(await one.api.previewMerge(file)).toMatchObject({ posts: 1 });
  });
});
