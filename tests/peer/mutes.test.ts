/** What a person mutes is left out of what it reads, told to nobody, and comes back when the mute ends. */
import { describe, expect, it } from "vitest";
import type { EnvelopeView, FeedSpec, MuteInput, MuteTarget, MuteView } from "../../src/peer/api.ts";
import { applyOps } from "../../src/rpc/apply.ts";
import {
  encodeNodeId,
  fromHex,
  ObjectType,
  scopeFromKey,
  signObject,
  toHex,
  type Signer,
} from "../../src/wire/index.ts";
import { signEnvelope, signerOf, type EnvelopeText } from "../sim/author.ts";
import { signBoost } from "../sim/promoting.ts";
import { draftOf, hashesOf, lastingStore, Town, type Resident } from "../sim/town.ts";
import { now } from "./origin.ts";
import { holdProfile } from "./profiles.ts";
import { inboxOf } from "./watched.ts";

const HOME: FeedSpec = { kind: "home" };
const HOUR = 3_600_000;
const word = (text: string): MuteInput => ({ target: { kind: "word", word: text, whole: true } });
const of = (target: MuteTarget): MuteInput => ({ target });

/** A peer that holds what these wrote, by a short name. */
async function reader<Name extends string>(seed: number, written: Record<Name, EnvelopeText & { by?: Signer }>) {
  const town = new Town({ seed });
  const store = lastingStore(seed);
  const anna = await town.arrive(store);
  const hashes = {} as Record<Name, string>;
  const entries = Object.entries(written) as [Name, EnvelopeText & { by?: Signer }][];
  for (const [at, [name, { by, ...text }]] of entries.entries()) {
    const postHash = text.postHash ?? post(100 + at);
    const signed = await signEnvelope(by ?? (await signerOf(1)), { ...text, postHash });
    await store.commit({ envelopes: [signed] });
    hashes[name] = toHex(signed.hash);
  }
  const shown = async (feed = HOME): Promise<Name[]> => {
    const found = await hashesOf(anna, feed);
    return (Object.keys(hashes) as Name[]).filter((name) => found.includes(hashes[name]));
  };
  return { town, anna, store, hashes, shown };
}

const post = (number: number): Uint8Array => new Uint8Array(32).fill(number);

async function mutesOf({ api }: Resident): Promise<readonly MuteView[]> {
  let rows: readonly MuteView[] = [];
  const watching = await api.watch("mutes", {}, (update) => {
    rows = update.kind === "rows" ? update.rows : applyOps(rows, update.ops);
  });
  await watching.close();
  return rows;
}

/** A curated feed as a store keeps it. */
async function feedBy(curator: Signer, posts: readonly Uint8Array[] = [post(9)]) {
  const { bytes, hash, object } = await signObject(
    {
      type: "CuratedFeed",
      curator: curator.publicKey,
      name: "Bridges",
      description: "",
      entries: posts.map((postHash) => ({ postHash, added: 1, note: null })),
      scope: scopeFromKey("t:bridges"),
      updated: 1,
      sequence: 1,
      kickbackRate: 0,
    },
    curator,
  );
  const { curator: owner, name, sequence } = object;
  return { type: ObjectType.CuratedFeed, owner, name, sequence, hash, bytes, forkBytes: null, frozenUntil: 0 };
}

