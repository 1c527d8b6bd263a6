import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { filledIn, moved, placeAt } from "../../src/app/components/row-drag/order.ts";
import { formOf, BLANK, specOf } from "../../src/app/pages/feeds/form-values.ts";
import { targetOfAddress } from "../../src/app/text/addresses.ts";
import { feedLink, readShared } from "../../src/app/text/feed-links.ts";
import { feedName } from "../../src/app/text/feeds.ts";
import { roomFor } from "../../src/app/text/scope-limits.ts";
import type { FeedSpec } from "../../src/peer/api.ts";
import { encodeNodeId, envelopeSize, scopeFromKey } from "../../src/wire/index.ts";

const NODE = encodeNodeId(new Uint8Array(32).fill(7));
const place = (scope: string, match: "exact" | "prefix" = "prefix") => ({ scope, match });
const SPECS: readonly FeedSpec[] = [
  { kind: "scope", scope: "g:europe/nl/utrecht", match: "exact" },
  { kind: "scope", scope: "t:موسیقی/جاز", match: "prefix" },
  { kind: "author", author: NODE },
  { kind: "curated", curator: NODE, name: "Best & worst: 50% + more?" },
  { kind: "intersection", places: [place("g:europe"), place("g:asia", "exact")], topics: [place("t:c++")] },
];

describe("links to feeds", () => {
  it.each(SPECS.map((spec) => [spec.kind, spec] as const))("come back as what was shared: %s", (_kind, spec) => {
    const link = feedLink(spec, "Mine & yours")!;
    const target = targetOfAddress(link);
    expect(target).toHaveProperty("path", expect.stringMatching(/^\/feeds\/shared\?/));
    const { path } = target as { path: string };
    expect(readShared(path.slice(path.indexOf("?")))).toEqual({ spec, name: "Mine & yours" });
  });

  it("are not made of what is a person's own", () => {
    const own = [{ kind: "home" }, { kind: "people" }, { kind: "trusted" }] as const;
    expect(own.map((spec) => feedLink(spec, null))).toEqual([null, null, null]);
  });

  it("bring two spellings of a place together", () => {
    const spec = { kind: "scope", scope: "g:europe/nl", match: "prefix" };
    expect(readShared("place=Europe/NL&place=%20europe/%20nl&place-only=EUROPE/nl")).toEqual({ spec, name: null });
  });

  it.each([
    "",
    "name=Jazz",
    "place=",
    "place=%00",
    "place=a/b/c/d/e/f/g/h/i",
    "place=europe&place=asia",
    `author=${NODE.slice(0, -1)}`,
    `author=${NODE}&topic=jazz`,
    `curator=${NODE}`,
    `curator=${NODE}&feed=${"x".repeat(65)}`,
    `place=europe&name=${"x".repeat(65)}`,
    `topic=t&${Array.from({ length: 17 }, (_, at) => `place=town-${at}`).join("&")}`,
  ])("say nothing when they are garbage: %s", (parameters) => {
    expect(readShared(parameters)).toBeNull();
    expect(targetOfAddress(`web+mehr:feed/?${parameters}`)).toEqual({ problem: "malformed" });
  });

  it("never throw, whatever they hold", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        readShared(text);
        targetOfAddress(`web+mehr:feed/?place=${text}`);
      }),
      { seed: 41, numRuns: 500 },
    );
  });
});

describe("a feed without a name", () => {
  it("is called after what it shows", () => {
    const texts = SPECS.map((spec) => feedName(spec, (id) => (id === NODE ? "Anna" : null)));
    expect(texts.map((words) => ("text" in words ? words.text : words.key))).toEqual([
      "Utrecht",
      "جاز",
      "Anna",
      "Best & worst: 50% + more?",
      "Europe + Asia + c++",
    ]);
    expect(feedName({ kind: "people" })).toEqual({ key: "feeds.name.people", slots: {} });
  });
});

describe("the form of a feed", () => {
  it("gives back what it was filled with", () => {
    const rest = { id: "a", name: null, mode: "auto", filters: BLANK.filters, unread: 0 } as const;
    for (const spec of SPECS) {
      const kind = spec.kind === "scope" ? (spec.scope.startsWith("g:") ? "place" : "topic") : spec.kind;
      const shown = kind === "author" ? "people" : (kind as "place" | "topic" | "intersection" | "curated");
      expect(specOf(shown, formOf({ ...rest, kind: shown, spec }))).toEqual(spec);
    }
  });

  it("asks for what is missing, and takes a link for an address", () => {
    for (const kind of ["people", "place", "topic", "intersection", "curated"] as const) {
      expect(specOf(kind, BLANK)).toBeNull();
    }
    const author = ` https://mehr.example/u/${NODE} `;
    expect(specOf("people", { ...BLANK, author })).toEqual({ kind: "author", author: NODE });
    expect(specOf("people", { ...BLANK, author: `web+mehr:${NODE}` })).toEqual({ kind: "author", author: NODE });
  });
});

