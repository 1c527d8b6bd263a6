import { afterEach, describe, expect, it } from "vitest";
import type { CuratedView, FeedSpec, FeedView } from "../../src/peer/index.ts";
import { channelsOf, subscriptionsOf, type SavedFeed } from "../../src/peer/feeds/index.ts";
import { feedHash } from "../../src/social/index.ts";
import {
  decodeNodeId,
  encodeNodeId,
  fromHex,
  ObjectType,
  scopeFromKey,
  signObject,
  toHex,
  type CuratedFeed,
  type Signer,
} from "../../src/wire/index.ts";
import { signerOf } from "../sim/author.ts";
import { draftOf, lastingStore, Town, type Resident } from "../sim/town.ts";

const UTRECHT = "g:europe/nl/utrecht";
const JAZZ = "t:music/jazz";

const topic = (scope: string, match: "exact" | "prefix" = "prefix"): FeedSpec => ({ kind: "scope", scope, match });

async function feedsOf({ api }: Resident): Promise<readonly FeedView[]> {
  let rows: readonly FeedView[] = [];
  const subscription = await api.watch("feeds", {}, (update) => {
    if (update.kind === "rows") ({ rows } = update);
  });
  await subscription.close();
  return rows;
}

async function curatedOf({ api }: Resident, curator: string, name: string): Promise<CuratedView> {
  const values: CuratedView[] = [];
  const subscription = await api.watch("curated", { curator, name }, ({ value }) => values.push(value));
  await subscription.close();
  return values[0]!;
}

const names = (feeds: readonly FeedView[]) =>
  feeds.map(({ kind, spec }) => (spec.kind === "scope" ? spec.scope : kind));

