import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import { compose, type ComposeContext, type Composed, type DraftText } from "../../src/social/compose.ts";
import {
  countCharacters,
  decodeEnvelope,
  decodeObject,
  isWhole,
  scopeFromKey,
  signObject,
  toHex,
} from "../../src/wire/index.ts";
import { COMMONS, signerOf } from "../sim/author.ts";
import { SIM_START } from "../sim/clock.ts";

await initHash();

const alice = await signerOf(1);
const context: ComposeContext = { author: alice.publicKey, home: scopeFromKey(COMMONS), now: SIM_START };

function draft(fields: Partial<DraftText> = {}): DraftText {
  const matter = { kind: "text", byline: "", attachments: [], notes: [], kickbackRate: 128 } as const;
  return {
    ...matter,
    headline: "",
    summary: "",
    text: "",
    scopes: [COMMONS],
    replyTo: null,
    references: [],
    ...fields,
  };
}

function composed(fields: Partial<DraftText>): Composed {
  return compose(draft(fields), context);
}

const codes = (fields: Partial<DraftText>): string[] =>
  composed(fields).problems.map(({ code, field }) => `${field} ${code}`);

function envelopeOf(fields: Partial<DraftText>) {
  const { objects, problems } = composed(fields);
  if (objects === null) throw new Error(JSON.stringify(problems));
  return objects.envelope(new Uint8Array(32));
}

/** Signs as a peer would, and reads it back as another would. */
async function published(fields: Partial<DraftText>) {
  const { contentSize, envelopeBytes, objects } = composed(fields);
  if (objects === null) throw new Error("It has problems.");
  const post = await signObject({ ...objects.post, type: "SocialPost" }, alice);
  const envelope = await signObject({ ...objects.envelope(post.hash), type: "PostEnvelope" }, alice);
  expect(post.bytes).toHaveLength(contentSize);
  expect(envelope.bytes).toHaveLength(envelopeBytes);
  return { post: decodeObject(post.bytes), envelope: decodeEnvelope(envelope.bytes) };
}

describe("what a draft refers to", () => {
  const [one, two] = ["ab".repeat(32), "cd".repeat(32)];

  it("stands in the envelope in the order in which it was chosen, each once", async () => {
    const { envelope } = await published({ text: "See these.", references: [two, one, two] });
    expect(envelope.references.map(toHex)).toEqual([two, one]);
  });

  it("is refused where it is no hash, or there are more than 32", () => {
    expect(codes({ text: "x", references: ["abc"] })).toEqual(["references REFERENCE_INVALID"]);
    const many = Array.from({ length: 33 }, (_, at) => at.toString(16).padStart(64, "0"));
    expect(codes({ text: "x", references: many })).toEqual(["references TOO_MANY_REFERENCES"]);
    expect(envelopeOf({ text: "x", references: many.slice(1) }).references).toHaveLength(32);
  });

  it("tells nobody of what is for trusted people only", () => {
    const isTrustedOnly = (named: Uint8Array): boolean => toHex(named) === two;
    const problems = (scopes: string[], references: string[]) =>
      compose(draft({ text: "x", scopes, references }), { ...context, isTrustedOnly }).problems;
    expect(problems([COMMONS], [one])).toEqual([]);
    expect(problems([], [two])).toEqual([]);
    expect(problems([COMMONS], [one, two])).toEqual([{ field: "references", code: "REFERENCE_TOO_WIDE" }]);
  });
});

describe("a draft", () => {
  it("of up to 280 characters stands whole in its envelope", async () => {
    const text = "a".repeat(280);
    const { envelope, post } = await published({ text });
    expect(envelope.summary).toBe(text);
    expect(post).toMatchObject({ text });
    expect(isWhole(envelope)).toBe(true);
  });

  it("counts characters, not bytes or UTF-16 units", () => {
    const text = "🌍".repeat(280);
    expect(envelopeOf({ text }).summary).toBe(text);
    expect(envelopeOf({ text: `${text}🌍` }).summary).not.toBe(text);
  });

  it("that is longer is begun there, up to the end of a word", async () => {
    const text = Array.from({ length: 100 }, (_, at) => `word${at}`).join(" ");
    const { envelope } = await published({ text });
    const summary = envelope.summary as string;
    expect(summary.endsWith("…")).toBe(true);
    const begun = summary.slice(0, -1);
    expect(text.startsWith(`${begun} `)).toBe(true);
    expect(countCharacters(summary)).toBeLessThanOrEqual(271);
    expect(countCharacters(summary)).toBeGreaterThan(260);
    expect(isWhole(envelope)).toBe(false);
  });

  it("in a language without spaces is cut between characters", () => {
    const summary = envelopeOf({ text: "日本語".repeat(200) }).summary as string;
    expect(countCharacters(summary)).toBe(271);
    // A family is one character made of seven code points: 270 is inside of one.
    const family = "👩‍👩‍👧‍👦";
    const families = (envelopeOf({ text: family.repeat(60) }).summary as string).slice(0, -1);
    expect(families).toBe(family.repeat(38));
  });

  it("keeps its limits however many marks a letter has", () => {
    const summary = envelopeOf({ text: `a${"\u0301".repeat(10_000)}` }).summary as string;
    expect(countCharacters(summary)).toBeLessThanOrEqual(280);
  });

  it("takes its author's summary instead", async () => {
    const { envelope, post } = await published({ headline: "Title", summary: "In short", text: "In long" });
    expect(envelope).toMatchObject({ headline: "Title", summary: "In short" });
    expect(post).toMatchObject({ text: "In long" });
    expect(isWhole(envelope)).toBe(false);
  });

  it("with a summary alone has it as its text, and with a headline alone no text", async () => {
    const { envelope, post } = await published({ summary: "All there is" });
    expect(post).toMatchObject({ text: "All there is" });
    expect(isWhole(envelope)).toBe(true);
    const titled = await published({ headline: "Only a title" });
    expect(titled.post).toMatchObject({ text: null });
    expect(titled.envelope).toMatchObject({ headline: "Only a title", summary: null });
    expect(isWhole(titled.envelope)).toBe(true);
  });

  it("carries what it answers, and its time", () => {
    expect(envelopeOf({ text: "Hi", replyTo: "ab".repeat(32) })).toMatchObject({
      replyTo: new Uint8Array(32).fill(0xab),
      boostOf: null,
      created: SIM_START,
    });
  });
});