describe("what is left while a place is typed", () => {
  it("counts parts, characters and bytes as the wire does", () => {
    expect(roomFor("geo", "Europe / NL / UTRECHT", [])).toMatchObject({
      key: "g:europe/nl/utrecht",
      segments: 5,
      characters: 25,
    });
    expect(roomFor("topic", "x".repeat(40), [])).toMatchObject({ key: null, characters: -8 });
    expect(roomFor("geo", "a/b/c/d/e/f/g/h/i", [])).toMatchObject({ key: null, segments: -1 });
    expect(roomFor("geo", "a/", [])).toMatchObject({ key: "g:a", segments: 7, characters: 32 });
    // The size of an envelope grows by exactly what a scope is said to take.
    const sizeOf = (keys: readonly string[]): number =>
      envelopeSize({
        type: "PostEnvelope",
        postHash: new Uint8Array(32),
        author: new Uint8Array(32),
        headline: null,
        summary: "x",
        mediaHints: [],
        scopes: keys.map(scopeFromKey),
        replyTo: null,
        boostOf: null,
        references: [],
        contentSize: 1,
        created: 1,
        kickbackRate: 0,
      });
    for (const key of ["t:jazz", "t:موسیقی/سنتی-ایرانی-با-سنتور", "g:europe/nl/utrecht"]) {
      const taken = roomFor("topic", "", []).bytes - roomFor("topic", "", [key]).bytes;
      expect(taken).toBe(sizeOf([key]) - sizeOf([]));
    }
  });
});

describe("rows that change places", () => {
  it("go where they are put, and nothing is lost", () => {
    expect(moved(["a", "b", "c", "d"], 3, 1)).toEqual(["a", "d", "b", "c"]);
    expect(moved(["a", "b"], 0, 9)).toEqual(["b", "a"]);
    expect(moved(["a"], 4, 0)).toEqual(["a"]);
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat()), fc.nat(20), fc.integer({ min: -3, max: 20 }), (list, from, to) => {
        expect(new Set(moved(list, from, to))).toEqual(new Set(list));
        expect(moved(list, from, to)).toHaveLength(list.length);
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it("change with a neighbour half-way, whatever its height", () => {
    const boxes = [
      { top: 0, bottom: 40 },
      { top: 40, bottom: 140 },
      { top: 140, bottom: 180 },
    ];
    const places = (from: number) => [-50, 10, 30, 60, 89, 91, 120, 161, 900].map((y) => placeAt(boxes, from, y));
    expect(places(0)).toEqual([0, 0, 0, 0, 0, 1, 1, 2, 2]);
    expect(places(1)).toEqual([0, 0, 1, 1, 1, 1, 1, 2, 2]);
    expect(places(2)).toEqual([0, 0, 1, 1, 1, 2, 2, 2, 2]);
  });

  it("find their place in a long list of which only what is near the screen is in the page", () => {
    const boxes = Array.from({ length: 1_000 }, (_, at) => ({ top: at * 40 - 20_000, bottom: at * 40 - 19_960 }));
    // What is near, and a row far above and one far below that keep the focus.
    const inPage = boxes.map((box, at) => ((at >= 490 && at < 530) || at === 3 || at === 990 ? box : undefined));
    for (const from of [505, 3, 990]) {
      for (const y of [-300, 0, 19, 21, 500, 900]) {
        expect(placeAt(filledIn(inPage), from, y)).toBe(placeAt(boxes, from, y));
      }
    }
    expect(placeAt(filledIn([undefined, undefined]), 0, 0)).toBe(1);
  });

  it("come to rest: a row that has gone where it belongs stays there while the pointer does not move", () => {
    const heights = fc.array(fc.integer({ min: 44, max: 400 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(heights, fc.nat(11), fc.integer({ min: -50, max: 5_000 }), (all, at, y) => {
        const boxesOf = (list: readonly number[]) => {
          let top = 0;
          return list.map((height) => ({ top, bottom: (top += height) }));
        };
        const from = at % all.length;
        const to = placeAt(boxesOf(all), from, y);
        expect(placeAt(boxesOf(moved(all, from, to)), to, y)).toBe(to);
      }),
      { seed: 43, numRuns: 500 },
    );
  });
});
