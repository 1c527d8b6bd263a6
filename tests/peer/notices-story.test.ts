/** Who hears of what: answers from a town far away, boosts, feeds, trust; once, whatever happens to the peer in between. */
import { describe, expect, it } from "vitest";
import type { NoticeCalls } from "../../src/peer/index.ts";
import { PORTABLE_SETTINGS } from "../../src/peer/backup/format.ts";
import { parseRecord } from "../../src/peer/notices/record.ts";
import {
  decodeEnvelope,
  encodeNodeId,
  fromHex,
  hashOf,
  ObjectType,
  scopeFromKey,
  signObject,
  toHex,
  type Signer,
} from "../../src/wire/index.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { SIM_START } from "../sim/clock.ts";
import { draftOf, lastingStore, Town, type Resident } from "../sim/town.ts";
import { inboxOf } from "./watched.ts";

const COMMONS = "g:cyberspace/commons";
const UTRECHT = "g:europe/nl/utrecht";
const TEHRAN = "g:asia/ir/tehran";
const DAY = 86_400_000;

const isPortable = (name: string): boolean => PORTABLE_SETTINGS.includes(name);
const idOf = ({ mesh }: Resident): string => encodeNodeId(mesh.self);
const replyTo = (postHash: string, text: string, scopes = [COMMONS]) => ({
  ...draftOf(text, scopes),
  replyTo: postHash,
});

async function unreadOf({ api }: Resident): Promise<number> {
  let unread = -1;
  const watching = await api.watch("inboxCount", {}, ({ value }) => (unread = value.unread));
  await watching.close();
  return unread;
}

async function callsOf({ api }: Resident): Promise<NoticeCalls> {
  let calls: NoticeCalls = { until: -1, lines: [] };
  const watching = await api.watch("noticeCalls", {}, ({ value }) => (calls = value));
  await watching.close();
  return calls;
}

/** Anna and Ben, linked, in one place. */
async function neighbours(seed: number): Promise<{ town: Town; anna: Resident; ben: Resident }> {
  const town = new Town({ seed });
  const [anna, ben] = [await town.arrive(), await town.arrive()];
  town.network.connect(anna.mesh, ben.mesh);
  await town.clock.advance(5_000);
  return { town, anna, ben };
}

describe("an author", () => {
  it("hears of a reply by a stranger in another town, without opening anything", async () => {
    const town = new Town({ seed: 801 });
    const [anna, ben, cem, bystander] = [
      await town.arrive(),
      await town.arrive(),
      await town.arrive(),
      await town.arrive(),
    ];
    for (const each of [anna, ben]) await each.api.updateSettings({ home: TEHRAN });
    for (const each of [cem, bystander]) await each.api.updateSettings({ home: UTRECHT });
    town.network.connect(anna.mesh, ben.mesh);
    const { hash, postHash } = await anna.api.publish(draftOf("The bridge is closed", [TEHRAN]));
    await town.clock.until(async () => (await ben.api.envelope(hash)) !== null);
    // Cem reads it at Ben's, and answers where Cem lives; Anna has no link to either of them then.
    town.network.disconnect(anna.mesh, ben.mesh);
    town.network.connect(ben.mesh, cem.mesh);
    await town.clock.finish(cem.api.find({ relation: "post", target: postHash }));
    town.network.disconnect(ben.mesh, cem.mesh);
    town.network.connect(anna.mesh, bystander.mesh);
    const answer = await cem.api.publish(replyTo(postHash, "Until when?", [UTRECHT]));

    await town.clock.until(async () => (await inboxOf(anna)).length > 0, 30 * 60_000);
    expect(await inboxOf(anna)).toMatchObject([
      {
        kind: "reply",
        people: [{ id: idOf(cem) }],
        count: 1,
        unread: 1,
        latest: answer.hash,
        excerpt: "Until when?",
        post: { hash },
        private: false,
      },
    ]);
    for (const { mesh } of [anna, ben, cem, bystander]) expect(mesh.reports).toEqual([]);
  });

  it("asks slowly, and never about what is for trusted people only", async () => {
    const { anna, ben, town } = await neighbours(802);
    await anna.api.publish(draftOf("For the neighbourhood alone", []));
    let questions = 0;
    const secret = (await anna.api.feed({ feed: { kind: "trusted" }, limit: 1 }))[0];
    town.network.observer = {
      framed: (from, _to, protocol, frame) => {
        if (protocol !== "/mehr/index/1" || toHex(from.self) !== toHex(anna.mesh.self)) return;
        questions += 1;
        const named = [secret?.hash, secret?.postHash].map((each) => Buffer.from(each ?? "", "hex"));
        expect(named.some((each) => Buffer.from(frame).includes(each))).toBe(false);
      },
      gossiped: () => undefined,
    };
    await town.clock.advance(3_600_000);
    expect(questions).toBe(0);
    for (let count = 0; count < 20; count += 1) await anna.api.publish(draftOf(`Public ${count}`));
    await town.clock.advance(3_600_000);
    expect(questions).toBeGreaterThan(0);
    // Two questions where the DHT is asked, every two minutes at most.
    expect(questions).toBeLessThanOrEqual(60);
    expect(ben.mesh.reports).toEqual([]);
  });
});

