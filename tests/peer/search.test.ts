/** The search of what is held: by words, people, places, kinds and times, over starts, crashes and removals. */
import { describe, expect, it } from "vitest";
import { pause } from "../../src/mesh/protocols/clock.ts";
import type { SearchIndexView, SearchQuery } from "../../src/peer/index.ts";
import { BLOCK, firstOf } from "../../src/peer/search/blocks.ts";
import { SearchEngine } from "../../src/peer/search/engine.ts";
import { searchTerms } from "../../src/social/search/index.ts";
import { createMemoryStore, type NewEnvelope, type Store } from "../../src/store/index.ts";
import { encodeNodeId, encodeObject, hashOf, ObjectType, scopeFromKey, signObject } from "../../src/wire/index.ts";
import { signEnvelope, signerOf, type EnvelopeText } from "../sim/author.ts";
import { SIM_START, VirtualClock } from "../sim/clock.ts";
import { draftOf, lastingStore, Town, type Resident } from "../sim/town.ts";
import { holdProfile } from "./profiles.ts";

// Loaded when somebody first searches, which takes time of the machine and none of the town.
await import("../../src/peer/search/searching.ts");

const UTRECHT = "g:europe/nl/utrecht";
const author = await signerOf(501);
const other = await signerOf(502);

async function hold({ store }: { store: Store }, text: EnvelopeText, by = author): Promise<string> {
  const signed = await signEnvelope(by, text);
  await store.commit({ envelopes: [signed] });
  return text.summary ?? "";
}

async function found(town: Town, { api }: Resident, query: SearchQuery): Promise<(string | null)[]> {
  return (await town.clock.finish(api.search({ query, limit: 20 }))).map(({ summary }) => summary);
}

