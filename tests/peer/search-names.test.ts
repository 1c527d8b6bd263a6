/** What is found by its name, and what could have been meant. */
import { describe, expect, it } from "vitest";
import type { NamedView, SearchQuery } from "../../src/peer/index.ts";
import { Directory, MOST_LISTED } from "../../src/peer/search/directory.ts";
import { Spelling, type WordCount } from "../../src/peer/search/spelling.ts";
import { createMemoryStore, type Head } from "../../src/store/index.ts";
import { encodeNodeId, encodeObject, hashOf, ObjectType } from "../../src/wire/index.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { SIM_START, VirtualClock } from "../sim/clock.ts";
import { Town, type Resident } from "../sim/town.ts";
import { holdProfile } from "./profiles.ts";

// Loaded when somebody first searches, which takes time of the machine and none of the town.
await import("../../src/peer/search/searching.ts");

const author = await signerOf(601);
const other = await signerOf(602);

async function hold({ store }: Resident, summary: string, scopes: readonly string[], created = SIM_START) {
  await store.commit({ envelopes: [await signEnvelope(author, { summary, scopes, created })] });
}

async function namedBy({ api }: Resident, text: string, limit = 4): Promise<NamedView[]> {
  let rows: readonly NamedView[] = [];
  const watching = await api.watch("named", { text, limit }, (update) => {
    if (update.kind === "rows") rows = update.rows;
  });
  await watching.close();
  return [...rows];
}

const nameOf = (view: NamedView): string => (view.kind === "scope" ? view.scope : view.name);

describe("names", () => {
  it("lead to people, curated feeds, places and topics, also where they are spelt a little differently", async () => {
    const town = new Town({ seed: 600 });
    const anna = await town.arrive();
    await holdProfile(anna.store, author, { displayName: "Özgür Kanal" });
    await holdProfile(anna.store, other, { displayName: "Ozgun" });
    await hold(anna, "One", ["g:europe/nl/utrecht", "t:water/canals"]);
    await hold(anna, "Two", ["g:europe/nl/utrecht/lombok"], SIM_START - 1);
    await anna.api.saveCurated({ name: "Canal walks", description: "Along the water" });
    const names = async (text: string, limit = 9) => (await namedBy(anna, text, limit)).map(nameOf);

    expect(await names("ozgur")).toEqual(["Özgür Kanal", "Ozgun"]);
    expect(await names("ozgür kan")).toEqual(["Özgür Kanal"]);
    expect(await names("utrecht")).toEqual(["g:europe/nl/utrecht", "g:europe/nl/utrecht/lombok"]);
    expect((await names("utrehct")).slice(0, 1)).toEqual(["g:europe/nl/utrecht"]);
    expect(await names("canal")).toEqual(expect.arrayContaining(["Canal walks", "t:water/canals"]));
    expect((await names("kaanl"))[0]).toBe("Özgür Kanal");
    expect(await names("cannal walk")).toEqual(["Canal walks"]);
    // What is said beside a name counts as it is written, and less than the name.
    expect(await names("along water")).toEqual(["Canal walks"]);
    expect(await names("alogn")).toEqual([]);
    expect(await names("")).toEqual([]);
    expect(await names("?!")).toEqual([]);
    expect(await names("europe", 1)).toHaveLength(1);
    const [place] = await namedBy(anna, "utrecht");
    expect(place).toEqual({ kind: "scope", key: "g:europe/nl/utrecht", scope: "g:europe/nl/utrecht", envelopes: 2 });
    const [feed] = await namedBy(anna, "canal walks");
    expect(feed).toMatchObject({ kind: "feed", curator: encodeNodeId(anna.mesh.self), name: "Canal walks" });
  });

  it("follow what comes, changes and goes", async () => {
    const town = new Town({ seed: 601 });
    const anna = await town.arrive();
    const names = async (text: string) => (await namedBy(anna, text)).map(nameOf);
    expect(await names("kilimanjaro")).toEqual([]);
    await holdProfile(anna.store, author, { displayName: "Kilimanjaro" });
    expect(await names("kilimanjaro")).toEqual(["Kilimanjaro"]);
    await holdProfile(anna.store, author, { displayName: "Everest", sequence: 2 });
    expect(await names("kilimanjaro")).toEqual([]);
    expect(await names("everest")).toEqual(["Everest"]);
    await anna.api.block(encodeNodeId(author.publicKey));
    expect(await names("everest")).toEqual([]);

    const { envelope, ...signed } = await signEnvelope(other, { summary: "Far", scopes: ["g:africa/zanzibar"] });
    await anna.store.commit({ envelopes: [{ ...signed, envelope }] });
    await town.clock.advance(5_000);
    expect(await names("zanzibar")).toEqual(["g:africa/zanzibar"]);
    await anna.store.commit({ removeEnvelopes: [signed.hash] });
    await town.clock.advance(5_000);
    expect(await names("zanzibar")).toEqual([]);
  });

  it("fill a bounded part of the memory, however many profiles somebody sends, and those that are known still change", async () => {
    const clock = new VirtualClock();
    const store = createMemoryStore({ randomBytes: (length) => new Uint8Array(length) });
    const directory = await clock.finish(Directory.open({ store, clock }));
    for (let number = 0; number <= MOST_LISTED; number++) directory.note(profileHead(number, `Walker n${number}`));
    const find = (text: string) => directory.people(text).exact.map(({ name }) => name);
    expect(find(`n${MOST_LISTED - 1}`)).toEqual([`Walker n${MOST_LISTED - 1}`]);
    expect(find(`n${MOST_LISTED}`)).toEqual([]);
    directory.note(profileHead(7, "Everest"));
    expect(find("everest")).toEqual(["Everest"]);
    expect(directory.find("wlaker", 9)).toHaveLength(9);
  });
});