describe("a mute", () => {
  it("takes words, scopes, kinds and people out of feeds and their counts at once, and gives them back", async () => {
    const spider = await signerOf(2);
    const { anna, shown, town } = await reader(601, {
      plain: { summary: "Nothing in particular" },
      spider: { summary: "A spider in the bath" },
      topic: { summary: "Goals", scopes: ["g:cyberspace/commons", "t:sport/football"] },
      reply: { summary: "Indeed", replyTo: post(1) },
      person: { summary: "Me again", by: spider },
    });
    let feed: readonly EnvelopeView[] = [];
    await anna.api.watch("feed", { feed: HOME }, (update) => {
      feed = update.kind === "rows" ? update.rows : applyOps(feed, update.ops);
    });
    expect(feed).toHaveLength(5);
    const unread = async (): Promise<number | undefined> => {
      let count: number | undefined;
      const watching = await anna.api.watch("feeds", {}, (update) => {
        if (update.kind === "rows") count = update.rows[0]?.unread;
      });
      await watching.close();
      return count;
    };
    expect(await unread()).toBe(5);
    const id = encodeNodeId(spider.publicKey);
    const muted = await anna.api.mute([
      word("Spider"),
      of({ kind: "scope", scope: "t:Sport" }),
      of({ kind: "kind", of: "reply" }),
      of({ kind: "person", id }),
    ]);
    await town.clock.advance(200);
    expect(feed.map(({ summary }) => summary)).toEqual(["Nothing in particular"]);
    expect(await shown()).toEqual(["plain"]);
    expect(await unread()).toBe(1);
    // Who goes there sees it.
    expect(await shown({ kind: "author", author: id })).toEqual(["person"]);
    expect(await shown({ kind: "scope", scope: "t:sport/football", match: "exact" })).toEqual(["topic"]);
    expect((await mutesOf(anna)).map((mute) => mute.id).toReversed()).toEqual(muted.map((mute) => mute.id));

    await anna.api.unmute(muted.map((mute) => mute.id));
    await town.clock.advance(200);
    expect(feed).toHaveLength(5);
    expect(await mutesOf(anna)).toEqual([]);
    expect(anna.faults).toEqual([]);
  });

  it("says of what is shown nevertheless why it is muted", async () => {
    const { anna, hashes } = await reader(602, { spider: { summary: "A spider" }, plain: { summary: "A fly" } });
    await anna.api.mute([word("spider")]);
    expect((await anna.api.envelope(hashes.spider))?.guard).toEqual({
      verdict: { kind: "hidden", what: "post", reason: { code: "WORD_MUTED", by: "spider" } },
      flagged: 0,
      alike: null,
    });
    expect((await anna.api.envelope(hashes.plain))?.guard).toBeNull();
  });

  it("covers instead of hiding where that is asked for", async () => {
    const { anna, hashes, shown } = await reader(603, { spider: { summary: "A spider" } });
    await anna.api.mute([{ ...word("spider"), how: "cover" }]);
    expect(await shown()).toEqual(["spider"]);
    expect((await anna.api.envelope(hashes.spider))?.guard?.verdict).toMatchObject({ kind: "covered", what: "post" });
  });

  it("ends at its time, also over a restart", async () => {
    const { anna, shown, store, town } = await reader(604, { spider: { summary: "A spider" } });
    const now = town.clock.now();
    await anna.api.mute([
      { ...word("spider"), until: now + HOUR },
      { ...word("fly"), until: now + 40 * 24 * HOUR },
    ]);
    expect(await shown()).toEqual([]);
    await town.clock.advance(HOUR + 1_000);
    expect(await shown()).toEqual(["spider"]);
    expect(await mutesOf(anna)).toHaveLength(1);
    await town.leave(anna);
    await town.clock.advance(40 * 24 * HOUR);
    const again = await town.arrive(store);
    expect(await mutesOf(again)).toEqual([]);
  });

  it("of a thread takes everything below, also what came before its parent and what answers an envelope", async () => {
    const { anna, hashes, shown, store } = await reader(605, {
      root: { summary: "root", postHash: post(1) },
      answer: { summary: "answer", postHash: post(2), replyTo: post(1) },
      deep: { summary: "deep", postHash: post(4), replyTo: post(3) },
      other: { summary: "other", postHash: post(5) },
    });
    // Any post of the thread names it.
    const [muted] = await anna.api.mute([of({ kind: "thread", post: toHex(post(2)) })]);
    expect(muted?.target).toEqual({ kind: "thread", post: toHex(post(1)) });
    expect(await shown()).toEqual(["deep", "other"]);
    // What lay between them comes, and answers the envelope instead of the post.
    const between = await signEnvelope(await signerOf(3), { postHash: post(3), replyTo: fromHex(hashes.answer) });
    await store.commit({ envelopes: [between] });
    expect(await shown()).toEqual(["other"]);
    // Who opens the thread sees it.
    expect(await shown({ kind: "replies", to: toHex(post(1)) })).toEqual(["answer"]);
  });

  it("of a thread is the same by the post and by its envelope, also where an answer names the other one", async () => {
    const { anna, hashes, shown, store } = await reader(612, {
      root: { summary: "root", postHash: post(1) },
      answer: { summary: "answer", postHash: post(2), replyTo: post(1) },
      other: { summary: "other", postHash: post(5) },
    });
    const late = await signEnvelope(await signerOf(3), { postHash: post(9) });
    const [held, unheld] = await anna.api.mute([
      of({ kind: "thread", post: hashes.root }),
      of({ kind: "thread", post: toHex(late.hash) }),
    ]);
    expect(held?.target).toEqual({ kind: "thread", post: toHex(post(1)) });
    expect(await shown()).toEqual(["other"]);
    // What answers the envelope is below the post all the same.
    await store.commit({
      envelopes: [await signEnvelope(await signerOf(4), { postHash: post(6), replyTo: fromHex(hashes.root) })],
    });
    expect(await hashesOf(anna)).toEqual([hashes.other]);
    // And what answers the post where only its envelope was named, which was not here yet.
    expect(unheld?.target).toEqual({ kind: "thread", post: toHex(late.hash) });
    await store.commit({
      envelopes: [late, await signEnvelope(await signerOf(5), { postHash: post(7), replyTo: post(9) })],
    });
    expect(await hashesOf(anna)).toEqual([hashes.other]);
  });

  it("is one of many: as many as are asked for are told at once, and further ones by the page", async () => {
    const town = new Town({ seed: 613 });
    const anna = await town.arrive();
    await anna.api.mute(Array.from({ length: 250 }, (_, at) => word(`word ${at}`)));
    const told = async (limit?: number): Promise<[number, boolean]> => {
      let seen: [number, boolean] = [0, false];
      const watching = await anna.api.watch("mutes", limit === undefined ? {} : { limit }, (update) => {
        if (update.kind === "rows") seen = [update.rows.length, update.more];
      });
      await watching.close();
      return seen;
    };
    expect(await told()).toEqual([100, true]);
    expect(await told(Infinity)).toEqual([250, false]);
    expect(await told(0)).toEqual([1, true]);
    await anna.api.unmute((await mutesOf(anna)).map(({ id }) => id));
    expect(await told(2_000)).toEqual([150, false]);
  });

  it("holds for what somebody has boosted as well, whichever of the two came first", async () => {
    const { anna, hashes, shown, store } = await reader(606, { spider: { summary: "A spider", postHash: post(1) } });
    const boosts = [
      await signBoost(await signerOf(4), fromHex(hashes.spider)),
      await signBoost(await signerOf(5), post(1)),
      await signBoost(await signerOf(6), post(9)),
    ];
    await store.commit({ envelopes: boosts });
    await anna.api.mute([word("spider")]);
    expect(await shown()).toEqual([]);
    expect(await hashesOf(anna)).toEqual([toHex(boosts[2]!.hash)]);
    await store.commit({
      envelopes: [await signEnvelope(await signerOf(7), { summary: "spider", postHash: post(9) })],
    });
    expect(await hashesOf(anna)).toEqual([]);
  });

  it("leaves pages as long as they were: what is muted is not counted into them", async () => {
    const town = new Town({ seed: 607 });
    const store = lastingStore(607);
    const anna = await town.arrive(store);
    const author = await signerOf(8);
    const now = town.clock.now();
    const envelopes = await Promise.all(
      Array.from({ length: 120 }, (_, at) =>
        signEnvelope(author, { summary: at % 4 === 0 ? `kept ${at}` : "spider", created: now - at * 1_000 }),
      ),
    );
    await store.commit({ envelopes });
    await anna.api.mute([word("spider")]);
    const page = await anna.api.feed({ feed: HOME, limit: 20 });
    expect(page.map(({ summary }) => summary)).toEqual(Array.from({ length: 20 }, (_, at) => `kept ${at * 4}`));
    const { created, hash } = page.at(-1)!;
    expect(await anna.api.feed({ feed: HOME, limit: 20, before: { created, hash } })).toHaveLength(10);
  });

  it("leaves the pages of a curated feed as long as they were, in its order, and the next one where the last ended", async () => {
    const curator = await signerOf(9);
    const posts = Array.from({ length: 60 }, (_, at) => post(100 + at));
    const written = posts.map((postHash, at): [string, EnvelopeText] => [
      `${at}`,
      // As long as a page, and longer, in a row.
      { postHash, summary: at % 4 === 0 && (at < 10 || at > 31) ? `kept ${at}` : "spider", created: at * 7_919 },
    ]);
    const { anna, store, town } = await reader(608, Object.fromEntries(written));
    await store.commit({ heads: [await feedBy(curator, posts)] });
    await anna.api.mute([word("spider")]);
    const feed = { kind: "curated", curator: encodeNodeId(curator.publicKey), name: "Bridges" } as const;
    const pages: (string | null)[][] = [];
    let before: EnvelopeView | undefined;
    do {
      const page = await anna.api.feed({ feed, limit: 4, ...(before && { before }) });
      pages.push(page.map(({ summary }) => summary));
      before = page.at(-1);
    } while (before !== undefined);
    const kept = [0, 4, 8, 32, 36, 40, 44, 48, 52, 56].map((at) => `kept ${at}`);
    expect(pages).toEqual([kept.slice(0, 4), kept.slice(4, 8), kept.slice(8), []]);
    expect(await now(anna.api, "curated", feed)).toMatchObject({ held: 10, count: 60 });

    // What was muted meanwhile says where to go on as well.
    const first = (await anna.api.feed({ feed, limit: 1 }))[0]!;
    await anna.api.mute([of({ kind: "thread", post: first.postHash! })]);
    await town.clock.settle();
    const rest = await anna.api.feed({ feed, limit: 2, before: first });
    expect(rest.map(({ summary }) => summary)).toEqual(kept.slice(1, 3));
  });

  it.each<[string, unknown, string]>([
    ["nothing", [{}], "MUTE_INVALID"],
    ["a word that cannot be seen", [word("\u200b")], "MUTE_INVALID"],
    ["a person who is nobody", [of({ kind: "person", id: "mehr1x" })], "MUTE_INVALID"],
    ["more than can be kept", Array.from({ length: 2_001 }, (_, at) => word(`w${at}`)), "MUTES_FULL"],
  ])("of %s is refused", async (_what, mutes, code) => {
    const anna = await new Town({ seed: 608 }).arrive();
    await expect(anna.api.mute(mutes as MuteInput[])).rejects.toMatchObject({ code });
    expect(await mutesOf(anna)).toEqual([]);
  });

  it("of oneself is refused, and a damaged entry costs that entry alone", async () => {
    const town = new Town({ seed: 609 });
    const store = lastingStore(609);
    const anna = await town.arrive(store);
    await expect(anna.api.mute([of({ kind: "person", id: encodeNodeId(anna.mesh.self) })])).rejects.toMatchObject({
      code: "MUTE_OWN",
    });
    await anna.api.mute([word("one"), word("two")]);
    await town.leave(anna);
    const [one, two] = (await store.setting("mutes")) as unknown[];
    await store.commit({ settings: { mutes: [one, { target: { kind: "word" } }, 7, two] } });
    const again = await town.arrive(store);
    expect((await mutesOf(again)).map(({ target }) => target)).toMatchObject([{ word: "two" }, { word: "one" }]);
  });
});