describe("notices", () => {
  it("come of replies, boosts and trust, are counted, read on every tab and told once", async () => {
    const { anna, ben, town } = await neighbours(803);
    const { hash, postHash } = await anna.api.publish(draftOf("What shall we read?"));
    await town.clock.until(async () => (await ben.api.envelope(hash)) !== null);
    await ben.api.publish(replyTo(postHash, "The Shahnameh"));
    await ben.api.boost(hash);
    await ben.api.trust(idOf(anna));
    await town.clock.until(async () => (await inboxOf(anna)).length === 3);
    const rows = await inboxOf(anna);
    expect(rows.map(({ kind }) => kind).toSorted()).toEqual(["boost", "reply", "trust"]);
    expect(await unreadOf(anna)).toBe(3);
    const calls = await callsOf(anna);
    expect(calls.lines).toHaveLength(3);
    await anna.api.tellNotices(calls.until);
    expect((await callsOf(anna)).lines).toEqual([]);
    const reply = rows.find(({ kind }) => kind === "reply");
    await anna.api.readNotices({ until: reply?.seq ?? 0, ids: [reply?.id ?? ""] });
    expect(await unreadOf(anna)).toBe(2);
    await anna.api.readNotices({ until: Number.MAX_SAFE_INTEGER });
    expect(await unreadOf(anna)).toBe(0);
    // Whoever is trusted in return has been answered.
    await anna.api.trust(idOf(ben));
    expect((await inboxOf(anna)).map(({ kind }) => kind)).not.toContain("trust");
    expect(await unreadOf(ben)).toBe(0);
  });

  it("are not told again after a restart, a stream that begins anew, or a store that forgot the envelope", async () => {
    const town = new Town({ seed: 804 });
    const store = lastingStore(41);
    const [first, ben] = [await town.arrive(store), await town.arrive()];
    town.network.connect(first.mesh, ben.mesh);
    await town.clock.advance(5_000);
    const { postHash } = await first.api.publish(draftOf("Once only"));
    await town.clock.advance(5_000);
    const answer = await ben.api.publish(replyTo(postHash, "Once?"));
    await ben.api.trust(idOf(first));
    await town.clock.until(async () => (await unreadOf(first)) === 2);
    await first.api.tellNotices((await callsOf(first)).until);
    await first.api.readNotices({ until: Number.MAX_SAFE_INTEGER });
    await town.leave(first);
    await store.commit({ removeEnvelopes: [fromHex(answer.hash)] });

    const again = await town.arrive(store);
    town.network.connect(again.mesh, ben.mesh);
    await town.clock.until(() => store.envelopes.has(fromHex(answer.hash)), 3_600_000);
    await town.clock.advance(60_000);
    expect(await unreadOf(again)).toBe(0);
    expect((await callsOf(again)).lines).toEqual([]);
    expect(await inboxOf(again)).toHaveLength(2);
  });

  it("are no news on another device that has the same record, whatever its store calls them", async () => {
    const { anna, ben, town } = await neighbours(814);
    const { hash, postHash } = await anna.api.publish(draftOf("Read on two devices"));
    await town.clock.until(async () => (await ben.api.envelope(hash)) !== null);
    const answer = await ben.api.publish(replyTo(postHash, "Once?"));
    await town.clock.until(async () => (await unreadOf(anna)) === 1);
    await anna.api.readNotices({ until: Number.MAX_SAFE_INTEGER });
    await anna.api.tellNotices((await callsOf(anna)).until);

    const other = lastingStore(44);
    const settings = Object.fromEntries([...(await anna.store.allSettings())].filter(([name]) => isPortable(name)));
    expect(Object.keys(settings)).toContain("notices");
    await other.commit({ keys: Object.fromEntries(await anna.store.allKeys()), settings });
    const hashes = [fromHex(answer.hash), fromHex(hash)];
    for (const [at, bytes] of (await anna.store.envelopes.bytes(hashes)).entries()) {
      const held = bytes ?? new Uint8Array();
      await other.commit({ envelopes: [{ hash: hashes[at] ?? held, bytes: held, envelope: decodeEnvelope(held) }] });
    }
    await town.leave(anna);
    const again = await town.arrive(other);
    await town.clock.advance(10_000);
    expect(await inboxOf(again)).toMatchObject([{ kind: "reply", unread: 0, latest: answer.hash }]);
    expect((await callsOf(again)).lines).toEqual([]);
  });

  it("are found after a crash that came before they were looked at", async () => {
    const town = new Town({ seed: 805 });
    const store = lastingStore(42);
    const anna = await town.arrive(store);
    await town.clock.advance(10_000);
    const { hash, postHash } = await anna.api.publish(draftOf("Written before"));
    await town.clock.advance(10_000);
    await town.leave(anna);
    const stranger = await signerOf(806);
    const reply = await signEnvelope(stranger, {
      summary: "Stored, and nobody looked",
      replyTo: fromHex(postHash),
      created: town.clock.now(),
    });
    await store.commit({ envelopes: [reply] });
    const again = await town.arrive(store);
    expect(await inboxOf(again)).toMatchObject([{ kind: "reply", unread: 1, post: { hash } }]);
    expect((await callsOf(again)).lines).toHaveLength(1);
  });

  it("of long ago call nobody, and those of before the identity came here are no news", async () => {
    const town = new Town({ seed: 807 });
    const store = lastingStore(43);
    const stranger = await signerOf(808);
    const anna = await town.arrive(store);
    await town.clock.advance(10_000);
    const { postHash } = await anna.api.publish(draftOf("Old"));
    const say = async (summary: string, created: number) =>
      await signEnvelope(stranger, { summary, replyTo: fromHex(postHash), created });
    await store.commit({ envelopes: [await say("Of last year", SIM_START - 300 * DAY)] });
    await town.clock.until(async () => (await inboxOf(anna)).length === 1);
    expect(await unreadOf(anna)).toBe(0);
    await town.clock.advance(3 * DAY);
    await store.commit({ envelopes: [await say("Two days on its way", town.clock.now() - 2 * DAY)] });
    await town.clock.until(async () => (await unreadOf(anna)) === 1);
    expect((await callsOf(anna)).lines).toEqual([]);
    await store.commit({ envelopes: [await say("Just now", town.clock.now())] });
    await town.clock.until(async () => (await callsOf(anna)).lines.length === 1);
    expect(await inboxOf(anna)).toMatchObject([{ count: 3, unread: 2 }]);
  });

  it("of blocked people are gone, and there again when that is undone; kinds that are off likewise", async () => {
    const { anna, ben, town } = await neighbours(809);
    const { hash, postHash } = await anna.api.publish(draftOf("Say something"));
    await town.clock.until(async () => (await ben.api.envelope(hash)) !== null);
    await ben.api.publish(replyTo(postHash, "Something"));
    await ben.api.boost(hash);
    await town.clock.until(async () => (await unreadOf(anna)) === 2);
    await anna.api.block(idOf(ben));
    expect(await inboxOf(anna)).toEqual([]);
    expect(await unreadOf(anna)).toBe(0);
    await anna.api.unblock(idOf(ben));
    expect(await unreadOf(anna)).toBe(2);
    await anna.api.updateNotices({ off: ["boost"] });
    expect((await inboxOf(anna)).map(({ kind }) => kind)).toEqual(["reply"]);
    expect((await callsOf(anna)).lines).toHaveLength(1);
    await anna.api.updateNotices({ off: [] });
    expect(await unreadOf(anna)).toBe(2);
    await expect(anna.api.updateNotices({ off: ["likes"] as never })).rejects.toMatchObject({ code: "NOTICE_INVALID" });
    await expect(anna.api.readNotices({ until: -1 })).rejects.toMatchObject({ code: "NOTICE_INVALID" });
  });

  it("of muted people and words are gone, and there again when that is undone", async () => {
    const { anna, ben, town } = await neighbours(813);
    const { hash, postHash } = await anna.api.publish(draftOf("Say something"));
    await town.clock.until(async () => (await ben.api.envelope(hash)) !== null);
    await ben.api.publish(replyTo(postHash, "Nothing about turnips"));
    await ben.api.boost(hash);
    await ben.api.trust(idOf(anna));
    await town.clock.until(async () => (await unreadOf(anna)) === 3);
    for (const [target, left] of [
      [{ kind: "word", word: "turnips", whole: true }, ["boost", "trust"]],
      [{ kind: "person", id: idOf(ben) }, []],
    ] as const) {
      const [muted] = await anna.api.mute([{ target }]);
      expect((await inboxOf(anna)).map(({ kind }) => kind).toSorted()).toEqual(left);
      expect(await unreadOf(anna)).toBe(left.length);
      expect((await callsOf(anna)).lines).toHaveLength(left.length);
      await anna.api.unmute([muted?.id ?? ""]);
      expect(await unreadOf(anna)).toBe(3);
    }
    await anna.api.mute([{ target: { kind: "word", word: "turnips", whole: true }, how: "cover" }]);
    const reply = (await inboxOf(anna)).find(({ kind }) => kind === "reply");
    expect(reply).toMatchObject({ excerpt: null, cover: { code: "WORD_MUTED", by: "turnips" }, unread: 1 });
  });

  it("say that what is for trusted people is", async () => {
    const { anna, ben, town } = await neighbours(810);
    await anna.api.trust(idOf(ben));
    await ben.api.trust(idOf(anna));
    await town.clock.advance(5_000);
    const { hash, postHash } = await anna.api.publish(draftOf("For you alone", []));
    await town.clock.until(async () => (await ben.api.envelope(hash)) !== null);
    await ben.api.publish(replyTo(postHash, "A secret", []));
    await town.clock.until(async () => (await inboxOf(anna)).some(({ kind }) => kind === "reply"));
    expect(await inboxOf(anna)).toMatchObject([{ kind: "reply", private: true, excerpt: "A secret" }]);
  });
});