describe("what was typed", () => {
  it("loses controls and gets one kind of line end; a headline is one line", () => {
    expect(envelopeOf({ text: "\u0000a\r\nb\rc\u2028d\te\u0007 \u009b" }).summary).toBe("a\nb\nc\nd\te");
    expect(envelopeOf({ headline: "  two\n\tlines " }).headline).toBe("two lines");
  });

  it("keeps what right-to-left writing needs; isolating it is for whoever shows it", () => {
    const text = "سلام\u200cها \u2067abc\u2069 \u202etxt";
    expect(envelopeOf({ text }).summary).toBe(text);
  });

  it("keeps script as the text that it is", () => {
    const text = "<script>alert(1)</script> javascript:alert(1)";
    expect(envelopeOf({ text, headline: text }).summary).toBe(text);
  });
});

describe("problems", () => {
  it.each<[Partial<DraftText>, string]>([
    [{}, "text DRAFT_EMPTY"],
    [{ text: " \n\t\u0000 " }, "text DRAFT_EMPTY"],
    [{ headline: "a".repeat(101) }, "headline HEADLINE_TOO_LONG"],
    [{ summary: "a".repeat(281) }, "summary SUMMARY_TOO_LONG"],
    [{ text: "a".repeat(65_536) }, "text TEXT_TOO_LONG"],
    [{ text: "a\ud800b" }, "text TEXT_MALFORMED"],
    [{ text: "a", headline: "\udc00" }, "headline TEXT_MALFORMED"],
    [{ text: "a", scopes: ["g:Europe"] }, "scopes SCOPE_INVALID"],
    [{ text: "a", scopes: ["g:a", "g:b"] }, "scopes TOO_MANY_PLACES"],
    [{ text: "a", scopes: ["t:a", "t:b", "t:c", "t:d"] }, "scopes TOO_MANY_TOPICS"],
    [{ text: "a", replyTo: "xyz" }, "envelope REPLY_INVALID"],
    [{ text: "a", replyTo: "abcd" }, "envelope REPLY_INVALID"],
  ])("%j: %s", (fields, expected) => {
    expect(codes(fields)).toContain(expected);
    expect(composed(fields).objects).toBeNull();
  });

  it("include scopes that are each fine and together too large", () => {
    const segment = "字".repeat(32);
    const scope = (kind: string, first: string): string => `${kind}:${[first, ...Array(6).fill(segment)].join("/")}`;
    expect(codes({ text: "a", scopes: [scope("g", "a"), scope("t", "b")] })).toEqual(["scopes SCOPES_TOO_LARGE"]);
  });

  it("do not arise from naming a scope twice", () => {
    expect(envelopeOf({ text: "a", scopes: [COMMONS, COMMONS] }).scopes).toHaveLength(1);
  });
});

describe("the audience", () => {
  it.each([
    [["g:europe/nl"], "place", "g:europe/nl"],
    [["g:europe/nl", "t:gaming"], "place", "g:europe/nl"],
    [["t:gaming"], "place", COMMONS],
    [[], "trusted", null],
  ])("of %j", (scopes, kind, startsAt) => {
    expect(composed({ text: "a", scopes }).audience).toEqual({ kind, startsAt });
  });

  it("does not write the home place into an envelope with topics alone", () => {
    expect(envelopeOf({ text: "a", scopes: ["t:gaming"] }).scopes).toEqual([scopeFromKey("t:gaming")]);
  });
});

it("whatever is typed becomes problems or objects that wire takes", async () => {
  const text = fc.string({ unit: "binary", maxLength: 600 });
  const scopes = fc.array(fc.oneof(fc.constantFrom("g:a/b", "t:c", COMMONS), fc.string()), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(text, text, text, scopes, async (headline, summary, body, scopes) => {
      const fields = { headline, summary, text: body, scopes };
      const { objects, problems } = composed(fields);
      expect(objects === null).toBe(problems.length > 0);
      if (objects !== null) await published(fields);
    }),
    { seed: 7, numRuns: 300 },
  );
});
