import { bech32, bech32m } from "@scure/base";
import { entropyToMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import fc from "fast-check";
import { createHmac, pbkdf2Sync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { decodeNodeId, encodeNodeId } from "../../src/wire/index.ts";
import { entropyFromPhrase, identitySeed, phraseFromEntropy } from "../../src/wire/phrase.ts";
import { filled } from "./samples.ts";

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe("NodeIDs", () => {
  const id = encodeNodeId(filled(0x5a));

  it("lead back to their key", () => {
    fc.assert(
      fc.property(bytes32, (key) => {
        expect(decodeNodeId(encodeNodeId(key))).toEqual(key);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("begin with mehr1 and forgive what pasting does to them", () => {
    expect(id).toMatch(/^mehr1[02-9ac-hj-np-z]{58}$/);
    expect(decodeNodeId(`  ${id}\n`)).toEqual(filled(0x5a));
    expect(decodeNodeId(id.toUpperCase())).toEqual(filled(0x5a));
  });

  it("notice any single wrong character", () => {
    for (let at = 5; at < id.length; at++) {
      const wrong = id[at] === "q" ? "p" : "q";
      expect(() => decodeNodeId(id.slice(0, at) + wrong + id.slice(at + 1))).toThrow(
        expect.objectContaining({ code: "NODE_ID_INVALID" }) as Error,
      );
    }
  });

  it.each([
    ["nothing", ""],
    ["another prefix", bech32m.encode("mesi", bech32m.toWords(filled(1)))],
    ["the older checksum", bech32.encode("mehr", bech32.toWords(filled(1)))],
    ["31 bytes", bech32m.encode("mehr", bech32m.toWords(filled(1, 31)))],
    ["33 bytes", bech32m.encode("mehr", bech32m.toWords(filled(1, 33)))],
    ["bits left over that are not zero", bech32m.encode("mehr", [...Array<number>(51).fill(0), 1])],
    ["mixed case", id.slice(0, 20) + id.slice(20).toUpperCase()],
    ["a text without end", "mehr1".repeat(10_000)],
  ])("refuse %s", (_name, text) => {
    expect(() => decodeNodeId(text)).toThrow(expect.objectContaining({ code: "NODE_ID_INVALID" }) as Error);
  });

  it("are made of 32 bytes only", () => {
    expect(() => encodeNodeId(filled(1, 31))).toThrow(expect.objectContaining({ code: "NODE_ID_INVALID" }) as Error);
  });
});

describe("the phrase", () => {
  // From the test vectors of BIP-39.
  const entropy = filled(0x7f);
  const words =
    "legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth title";

  it("is BIP-39", () => {
    expect(phraseFromEntropy(entropy).join(" ")).toBe(words);
    expect(entropyFromPhrase(words)).toEqual(entropy);
  });

  it("leads back to its entropy", () => {
    fc.assert(
      fc.property(bytes32, (value) => {
        const phrase = phraseFromEntropy(value);
        expect(phrase).toHaveLength(24);
        expect(entropyFromPhrase(phrase.join(" "))).toEqual(value);
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  it("does not mind case, lines and spaces", () => {
    expect(entropyFromPhrase(`\n ${words.toUpperCase().replaceAll(" ", " \n\t")} `)).toEqual(entropy);
  });

  it.each([
    ["nothing", ""],
    ["a wrong checksum", words.replace(/title$/, "zoo")],
    ["a word that is none", words.replace("winner", "winnner")],
    ["23 words", words.replace(/ title$/, "")],
    ["twelve valid words", entropyToMnemonic(filled(0x7f, 16), wordlist)],
    ["two words swapped", words.replace("legal winner", "winner legal")],
  ])("refuses %s", (_name, text) => {
    expect(() => entropyFromPhrase(text)).toThrow(expect.objectContaining({ code: "PHRASE_INVALID" }) as Error);
  });

  it("never stands in an error", () => {
    try {
      entropyFromPhrase(words.replace("winner", "winnner"));
    } catch (error) {
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("sausage");
      return;
    }
    throw new Error("was accepted");
  });

  it("is made of 32 bytes only", () => {
    expect(() => phraseFromEntropy(filled(1, 16))).toThrow(
      expect.objectContaining({ code: "PHRASE_INVALID" }) as Error,
    );
  });
});

describe("the identity seed", () => {
  it("is HKDF-SHA-256 over the BIP-39 seed, worked out apart", () => {
    const entropy = filled(0x7f);
    const seed = pbkdf2Sync(phraseFromEntropy(entropy).join(" "), "mnemonic", 2_048, 64, "sha512");
    const extracted = createHmac("sha256", "mehr/1").update(seed).digest();
    const expanded = createHmac("sha256", extracted).update("identity/ed25519").update(Uint8Array.of(1)).digest();
    expect(identitySeed(entropy)).toEqual(new Uint8Array(expanded));
  });
});
