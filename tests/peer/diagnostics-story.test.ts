import { describe, expect, it } from "vitest";
// Loaded on request otherwise, which takes time of a real clock.
import "../../src/peer/diagnostics/check.ts";
import type { LogEntry } from "../../src/peer/api.ts";
import { lastingStore, Town, type Resident } from "../sim/town.ts";
import { shownThrough, type Canary } from "./canaries.ts";

const TEXT = "Marzipan thunderstorms gather over Zwickledonk tonight. ".repeat(20).trim();
const HEADLINE = "Quokkas unionise at the lighthouse";
const DRAFT = "Unsent: the velvet anchovy memorandum";
const NAME = "Petronella Vantablack";
const BIO = "Collects forgotten umbrellas from trams";
const PLACE = "g:europe/zz/xylophonia";
const TOPIC = "t:origami/hedgehogs";
const ADDRESS = "wss://relay.hidden-orchard.example:8443/relay";

/** Every entry that was ever written: a watch of the whole log that goes on. */
async function hear(resident: Resident): Promise<{ text(): string; entries: Map<number, LogEntry> }> {
  const entries = new Map<number, LogEntry>();
  await resident.api.watch("log", { limit: 1_000 }, (update) => {
    const rows = update.kind === "rows" ? update.rows : update.ops.flatMap((op) => ("rows" in op ? op.rows : []));
    for (const row of rows) entries.set(row.seq, row);
  });
  return { entries, text: () => JSON.stringify([...entries.values()]) };
}

async function idOf(resident: Resident): Promise<string> {
  let id = "";
  const subscription = await resident.api.watch("identity", {}, (update) => (id = update.value.id));
  await subscription.close();
  return id;
}