describe("a search", () => {
  it("finds what is held by words, newest first, and by whom, where, what and when", async () => {
    const town = new Town({ seed: 500 });
    const anna = await town.arrive();
    await hold(anna, { summary: "The bridge is closed", scopes: [UTRECHT], created: SIM_START - 3_000 });
    await hold(anna, { summary: "A bridge game", scopes: ["t:games/cards"], created: SIM_START - 1_000 });
    await hold(anna, { summary: "Bridges of Utrecht", created: SIM_START - 2_000 }, other);
    await hold(anna, { headline: "پل بسته است", summary: "می‌خواهم", created: SIM_START - 4_000 });
    const look = (query: SearchQuery) => found(town, anna, query);
    expect(await look({ text: "bridge" })).toEqual(["A bridge game", "Bridges of Utrecht", "The bridge is closed"]);
    expect(await look({ text: "bridge " })).toEqual(["A bridge game", "The bridge is closed"]);
    expect(await look({ text: "BRIDGE closed" })).toEqual(["The bridge is closed"]);
    expect(await look({ text: "پل بسته" })).toEqual(["می‌خواهم"]);
    expect(await look({ text: "bridge", author: encodeNodeId(other.publicKey) })).toEqual(["Bridges of Utrecht"]);
    expect(await look({ text: "bridge", scope: "g:europe/nl" })).toEqual(["The bridge is closed"]);
    expect(await look({ scope: "t:games" })).toEqual(["A bridge game"]);
    expect(await look({ text: "bridge", since: SIM_START - 2_000 })).toEqual(["A bridge game", "Bridges of Utrecht"]);
    expect(await look({ text: "bridge", until: SIM_START - 2_000 })).toEqual([
      "Bridges of Utrecht",
      "The bridge is closed",
    ]);
    expect(await look({ text: "bridge", kind: "text" })).toHaveLength(3);
    expect(await look({ text: "bridge", kind: "album" })).toEqual([]);
    expect(await look({ text: "nowhere" })).toEqual([]);
    expect(await look({ text: "?!" })).toEqual([]);
    expect(await look({})).toHaveLength(4);
  });

  it("finds by kind what is no text, with words and without", async () => {
    const town = new Town({ seed: 512 });
    const anna = await town.arrive();
    const paper = { contentType: "application/pdf", size: 9, blurhash: null, altText: "The study" };
    const track = { contentType: "audio/ogg", size: 9, blurhash: null, altText: "Bridge (3:21)" };
    await hold(anna, { summary: "Only words of a bridge" });
    await hold(anna, { summary: "A study of bridges", mediaHints: [paper], created: SIM_START - 1_000 });
    await hold(anna, { summary: "A song of a bridge", mediaHints: [track], created: SIM_START - 2_000 });
    await hold(anna, { summary: "Songs", mediaHints: [track, track], created: SIM_START - 3_000 });
    await hold(anna, {
      summary: "[1] A bridge worth seeing",
      references: [new Uint8Array(32).fill(5)],
      created: SIM_START - 4_000,
    });
    const look = (query: SearchQuery) => found(town, anna, query);
    expect(await look({ text: "bridge", kind: "paper" })).toEqual(["A study of bridges"]);
    expect(await look({ kind: "podcast" })).toEqual(["A song of a bridge"]);
    expect(await look({ kind: "album" })).toEqual(["Songs"]);
    expect(await look({ text: "worth bridge", kind: "collection" })).toEqual(["[1] A bridge worth seeing"]);
    expect(await look({ kind: "text" })).toEqual(["Only words of a bridge"]);
    expect(await look({ text: "songs", kind: "paper" })).toEqual([]);
  });

  it("goes on from where a page ended, and each row comes once", async () => {
    const town = new Town({ seed: 503 });
    const { api, store } = await town.arrive();
    for (let at = 0; at < 7; at++) await hold({ store }, { summary: `Number ${at}`, created: SIM_START - at });
    const seen: (string | null)[] = [];
    let before: { created: number; hash: string } | undefined;
    for (let page = 0; page < 4; page++) {
      const rows = await town.clock.finish(
        api.search({ query: { text: "number" }, limit: 2, ...(before === undefined ? {} : { before }) }),
      );
      seen.push(...rows.map(({ summary }) => summary));
      before = rows.at(-1);
    }
    expect(seen).toEqual(Array.from({ length: 7 }, (_, at) => `Number ${at}`));
  });

  it("finds words of the full text once that is held, whether it came with the envelope or later", async () => {
    const town = new Town({ seed: 504 });
    const anna = await town.arrive();
    const { hash } = await anna.api.publish({
      ...draftOf("x ".repeat(300)),
      summary: "Short",
      text: `${"x ".repeat(300)} zanzibar`,
    });
    expect(await found(town, anna, { text: "zanzibar short" })).toEqual(["Short"]);
    const { bytes, hash: post } = await signObject(
      { type: "SocialPost", author: author.publicKey, text: "Deep in it: kilimanjaro", media: [], links: [] },
      author,
    );
    await hold(anna, { summary: "Another", postHash: post });
    expect(await found(town, anna, { text: "kilimanjaro" })).toEqual([]);
    await anna.store.commit({
      objects: [{ hash: post, type: ObjectType.SocialPost, bytes, holding: "cache", storedAt: SIM_START }],
    });
    expect(await found(town, anna, { text: "kilimanjaro another" })).toEqual(["Another"]);
    expect((await anna.api.envelope(hash))?.held).toBe(true);
  });

  it("finds what stands in quotation marks word after word, in whatever was written and in the full text once it is held", async () => {
    const town = new Town({ seed: 511 });
    const anna = await town.arrive();
    for (let at = 0; at < 300; at++) {
      await hold(anna, { summary: `the bridge was closed ${at}`, created: SIM_START - 10 - at });
    }
    await hold(anna, { summary: "Nobody uses the closed bridge", created: SIM_START - 2_000 });
    await hold(anna, { headline: "the closed", summary: "bridge the way", created: SIM_START - 3_000 });
    const look = (text: string) => found(town, anna, { text });
    expect(await look('"the closed bridge"')).toEqual(["Nobody uses the closed bridge"]);
    expect(await look('"the closed bri')).toEqual(["Nobody uses the closed bridge"]);
    expect(await look('nobody "closed bridge"')).toEqual(["Nobody uses the closed bridge"]);
    expect(await look('"was closed 29"')).toEqual(["the bridge was closed 29"]);
    expect(await look('"bridge closed"')).toEqual([]);
    expect(await look('"bridge was"')).toHaveLength(20);

    // It has the words and was looked through; then its text comes, in which they stand together, and goes again.
    const { bytes, hash } = await signObject(
      { type: "SocialPost", author: author.publicKey, text: "It is the closed bridge.", media: [], links: [] },
      author,
    );
    await hold(anna, { summary: "Closed: the old bridge", postHash: hash, created: SIM_START });
    expect(await look('"the closed bridge"')).toEqual(["Nobody uses the closed bridge"]);
    const object = { hash, type: ObjectType.SocialPost, bytes, holding: "cache", storedAt: SIM_START } as const;
    await anna.store.commit({ objects: [object] });
    expect(await look('"the closed bridge"')).toEqual(["Closed: the old bridge", "Nobody uses the closed bridge"]);
    await anna.store.commit({ removeObjects: [hash] });
    expect(await look('"the closed bridge"')).toEqual(["Nobody uses the closed bridge"]);
  });

  it("leaves out who is blocked and what is muted, and boosts, which have no words", async () => {
    const town = new Town({ seed: 505 });
    const anna = await town.arrive();
    await hold(anna, { summary: "A secret garden" });
    await hold(anna, { summary: "A garden" }, other);
    await anna.api.block(encodeNodeId(other.publicKey));
    expect(await found(town, anna, { text: "garden" })).toEqual(["A secret garden"]);
    await anna.api.mute([{ target: { kind: "word", word: "secret", whole: true } }]);
    expect(await found(town, anna, { text: "garden" })).toEqual([]);
    await anna.api.unblock(encodeNodeId(other.publicKey));
    expect(await found(town, anna, { text: "garden" })).toEqual(["A garden"]);
  });

  it("is live: what arrives and is found appears, and the state of the index is told", async () => {
    const town = new Town({ seed: 506 });
    const anna = await town.arrive();
    await hold(anna, { summary: "First light" });
    const shown: (string | null)[][] = [];
    const states: SearchIndexView[] = [];
    const index = await town.clock.finish(anna.api.watch("searchIndex", {}, ({ value }) => states.push(value)));
    const rows = await town.clock.finish(
      anna.api.watch("search", { query: { text: "light" } }, (update) => {
        if (update.kind === "rows") shown.push(update.rows.map(({ summary }) => summary));
        else {
          const next = [...(shown.at(-1) ?? [])];
          for (const op of update.ops)
            if (op.op === "insert") next.splice(op.at, 0, ...op.rows.map(({ summary }) => summary));
          shown.push(next);
        }
      }),
    );
    await town.clock.until(() => shown.at(-1)?.length === 1 && states.at(-1)?.ready === true);
    await hold(anna, { summary: "Light again", created: SIM_START + 1 });
    await town.clock.until(() => shown.at(-1)?.length === 2);
    expect(shown.at(-1)).toEqual(["Light again", "First light"]);
    expect(states.at(-1)).toEqual({ ready: true, share: 1 });
    await Promise.all([rows.close(), index.close()]);
  });

  it("refuses what cannot be searched for", async () => {
    const town = new Town({ seed: 507 });
    const { api } = await town.arrive();
    const refused = (query: unknown): Promise<unknown> => api.search({ query: query as SearchQuery, limit: 1 });
    await expect(refused({ text: 7 })).rejects.toMatchObject({ code: "SEARCH_INVALID" });
    await expect(refused({ text: "x".repeat(1_001) })).rejects.toMatchObject({ code: "SEARCH_INVALID" });
    await expect(refused({ kind: "poem" })).rejects.toMatchObject({ code: "SEARCH_INVALID" });
    await expect(refused({ since: Number.NaN })).rejects.toMatchObject({ code: "SEARCH_INVALID" });
    await expect(refused({ author: "mehr1nobody" })).rejects.toMatchObject({ code: "NODE_ID_INVALID" });
    await expect(refused({ scope: "europe" })).rejects.toMatchObject({ code: "SCOPE_INVALID" });
  });

  it("knows people by the words of their names, with most posts first, those who are blocked left out", async () => {
    const town = new Town({ seed: 508 });
    const anna = await town.arrive();
    await holdProfile(anna.store, author, { displayName: "Sara Öz" });
    await holdProfile(anna.store, other, { displayName: "Özgür Sarabi" });
    await hold(anna, { summary: "Hi" }, other);
    const names = async (text: string): Promise<string[]> => {
      return (await town.clock.finish(anna.api.suggestPeople({ text, limit: 5 }))).map(({ name }) => name);
    };
    expect(await names("oz sar")).toEqual(["Özgür Sarabi", "Sara Öz"]);
    expect(await names("sara ")).toEqual(["Özgür Sarabi", "Sara Öz"]);
    // Nearly so: behind those who are called so.
    expect(await names("sarah")).toEqual(["Sara Öz"]);
    expect(await names("sarb")).toEqual(["Sara Öz"]);
    expect(await names("seren")).toEqual([]);
    expect(await names("")).toEqual([]);
    await anna.api.block(encodeNodeId(other.publicKey));
    expect(await names("sar")).toEqual(["Sara Öz"]);
  });
});

