import { describe, expect, it } from "vitest";
import { decodeEnvelope, decodeObject, encodeObject, LIMITS, WireError } from "../../src/wire/index.ts";
import { invalidEncodings } from "./invalid.ts";
import { plain, plainBytes, recoded } from "./plain.ts";
import { samples } from "./samples.ts";

const all = await samples();
const invalid = invalidEncodings(all);

function refusal(decode: () => unknown): WireError {
  try {
    decode();
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
  throw new Error("was accepted");
}

describe("the samples", () => {
  it.each(all)("$name: stands on the wire as the protocol says", ({ signed: { object, bytes } }) => {
    expect(bytes).toEqual(plainBytes(plain(object)));
    expect(recoded(bytes)).toEqual(bytes);
  });

  it.each(all)("$name: survives the round trip", ({ signed: { object, bytes } }) => {
    expect(decodeObject(bytes)).toEqual(object);
    expect(encodeObject(decodeObject(bytes))).toEqual(bytes);
  });

  it.each(all)("$name: no shorter stretch of it is an object", ({ signed: { bytes } }) => {
    for (let length = 0; length < bytes.length; length++) {
      expect(refusal(() => decodeObject(bytes.subarray(0, length))).code).toBe("TRUNCATED");
    }
  });
});

describe("invalid bytes", () => {
  it.each(invalid)("$name: $code", ({ bytes, code, field }) => {
    const error = refusal(() => decodeObject(bytes));
    expect([error.code, error.field]).toEqual([code, field]);
  });

  it.each(invalid.filter(({ bytes }) => bytes[1] === 1 && bytes.length > 100))(
    "$name: decodeEnvelope gives the same verdict",
    ({ bytes, code, field }) => {
      const error = refusal(() => decodeEnvelope(bytes));
      expect([error.code, error.field]).toEqual([code, field]);
    },
  );

  it("are told apart from each other by name", () => {
    expect(new Set(invalid.map(({ name }) => name)).size).toBe(invalid.length);
  });
});

describe("decodeEnvelope", () => {
  it.each(all)("$name: takes envelopes only", ({ signed: { object, bytes } }) => {
    if (object.type === "PostEnvelope") expect(decodeEnvelope(bytes)).toEqual(object);
    else expect(refusal(() => decodeEnvelope(bytes)).code).toBe("TYPE_UNEXPECTED");
  });

  it("tells an unknown type from an unexpected one", () => {
    expect(refusal(() => decodeEnvelope(Uint8Array.of(0x82, 11, 0))).code).toBe("TYPE_UNKNOWN");
  });
});

describe("the size of the input", () => {
  it("is checked before anything is decoded", () => {
    // Not CBOR at all: only the size can be what is complained of.
    expect(refusal(() => decodeObject(new Uint8Array(LIMITS.objectBytes + 1).fill(0xff))).code).toBe("TOO_LARGE");
    expect(refusal(() => decodeEnvelope(new Uint8Array(LIMITS.envelopeBytes + 1).fill(0xff))).code).toBe("TOO_LARGE");
  });

  it("is bounded by type as soon as the type is known", () => {
    const profile = new Uint8Array(LIMITS.profileBytes + 1).fill(0xff);
    profile.set([0x89, 3]);
    expect(refusal(() => decodeObject(profile)).code).toBe("TOO_LARGE");
  });

  it("does not let a claimed length allocate", () => {
    const claimed = Uint8Array.of(0x86, 2, 0x5b, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
    expect(refusal(() => decodeObject(claimed)).code).toBe("FIELD_LENGTH");
    const list = Uint8Array.of(0x86, 2, 0x58, 32, ...new Uint8Array(32), 0xf6, 0x9a, 0xff, 0xff, 0xff, 0xff);
    expect(refusal(() => decodeObject(list)).code).toBe("LIST_TOO_LONG");
  });
});

describe("what was decoded", () => {
  it("does not share memory with the input, whichever view it came in", () => {
    const [sample] = all;
    if (sample === undefined) throw new Error("no samples");
    const frame = Buffer.concat([Buffer.from([1, 2, 3]), sample.signed.bytes, Buffer.from([4])]);
    const decoded = decodeObject(frame.subarray(3, 3 + sample.signed.bytes.length));
    frame.fill(0);
    expect(decoded).toEqual(sample.signed.object);
  });

  it("keeps a byte order mark at the beginning of a text", () => {
    const post = all.find(({ name }) => name === "post")?.signed.object;
    if (post?.type !== "SocialPost") throw new Error("no post");
    const marked = { ...post, text: "\ufeffmarked" };
    const bytes = encodeObject(marked);
    expect(decodeObject(bytes)).toEqual(marked);
    expect(encodeObject(decodeObject(bytes))).toEqual(bytes);
  });
});
