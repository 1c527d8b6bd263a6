import { beforeAll, describe, expect, it } from "vitest";
import { Judge } from "../../src/social/defence/judge.ts";
import { canonicalMute, idOfMute, isSensitive, SHOWN, type Mute, type MuteTarget } from "../../src/social/index.ts";
import { encodeNodeId, type PostEnvelope, type Signer } from "../../src/wire/index.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { signBoost } from "../sim/promoting.ts";

const nobodyFlagged = (): null => null;
const ROOT = "07".repeat(32);

let self: Signer;
let stranger: Signer;
beforeAll(async () => {
  [self, stranger] = [await signerOf(1), await signerOf(2)];
});

function judge(targets: readonly MuteTarget[], how: Mute["how"] = "hide"): Judge {
  const mutes = targets.map((target) => ({ target, how, until: null, since: 0 }));
  return new Judge(mutes, { self: self.publicKey, flagged: nobodyFlagged });
}
const word = (text: string): MuteTarget => ({ kind: "word", word: text, whole: true });
const envelopeOf = async (text: Parameters<typeof signEnvelope>[1], by = stranger): Promise<PostEnvelope> =>
  (await signEnvelope(by, text)).envelope;

describe("what becomes of an envelope", () => {
  it("is that it is shown where nothing is muted", async () => {
    expect(judge([]).verdict(await envelopeOf({}), null)).toBe(SHOWN);
  });

  it("follows from its author, its words, its scopes, its thread and what it is", async () => {
    const id = encodeNodeId(stranger.publicKey);
    const tagged = await envelopeOf({ headline: "Goals", scopes: ["t:sport/ball-games/football"] });
    const reply = await envelopeOf({ replyTo: new Uint8Array(32).fill(7) });
    const boost = (await signBoost(stranger, new Uint8Array(32))).envelope;
    const verdictOf = (target: MuteTarget, envelope: PostEnvelope) => judge([target]).verdict(envelope, ROOT);
    const hiddenBy = (code: string, by: string | null) => ({ kind: "hidden", reason: { code, by } });
    expect(verdictOf({ kind: "person", id }, tagged)).toEqual(hiddenBy("PERSON_MUTED", id));
    expect(verdictOf(word("goals"), tagged)).toEqual(hiddenBy("WORD_MUTED", "goals"));
    // A topic is written with a dash where people leave a gap.
    expect(verdictOf(word("Ball games"), tagged)).toEqual(hiddenBy("WORD_MUTED", "Ball games"));
    expect(verdictOf({ kind: "scope", scope: "t:sport" }, tagged)).toEqual(hiddenBy("SCOPE_MUTED", "t:sport"));
    expect(verdictOf({ kind: "scope", scope: "t:sport/ball" }, tagged)).toBe(SHOWN);
    expect(verdictOf({ kind: "thread", post: ROOT }, reply)).toEqual(hiddenBy("THREAD_MUTED", ROOT));
    expect(judge([{ kind: "thread", post: ROOT }]).verdict(reply, null)).toBe(SHOWN);
    expect(verdictOf({ kind: "kind", of: "boost" }, boost)).toEqual(hiddenBy("KIND_MUTED", "boost"));
    expect(verdictOf({ kind: "kind", of: "boost" }, reply)).toBe(SHOWN);
    expect(verdictOf({ kind: "kind", of: "reply" }, reply)).toEqual(hiddenBy("KIND_MUTED", "reply"));
  });

  it("looks at descriptions of media as well", async () => {
    const envelope = await envelopeOf({});
    const mediaHints = [{ contentType: "image/webp", size: 1, blurhash: null, altText: "A spider" }];
    expect(judge([word("spider")]).verdict({ ...envelope, mediaHints }, null)).toMatchObject({ kind: "hidden" });
  });

  it("is never that people miss their own words", async () => {
    const own = await envelopeOf({ summary: "spider" }, self);
    expect(judge([word("spider")]).verdict(own, null)).toBe(SHOWN);
  });

  it("hides what one mute hides and another covers", async () => {
    const mutes: Mute[] = [
      { target: { kind: "scope", scope: "g:cyberspace" }, how: "cover", until: null, since: 0 },
      { target: word("spider"), how: "hide", until: null, since: 0 },
    ];
    const both = new Judge(mutes, { self: self.publicKey, flagged: nobodyFlagged });
    expect(both.verdict(await envelopeOf({ summary: "a spider" }), null)).toMatchObject({ kind: "hidden" });
    expect(both.verdict(await envelopeOf({ summary: "a fly" }), null)).toEqual({
      kind: "covered",
      what: "post",
      reason: { code: "SCOPE_MUTED", by: "g:cyberspace" },
    });
  });

  it("follows from what this person said of the author", async () => {
    const hiding = new Judge([], { self: self.publicKey, flagged: () => "hide" });
    const flagged = { kind: "hidden", reason: { code: "AUTHOR_FLAGGED", by: null } };
    expect(hiding.verdict(await envelopeOf({}), null)).toEqual(flagged);
    expect(hiding.verdict(await envelopeOf({}, self), null)).toBe(SHOWN);
  });
});

describe("the one form of a mute", () => {
  it("makes one of what is compared as one", () => {
    const ids = ["Café  au lait", "cafe\u0301 AU lait", "CAFÉ\u200b AU LAIT"].map((typed) =>
      idOfMute(canonicalMute({ kind: "word", word: typed, whole: true })!),
    );
    expect(new Set(ids).size).toBe(1);
    expect(canonicalMute({ kind: "scope", scope: "t:Music / JAZZ" })).toEqual({ kind: "scope", scope: "t:music/jazz" });
  });

  it.each<MuteTarget>([
    { kind: "person", id: "mehr1nobody" },
    { kind: "word", word: " \u200b ", whole: true },
    { kind: "word", word: "x".repeat(65), whole: true },
    { kind: "word", word: "\ud800", whole: true },
    { kind: "scope", scope: "jazz" },
    { kind: "thread", post: "07" },
    { kind: "kind", of: "everything" as "boost" },
  ])("refuses %j", (target) => {
    expect(canonicalMute(target)).toBeNull();
  });
});

it("knows topics by which authors say that something is not for everybody", () => {
  expect(["t:art/nsfw", "t:spoilers/films", "t:حساس"].map(isSensitive)).toEqual([true, true, true]);
  expect(["t:art", "g:nsfw", "t:nsfwish"].map(isSensitive)).toEqual([false, false, false]);
});
