/** The committed vectors are what the code does now, and what they say holds by other people's code. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { blake3 } from "@noble/hashes/blake3.js";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { decodeObject, decodePromoted, encodeObject, fromHex, toHex, WireError } from "../../src/wire/index.ts";
import type { buildVectors } from "./vectors.ts";
import { vectorsText } from "./vectors.ts";

type Vectors = Awaited<ReturnType<typeof buildVectors>>;

const committed = await readFile(new URL("../../docs/vectors.json", import.meta.url), "utf8");
const vectors = JSON.parse(committed) as Vectors;

describe("docs/vectors.json", () => {
  it("is what `node scripts/vectors.mjs` writes", async () => {
    expect(await vectorsText()).toBe(committed);
  });

  it.each(vectors.objects)("$name: bytes, hash and fields belong together", ({ bytes, hash, type }) => {
    expect(toHex(blake3(fromHex(bytes)))).toBe(hash);
    const object = decodeObject(fromHex(bytes));
    expect(object.type).toBe(type);
    expect(toHex(encodeObject(object))).toBe(bytes);
  });

  it.each(vectors.objects)("$name: every signature in it covers the payload", ({ fields, signingPayload, parties }) => {
    const values = fields as Record<string, string | null>;
    const keys = [...((parties as string[] | undefined) ?? []), ...Object.values(values)].filter(
      (value): value is string => typeof value === "string" && /^[0-9a-f]{64}$/.test(value),
    );
    const signatures = Object.entries(values).filter(([name, value]) => /[sS]ignature/.test(name) && value !== null);
    expect(signatures.length).toBeGreaterThan(0);
    for (const [, signature] of signatures) {
      // Strict verification by @noble/curves; which of the keys signed is told by trying.
      const signed = keys.some((key) => {
        try {
          return ed25519.verify(fromHex(signature as string), fromHex(signingPayload), fromHex(key), { zip215: false });
        } catch (error) {
          if (error instanceof Error) return false; // a hash among the fields is no key
          throw error;
        }
      });
      expect(signed).toBe(true);
    }
  });

  it.each(vectors.promoted)(
    "$name, promoted: parts and message belong together",
    ({ bytes, certificate, envelope }) => {
      const message = decodePromoted(fromHex(bytes));
      expect([toHex(message.certificateBytes), toHex(message.envelopeBytes)]).toEqual([certificate, envelope]);
    },
  );

  it.each(vectors.invalid)("$name: refused with $code", ({ bytes, code }) => {
    try {
      decodeObject(fromHex(bytes));
    } catch (error) {
      expect(error).toBeInstanceOf(WireError);
      expect((error as WireError).code).toBe(code);
      return;
    }
    throw new Error("was accepted");
  });

  it("cover every type and every code that bytes can cause", () => {
    expect(new Set(vectors.objects.map(({ type }) => type)).size).toBe(10);
    const codes = new Set(vectors.invalid.map(({ code }) => code));
    expect([...codes].toSorted()).toMatchInlineSnapshot(`
      [
        "BOOST_HAS_POST",
        "BOOST_HAS_SIZE",
        "BOOST_HAS_SUMMARY",
        "CHALLENGE_INTERVAL",
        "CLAIM_EXPIRY",
        "DIMENSIONS_PARTIAL",
        "ENTRY_DUPLICATE",
        "EVIDENCE_COUNT",
        "EVIDENCE_DUPLICATE",
        "FIELD_COUNT",
        "FIELD_LENGTH",
        "FIELD_TYPE",
        "KICKBACK_OVER_AMOUNT",
        "KICKBACK_RECIPIENT",
        "LEVEL_SCOPE",
        "LIST_EMPTY",
        "LIST_TOO_LONG",
        "NOT_CANONICAL",
        "NUMBER_RANGE",
        "PARTIES_ORDER",
        "PARTIES_SAME",
        "POST_MISSING",
        "REPLY_AND_BOOST",
        "SCOPE_COUNT",
        "SCOPE_DUPLICATE",
        "SCOPE_INVALID",
        "SCOPE_SIZE",
        "SIGNATURE_MISSING",
        "TEXT_EMPTY",
        "TEXT_MALFORMED",
        "TEXT_TOO_LONG",
        "TOO_LARGE",
        "TRAILING_BYTES",
        "TRUNCATED",
        "TYPE_UNKNOWN",
        "VARIANT_DUPLICATE",
        "VARIANT_ORDER",
      ]
    `);
  });
});
