import { describe, expect, it } from "vitest";
import { createStoreClient } from "../../src/mesh/protocols/index.ts";
import {
  encodeNodeId,
  encodeObject,
  fromHex,
  hashOf,
  ObjectType,
  signObject,
  toHex,
  type Hash,
  type Signer,
} from "../../src/wire/index.ts";
import { signEnvelope, signerOf, signProfile, type SignedEnvelope } from "../sim/author.ts";
import { draftOf, Town, type Resident } from "../sim/town.ts";

const TEXT = "A story that is too long to stand in its envelope. ".repeat(10).trim();

interface SignedPost {
  readonly hash: Hash;
  readonly bytes: Uint8Array;
}

async function signPost(signer: Signer, text: string = TEXT): Promise<SignedPost> {
  const author = signer.publicKey;
  return await signObject({ type: "SocialPost", author, text, media: [], links: [] } as const, signer);
}

/** An envelope of `signer` for a post, true to its size unless said otherwise. */
async function nameIt(signer: Signer, post: SignedPost, contentSize = post.bytes.length): Promise<SignedEnvelope> {
  const { envelope } = await signEnvelope(signer, { postHash: post.hash, summary: "Read on" });
  const { signature: _, ...unsigned } = { ...envelope, contentSize };
  const { bytes, hash, object } = await signObject(unsigned, signer);
  return { bytes, hash, envelope: object };
}

/** Ben holds a post and envelopes for it; Anna, his neighbour, has the envelopes. */
async function shelf(seed: number, post: SignedPost, envelopes: readonly SignedEnvelope[]) {
  const town = new Town({ seed });
  const anna = await town.arrive();
  const ben = await town.arrive();
  await ben.store.commit({
    envelopes,
    objects: [{ ...post, type: ObjectType.SocialPost, holding: "cache", storedAt: 0 }],
  });
  town.network.connectAll();
  await town.clock.until(() => anna.store.envelopes.size === envelopes.length);
  return { town, anna, ben };
}

async function read(town: Town, by: Resident, post: SignedPost): Promise<string> {
  const outcome = by.api.post(toHex(post.hash)).then(
    (view) => view.text ?? "",
    (error: { code: string }) => error.code,
  );
  await town.clock.advance(30_000);
  return await outcome;
}

async function marksOf(by: Resident, signer: Signer): Promise<readonly string[]> {
  let marks: readonly string[] = [];
  const watching = await by.api.watch("profile", { id: encodeNodeId(signer.publicKey) }, ({ value }) => {
    marks = value.marks;
  });
  await watching.close();
  return marks;
}

describe("a fetched post", () => {
  it("is kept, and served to others from then on", async () => {
    const author = await signerOf(40);
    const post = await signPost(author);
    const { town, anna, ben } = await shelf(40, post, [await nameIt(author, post)]);
    expect(await read(town, anna, post)).toBe(TEXT);
    await town.leave(ben);
    expect(await anna.api.post(toHex(post.hash))).toMatchObject({ from: "here", text: TEXT });
    const cem = await town.arrive();
    town.network.connectAll();
    await town.clock.until(() => cem.store.envelopes.size === 1);
    expect(await read(town, cem, post)).toBe(TEXT);
    expect(await marksOf(anna, author)).toEqual([]);
  });

  it.each([
    ["less", -1],
    ["more", 1],
  ])("marks its author when the envelope promised %s than it takes", async (_what, difference) => {
    const author = await signerOf(41);
    const post = await signPost(author);
    const { town, anna } = await shelf(41, post, [await nameIt(author, post, post.bytes.length + difference)]);
    expect(await read(town, anna, post)).toBe(TEXT);
    expect(await marksOf(anna, author)).toEqual(["SIZE_MISMATCH"]);
  });

  it("is refused when all envelopes that name it are by others, and its server is not blamed", async () => {
    const [author, thief] = [await signerOf(42), await signerOf(43)];
    const post = await signPost(author);
    const { town, anna } = await shelf(42, post, [await nameIt(thief, post)]);
    expect(await read(town, anna, post)).toBe("NOT_FOUND");
    expect(await anna.store.hasObject(post.hash)).toBe(false);
    expect(anna.mesh.reports).toEqual([]);
  });

  it("stays readable when others name it, too, however often", async () => {
    const [author, thief] = [await signerOf(44), await signerOf(45)];
    const post = await signPost(author);
    const thefts = Array.from({ length: 20 }, (_, at) => nameIt(thief, post, post.bytes.length + at));
    const { town, anna } = await shelf(44, post, [await nameIt(author, post), ...(await Promise.all(thefts))]);
    expect(await read(town, anna, post)).toBe(TEXT);
    // What the others said of its size is not the author's lie.
    expect(await marksOf(anna, author)).toEqual([]);
    expect(anna.mesh.reports).toEqual([]);
  });

  it("is refused without its author's signature", async () => {
    const author = await signerOf(46);
    const unsigned = { type: "SocialPost" as const, author: author.publicKey, text: TEXT, media: [], links: [] };
    const { object: other } = await signObject({ ...unsigned, text: "Another text" }, author);
    const bytes = encodeObject({ ...unsigned, signature: other.signature });
    const post = { bytes, hash: hashOf(bytes) };
    const { town, anna } = await shelf(46, post, [await nameIt(author, post)]);
    expect(await read(town, anna, post)).toBe("NOT_FOUND");
    expect(await anna.store.hasObject(post.hash)).toBe(false);
  });

  it("is refused when it is another kind of object", async () => {
    const author = await signerOf(48);
    const profile = await signProfile(author, "Not a post");
    const { town, anna } = await shelf(48, profile, [await nameIt(author, profile)]);
    expect(await read(town, anna, profile)).toBe("NOT_FOUND");
    expect(anna.mesh.reports).toEqual([]);
  });

  it("is given up when the reader gives up", async () => {
    const town = new Town({ seed: 49 });
    const anna = await town.arrive();
    const silent = town.network.createMesh(new Uint8Array(32).fill(5));
    await silent.start();
    silent.handle("/mehr/store/1", () => new Promise(() => undefined));
    town.network.connectAll();
    const giveUp = new AbortController();
    const reading = expect(anna.api.post("ab".repeat(32), { signal: giveUp.signal })).rejects.toThrow("enough");
    await town.clock.advance(1_000);
    giveUp.abort(new Error("enough"));
    await reading;
  });
});

