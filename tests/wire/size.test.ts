import { describe, expect, it } from "vitest";
import type { PostEnvelope } from "../../src/wire/index.ts";
import { envelopeSize, isWhole, postSize, radioRoom, signObject } from "../../src/wire/index.ts";
import { filled, sampleSigners, samples } from "./samples.ts";

const all = await samples();
const [alice] = await sampleSigners();

function envelopeNamed(name: string): PostEnvelope {
  const object = all.find((sample) => sample.name === name)?.signed.object;
  if (object?.type !== "PostEnvelope") throw new Error(`no envelope named ${name}`);
  return object;
}

describe("postSize", () => {
  it.each([
    [null, [], 0],
    ["x", [], 0],
    ["x".repeat(23), [], 0],
    ["x".repeat(24), [], 0],
    ["字".repeat(300), ["https://example.org/"], 3],
    ["🚲", Array.from({ length: 32 }, () => "https://example.org/"), 16],
  ] as [string | null, string[], number][])("%j with links %j and %i media", async (text, links, mediaCount) => {
    const media = Array.from({ length: mediaCount }, () => filled(1));
    const { bytes } = await signObject({ type: "SocialPost", author: alice.publicKey, text, media, links }, alice);
    expect(postSize(text, links, mediaCount)).toBe(bytes.length);
  });
});

describe("envelopeSize", () => {
  it("is the size of the signed envelope", () => {
    for (const { signed } of all) {
      if (signed.object.type === "PostEnvelope") expect(envelopeSize(signed.object)).toBe(signed.bytes.length);
    }
  });

  it("refuses an envelope that no peer would take", () => {
    const envelope = { ...envelopeNamed("envelope, a boost"), summary: "x" };
    expect(() => envelopeSize(envelope)).toThrow(expect.objectContaining({ code: "BOOST_HAS_SUMMARY" }) as Error);
  });
});

describe("radioRoom", () => {
  it("is what one frame of 484 bytes leaves", () => {
    expect(radioRoom(484)).toBe(0);
    expect(radioRoom(300)).toBe(184);
    expect(radioRoom(485)).toBe(-1);
  });
});

describe("isWhole", () => {
  const envelope = { ...envelopeNamed("envelope, as little as possible"), summary: "Block party this weekend" };
  const size = postSize(envelope.summary);

  it("holds when the post has the summary as its text and nothing else", () => {
    expect(isWhole({ ...envelope, contentSize: size })).toBe(true);
    expect(isWhole({ ...envelope, summary: null, contentSize: postSize(null) })).toBe(true);
  });

  it("does not hold when there is more, or less", () => {
    expect(isWhole({ ...envelope, contentSize: size + 1 })).toBe(false);
    expect(isWhole({ ...envelope, contentSize: size - 1 })).toBe(false);
    const mediaHints = [{ contentType: "image/png", size: 1, blurhash: null, altText: null }];
    expect(isWhole({ ...envelope, contentSize: size, mediaHints })).toBe(false);
  });

  it("does not hold for a boost, whose content stands elsewhere", () => {
    expect(isWhole(envelopeNamed("envelope, a boost"))).toBe(false);
  });
});
