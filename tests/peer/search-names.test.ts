/** What is found by its name, and what could have been meant. */
import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/mesh/protocols/clock.ts";
import type { NamedView, SearchQuery } from "../../src/peer/index.ts";
import { Directory, MOST_TERMS, type DirectoryOptions } from "../../src/peer/search/directory.ts";
import { corrected, Spelling, type WordCount } from "../../src/peer/search/spelling.ts";
import { createMemoryStore, type Head } from "../../src/store/index.ts";
import { encodeNodeId, encodeObject, hashOf, ObjectType, signObject } from "../../src/wire/index.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { SIM_START, VirtualClock } from "../sim/clock.ts";
import { Town, type Resident } from "../sim/town.ts";
import { applyOps } from "../../src/rpc/index.ts";
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

    await anna.api.saveCurated({ name: "Peaks", description: "High up" });
    expect(await names("peaks")).toEqual(["Peaks"]);
    await anna.api.closeCurated("Peaks");
    expect(await names("peaks")).toEqual([]);
  });

  it("of places come and go while somebody looks, wider ones among them", async () => {
    const town = new Town({ seed: 603 });
    const anna = await town.arrive();
    let rows: readonly NamedView[] = [];
    const watching = await anna.api.watch("named", { text: "africa" }, (update) => {
      rows = update.kind === "rows" ? update.rows : applyOps(rows, update.ops);
    });
    await hold(anna, "One", ["g:europe/nl"]);
    await town.clock.advance(1_000);
    const far = await signEnvelope(other, { summary: "Far", scopes: ["g:africa/zanzibar"] });
    await anna.store.commit({ envelopes: [far] });
    await town.clock.until(() => rows.length > 0);
    expect(rows.map(nameOf)).toEqual(["g:africa", "g:africa/zanzibar"]);
    await anna.store.commit({ removeEnvelopes: [far.hash] });
    await town.clock.until(() => rows.length === 0);
    await watching.close();
  });

  it("have as many words as their owners gave them, in every script", async () => {
    const { directory } = await directoryOf({});
    const names = [
      "Maria del Carmen de la Vega Ruiz",
      "Jean-Luc O'Brien d'Artagnan Smith",
      "田中太郎と花子の日記帳",
      "서울의 오래된 다리 사진",
      "کتاب‌خانه‌های شهر‌های ایران",
      "constructor __proto__",
      "",
    ];
    for (const [number, name] of names.entries()) directory.note(profileHead(number, name));
    const find = (text: string) => directory.people(text, "exactly").map(({ name }) => name);
    expect(find("ruiz")).toEqual([names[0]]);
    expect(find("smith")).toEqual([names[1]]);
    expect(find("日記")).toEqual([names[2]]);
    expect(find("사진")).toEqual([names[3]]);
    expect(find("ايران")).toEqual([names[4]]);
    expect(find("__proto__ constr")).toEqual([names[5]]);
  });

  it("that are spelt so stand before those that nearly are, and people one knows before others of their name", async () => {
    const { directory } = await directoryOf({ knows: (key) => key[3] === 77 });
    directory.note(profileHead(500, "Marja Wolf"));
    for (let number = 0; number < 100; number++) directory.note(profileHead(number, `Maria n${number}`));
    const found = directory.find("maria", 200).map((listed) => (listed.kind === "person" ? listed.name : listed.kind));
    expect(found[0]).toBe("Maria n77");
    expect(found).toHaveLength(101);
    expect(found.at(-1)).toBe("Marja Wolf");
    expect(directory.find("wolf mraja", 9)).toHaveLength(1);
  });

  it("that come while others are read are not replaced by what was there before", async () => {
    const store = createMemoryStore({ randomBytes: (length) => new Uint8Array(length) });
    await store.commit({ heads: [profileHead(1, "Before"), profileHead(2, "Another")] });
    const { directory, opened } = opening({ store });
    directory.note(profileHead(1, "After"));
    await opened;
    const find = (text: string) => directory.people(text, "exactly").map(({ name }) => name);
    expect([find("before"), find("after"), find("another")]).toEqual([[], ["After"], ["Another"]]);
  });

  it("fill a bounded part of the memory, however many profiles somebody sends, and keep out nobody whom one knows", async () => {
    const last = MOST_TERMS / 6;
    const { directory } = await directoryOf({ knows: (key) => key[0] === 1 });
    for (let number = 0; number <= last; number++) directory.note(profileHead(number, `Walker n${number} a b c d`));
    directory.note(profileHead(2 ** 24 + 5, "Friend"));
    const find = (text: string) => directory.people(text, "exactly").map(({ name }) => name);
    expect(find(`n${last - 1}`)).toHaveLength(1);
    expect(find(`n${last}`)).toEqual([]);
    expect(find("friend")).toEqual(["Friend"]);
    directory.note(profileHead(7, "Everest"));
    expect(find("everest")).toEqual(["Everest"]);
    expect(find("n7 walker")).not.toContain("Walker n7 a b c d");
  });
});