/** A profile that nobody has signed: names are read of what was checked before it was stored. */
function profileHead(number: number, displayName: string): Head {
  const owner = new Uint8Array(32);
  new DataView(owner.buffer).setUint32(0, number);
  const rest = { bio: null, avatar: null, scopes: [], claims: [], sequence: 1, signature: new Uint8Array(64) };
  const bytes = encodeObject({ type: "UserProfile", nodeId: owner, displayName, ...rest });
  const head = { type: ObjectType.UserProfile, owner, name: "", sequence: 1, hash: hashOf(bytes), bytes };
  return { ...head, forkBytes: null, frozenUntil: 0 };
}

describe("what could have been meant", () => {
  const meant = async (town: Town, { api }: Resident, query: SearchQuery) =>
    await town.clock.finish(api.respell(query));

  it("is what is held and differs by a letter or two", async () => {
    const town = new Town({ seed: 602 });
    const anna = await town.arrive();
    await hold(anna, "The old bridge is closed", ["g:europe/nl/utrecht"], SIM_START - 1);
    await hold(anna, "A closed bridge, and the canal boats", ["t:water"], SIM_START - 2);
    await hold(anna, "Canal boats of Amsterdam", ["t:water"], SIM_START - 3);
    await hold(anna, "Amsterdam by night", ["t:water"], SIM_START - 4);
    const look = (text: string, more: SearchQuery = {}) => meant(town, anna, { ...more, text });
    expect(await look("brigde")).toBe("bridge");
    expect(await look("The Brdge, clsoed!")).toBe("The bridge, closed!");
    expect(await look("Clsed, brdge")).toBe("closed, bridge");
    expect(await look("amstredam boats")).toBe("amsterdam boats");
    expect(await look('"canal bots"')).toBe('"canal boats"');
    // Nothing is missing, though nothing has all of it.
    expect(await look("amsterdam bridge")).toBeNull();
    // Each word is near another one, and nothing has both.
    expect(await look("amstredam brdge")).toBeNull();
    // Nothing is proposed that would find nothing either.
    expect(await look("brdge", { scope: "g:europe/nl/utrecht" })).toBe("bridge");
    expect(await look("brdge", { scope: "g:asia" })).toBeNull();
    // What one alone has written may be a slip as well; short words and numbers are near too much.
    expect(await look("nihgt")).toBeNull();
    expect(await look("teh")).toBeNull();
    expect(await look("")).toBeNull();
    await expect(meant(town, anna, { text: "x".repeat(1_001) })).rejects.toMatchObject({ code: "SEARCH_INVALID" });
  });

  it("is the nearest word, and of those as near the one that most have written", async () => {
    const counts: WordCount[] = [
      ["canal", 3],
      ["canals", 9],
      ["banal", 5],
      ["cabal", 1],
      ["東京", 8],
      ["2024", 8],
      ["cana", 2],
      ["canal", 4],
    ];
    const spelling = await Spelling.of(counts, () => Promise.resolve());
    expect(spelling.nearest("canak")).toBe("canal");
    expect(spelling.nearest("cnaal")).toBe("canal");
    expect(spelling.nearest("canalz")).toBe("canals");
    expect(spelling.nearest("cabak")).toBeNull();
    expect(spelling.nearest("202")).toBeNull();
    expect(spelling.nearest("東亰")).toBeNull();
    expect(spelling.correct("canak in 東亰", (term) => term === "in")).toBeNull();
    expect(spelling.correct("Canak in", (term) => term === "in")).toBe("canal in");
  });
});