describe("a curated feed that is kept", () => {
  async function version(
    signer: Signer,
    posts: readonly (number | Uint8Array)[],
    sequence: number,
    now: number,
    ahead = 0,
  ) {
    const { bytes, object } = await signObject(
      {
        type: "CuratedFeed",
        curator: signer.publicKey,
        name: "Rivers",
        description: "",
        entries: posts.map((post, at) => ({
          postHash: typeof post === "number" ? new Uint8Array(32).fill(post) : post,
          added: now + ahead - at,
          note: null,
        })),
        scope: scopeFromKey(COMMONS),
        updated: now,
        sequence,
        kickbackRate: 0,
      },
      signer,
    );
    const owner = signer.publicKey;
    const head = { type: ObjectType.CuratedFeed, owner, name: object.name, sequence, hash: hashOf(bytes), bytes };
    return { ...head, forkBytes: null, frozenUntil: 0 };
  }

  it("tells of what is added, as one line, and not of what it had when it was first seen", async () => {
    const town = new Town({ seed: 811 });
    const anna = await town.arrive();
    await town.clock.advance(10_000);
    const curator = await signerOf(812);
    const spec = { kind: "curated", curator: encodeNodeId(curator.publicKey), name: "Rivers" } as const;
    const { id } = await anna.api.saveFeed({ spec });
    await anna.store.commit({ heads: [await version(curator, [1, 2], 1, town.clock.now())] });
    await town.clock.advance(5_000);
    expect(await inboxOf(anna)).toEqual([]);
    await town.clock.advance(60_000);
    const later = town.clock.now();
    await anna.store.commit({ heads: [await version(curator, [3, 4, 1, 2], 2, later)] });
    await town.clock.until(async () => (await inboxOf(anna)).length > 0);
    const [line] = await inboxOf(anna);
    expect(line).toMatchObject({ kind: "curated", count: 4, unread: 4, feed: { id, name: "Rivers" } });
    await anna.api.readNotices({ until: Number.MAX_SAFE_INTEGER });
    // The same ones with newer dates are no news.
    await town.clock.advance(60_000);
    await anna.store.commit({ heads: [await version(curator, [3, 4, 1, 2], 3, town.clock.now())] });
    await town.clock.advance(5_000);
    expect(await unreadOf(anna)).toBe(0);
  });

  it("tells of nothing that it does not show: what is muted, and what is by people who are blocked", async () => {
    const { anna, ben, town } = await neighbours(815);
    const curator = await signerOf(816);
    const spec = { kind: "curated", curator: encodeNodeId(curator.publicKey), name: "Rivers" } as const;
    await anna.api.saveFeed({ spec });
    await anna.store.commit({ heads: [await version(curator, [1], 1, town.clock.now())] });
    const { hash, postHash } = await ben.api.publish(draftOf("A river of turnips"));
    await town.clock.until(async () => (await anna.api.envelope(hash)) !== null);
    await town.clock.advance(60_000);
    await anna.store.commit({ heads: [await version(curator, [fromHex(postHash)], 2, town.clock.now())] });
    await town.clock.until(async () => (await unreadOf(anna)) === 1);
    const seen = async () => (await inboxOf(anna)).map(({ cover, excerpt }) => excerpt ?? cover?.code);
    expect(await seen()).toEqual(["A river of turnips"]);
    const target = { kind: "word", word: "turnips", whole: true } as const;
    const [muted] = await anna.api.mute([{ target }]);
    expect([await seen(), await unreadOf(anna)]).toEqual([[], 0]);
    await anna.api.mute([{ target, how: "cover" }]);
    expect([await seen(), await unreadOf(anna)]).toEqual([["WORD_MUTED"], 1]);
    await anna.api.unmute([muted!.id]);
    await anna.api.block(idOf(ben));
    expect([await seen(), await unreadOf(anna)]).toEqual([[], 0]);
    await anna.api.unblock(idOf(ben));
    expect(await seen()).toEqual(["A river of turnips"]);
  });

  it("is believed no date after the one that it was signed on", async () => {
    const town = new Town({ seed: 813 });
    const anna = await town.arrive();
    const curator = await signerOf(814);
    const spec = { kind: "curated", curator: encodeNodeId(curator.publicKey), name: "Rivers" } as const;
    await anna.api.saveFeed({ spec });
    await anna.store.commit({ heads: [await version(curator, [1], 1, town.clock.now())] });
    await town.clock.advance(60_000);
    // As late as the wire can say, which is later than any date.
    const now = town.clock.now();
    const ahead = Number.MAX_SAFE_INTEGER - now;
    await anna.store.commit({ heads: [await version(curator, [2, 1], 2, now, ahead)] });
    await town.clock.until(async () => (await unreadOf(anna)) > 0);
    await town.clock.advance(60_000);
    expect(parseRecord(await anna.store.setting("notices"))).not.toBeNull();
    // Nor is what comes afterwards old because of it.
    await anna.store.commit({ heads: [await version(curator, [3, 2, 1], 3, town.clock.now())] });
    await town.clock.until(async () => (await inboxOf(anna))[0]?.count === 3);
  });
});