/** Envelopes that nobody has signed: a store does not look at signatures. */
function made(first: number, count: number): NewEnvelope[] {
  return Array.from({ length: count }, (_, index): NewEnvelope => {
    const number = first + index;
    const postHash = new Uint8Array(32);
    new DataView(postHash.buffer).setUint32(0, number);
    const envelope: NewEnvelope["envelope"] = {
      type: "PostEnvelope",
      author: author.publicKey,
      postHash,
      headline: null,
      summary: `all n${number} m${number % 10}`,
      mediaHints: [],
      scopes: [scopeFromKey(UTRECHT)],
      replyTo: null,
      boostOf: null,
      references: [],
      contentSize: 10,
      created: SIM_START + number,
      kickbackRate: 0,
      signature: new Uint8Array(64),
    };
    const bytes = encodeObject(envelope);
    return { hash: hashOf(bytes), bytes, envelope };
  });
}

interface Opened {
  readonly engine: SearchEngine;
  readonly clock: VirtualClock;
  /** Envelopes that it has read. */
  readonly read: () => number;
  readonly faults: string[];
}

/** An index over a store, with what it reads counted. */
async function engineOn(held: Store, commit: Store["commit"] = (batch) => held.commit(batch)): Promise<Opened> {
  const clock = new VirtualClock();
  let read = 0;
  const faults: string[] = [];
  const { envelopes } = held;
  const engine = await SearchEngine.open({
    store: {
      epoch: held.epoch,
      blobs: held.blobs,
      commit,
      setting: (name) => held.setting(name),
      object: (hash) => held.object(hash),
      objectHashes: (type) => held.objectHashes(type),
      envelopes: {
        get lastSeq() {
          return envelopes.lastSeq;
        },
        arrivals: (query) => envelopes.arrivals(query),
        query: (query) => envelopes.query(query),
        count: (filter) => envelopes.count(filter),
        bytes(hashes) {
          read += hashes.length;
          return envelopes.bytes(hashes);
        },
      },
    },
    turn: () => pause(clock, 0),
    randomBytes: (length) => new Uint8Array(length).fill(3),
    onChanged: () => undefined,
    log: (context, error) => faults.push(`${context}: ${String(error)}`),
  });
  return { engine, clock, read: () => read, faults };
}