describe("a post for trusted peers", () => {
  /** What Ben is told when he asks Anna by hash, as nobody could who follows the rules. */
  async function asked(town: Town, by: Resident, of: Resident, hash: string) {
    const client = createStoreClient({ mesh: by.mesh, clock: town.clock });
    const has = client.has(of.mesh.self, [fromHex(hash)]);
    const got = client.get(of.mesh.self, fromHex(hash)).then(
      () => "served",
      (error: { code: string }) => error.code,
    );
    await town.clock.advance(2_000);
    const outcome = { has: (await has)[0], get: await got };
    client.stop();
    return outcome;
  }

  const HIDDEN = { has: false, get: "NOT_FOUND" };

  it("is hidden also from who knows its hash and names it in an envelope of theirs", async () => {
    const town = new Town({ seed: 50 });
    const anna = await town.arrive();
    const ben = await town.arrive();
    town.network.connectAll();
    const { hash, postHash } = await anna.api.publish(draftOf(TEXT, []));
    const thief = await signerOf(51);
    const forged = await signEnvelope(thief, { postHash: fromHex(postHash), created: town.clock.now() });
    await ben.store.commit({ envelopes: [forged] });
    town.network.disconnect(anna.mesh, ben.mesh);
    town.network.connectAll();
    await town.clock.until(() => anna.store.envelopes.has(forged.hash));
    expect(await asked(town, ben, anna, postHash)).toEqual(HIDDEN);
    expect(await asked(town, ben, anna, hash)).toEqual(HIDDEN);
    // Its author may change her mind.
    const open = await anna.api.publish(draftOf(TEXT));
    expect(open.postHash).toBe(postHash);
    expect(await asked(town, ben, anna, postHash)).toEqual({ has: true, get: "served" });
    expect(await asked(town, ben, anna, hash)).toEqual(HIDDEN);
  });

  it("stays hidden when its envelope is lost", async () => {
    const town = new Town({ seed: 52 });
    const anna = await town.arrive();
    const ben = await town.arrive();
    town.network.connectAll();
    const { hash, postHash } = await anna.api.publish(draftOf(TEXT, []));
    await anna.store.commit({ removeEnvelopes: [fromHex(hash)] });
    expect(await asked(town, ben, anna, postHash)).toEqual(HIDDEN);
  });

  it("is not announced as to be had here", async () => {
    const town = new Town({ seed: 53 });
    const anna = await town.arrive();
    await town.arrive();
    town.network.connectAll();
    const hidden = await anna.api.publish(draftOf(TEXT, []));
    const open = await anna.api.publish(draftOf(`${TEXT} For all.`));
    // The network is made anew, and with it everything that is held is announced.
    await anna.api.updateSettings({ relays: ["wss://relay.example/"] });
    await town.clock.settle();
    town.network.connectAll();
    await town.clock.until(() => town.network.providers.has(open.postHash));
    await town.clock.advance(60_000);
    expect(town.network.providers.has(hidden.postHash)).toBe(false);
  });

  it("is answered only in the same circle: a wider answer would tell its hash", async () => {
    const town = new Town({ seed: 54 });
    const anna = await town.arrive();
    const { postHash } = await anna.api.publish(draftOf(TEXT, []));
    const answer = { ...draftOf("yes"), replyTo: postHash };
    expect((await anna.api.preview(answer)).problems).toEqual([{ field: "scopes", code: "REPLY_TOO_WIDE" }]);
    await expect(anna.api.publish(answer)).rejects.toMatchObject({ code: "REPLY_TOO_WIDE" });
    await anna.api.publish({ ...answer, scopes: [] });
    // Both wait for trusted people, and for no channel.
    expect((await anna.store.outbox()).map(({ channels }) => channels)).toEqual([[], []]);
  });
});
