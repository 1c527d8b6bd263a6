import { describe, expect, it } from "vitest";
import {
  addedAt,
  canonicalFeed,
  checkCurated,
  feedFilter,
  savedKindOf,
  withFilters,
  type Feed,
} from "../../src/social/index.ts";
import { ObjectType, scopeFromKey, signObject, type CuratedFeed } from "../../src/wire/index.ts";
import { signerOf } from "../sim/author.ts";

const NOW = 1_767_225_600_000;
const EVERYTHING = { boosts: true, replies: true };
const context = { self: new Uint8Array(32), following: [], home: scopeFromKey("g:here") };

describe("the one form of a feed", () => {
  it("has places and topics in their normal form, in order, each once", () => {
    const typed: Feed = {
      kind: "intersection",
      places: [
        { scope: "g:Europe / NL/ UTRECHT", match: "exact" },
        { scope: "g:europe/nl/utrecht", match: "prefix" },
        { scope: "g:asia", match: "exact" },
      ],
      // Pokémon with a letter of its own, and with an accent behind the e.
      topics: [
        { scope: "t:gaming/Pok\u00e9mon", match: "exact" },
        { scope: "t:gaming/Poke\u0301mon", match: "exact" },
      ],
    };
    expect(canonicalFeed(typed)).toEqual({
      kind: "intersection",
      places: [
        { scope: "g:asia", match: "exact" },
        { scope: "g:europe/nl/utrecht", match: "prefix" },
      ],
      topics: [{ scope: "t:gaming/pok\u00e9mon", match: "exact" }],
    });
  });

  it("does not take a topic for a place", () => {
    const mixed: Feed = { kind: "intersection", places: [{ scope: "t:jazz", match: "exact" }], topics: [] };
    expect(() => canonicalFeed(mixed)).toThrow(expect.objectContaining({ code: "SCOPE_INVALID" }));
    expect(() => canonicalFeed({ kind: "scope", scope: "utrecht", match: "exact" })).toThrow(/place/);
    expect(() => canonicalFeed({ kind: "author", author: "mehr1qq" })).toThrow(
      expect.objectContaining({ code: "NODE_ID_INVALID" }),
    );
  });

  it("is of one of five kinds", () => {
    const kinds = [
      { kind: "people" },
      { kind: "author", author: "" },
      { kind: "scope", scope: "g:a", match: "exact" },
      { kind: "scope", scope: "t:a", match: "exact" },
      { kind: "intersection", places: [], topics: [] },
      { kind: "curated", curator: "", name: "" },
      { kind: "home" },
      { kind: "replies", to: "" },
    ] satisfies Feed[];
    const found = ["people", "people", "place", "topic", "intersection", "curated", null, null];
    expect(kinds.map(savedKindOf)).toEqual(found);
  });
});

describe("what a feed shows", () => {
  it("is, of an intersection, what is at any of the places and has any of the topics", () => {
    const scope = (key: string) => ({ kind: "scope", scope: scopeFromKey(key), match: "prefix" });
    const feed = {
      kind: "intersection",
      places: ["g:a", "g:b"].map((key) => ({ scope: key, match: "prefix" as const })),
      topics: [{ scope: "t:c", match: "prefix" as const }],
    } as const;
    expect(feedFilter(feed, context)).toEqual({
      kind: "every",
      of: [
        { kind: "any", of: [scope("g:a"), scope("g:b")] },
        { kind: "any", of: [scope("t:c")] },
      ],
    });
  });

  it("leaves out boosts and answers when the person wants that", () => {
    const of = { kind: "all" } as const;
    expect(withFilters(of, EVERYTHING)).toBe(of);
    expect(withFilters(of, { boosts: false, replies: true })).toEqual({ kind: "unrelated", of, relations: ["boost"] });
    expect(withFilters(of, { boosts: false, replies: false })).toMatchObject({ relations: ["reply", "boost"] });
  });
});

describe("a curated feed from somebody", async () => {
  const curator = await signerOf(1);
  const other = await signerOf(2);
  const text: Omit<CuratedFeed, "signature"> = {
    type: "CuratedFeed",
    curator: curator.publicKey,
    name: "Best of town",
    description: "",
    entries: [{ postHash: new Uint8Array(32).fill(5), added: NOW + 999_999, note: "Read this" }],
    scope: scopeFromKey("g:here"),
    updated: NOW,
    sequence: 7,
    kickbackRate: 0,
  };
  const key = { curator: curator.publicKey, name: "Best of town" };

  it("is taken when it is the one that was asked for", async () => {
    const { bytes, hash } = await signObject(text, curator);
    const verdict = await checkCurated(bytes, key, NOW);
    const version = {
      type: ObjectType.CuratedFeed,
      owner: curator.publicKey,
      name: key.name,
      sequence: 7,
      hash,
      bytes,
    };
    expect(verdict).toMatchObject({ kind: "version", version });
  });

  it.each([
    ["another name", { name: "Worst of town" }, key, "UNSOLICITED", true],
    ["another curator", {}, { ...key, curator: other.publicKey }, "UNSOLICITED", true],
    ["a date that is a day ahead", { updated: NOW + 86_400_000 }, key, "FROM_THE_FUTURE", false],
  ])("is refused with %s", async (_what, change, asked, code, misdeed) => {
    const { bytes } = await signObject({ ...text, ...change }, curator);
    expect(await checkCurated(bytes, asked, NOW)).toEqual({ kind: "refused", code, misdeed });
  });

  it("is refused when somebody else signed it, when it is cut short, and when it is no feed", async () => {
    const { bytes } = await signObject(text, curator);
    const forged = bytes.slice();
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    expect(await checkCurated(forged, key, NOW)).toMatchObject({ code: "SIGNATURE_INVALID", misdeed: true });
    expect(await checkCurated(bytes.slice(0, 40), key, NOW)).toMatchObject({ kind: "refused", misdeed: true });
    expect(await checkCurated(new Uint8Array(70_000), key, NOW)).toMatchObject({ code: "TOO_LARGE" });
    const { bytes: post } = await signObject(
      { type: "SocialPost", author: curator.publicKey, text: "no feed", media: [], links: [] },
      curator,
    );
    expect(await checkCurated(post, key, NOW)).toMatchObject({ code: "TYPE_UNEXPECTED" });
  });

  it("cannot put an entry ahead of itself", () => {
    expect(addedAt(text, { added: NOW + 999_999 })).toBe(NOW);
    expect(addedAt(text, { added: NOW - 5 })).toBe(NOW - 5);
  });
});