const count = (engine: SearchEngine, text: string): number => engine.matches(searchTerms(text)).length;

async function complete({ clock, engine }: { clock: VirtualClock; engine: SearchEngine }): Promise<void> {
  engine.read();
  await clock.finish(engine.ready());
}

const store = (): Store => createMemoryStore({ randomBytes: (length) => new Uint8Array(length).fill(9) });

describe("the index", () => {
  it("is kept over starts: only what is in no complete block is read again", async () => {
    const held = store();
    await held.commit({ envelopes: made(0, 2 * BLOCK + 100) });
    const first = await engineOn(held);
    expect(first.engine.view()).toEqual({ ready: false, share: 0 });
    await complete(first);
    expect(first.read()).toBe(2 * BLOCK + 100);
    expect(count(first.engine, "all ")).toBe(2 * BLOCK + 100);
    await first.engine.stop();

    const second = await engineOn(held);
    expect(second.read()).toBe(0);
    expect(count(second.engine, "n17 ")).toBe(1);
    await complete(second);
    expect(second.read()).toBe(100);
    expect(count(second.engine, "all m3 ")).toBe(Math.ceil((2 * BLOCK + 97) / 10));
    expect(second.engine.view()).toEqual({ ready: true, share: 1 });
    expect([...first.faults, ...second.faults]).toEqual([]);
  });

  it("finds the newest first while it is made, and goes on where a crash has ended it", async () => {
    const held = store();
    await held.commit({ envelopes: made(0, 3 * BLOCK) });
    const crashed = await engineOn(held);
    crashed.engine.read();
    await crashed.clock.until(() => crashed.engine.view().share >= 0.6);
    expect(count(crashed.engine, `n${3 * BLOCK - 1} `)).toBe(1);
    expect(count(crashed.engine, "n0 ")).toBe(0);
    await crashed.engine.stop();

    const again = await engineOn(held);
    await complete(again);
    // The newest block was complete.
    expect(again.read()).toBe(2 * BLOCK);
    expect(count(again.engine, "all ")).toBe(3 * BLOCK);
  });

  it("makes a block anew that is gone, damaged, or of which most was removed; and another store's not at all", async () => {
    const held = store();
    const envelopes = made(0, 2 * BLOCK);
    await held.commit({ envelopes });
    const first = await engineOn(held);
    await complete(first);
    const kept = (await held.setting("search-index")) as { blocks: { block: number; hash: Uint8Array }[] };
    // The newest first.
    expect(kept.blocks.map(({ block }) => block)).toEqual([1, 0]);
    await held.blobs.remove(kept.blocks[1]!.hash);
    const second = await engineOn(held);
    await complete(second);
    expect(second.read()).toBe(BLOCK);

    await held.commit({ removeEnvelopes: envelopes.slice(0, BLOCK - 10).map(({ hash }) => hash) });
    const third = await engineOn(held);
    await complete(third);
    expect(third.read()).toBe(10);
    expect(count(third.engine, "all ")).toBe(BLOCK + 10);
    const after = (await held.setting("search-index")) as { blocks: { hash: Uint8Array }[] };
    // Nothing is left behind of what was replaced.
    expect((await held.usage()).blobs).toBe(after.blocks.length);

    await held.commit({ settings: { "search-index": { ...after, epoch: new Uint8Array(8) } } });
    const fourth = await engineOn(held);
    expect(count(fourth.engine, "all ")).toBe(0);
    expect((await held.usage()).blobs).toBe(0);
    await complete(fourth);
    expect(count(fourth.engine, "all ")).toBe(BLOCK + 10);
  });

  it("leaves no blob behind when it ends between storing one and noting it", async () => {
    const held = store();
    await held.commit({ envelopes: made(0, BLOCK) });
    const first = await engineOn(held, async (batch) => {
      const record = batch.settings?.["search-index"] as { blocks: unknown[] } | undefined;
      if (record !== undefined && record.blocks.length > 0) throw new Error("the power is gone");
      await held.commit(batch);
    });
    await complete(first);
    // It can be searched all the same.
    expect(count(first.engine, "all ")).toBe(BLOCK);
    expect(first.faults).toEqual(["search: Error: the power is gone"]);
    expect((await held.usage()).blobs).toBe(1);
    const second = await engineOn(held);
    expect((await held.usage()).blobs).toBe(0);
    await complete(second);
    expect((await held.usage()).blobs).toBe(1);
  });

  it("does nothing while nobody searches", async () => {
    const held = store();
    const { engine, read, clock } = await engineOn(held);
    const done = engine.read();
    done();
    await held.commit({ envelopes: made(0, 10) });
    await clock.advance(60_000);
    expect(read()).toBe(0);
    expect(engine.view().ready).toBe(false);
    expect(firstOf(0)).toBe(1);
  });

  it("is deleted with the identity, and not there for anybody who asks for its blobs", async () => {
    const town = new Town({ seed: 509 });
    const kept = lastingStore(510);
    await kept.commit({ envelopes: made(0, BLOCK + 5) });
    const [anna, ben] = [await town.arrive(kept), await town.arrive()];
    town.network.connect(anna.mesh, ben.mesh);
    expect(await found(town, anna, { text: "n7 " })).toEqual(["all n7 m7"]);
    const record = (await anna.store.setting("search-index")) as { blocks: { hash: Uint8Array }[] };
    const [{ hash }] = record.blocks as [{ hash: Uint8Array }];
    expect(await anna.store.blobs.size(hash)).toBeGreaterThan(0);
    const asked = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
    await expect(town.clock.finish(ben.api.post(asked))).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
