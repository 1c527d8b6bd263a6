/** Pictures of people, what they claim, and profiles that nobody should believe. */
import { describe, expect, it } from "vitest";
import type { ProfileView } from "../../src/peer/index.ts";
import { Fetching, holdProfile } from "./profiles.ts";
import {
  encodeNodeId,
  fromHex,
  hashOf,
  MAX_AVATAR_BYTES,
  ObjectType,
  signObject,
  toHex,
  type Signer,
} from "../../src/wire/index.ts";
import { signerOf } from "../sim/author.ts";
import { SIM_START } from "../sim/clock.ts";
import { Town, type Resident } from "../sim/town.ts";
import { png } from "../wire/pictures.ts";

const PICTURE = png(256, 256);

async function profileOf(resident: Resident, id: string): Promise<ProfileView> {
  let view: ProfileView | null = null;
  const watching = await resident.api.watch("profile", { id }, ({ value }) => (view = value));
  await watching.close();
  return view as unknown as ProfileView;
}

describe("the picture of a profile", () => {
  it("travels with the profile, is checked by its hash, and passed on by whoever holds both", async () => {
    const town = new Town({ seed: 501 });
    const [anna, ben, cem] = [await town.arrive(), await town.arrive(), await town.arrive()];
    const id = encodeNodeId(anna.mesh.self);
    const { avatar } = await anna.api.saveProfile({ displayName: "Anna", bio: "", scopes: [], avatar: PICTURE });
    expect(avatar).toBe(toHex(hashOf(PICTURE)));
    town.network.connect(anna.mesh, ben.mesh);
    await town.clock.until(async () => (await profileOf(ben, id)).avatar === avatar);
    const shown = await town.clock.finish(ben.api.avatar(id));
    expect(shown).toEqual({ hash: avatar, type: "image/png", bytes: PICTURE });
    // Anna leaves; Cem has it from Ben.
    await town.leave(anna);
    town.network.connect(ben.mesh, cem.mesh);
    await town.clock.finish(cem.api.find({ relation: "profile", target: id }));
    expect(await town.clock.finish(cem.api.avatar(id))).toMatchObject({ hash: avatar });
  });

  it("stays when the name changes, and goes when it is removed", async () => {
    const anna = await new Town({ seed: 502 }).arrive();
    const save = (avatar?: Uint8Array | null) =>
      anna.api.saveProfile({ displayName: "Anna", bio: "", scopes: [], ...(avatar === undefined ? {} : { avatar }) });
    const { avatar } = await save(PICTURE);
    await anna.api.saveProfile({ displayName: "Anna again", bio: "", scopes: [] });
    expect(await anna.store.blobs.size(fromHex(avatar!))).toBe(PICTURE.length);
    expect(await save(null)).toMatchObject({ avatar: null, sequence: 3 });
    expect(await anna.store.blobs.size(fromHex(avatar!))).toBeUndefined();
    expect(await anna.api.avatar(encodeNodeId(anna.mesh.self))).toBeNull();
  });

  it.each([
    ["no picture", new TextEncoder().encode("<svg/>")],
    ["too many pixels", png(20_000, 20_000)],
    ["too many bytes", Uint8Array.from({ length: 32_769 }, (_, at) => PICTURE[at] ?? 0)],
    ["one that moves", png(64, 64, { moves: true })],
  ])("is refused where it is %s", async (_what, avatar) => {
    const anna = await new Town({ seed: 503 }).arrive();
    const profile = { displayName: "Anna", bio: "", scopes: [], avatar };
    await expect(anna.api.saveProfile(profile)).rejects.toMatchObject({ code: "AVATAR_INVALID" });
    expect(await anna.store.heads(ObjectType.UserProfile)).toEqual([]);
    expect((await anna.store.usage()).blobs).toBe(0);
  });

  it("of somebody else is neither stored nor shown where it is a bomb, and its author alone is to blame", async () => {
    const town = new Town({ seed: 504 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    const author = await signerOf(505);
    const bomb = png(50_000, 50_000);
    for (const resident of [anna, ben]) await holdProfile(resident.store, author, { avatar: hashOf(bomb) });
    await ben.store.blobs.put(hashOf(bomb), [bomb]);
    town.network.connect(anna.mesh, ben.mesh);
    const id = encodeNodeId(author.publicKey);
    expect(await town.clock.finish(anna.api.avatar(id))).toBeNull();
    expect((await anna.store.usage()).blobs).toBe(0);
    expect(anna.mesh.reports).toEqual([]);
  });

  it("is given out only where a profile names it, and only up to its size", async () => {
    const town = new Town({ seed: 506 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    const [one, two] = [png(64, 64), png(65, 65)];
    const large = Uint8Array.from({ length: MAX_AVATAR_BYTES + 1 }, (_, at) => one[at] ?? 0);
    const drawing = new TextEncoder().encode("<svg/>");
    for (const bytes of [one, two, large, drawing]) await ben.store.blobs.put(hashOf(bytes), [bytes]);
    await holdProfile(ben.store, await signerOf(507), { avatar: hashOf(one) });
    await holdProfile(ben.store, await signerOf(508), { avatar: hashOf(large) });
    await holdProfile(ben.store, await signerOf(509), { avatar: hashOf(drawing) });
    town.network.connect(anna.mesh, ben.mesh);
    const asked = new Fetching(anna, town);
    expect(await asked.get(ben, hashOf(one))).toEqual(one);
    expect(await asked.get(ben, hashOf(drawing))).toBe("NOT_FOUND");
    expect(await asked.get(ben, hashOf(two))).toBe("NOT_FOUND");
    expect(await asked.get(ben, hashOf(large))).toBe("NOT_FOUND");
    await ben.api.block(encodeNodeId((await signerOf(507)).publicKey));
    expect(await asked.get(ben, hashOf(one))).toBe("NOT_FOUND");
  });
});

async function claim(signer: Signer, subject: string, expires: number | null = null) {
  const content = { type: "IdentityClaim", nodeId: signer.publicKey, kind: "website", subject } as const;
  return await signObject({ ...content, proof: null, created: SIM_START, expires }, signer);
}

describe("what a profile claims", () => {
  it("is fetched when it is looked at, and shown where it is signed by whose profile it is and has not ended", async () => {
    const town = new Town({ seed: 510 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    const [author, other] = [await signerOf(511), await signerOf(512)];
    const good = await claim(author, "example.org");
    const ended = await claim(author, "old.example", SIM_START + 1);
    const foreign = await claim(other, "not.mine");
    const forged = (await claim(author, "forged.example")).bytes.slice();
    forged[forged.length - 1]! ^= 1;
    const all = [good.bytes, ended.bytes, foreign.bytes, forged];
    const claims = all.map((bytes) => hashOf(bytes));
    for (const resident of [anna, ben]) await holdProfile(resident.store, author, { claims });
    const stored = { type: ObjectType.IdentityClaim, holding: "cache", storedAt: SIM_START } as const;
    await ben.store.commit({ objects: all.map((bytes) => ({ ...stored, bytes, hash: hashOf(bytes) })) });
    town.network.connect(anna.mesh, ben.mesh);
    const id = encodeNodeId(author.publicKey);
    await town.clock.until(async () => (await profileOf(anna, id)).claims.length > 0);
    await town.clock.advance(5_000);
    expect((await profileOf(anna, id)).claims).toEqual([
      { hash: toHex(good.hash), kind: "website", subject: "example.org", created: SIM_START, expires: null },
    ]);
    expect(await anna.store.hasObject(hashOf(forged))).toBe(false);
    expect(await anna.store.hasObject(foreign.hash)).toBe(false);
  });
});

describe("a sequence number", () => {
  it("that is the highest there is takes no further version, with a code", async () => {
    const anna = await new Town({ seed: 520 }).arrive();
    await anna.api.saveProfile({ displayName: "Anna", bio: "", scopes: [] });
    const [head] = await anna.store.heads(ObjectType.UserProfile);
    await anna.store.commit({ heads: [{ ...head!, sequence: Number.MAX_SAFE_INTEGER }] });
    await expect(anna.api.saveProfile({ displayName: "Ann", bio: "", scopes: [] })).rejects.toMatchObject({
      code: "PROFILE_EXHAUSTED",
    });
  });

  it("of 2^53 is refused with a code wherever it comes from, and whoever sent it is told on", async () => {
    const town = new Town({ seed: 521 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    const author = await signerOf(522);
    const { bytes } = await holdProfile(ben.store, author, { sequence: Number.MAX_SAFE_INTEGER });
    // The highest number is 0x001fffffffffffff behind 0x1b; the next one is 0x0020000000000000.
    const at = Buffer.from(bytes).indexOf(Buffer.from("1b001fffffffffffff", "hex"));
    const beyond = bytes.slice();
    beyond.set(Buffer.from("1b0020000000000000", "hex"), at);
    const head = { type: ObjectType.UserProfile, owner: author.publicKey, name: "", forkBytes: null, frozenUntil: 0 };
    await ben.store.commit({ heads: [{ ...head, sequence: 1, hash: hashOf(beyond), bytes: beyond }] });
    town.network.connect(anna.mesh, ben.mesh);
    const id = encodeNodeId(author.publicKey);
    await town.clock.finish(anna.api.find({ relation: "profile", target: id }));
    expect(await profileOf(anna, id)).toMatchObject({ displayName: null, sequence: 0 });
    expect(anna.mesh.reports).toMatchObject([{ peer: toHex(ben.mesh.self), code: "NUMBER_RANGE" }]);
  });
});