describe("the feeds that a person keeps", () => {
  it("begin with home and people, and with the topics that were chosen before there were feeds", async () => {
    const anna = await new Town({ seed: 400 }).arrive();
    expect(names(await feedsOf(anna))).toEqual(["home", "people"]);
    const store = lastingStore(401);
    await store.commit({ settings: { settings: { topics: [JAZZ] } } });
    const ben = await new Town({ seed: 401 }).arrive(store);
    expect(names(await feedsOf(ben))).toEqual(["home", "people", JAZZ]);
  });

  it("are one for two spellings, keep their order, and come back after a restart", async () => {
    const town = new Town({ seed: 402 });
    const store = lastingStore(402);
    const anna = await town.arrive(store);
    const first = await anna.api.saveFeed({ spec: topic("t:Gaming/Pok\u00e9mon") });
    const second = await anna.api.saveFeed({ spec: topic("t:gaming/POKE\u0301MON"), name: "  Poke \n mon " });
    expect(second).toMatchObject({ id: first.id, name: "Poke mon", spec: { scope: "t:gaming/pok\u00e9mon" } });
    const place = await anna.api.saveFeed({ spec: topic(UTRECHT, "exact"), at: 0, mode: "digest" });
    await anna.api.saveFeed({ id: "home", filters: { boosts: false, replies: true } });
    await town.leave(anna);
    const back = await town.arrive(store);
    const feeds = await feedsOf(back);
    expect(names(feeds)).toEqual(["home", UTRECHT, "people", "t:gaming/pok\u00e9mon"]);
    expect(feeds[0]).toMatchObject({ filters: { boosts: false, replies: true } });
    expect(feeds[1]).toMatchObject({ id: place.id, kind: "place", mode: "digest", name: null });
    await back.api.orderFeeds([first.id, "unknown", first.id]);
    expect(names(await feedsOf(back))).toEqual(["home", "t:gaming/pok\u00e9mon", UTRECHT, "people"]);
  });

  it("come back whole, with what was read, when a removal is undone", async () => {
    const anna = await new Town({ seed: 403 }).arrive();
    const made = await anna.api.saveFeed({ spec: topic(JAZZ), name: "Jazz", mode: "push", at: 0 });
    await anna.api.removeFeed(made.id);
    await anna.api.removeFeed(made.id);
    expect(names(await feedsOf(anna))).toEqual(["home", "people"]);
    const { id, mode, name, spec } = made;
    await anna.api.saveFeed({ id, mode, name, spec, at: 0 });
    expect((await feedsOf(anna))[1]).toEqual(made);
  });

  it("are the topics of the settings, too", async () => {
    const anna = await new Town({ seed: 404 }).arrive();
    await anna.api.saveFeed({ spec: topic(JAZZ) });
    await anna.api.saveFeed({ spec: topic("t:chess", "exact") });
    const settings = await anna.api.updateSettings({ topics: [JAZZ, "t:gardening"] });
    expect(settings.topics).toEqual([JAZZ, "t:gardening"]);
    await anna.api.updateSettings({ topics: ["t:gardening"] });
    expect(names(await feedsOf(anna))).toEqual(["home", "people", "t:chess", "t:gardening"]);
  });

  it.each<[string, unknown, string]>([
    ["nothing", undefined, "FEED_INVALID"],
    ["no spec", { name: "x" }, "FEED_INVALID"],
    ["answers to a post", { spec: { kind: "replies", to: "0".repeat(64) } }, "FEED_INVALID"],
    ["another home", { spec: { kind: "home" } }, "FEED_FIXED"],
    ["another name for home", { id: "home", name: "Mine" }, "FEED_FIXED"],
    ["a kind of another version", { spec: { kind: "ranked" } }, "FEED_UNKNOWN"],
    ["an intersection with no topic", { spec: { kind: "intersection", places: [], topics: [] } }, "FEED_UNKNOWN"],
    ["a place that is none", { spec: topic("g:\u2044") }, "SCOPE_INVALID"],
    ["an author who is none", { spec: { kind: "author", author: "mehr1" } }, "NODE_ID_INVALID"],
    ["a name as long as a page", { spec: topic(JAZZ), name: "x".repeat(65) }, "FEED_INVALID"],
    ["half a character", { spec: topic(JAZZ), name: "\ud800" }, "FEED_INVALID"],
    ["a mode that is none", { spec: topic(JAZZ), mode: "shout" }, "FEED_INVALID"],
    ["a place in the list that is none", { spec: topic(JAZZ), at: -1 }, "FEED_INVALID"],
  ])("refuse %s with a code", async (_what, feed, code) => {
    const anna = await new Town({ seed: 405 }).arrive();
    await expect(anna.api.saveFeed(feed as { name: string })).rejects.toMatchObject({ code });
    expect(await feedsOf(anna)).toHaveLength(2);
  });

  it("lose what is damaged, or not of this version, and nothing else", async () => {
    const store = lastingStore(406);
    const good = { id: "ab", name: null, spec: topic(JAZZ), mode: "auto", filters: { boosts: true, replies: true } };
    const feeds = [
      null,
      7,
      { ...good, id: "../x" },
      { ...good, id: "b", spec: { kind: "ranked" } },
      good,
      { id: "home" },
    ];
    await store.commit({ settings: { feeds, "feeds.read": { ab: { created: "yesterday" } } } });
    const anna = await new Town({ seed: 406 }).arrive(store);
    expect(names(await feedsOf(anna))).toEqual(["home", JAZZ]);
  });

  it("may be a thousand, in a moment, and no more", async () => {
    const store = lastingStore(407);
    const feeds = Array.from({ length: 1_000 }, (_, at) => ({
      id: `feed-${at}`,
      name: null,
      spec: topic(`t:many/topic-${at}`),
      mode: "auto",
      filters: { boosts: true, replies: true },
    }));
    await store.commit({ settings: { feeds } });
    const anna = await new Town({ seed: 407 }).arrive(store);
    await anna.api.publish(draftOf("one of a thousand", ["t:many/topic-7"]));
    const began = performance.now();
    const rows = await feedsOf(anna);
    expect(rows).toHaveLength(1_001);
    // Generous: 10 ms on an idle machine.
    expect(performance.now() - began).toBeLessThan(1_000);
    await expect(anna.api.saveFeed({ spec: topic(JAZZ) })).rejects.toMatchObject({ code: "FEEDS_FULL" });
    expect((await anna.api.saveFeed({ id: "feed-3", name: "Third" })).name).toBe("Third");
    // Home and the first of them; most have none: relays register 64.
    expect(anna.mesh.channels()).toHaveLength(32);
  });
});