describe("the log of a whole story", () => {
  it("holds neither content nor keys, also where things fail with what they were given", async () => {
    const town = new Town({ seed: 11 });
    const store = lastingStore(5);
    const anna = await town.arrive(store);
    const ben = await town.arrive();
    const logs = [await hear(anna), await hear(ben)];
    // A change of relays makes the mesh anew.
    await anna.api.updateSettings({ relays: [ADDRESS] });
    await town.clock.advance(1_000);
    town.network.connectAll();
    await town.clock.advance(2_000);
    const [annaId, benId] = [await idOf(anna), await idOf(ben)];

    await anna.api.updateSettings({ home: PLACE, topics: [TOPIC] });
    await ben.api.updateSettings({ home: PLACE });
    await anna.api.saveProfile({ displayName: NAME, bio: BIO, scopes: [PLACE, TOPIC] });
    const draft = { id: "d", headline: HEADLINE, summary: "", text: TEXT, scopes: [PLACE], replyTo: null, updated: 0 };
    await anna.api.saveDraft({ ...draft, headline: "", text: DRAFT });
    await ben.api.follow(annaId);
    const published = await anna.api.publish(draft);
    await town.clock.until(async () => (await ben.api.envelope(published.hash)) !== null);
    const reading = ben.api.post(published.postHash);
    await town.clock.advance(2_000);
    await reading;
    const words = await anna.api.words();

    // What fails tells of it with the very words: an error of the storage, of a neighbour, of a page, of a call.
    const commit = store.commit.bind(store);
    store.commit = () => Promise.reject(new Error(`cannot write ${TEXT} for ${words.join(" ")}`));
    await expect(anna.api.saveDraft({ ...draft, text: DRAFT })).rejects.toThrow("cannot write");
    await expect(anna.api.publish({ ...draft, id: "another" })).rejects.toThrow();
    store.commit = commit;
    ben.mesh.openStream = () => Promise.reject(Object.assign(new Error(TEXT), { code: HEADLINE, name: NAME }));
    const missing = ben.api.post("0".repeat(64)).catch((error: unknown) => error);
    await town.clock.advance(30_000);
    await missing;
    await expect(ben.api.normaliseScope({ kind: "geo", text: TEXT })).rejects.toThrow();
    await expect(ben.api.follow(words.join(" "))).rejects.toThrow();
    await ben.api.noteFault({ kind: "error", class: TEXT, code: words.join("_"), at: [`${ADDRESS}#${DRAFT}`, TEXT] });

    const seed = await store.key("identity");
    const canaries: Canary[] = [
      { name: "text", secret: TEXT },
      { name: "headline", secret: HEADLINE },
      { name: "draft", secret: DRAFT },
      { name: "name", secret: NAME },
      { name: "bio", secret: BIO },
      { name: "place", secret: PLACE },
      { name: "topic", secret: TOPIC },
      { name: "address", secret: ADDRESS },
      { name: "words", secret: words.join(" ") },
      { name: "post", secret: published.postHash },
      { name: "envelope", secret: published.hash },
      { name: "own id", secret: annaId, allowed: annaId.slice(0, 11) },
      { name: "other's id", secret: benId, allowed: benId.slice(0, 11) },
      ...secretsIn(seed),
    ];
    expect(canaries.length).toBeGreaterThan(13);
    await anna.api.selfCheck({ steps: ["storage", "hashing"] });
    await town.clock.advance(20_000);
    await town.leave(anna);
    const kept = await store.setting("log");
    const told = `${logs.map((log) => log.text()).join("\n")}\n${JSON.stringify(kept)}`;
    expect(shownThrough(told, canaries)).toEqual([]);
    // It is a log: it tells what happened, and what failed.
    const events = new Set(logs.flatMap(({ entries }) => [...entries.values()].map(({ event }) => event)));
    const happened = ["peer_started", "network_loaded", "link_opened", "envelope_sent", "call_failed", "page_failed"];
    expect([...events]).toEqual(expect.arrayContaining(happened));
    // And the net of this test has no holes: each of these would have been seen.
    for (const canary of canaries)
      expect(shownThrough(JSON.stringify(String(canary.secret)), [canary])).toEqual([canary.name]);
  });

  it("is there again after a restart, before what comes then, and is another's for another identity", async () => {
    const town = new Town({ seed: 12 });
    const store = lastingStore(6);
    const first = await town.arrive(store);
    await town.clock.advance(1_000);
    await first.api.noteFault({ kind: "rejection", class: "TypeError", code: null, at: ["assets/index.js:1:1"] });
    await town.leave(first);
    const second = await town.arrive(store);
    await town.clock.advance(1_000);
    const events = (await second.api.log()).map(({ event }) => event).toReversed();
    expect(events.indexOf("page_failed")).toBeGreaterThan(events.indexOf("peer_started"));
    expect(events.indexOf("peer_stopped")).toBeGreaterThan(events.indexOf("page_failed"));
    expect(events.lastIndexOf("peer_started")).toBeGreaterThan(events.indexOf("peer_stopped"));
    const other = await town.arrive();
    await town.clock.advance(1_000);
    expect((await other.api.log()).map(({ event }) => event)).not.toContain("page_failed");
  });

  it("survives a crash up to the last moments, and what matters sooner than the rest", async () => {
    const town = new Town({ seed: 13 });
    const store = lastingStore(7);
    const peer = await town.arrive(store);
    await town.clock.advance(20_000);
    await peer.api.noteFault({ kind: "error", class: "RangeError", code: null, at: [] });
    await town.clock.advance(1_100);
    // Nobody has stopped it: this is what a peer finds that starts after a crash.
    expect(JSON.stringify(await store.setting("log"))).toContain("RangeError");
  });

  it("can be emptied, also on disk", async () => {
    const town = new Town({ seed: 14 });
    const store = lastingStore(8);
    const peer = await town.arrive(store);
    await peer.api.noteFault({ kind: "error", class: "RangeError", code: null, at: [] });
    await town.clock.advance(2_000);
    await peer.api.clearLog();
    await town.clock.advance(2_000);
    expect((await peer.api.log()).map(({ event }) => event)).toEqual(["log_cleared"]);
    expect(JSON.stringify(await store.setting("log"))).not.toContain("RangeError");
  });

  it("refuses questions that make no sense", async () => {
    const town = new Town({ seed: 15 });
    const { api } = await town.arrive();
    await expect(api.log({ level: "loud" as "warn" })).rejects.toMatchObject({ code: "LOG_QUERY_INVALID" });
    await expect(api.log({ room: "cellar" as "mesh" })).rejects.toMatchObject({ code: "LOG_QUERY_INVALID" });
    await expect(api.log({ limit: -1 })).rejects.toMatchObject({ code: "LOG_QUERY_INVALID" });
    await expect(api.noteFault("boom" as never)).rejects.toMatchObject({ code: "FAULT_INVALID" });
    await expect(api.selfCheck({ steps: ["soul" as never] })).rejects.toMatchObject({ code: "CHECK_UNKNOWN" });
  });
});

/** Bytes of keys, wherever they lie in a record. */
function secretsIn(record: unknown, name = "key"): Canary[] {
  if (record instanceof Uint8Array) return [{ name, secret: record }];
  if (typeof record !== "object" || record === null) return [];
  return Object.entries(record).flatMap(([field, value]) => secretsIn(value, `${name}.${field}`));
}