describe("media that are not for everybody", () => {
  const picture = { contentType: "image/webp", size: 1_000, blurhash: null, altText: null };
  const withPicture = async (town: Town, scopes: readonly string[], signer: Signer) => {
    const { envelope } = await signEnvelope(signer, { postHash: post(signer.publicKey[0] ?? 0) });
    const made = { ...envelope, mediaHints: [picture], scopes: scopes.map(scopeFromKey), contentSize: 1_050 };
    const { bytes, hash, object } = await signObject(made, signer);
    await town.residents[0]?.store.commit({ envelopes: [{ bytes, hash, envelope: object }] });
    return toHex(hash);
  };

  it("lie under a cover where their author says so, and those of strangers where this person says so", async () => {
    const town = new Town({ seed: 610 });
    const anna = await town.arrive();
    const [friend, stranger] = [await signerOf(11), await signerOf(12)];
    const said = await withPicture(town, ["g:cyberspace/commons", "t:art/nsfw"], friend);
    const plain = await withPicture(town, ["g:cyberspace/commons"], stranger);
    const verdictOf = async (hash: string) => (await anna.api.envelope(hash))?.guard?.verdict ?? null;
    const cover = (by: string | null) => ({ kind: "covered", what: "media", reason: { code: "MEDIA_COVERED", by } });
    expect(await verdictOf(said)).toEqual(cover("t:art/nsfw"));
    expect(await verdictOf(plain)).toBeNull();
    expect(await anna.api.setDefence({ media: "strangers" })).toEqual({ flagged: "mark", media: "strangers" });
    expect(await verdictOf(plain)).toEqual(cover(null));
    await anna.api.follow(encodeNodeId(stranger.publicKey));
    expect(await verdictOf(plain)).toBeNull();
    await anna.api.setDefence({ media: "show" });
    expect(await verdictOf(said)).toBeNull();
    await expect(anna.api.setDefence({ media: "never" as "show" })).rejects.toMatchObject({ code: "DEFENCE_INVALID" });
  });
});

