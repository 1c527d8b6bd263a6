import { ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, it } from "vitest";
import type { WireObject } from "../../src/wire/index.ts";
import {
  concatBytes,
  createSigner,
  decodeObject,
  encodeObject,
  hashOf,
  signObject,
  signingPayload,
  verifyEncoded,
  verifyObject,
  verifySignature,
} from "../../src/wire/index.ts";
import { createPortableSigner } from "../../src/wire/ed25519-portable.ts";
import { hasNativeEd25519, verifyPortably } from "../../src/wire/verdict.ts";
import { craftedSignatures } from "./crafted-signatures.ts";
import { filled, sampleSigners, samples } from "./samples.ts";
import { plain, plainBytes } from "./plain.ts";

const all = await samples();
const [alice, bob, carol] = await sampleSigners();

function sampleOf<Name extends WireObject["type"]>(type: Name, index = 0) {
  const found = all.filter((sample) => sample.signed.object.type === type)[index];
  if (found === undefined) throw new Error(`no sample of ${type}`);
  return { ...found, object: found.signed.object as Extract<WireObject, { type: Name }> };
}

describe("the verdict on crafted signatures", () => {
  it("is asked of WebCrypto here, so that both ways are tested", async () => {
    expect(await hasNativeEd25519()).toBe(true);
  });

  it.each(craftedSignatures())("$name: $valid", async ({ key, message, signature, valid }) => {
    expect(await verifySignature(key, message, signature)).toBe(valid);
    expect(await verifyPortably(key, message, signature)).toBe(valid);
  });

  it("does not depend on whether the key was seen before", async () => {
    const [honest] = craftedSignatures();
    if (honest === undefined) throw new Error("empty table");
    for (let round = 0; round < 3; round++) {
      expect(await verifySignature(honest.key, honest.message, honest.signature)).toBe(true);
      expect(await verifySignature(honest.key, filled(1), honest.signature)).toBe(false);
    }
  });

  it("outlives more keys than are kept", async () => {
    const message = filled(5);
    const verdicts: boolean[] = [];
    for (let index = 0; index < 2_100; index++) {
      // The last byte varies the key: most are no points of the curve, which must not spoil the cache.
      const key = concatBytes(Uint8Array.of(index & 0xff, index >> 8), filled(3, 30));
      verdicts.push(await verifySignature(key, message, concatBytes(filled(4), filled(0))));
    }
    expect(verdicts).not.toContain(true);
    expect(await verifySignature(alice.publicKey, message, await alice.sign(message))).toBe(true);
  });
});

describe("signers", () => {
  it("sign as RFC 8032 says, with and without WebCrypto", async () => {
    const seed = filled(1);
    const message = filled(6, 100);
    const portable = createPortableSigner(seed);
    expect(alice.publicKey).toEqual(ed25519.getPublicKey(seed));
    expect(portable.publicKey).toEqual(alice.publicKey);
    expect(await alice.sign(message)).toEqual(ed25519.sign(message, seed));
    expect(await portable.sign(message)).toEqual(ed25519.sign(message, seed));
  });

  it("refuse a seed of another length", async () => {
    await expect(createSigner(filled(1, 31))).rejects.toMatchObject({ code: "FIELD_LENGTH", field: "seed" });
  });
});

