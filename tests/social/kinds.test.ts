import { describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import { compose, type ComposeContext, type DraftAttachment, type DraftText } from "../../src/social/compose.ts";
import { kindOf } from "../../src/social/index.ts";
import { durationText } from "../../src/social/kinds/words.ts";
import { countCharacters, isWhole, scopeFromKey, toHex } from "../../src/wire/index.ts";
import { COMMONS, signerOf } from "../sim/author.ts";
import { SIM_START } from "../sim/clock.ts";

await initHash();

const { publicKey: author } = await signerOf(1);
const context: ComposeContext = { author, home: scopeFromKey(COMMONS), now: SIM_START };

const hashText = (at: number): string => toHex(new Uint8Array(32).fill(at));

function file(contentType: string, altText = "", more: Partial<DraftAttachment> = {}): DraftAttachment {
  return {
    hash: hashText(contentType.length),
    contentType,
    size: 1_000,
    blurhash: null,
    altText,
    duration: null,
    ...more,
  };
}

function draft(fields: Partial<DraftText>): DraftText {
  return {
    headline: "",
    summary: "",
    text: "",
    scopes: [COMMONS],
    replyTo: null,
    references: [],
    kind: "text",
    byline: "",
    attachments: [],
    notes: [],
    kickbackRate: 128,
    ...fields,
  };
}

const codes = (fields: Partial<DraftText>): string[] =>
  compose(draft(fields), context).problems.map(
    ({ at, code, field }) => `${field} ${code}${at === undefined ? "" : ` ${at}`}`,
  );

function madeOf(fields: Partial<DraftText>) {
  const { contentSize, objects, problems } = compose(draft(fields), context);
  if (objects === null) throw new Error(JSON.stringify(problems));
  return { contentSize, post: objects.post, envelope: objects.envelope(new Uint8Array(32)) };
}

describe("the kind of an envelope", () => {
  const kindWith = (...types: readonly string[]) =>
    kindOf({ mediaHints: types.map((contentType) => ({ contentType })), references: [], summary: null });

  it.each<[string, readonly string[]]>([
    ["text", []],
    ["photos", ["image/webp"]],
    ["photos", ["image/gif", "image/avif"]],
    ["podcast", ["audio/ogg"]],
    ["podcast", ["image/png", "audio/ogg"]],
    ["album", ["audio/ogg", "audio/mpeg", "image/png"]],
    ["course", ["video/mp4", "application/pdf"]],
    ["paper", ["application/pdf", "image/png", "application/zip"]],
    ["software", ["image/png", "application/zip", "application/pdf"]],
    ["text", ["text/plain"]],
    ["text", ["image/svg+xml"]],
  ])("is %s for %j", (kind, types) => {
    expect(kindWith(...types)).toBe(kind);
  });

  it("is a collection where references come with notes that are about them", () => {
    const references = [new Uint8Array(32), new Uint8Array(32).fill(1)];
    const withSummary = (summary: string | null) => kindOf({ mediaHints: [], references, summary });
    expect(withSummary("For the weekend\n\n[2] The best of all")).toBe("collection");
    expect(withSummary("[3] about nothing")).toBe("text");
    expect(withSummary("[0] about nothing")).toBe("text");
    expect(withSummary("see [1] there")).toBe("text");
    expect(withSummary(null)).toBe("text");
  });
});

describe("a photo essay", () => {
  const pictures = [
    file("image/webp", "A heron"),
    file("image/webp", " two\nherons ", { blurhash: "LKO2?U%2Tw=w]~RBVZRi};RPxuwH" }),
  ];

  it("shows its pictures in the envelope, and counts them into the size of the content", () => {
    const { contentSize, envelope, post } = madeOf({ kind: "photos", headline: "Herons", attachments: pictures });
    expect(envelope.mediaHints).toEqual([
      { contentType: "image/webp", size: 1_000, blurhash: null, altText: "A heron" },
      { contentType: "image/webp", size: 1_000, blurhash: "LKO2?U%2Tw=w]~RBVZRi};RPxuwH", altText: "two herons" },
    ]);
    expect(post.media).toHaveLength(2);
    const without = madeOf({ headline: "Herons" }).contentSize;
    expect(contentSize - 2_000 - without).toBe(2 * 34);
    expect(isWhole({ ...envelope, signature: new Uint8Array(64) })).toBe(false);
  });

  it("needs no words, but a picture", () => {
    expect(codes({ kind: "photos", attachments: pictures })).toEqual([]);
    expect(codes({ kind: "photos", headline: "Herons" })).toEqual(["kind KIND_INCOMPLETE"]);
    expect(codes({ kind: "photos" })).toEqual(["text DRAFT_EMPTY"]);
  });

  it("takes sixteen pictures with descriptions of 280 characters that fit the envelope, and says what does not", () => {
    const many = (count: number, words: string) => Array.from({ length: count }, () => file("image/webp", words));
    expect(codes({ kind: "photos", attachments: many(16, "a heron by the water") })).toEqual([]);
    expect(codes({ kind: "photos", attachments: many(17, "a heron") })).toEqual(["attachments TOO_MANY_ATTACHMENTS"]);
    expect(codes({ kind: "photos", attachments: [file("image/webp", "🌍".repeat(280))] })).toEqual([]);
    expect(codes({ kind: "photos", attachments: [...many(1, "a"), file("image/webp", "a".repeat(281))] })).toEqual([
      "attachments ALT_TEXT_TOO_LONG 1",
    ]);
    expect(codes({ kind: "photos", attachments: many(16, "a".repeat(280)) })).toEqual(["envelope ENVELOPE_TOO_LARGE"]);
  });

  it("takes no other files, and does not leave them out in silence", () => {
    expect(codes({ kind: "photos", attachments: [...pictures, file("audio/ogg")] })).toEqual([
      "attachments ATTACHMENT_UNFIT 2",
      "kind KIND_INCOMPLETE",
    ]);
    expect(codes({ text: "words", attachments: pictures })).toEqual([
      "attachments ATTACHMENT_UNFIT 0",
      "attachments ATTACHMENT_UNFIT 1",
    ]);
  });
});

describe("an album", () => {
  const tracks = [
    file("image/webp", "The sleeve"),
    file("audio/ogg", "Prelude", { duration: 201_000 }),
    file("audio/ogg", "Fugue", { duration: 3_723_400 }),
  ];

  it("names its tracks with how long they last, its artist before its words, and stands before its sleeve", () => {
    const { envelope, post } = madeOf({
      kind: "album",
      headline: "Solo",
      byline: "Ana\nMaria",
      text: "Live.",
      attachments: tracks,
    });
    expect(envelope.mediaHints.map(({ altText }) => altText)).toEqual([
      "Prelude (3:21)",
      "Fugue (1:02:03)",
      "The sleeve",
    ]);
    expect(envelope.summary).toBe("— Ana Maria\n\nLive.");
    expect(post.text).toBe("— Ana Maria\n\nLive.");
    expect(kindOf(envelope)).toBe("album");
  });

  it("has more than one track; a podcast has one", () => {
    expect(codes({ kind: "album", headline: "Solo", attachments: tracks.slice(0, 2) })).toEqual([
      "kind KIND_INCOMPLETE",
    ]);
    expect(codes({ kind: "podcast", headline: "Solo", attachments: tracks.slice(0, 2) })).toEqual([]);
    expect(codes({ kind: "podcast", headline: "Solo", attachments: tracks })).toEqual(["kind KIND_INCOMPLETE"]);
  });

  it("counts how long a track lasts into the length of its name", () => {
    const named = (length: number) => file("audio/ogg", "a".repeat(length), { duration: 61_000 });
    expect(codes({ kind: "podcast", headline: "Solo", attachments: [named(273)] })).toEqual([]);
    expect(codes({ kind: "podcast", headline: "Solo", attachments: [named(274)] })).toEqual([
      "attachments ALT_TEXT_TOO_LONG 0",
    ]);
  });
});

describe("a course", () => {
  it("names its lessons with how long they last, and below that says what each is about", () => {
    const lessons = [
      file("video/mp4", " The bowline \r\n\nA loop\nthat holds", { duration: 201_000 }),
      file("video/webm", "Hitches\nand what they hold to"),
      file("video/ogg", "Bends", { duration: 9_000 }),
      file("video/mpeg", "\n\n"),
    ];
    const { envelope } = madeOf({ kind: "course", headline: "Knots", text: "Five of them.", attachments: lessons });
    expect(envelope.mediaHints.map(({ altText }) => altText)).toEqual([
      "The bowline (3:21)\nA loop that holds",
      "Hitches\nand what they hold to",
      "Bends (0:09)",
      null,
    ]);
    expect(kindOf(envelope)).toBe("course");
  });

  it("is told where all that is said of a lesson is too long", () => {
    const lesson = (length: number) => file("video/mp4", `Bends\n${"a".repeat(length)}`, { duration: 9_000 });
    const course = (length: number) => codes({ kind: "course", headline: "Knots", attachments: [lesson(length)] });
    expect(course(280 - "Bends (0:09)\n".length)).toEqual([]);
    expect(course(281 - "Bends (0:09)\n".length)).toEqual(["attachments ALT_TEXT_TOO_LONG 0"]);
  });
});

describe("a paper", () => {
  const pdf = file("application/pdf", "Full text");

  it("shows title, authors and what fits of the abstract", () => {
    const abstract = "We measure how news travels between towns. ".repeat(20).trim();
    const { envelope, post } = madeOf({
      kind: "paper",
      headline: "On news",
      byline: "A. Ono, B. Pop",
      text: abstract,
      attachments: [pdf],
    });
    expect(envelope.summary).toMatch(/^— A\. Ono, B\. Pop\n\nWe measure .*…$/u);
    expect(countCharacters(envelope.summary!)).toBeLessThanOrEqual(280);
    expect(post.text).toBe(`— A. Ono, B. Pop\n\n${abstract}`);
  });

  it("refuses authors that leave no room, and a summary that does not fit with them", () => {
    const words = { kind: "paper", headline: "On news", attachments: [pdf] } as const;
    expect(codes({ ...words, byline: "a".repeat(141) })).toEqual(["byline BYLINE_TOO_LONG"]);
    expect(codes({ ...words, byline: "a".repeat(140), summary: "b".repeat(136) })).toEqual([]);
    expect(codes({ ...words, byline: "a".repeat(140), summary: "b".repeat(137) })).toEqual([
      "summary SUMMARY_TOO_LONG",
    ]);
  });
});

describe("a collection", () => {
  const references = [hashText(1), hashText(2), hashText(1), hashText(3)];
  const notes = [
    { of: hashText(3), note: "Read this\nlast" },
    { of: hashText(1), note: "Where it began" },
    { of: hashText(9), note: "Of something that was taken out again" },
  ];

  it("numbers what it says by what it refers to", () => {
    const { envelope, post } = madeOf({ kind: "collection", text: "For the weekend", references, notes });
    expect(post.text).toBe("For the weekend\n\n[1] Where it began\n[3] Read this last");
    expect(envelope.summary).toBe(post.text);
    expect(envelope.references).toHaveLength(3);
    expect(isWhole({ ...envelope, signature: new Uint8Array(64) })).toBe(true);
  });

  it("shows as many notes as fit, all of them in the post, and one at least", () => {
    const long = [1, 2, 3].map((at) => ({ of: hashText(at), note: `${"word ".repeat(40)}${at}` }));
    for (const introduction of ["", "Introduced. ".repeat(40)]) {
      const { envelope, post } = madeOf({ kind: "collection", text: introduction, references, notes: long });
      expect(countCharacters(envelope.summary!)).toBeLessThanOrEqual(280);
      expect(kindOf(envelope)).toBe("collection");
      expect(post.text).toContain(`[3] ${long[2]!.note}`);
    }
  });

  it("needs a note, and notes have 280 characters", () => {
    expect(codes({ kind: "collection", text: "For the weekend", references })).toEqual(["kind KIND_INCOMPLETE"]);
    const far = [{ of: hashText(1), note: "a".repeat(281) }];
    expect(codes({ kind: "collection", references, notes: far })).toEqual(["notes NOTE_TOO_LONG"]);
  });
});

it("the author's share is written into the envelope", () => {
  expect(madeOf({ text: "a", kickbackRate: 0 }).envelope.kickbackRate).toBe(0);
  expect(madeOf({ text: "a", kickbackRate: 255 }).envelope.kickbackRate).toBe(255);
});

it.each([
  [0, "0:00"],
  [59_600, "1:00"],
  [3_599_000, "59:59"],
  [3_600_000, "1:00:00"],
])("%d ms are %s", (duration, text) => {
  expect(durationText(duration)).toBe(text);
});