describe("names that look like those of people one knows", () => {
  it("are told with the person meant, and not of that person or of somebody who is known as well", async () => {
    const town = new Town({ seed: 611 });
    const store = lastingStore(611);
    const anna = await town.arrive(store);
    const [real, fake] = [await signerOf(21), await signerOf(22)];
    // The second one with a Cyrillic a and a right-to-left override.
    await holdProfile(store, real, { displayName: "Ada Lane" });
    await holdProfile(store, fake, { displayName: "\u202eАda\u00adLane" });
    await store.commit({
      envelopes: [await signEnvelope(real, { postHash: post(1) }), await signEnvelope(fake, { postHash: post(2) })],
    });
    const id = encodeNodeId(real.publicKey);
    const alikes = async () => {
      await hashesOf(anna);
      await town.clock.settle();
      const rows = await anna.api.feed({ feed: HOME, limit: 9 });
      return Object.fromEntries(rows.map(({ author, guard }) => [author, guard?.alike ?? null]));
    };
    expect(await alikes()).toEqual({ [id]: null, [encodeNodeId(fake.publicKey)]: null });
    await anna.api.follow(id);
    expect(await alikes()).toEqual({ [id]: null, [encodeNodeId(fake.publicKey)]: { id, name: "Ada Lane" } });
    await anna.api.trust(encodeNodeId(fake.publicKey));
    expect(await alikes()).toEqual({ [id]: null, [encodeNodeId(fake.publicKey)]: null });
  });

  it("are told on profiles, of whoever answers, and of whoever curates", async () => {
    const town = new Town({ seed: 612 });
    const store = lastingStore(612);
    const anna = await town.arrive(store);
    const [real, fake] = [await signerOf(21), await signerOf(22)];
    await holdProfile(store, real, { displayName: "Ada Lane" });
    await holdProfile(store, fake, { displayName: "Аda Lane" });
    const [realId, fakeId] = [encodeNodeId(real.publicKey), encodeNodeId(fake.publicKey)];
    await anna.api.follow(realId);
    const { postHash } = await anna.api.publish(draftOf("The bridge is closed"));
    const replyTo = fromHex(postHash);
    await store.commit({
      envelopes: [
        await signEnvelope(real, { postHash: post(1), replyTo, created: town.clock.now() }),
        await signEnvelope(fake, { postHash: post(2), replyTo, created: town.clock.now() }),
      ],
      heads: [await feedBy(real), await feedBy(fake)],
    });
    const alike = { id: realId, name: "Ada Lane" };
    await town.clock.until(async () => (await now(anna.api, "profile", { id: fakeId })).standing.alike !== null);
    expect((await now(anna.api, "profile", { id: fakeId })).standing.alike).toEqual(alike);
    expect((await now(anna.api, "profile", { id: realId })).standing.alike).toBeNull();

    await town.clock.until(async () => (await inboxOf(anna)).length === 2);
    const people = (await inboxOf(anna)).flatMap((line) => line.people);
    expect(Object.fromEntries(people.map((person) => [person.id, person.alike]))).toEqual({
      [realId]: null,
      [fakeId]: alike,
    });

    for (const [curator, curatorAlike] of [
      [realId, null],
      [fakeId, alike],
    ] as const) {
      expect(await now(anna.api, "curated", { curator, name: "Bridges" })).toMatchObject({ curatorAlike });
      expect((await now(anna.api, "curatedBy", { curator })).feeds).toMatchObject([{ curatorAlike }]);
    }
  });
});