/** A directory that is being opened. */
function opening(options: Partial<DirectoryOptions>): {
  readonly directory: Directory;
  readonly opened: Promise<void>;
} {
  const clock = new VirtualClock();
  const store = createMemoryStore({ randomBytes: (length) => new Uint8Array(length) });
  const log = (context: string, error: unknown): void => {
    throw new Error(context, { cause: error });
  };
  const rest = { store, clock: clock as Clock, knows: () => false, onChanged: () => undefined, log };
  const directory = new Directory({ ...rest, ...options });
  return { directory, opened: clock.finish(directory.opened) };
}

async function directoryOf(options: Partial<DirectoryOptions>): Promise<{ readonly directory: Directory }> {
  const { directory, opened } = opening(options);
  await opened;
  return { directory };
}

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

  it("is written as others have written it, with accents and joiners, and each word is taken by itself", async () => {
    const town = new Town({ seed: 604 });
    const anna = await town.arrive();
    for (const summary of ["Grüße aus München, O'Brien", "München: رودخانه و رودخانه‌های شهر, O'Brien Brien"]) {
      await hold(anna, summary, ["t:water"]);
      await hold(anna, `${summary}!`, ["t:water"]);
    }
    const look = (text: string) => meant(town, anna, { text });
    expect(await look("Müncehn")).toBe("münchen");
    expect(await look("munhcen grusse")).toBe("münchen grusse");
    expect(await look("رودخاته‌های رودخاته")).toBe("رودخانه‌های رودخانه");
    expect(await look("O'brein brein")).toBe("o'brien brien");
  });

  it("is nothing that is gone, that a blocked person wrote, or that one envelope alone has, whenever its text came", async () => {
    const town = new Town({ seed: 605 });
    const anna = await town.arrive();
    await hold(anna, "The old bridge", ["t:water"], SIM_START - 1);
    await hold(anna, "A new bridge", ["t:water"], SIM_START - 2);
    const look = (text: string) => meant(town, anna, { text });
    const slip = await signEnvelope(author, { summary: "The bridgge is closed", created: SIM_START - 3 });
    await anna.store.commit({ envelopes: [slip] });
    expect(await look("bridgge")).toBeNull();
    await anna.store.commit({ removeEnvelopes: [slip.hash] });
    expect(await look("bridgge")).toBe("bridge");
    await anna.store.commit({ envelopes: [await signEnvelope(other, { summary: "Brigge", created: SIM_START - 4 })] });
    expect(await look("brigge")).toBeNull();
    await anna.api.block(encodeNodeId(other.publicKey));
    expect(await look("brigge")).toBe("bridge");

    const { bytes, hash } = await signObject(
      { type: "SocialPost", author: author.publicKey, text: "It is shut.", media: [], links: [] },
      author,
    );
    const envelope = await signEnvelope(author, { summary: "Zanzibarr", postHash: hash, created: SIM_START - 5 });
    await anna.store.commit({ envelopes: [envelope] });
    expect(await look("zanzibr")).toBeNull();
    await anna.store.commit({
      objects: [{ hash, type: ObjectType.SocialPost, bytes, holding: "cache", storedAt: SIM_START }],
    });
    expect(await town.clock.finish(anna.api.search({ query: { text: "shut" }, limit: 1 }))).toHaveLength(1);
    expect(await look("zanzibr")).toBeNull();
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
    const correct = (text: string): string | null => {
      const corrections = spelling.corrections(text, (term) => term === "in");
      return corrections && corrected(text, corrections);
    };
    expect(correct("canak in 東亰")).toBeNull();
    expect(correct("in")).toBeNull();
    expect(correct("(Canak), in canalz…")).toBe("(canal), in canals…");
  });

  it("is kept of the words that most envelopes have", async () => {
    const letters = "abcdefghij";
    const named = (number: number): string => Array.from(String(number), (digit) => letters[Number(digit)]).join("");
    const counts = Array.from({ length: 40_000 }, (_, at): WordCount => [
      `${named(100_000 + at)}zzzz`,
      at < 100 ? 9 : 2,
    ]);
    const spelling = await Spelling.of([...counts.slice(100), ...counts.slice(0, 100)], () => Promise.resolve());
    expect(spelling.nearest(`${named(100_042)}zzzy`)).toBe(`${named(100_042)}zzzz`);
  });
});