describe("signed objects", () => {
  it.each(all)("$name: verifies, before and after a round trip", async ({ signed, parties }) => {
    const { object, bytes, hash } = signed;
    const options = { parties, partial: true };
    expect(await verifyObject(object, options)).toBe(true);
    const decoded = decodeObject(bytes);
    expect(await verifyEncoded(decoded, bytes, options)).toBe(true);
    expect(hash).toEqual(hashOf(encodeObject(decoded)));
  });

  it.each(all.filter((sample) => sample.signed.object.type !== "ChannelState"))(
    "$name: the signature covers the array without its last element",
    ({ signed: { object, bytes } }) => {
      const domain = new TextEncoder().encode(`mehr/1/${object.type}\0`);
      const unsigned = plainBytes(plain(object).slice(0, -1));
      expect(signingPayload(object, bytes)).toEqual(concatBytes(domain, unsigned));
    },
  );

  it("channel states: the signature covers the first 72 bytes of the layout", () => {
    const { object, signed } = sampleOf("ChannelState");
    const domain = new TextEncoder().encode("mehr/1/ChannelState\0");
    expect(signingPayload(object, signed.bytes)).toEqual(concatBytes(domain, signed.bytes.slice(4, 76)));
  });

  it.each(all)("$name: any changed byte of its content spoils it", async ({ signed }) => {
    const { object, bytes } = signed;
    const payload = signingPayload(object, bytes);
    // One position in every stretch of 16 bytes, the first and the last.
    for (let at = 0; at < payload.length; at += at === 0 ? 15 : 16) {
      const changed = payload.map((byte, index) => (index === at ? byte ^ 1 : byte));
      const verdicts = await Promise.all(
        [alice, bob, carol].map((signer) => {
          const signature = "signature" in object ? object.signature : bytes.slice(-64);
          return verifySignature(signer.publicKey, changed, signature);
        }),
      );
      expect(verdicts).not.toContain(true);
    }
  });

  it("a signature is worth nothing on another type with the same bytes", async () => {
    const { object, signed } = sampleOf("SocialPost");
    const payload = signingPayload(object, signed.bytes);
    const elsewhere = concatBytes(
      new TextEncoder().encode("mehr/1/UserProfile\0"),
      payload.slice("mehr/1/SocialPost\0".length),
    );
    expect(await verifySignature(object.author, payload, object.signature)).toBe(true);
    expect(await verifySignature(object.author, elsewhere, object.signature)).toBe(false);
  });

  it("nobody signs in another's name", async () => {
    const { object: post } = sampleOf("SocialPost");
    await expect(signObject(post, bob)).rejects.toMatchObject({ code: "SIGNER_MISMATCH", field: "author" });
    const { object: receipt } = sampleOf("RetrievalReceipt");
    await expect(signObject(receipt, alice)).rejects.toMatchObject({ code: "SIGNER_MISMATCH" });
    const { object: state } = sampleOf("ChannelState");
    await expect(signObject(state, carol)).rejects.toMatchObject({ code: "SIGNER_MISMATCH" });
  });

  it("nothing is signed that a peer would refuse", async () => {
    const { object } = sampleOf("PostEnvelope");
    await expect(signObject({ ...object, postHash: null }, alice)).rejects.toMatchObject({ code: "POST_MISSING" });
  });
});

describe("objects of two parties", () => {
  it("are not valid while one signature is due, unless the caller says so", async () => {
    for (const type of ["StorageAgreement", "RetrievalReceipt", "ChannelState"] as const) {
      const half = sampleOf(type, 0);
      const whole = sampleOf(type, 1);
      const options = { parties: half.parties };
      expect(await verifyObject(half.object, options)).toBe(false);
      expect(await verifyObject(half.object, { ...options, partial: true })).toBe(true);
      expect(await verifyObject(whole.object, options)).toBe(true);
    }
  });

  it("are not valid when one of two signatures is wrong, even partially", async () => {
    const { object } = sampleOf("RetrievalReceipt", 1);
    const swapped = { ...object, readerSignature: object.providerSignature, providerSignature: object.readerSignature };
    expect(await verifyObject(swapped, { partial: true })).toBe(false);
    const forged = { ...object, providerSignature: filled(1, 64) };
    expect(await verifyObject(forged, { partial: true })).toBe(false);
  });

  it("both sign the same bytes, so the order of signing does not matter", async () => {
    const { object } = sampleOf("StorageAgreement", 1);
    const bobFirst = await signObject({ ...object, payerSignature: null, providerSignature: null }, bob);
    const both = await signObject(bobFirst.object, alice);
    expect(both.bytes).toEqual(encodeObject(object));
  });

  it("a channel state needs its parties' keys", async () => {
    const { object } = sampleOf("ChannelState", 1);
    await expect(verifyObject(object)).rejects.toMatchObject({ code: "PARTIES_UNKNOWN" });
    await expect(verifyObject(object, { parties: [alice.publicKey, carol.publicKey] })).rejects.toMatchObject({
      code: "PARTIES_UNKNOWN",
    });
    expect(await verifyObject(object, { parties: [bob.publicKey, alice.publicKey] })).toBe(true);
  });
});

describe("the part that is signed", () => {
  it("is a copy, also of a Buffer, whose own slice shares its memory", async () => {
    const signer = await createSigner(new Uint8Array(32).fill(3));
    const post = { type: "SocialPost" as const, author: signer.publicKey, text: "x", media: [], links: [] };
    const { bytes, object } = await signObject(post, signer);
    const buffer = Buffer.from(bytes);
    signingPayload(object, buffer);
    expect([...buffer]).toEqual([...bytes]);
  });
});