describe("what is new in a feed", () => {
  it("is counted from what was seen, of others only, up to a hundred", async () => {
    const town = new Town({ seed: 410 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    town.network.connectAll();
    const unread = async () => (await feedsOf(anna))[0]!.unread;
    const first = await ben.api.publish(draftOf("one"));
    await town.clock.advance(1_000);
    const second = await ben.api.publish(draftOf("two"));
    await town.clock.until(async () => (await anna.api.envelope(second.hash)) !== null);
    await anna.api.publish(draftOf("my own"));
    expect(await unread()).toBe(2);
    const one = (await anna.api.envelope(first.hash))!;
    const two = (await anna.api.envelope(second.hash))!;
    await anna.api.markRead({ feed: "home", at: two });
    expect(await unread()).toBe(0);
    // Scrolling down does not make anything new again.
    await anna.api.markRead({ feed: "home", at: one });
    expect(await unread()).toBe(0);
    await town.clock.advance(1_000);
    for (let at = 0; at < 120; at += 1) await ben.api.publish(draftOf(`more ${at}`));
    await town.clock.until(async () => (await unread()) === 100);
    await anna.api.markRead({ feed: "home" });
    expect(await unread()).toBe(0);
    await expect(anna.api.markRead({ feed: "none" })).rejects.toMatchObject({ code: "FEED_UNKNOWN" });
  });

  it("is kept over a restart, and does not begin with what was there before", async () => {
    const town = new Town({ seed: 411 });
    const store = lastingStore(411);
    const anna = await town.arrive(store);
    const ben = await town.arrive();
    town.network.connectAll();
    const { hash } = await ben.api.publish(draftOf("about jazz", ["g:cyberspace/commons", JAZZ]));
    await town.clock.until(async () => (await anna.api.envelope(hash)) !== null);
    expect(await anna.api.saveFeed({ spec: topic(JAZZ) })).toMatchObject({ unread: 0 });
    await anna.api.markRead({ feed: "home" });
    await town.leave(anna);
    const back = await town.arrive(store);
    expect((await feedsOf(back)).map(({ unread }) => unread)).toEqual([0, 0, 0]);
  });
});

describe("an intersection feed", () => {
  it("shows what is at any of its places and has any of its topics, without answers where these are left out", async () => {
    const town = new Town({ seed: 415 });
    const anna = await town.arrive();
    const both = await anna.api.publish(draftOf("both", [`${UTRECHT}/oost`, JAZZ]));
    await anna.api.publish(draftOf("only the place", [UTRECHT]));
    await anna.api.publish(draftOf("only the topic", [JAZZ]));
    const answer = await anna.api.publish({ ...draftOf("answer", [UTRECHT, JAZZ]), replyTo: both.postHash });
    const feed = {
      kind: "intersection",
      places: [{ scope: UTRECHT, match: "prefix" }],
      topics: [{ scope: "t:music", match: "prefix" }],
    } as const;
    const hashes = async (replies: boolean) =>
      (await anna.api.feed({ feed, limit: 9, filters: { boosts: true, replies } })).map(({ hash }) => hash).toSorted();
    expect(await hashes(true)).toEqual([both.hash, answer.hash].toSorted());
    expect(await hashes(false)).toEqual([both.hash]);
    await expect(anna.api.feed({ feed, limit: 9, filters: { boosts: 1 } as never })).rejects.toMatchObject({
      code: "FEED_INVALID",
    });
  });
});

describe("subscriptions", () => {
  const saved = (spec: FeedSpec, mode: SavedFeed["mode"] = "auto"): SavedFeed => ({
    id: JSON.stringify(spec).length.toString(),
    kind: "topic",
    name: null,
    spec,
    mode,
    filters: { boosts: true, replies: true },
  });

  it("ask once for everything that a feed shows, in the mode that the person wants", async () => {
    const [self, friend, author] = await Promise.all(
      [1, 2, 3].map(async (number) => (await signerOf(number)).publicKey),
    );
    const feeds = [
      saved({ kind: "home" }),
      saved({ kind: "people" }, "pullhint"),
      saved(topic(JAZZ)),
      saved({ kind: "author", author: encodeNodeId(author!) }),
      saved(
        {
          kind: "intersection",
          places: [{ scope: UTRECHT, match: "exact" }],
          topics: [{ scope: JAZZ, match: "prefix" }],
        },
        "digest",
      ),
    ];
    const reading = { self: self!, home: UTRECHT, following: [friend!], feeds };
    const found = subscriptionsOf(reading, (_target, wish) => (wish === "auto" ? "push" : wish));
    expect(found).toEqual([
      { target: { kind: "scope", scope: scopeFromKey(UTRECHT), match: "exact" }, mode: "digest" },
      { target: { kind: "node", key: self }, mode: "push" },
      { target: { kind: "scope", scope: scopeFromKey(JAZZ), match: "prefix" }, mode: "digest" },
      { target: { kind: "node", key: author }, mode: "push" },
      { target: { kind: "node", key: friend }, mode: "pullhint" },
    ]);
    expect(channelsOf(found)).toEqual([]);
    expect(channelsOf(subscriptionsOf(reading, () => "push"))).toEqual([
      "mehr/1/g/europe/nl/utrecht",
      "mehr/1/t/music/jazz",
    ]);
  });
});

describe("a curated feed that is followed", () => {
  const towns: Town[] = [];
  afterEach(async () => {
    for (const town of towns.splice(0)) for (const resident of town.residents.slice()) await town.leave(resident);
  });

  const NAME = "Best of town";
  async function signed(
    curator: Signer,
    posts: readonly { postHash: string; added: number; note?: string }[],
    changes: Partial<CuratedFeed> = {},
  ) {
    const entries = posts.map(({ added, note, postHash }) => ({
      postHash: fromHex(postHash),
      added,
      note: note ?? null,
    }));
    const text = {
      type: "CuratedFeed",
      curator: curator.publicKey,
      name: NAME,
      description: "What one should not miss",
      entries,
      scope: scopeFromKey(UTRECHT),
      updated: Math.max(0, ...posts.map(({ added }) => added)),
      sequence: 1,
      kickbackRate: 0,
      ...changes,
    } as const;
    const { bytes, hash, object } = await signObject(text, curator);
    const { name, sequence } = object;
    const head = { type: ObjectType.CuratedFeed, owner: curator.publicKey, name, sequence, hash, bytes };
    return { ...head, forkBytes: null, frozenUntil: 0 };
  }

  async function story(seed: number) {
    const town = new Town({ seed });
    towns.push(town);
    const curator = await signerOf(seed);
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    const old = await ben.api.publish(draftOf("an old post"));
    await town.clock.advance(1_000);
    const late = await ben.api.publish(draftOf("a later post"));
    return { town, anna, ben, curator, id: encodeNodeId(curator.publicKey), old, late, now: town.clock.now() };
  }

  it("comes from a neighbour, in the order of the choice, with notes and envelopes", async () => {
    const { anna, ben, curator, id, late, now, old, town } = await story(420);
    const entries = [
      { postHash: late.postHash, added: now - 5_000 },
      // Added last, and put below.
      { postHash: old.postHash, added: now, note: "Read this" },
      { postHash: "5".repeat(64), added: now - 9_000, note: "Nobody has this" },
    ];
    await ben.store.commit({ heads: [await signed(curator, entries)] });
    const feed = await anna.api.saveFeed({ spec: { kind: "curated", curator: id, name: NAME } });
    expect(await curatedOf(anna, id, NAME)).toMatchObject({ state: "looking", entries: [], held: 0 });
    town.network.connectAll();
    await town.clock.until(async () => (await curatedOf(anna, id, NAME)).held === 2);
    const view = await curatedOf(anna, id, NAME);
    expect(view).toMatchObject({
      state: "here",
      description: "What one should not miss",
      scope: UTRECHT,
      forked: false,
    });
    expect(view.entries.map(({ note }) => note)).toEqual([null, "Read this", "Nobody has this"]);
    const spec = { kind: "curated", curator: id, name: NAME } as const;
    const rows = await anna.api.feed({ feed: spec, limit: 9 });
    expect(rows.map(({ chosen, hash }) => [hash, chosen?.note])).toEqual([
      [late.hash, null],
      [old.hash, "Read this"],
    ]);
    const [first] = rows;
    expect((await anna.api.feed({ feed: spec, limit: 9, before: first! })).map(({ hash }) => hash)).toEqual([old.hash]);
    const unread = async () => (await feedsOf(anna)).at(-1)!.unread;
    expect(await unread()).toBe(2);
    // What was added later stands below.
    await anna.api.markRead({ feed: feed.id, at: first! });
    expect(await unread()).toBe(1);
    await anna.api.markRead({ feed: feed.id, at: rows[1]! });
    expect(await unread()).toBe(0);
  });

  it("counts a feed that is put into it as new, once that one is known here, until it was seen", async () => {
    const { anna, curator, id, now, old, town } = await story(425);
    const spec = { kind: "curated", curator: id, name: NAME } as const;
    const other = await signerOf(426);
    const inner = { curator: other.publicKey, name: "Rivers" };
    const held = await signed(other, [{ postHash: old.postHash, added: now }], { name: inner.name });
    const entry = { postHash: toHex(feedHash(inner)), added: now + 1_000 };
    const before = { postHash: "6".repeat(64), added: now };
    await anna.store.commit({ heads: [held, await signed(curator, [before])] });
    const { id: kept } = await anna.api.saveFeed({ spec });
    const unread = async () => (await feedsOf(anna)).at(-1)!.unread;
    expect(await unread()).toBe(0);
    await anna.store.commit({ heads: [await signed(curator, [before, entry], { sequence: 2 })] });
    expect(await unread()).toBe(1);
    // Nothing of what this person wants to see nothing of.
    await anna.api.block(encodeNodeId(other.publicKey));
    expect(await unread()).toBe(0);
    await anna.api.unblock(encodeNodeId(other.publicKey));
    // There is no post in it: the feed itself is what was seen.
    await anna.api.markRead({ feed: kept, at: { created: 0, hash: entry.postHash } });
    expect(await unread()).toBe(0);
    const third = { postHash: toHex(feedHash({ ...inner, name: "Lakes" })), added: now + 2_000 };
    await anna.store.commit({ heads: [await signed(curator, [before, entry, third], { sequence: 3 })] });
    expect(await unread()).toBe(0);
    await anna.store.commit({ heads: [await signed(other, [], { name: "Lakes", updated: town.clock.now() })] });
    expect(await unread()).toBe(1);
    await anna.api.markRead({ feed: kept });
    expect(await unread()).toBe(0);
    // Whoever keeps one that holds feeds has not missed what was there before.
    await anna.api.removeFeed(kept);
    expect((await anna.api.saveFeed({ spec })).unread).toBe(0);
  });

  it("is asked for again every ten minutes, keeps the newest version, and passes it on", async () => {
    const { anna, ben, curator, id, late, now, old, town } = await story(421);
    await ben.store.commit({ heads: [await signed(curator, [{ postHash: old.postHash, added: now }])] });
    await anna.api.saveFeed({ spec: { kind: "curated", curator: id, name: NAME } });
    town.network.connectAll();
    await town.clock.until(async () => (await curatedOf(anna, id, NAME)).sequence === 1);
    const second = await signed(curator, [{ postHash: late.postHash, added: now }], { sequence: 2 ** 53 - 1 });
    await ben.store.commit({ heads: [second] });
    await town.clock.until(async () => (await curatedOf(anna, id, NAME)).sequence === 2 ** 53 - 1, 601_000);
    const carol = await town.arrive();
    await carol.api.saveFeed({ spec: { kind: "curated", curator: id, name: NAME } });
    await town.leave(ben);
    town.network.connectAll();
    await town.clock.until(async () => (await curatedOf(carol, id, NAME)).sequence === 2 ** 53 - 1);
  });

  it("shows a fork and takes no update of it for a day", async () => {
    const { anna, ben, curator, id, late, now, old, town } = await story(422);
    const one = await signed(curator, [{ postHash: old.postHash, added: now }]);
    const two = await signed(curator, [{ postHash: late.postHash, added: now }]);
    await ben.store.commit({ heads: [{ ...one, forkBytes: two.bytes }] });
    await anna.api.saveFeed({ spec: { kind: "curated", curator: id, name: NAME } });
    town.network.connectAll();
    await town.clock.until(async () => (await curatedOf(anna, id, NAME)).forked);
    await ben.store.commit({ heads: [await signed(curator, [], { sequence: 2 })] });
    await town.clock.advance(1_300_000);
    expect(await curatedOf(anna, id, NAME)).toMatchObject({ sequence: 1, forked: true });
  });

  it("counts against who gives another one, and says when nobody has it", async () => {
    const { anna, ben, curator, id, now, old, town } = await story(423);
    const liar = await signed(curator, [{ postHash: old.postHash, added: now }]);
    const bytes = liar.bytes.slice();
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await ben.store.commit({ heads: [{ ...liar, bytes }] });
    await anna.api.saveFeed({ spec: { kind: "curated", curator: id, name: NAME } });
    town.network.connectAll();
    await town.clock.until(async () => (await curatedOf(anna, id, NAME)).state === "missing", 700_000);
    expect(anna.mesh.misdeeds()).toMatchObject([{ peer: ben.mesh.self, code: "SIGNATURE_INVALID" }]);
    expect(await anna.store.head(ObjectType.CuratedFeed, decodeNodeId(id), NAME)).toBeUndefined();
  });

  it("shows one envelope of a post, whoever else claims the post, and none by who is blocked", async () => {
    const { anna, ben, curator, id, now, old, town } = await story(424);
    await anna.store.commit({ heads: [await signed(curator, [{ postHash: old.postHash, added: now }])] });
    town.network.connectAll();
    await town.clock.until(async () => (await anna.api.envelope(old.hash)) !== null);
    const spec = { kind: "curated", curator: id, name: NAME } as const;
    expect(await anna.api.feed({ feed: spec, limit: 9 })).toHaveLength(1);
    await anna.api.block(encodeNodeId(ben.mesh.self));
    expect(await anna.api.feed({ feed: spec, limit: 9 })).toEqual([]);
    await anna.api.unblock(encodeNodeId(ben.mesh.self));
    await anna.api.block(id);
    expect(await anna.api.feed({ feed: spec, limit: 9 })).toEqual([]);
  });
});

describe("places and topics that were seen", () => {
  it("are a tree with counts", async () => {
    const anna = await new Town({ seed: 430 }).arrive();
    await anna.api.publish(draftOf("here", [`${UTRECHT}/oost`, JAZZ]));
    await anna.api.publish(draftOf("there", [UTRECHT]));
    const below = async (within: string | null) =>
      (await anna.api.browseScopes({ kind: "geo", within, limit: 9 })).map(({ branches, count, scope }) => [
        scope,
        count,
        branches,
      ]);
    expect(await below(null)).toEqual([["g:europe", 2, 1]]);
    expect(await below("g:europe/nl")).toEqual([[UTRECHT, 2, 1]]);
    expect(await below(UTRECHT)).toEqual([[`${UTRECHT}/oost`, 1, 0]]);
    await expect(below("Europe")).rejects.toMatchObject({ code: "SCOPE_INVALID" });
    const wrong = { kind: "geo", within: null, limit: "all" } as unknown as Parameters<typeof anna.api.browseScopes>[0];
    await expect(anna.api.browseScopes(wrong)).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
  });
});
