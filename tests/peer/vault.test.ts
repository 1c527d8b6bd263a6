/** The vault: keys, ways to unlock, and records that open in their own place only. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { argon2id } from "@noble/hashes/argon2.js";
import { argon2 } from "../../src/peer/vault/argon2.ts";
import {
  addWay,
  COST,
  costOf,
  createVault,
  DataKey,
  decodePlain,
  encodePlain,
  openVault,
  parseVault,
  removeWay,
  type Stretch,
} from "../../src/peer/vault/index.ts";
import { stretchInWorker, type StretchAnswer } from "../../src/peer/vault/stretch-worker.ts";
import { toHex } from "../../src/wire/index.ts";
import { cheapStretch } from "../sim/town.ts";

const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);
const passphrase = (text: string) => ({ kind: "passphrase", passphrase: text }) as const;
const passkey = (byte: number) =>
  ({ kind: "passkey", credential: filled(16, byte), salt: filled(32, byte), secret: filled(32, byte + 1) }) as const;

describe("Argon2id", () => {
  it("gives what RFC 9106 section 5.3 gives", () => {
    const tag = argon2id(filled(32, 1), filled(16, 2), {
      t: 3,
      m: 32,
      p: 4,
      dkLen: 32,
      key: filled(8, 3),
      personalization: filled(12, 4),
    });
    expect(toHex(tag)).toBe("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
  });

  it("is used as its cost says", () => {
    const cost = { memory: 64, passes: 2, lanes: 1 };
    const expected = argon2id(filled(8, 5), filled(16, 6), { m: 64, t: 2, p: 1, dkLen: 32 });
    expect(argon2(filled(8, 5), filled(16, 6), cost)).toEqual(expected);
  });

  it("costs what RFC 9106 recommends where 64 MiB can be spent, and no cost that is cheaper or beyond a phone counts", () => {
    expect(COST).toMatchObject({ memory: 65_536, passes: 3 });
    expect(costOf(COST)).toEqual(COST);
    for (const memory of [0, 19_455, 262_145, 1.5, Number.NaN]) expect(costOf({ ...COST, memory })).toBeNull();
    for (const passes of [0, 9]) expect(costOf({ ...COST, passes })).toBeNull();
    expect(costOf({ ...COST, lanes: 5 })).toBeNull();
    expect(costOf({ memory: 47_103, passes: 1, lanes: 1 })).toBeNull();
    expect(costOf({ memory: 47_104, passes: 1, lanes: 1 })).not.toBeNull();
    expect(costOf({ memory: 19_456, passes: 2, lanes: 1 })).not.toBeNull();
  });
});

describe("a stretched passphrase", () => {
  it("is overwritten when a data key was wrapped under it, or opened with it", async () => {
    const made: Uint8Array[] = [];
    const stretch = async (passphrase: Uint8Array): Promise<Uint8Array> => {
      const key = new Uint8Array(32).fill(passphrase[0]!);
      made.push(key);
      return key;
    };
    const way = { kind: "passphrase", passphrase: "correct horse" } as const;
    const { secret, vault } = await createVault(way, stretch);
    expect(await openVault(vault, way, stretch)).toEqual(secret);
    await addWay(vault, way, secret, stretch);
    expect(made).toEqual(made.map(() => new Uint8Array(32)));
    expect(made).toHaveLength(3);
  });
});

describe("a stretching worker", () => {
  /** A worker that answers when it is told to. */
  function scripted() {
    const listeners = new Map<string, (event: { data: StretchAnswer }) => void>();
    const state = { ended: 0 };
    const stretch = stretchInWorker(() => ({
      postMessage: () => undefined,
      addEventListener: (type: string, listener: unknown) => {
        listeners.set(type, listener as (event: { data: StretchAnswer }) => void);
      },
      terminate: () => {
        state.ended += 1;
      },
    }));
    const emit = (type: string, data: StretchAnswer = null) => listeners.get(type)?.({ data });
    return { stretch, state, emit };
  }

  it("is ended when it has answered", async () => {
    const { emit, state, stretch } = scripted();
    const answer = stretch(filled(1, 1), filled(16, 2), COST);
    emit("message", filled(32, 3));
    await expect(answer).resolves.toEqual(filled(32, 3));
    expect(state.ended).toBe(1);
  });

  it.each(["error", "messageerror", "message"])("is ended when it fails by %s", async (type) => {
    const { emit, state, stretch } = scripted();
    const answer = stretch(filled(1, 1), filled(16, 2), COST);
    emit(type);
    await expect(answer).rejects.toMatchObject({ code: "STRETCH_FAILED" });
    expect(state.ended).toBe(1);
  });

  it("is ended when nobody waits any more", async () => {
    const { state, stretch } = scripted();
    const controller = new AbortController();
    const answer = stretch(filled(1, 1), filled(16, 2), COST, controller.signal);
    controller.abort(new Error("enough"));
    await expect(answer).rejects.toThrow("enough");
    expect(state.ended).toBe(1);
  });
});

describe("values", () => {
  it("come back as they were, whatever a setting may hold", () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.double(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.constant(undefined),
        fc.uint8Array({ maxLength: 40 }),
        fc.date({ noInvalidDate: true }),
        fc.array(tie("any"), { maxLength: 5 }),
        fc.array(fc.tuple(fc.string(), tie("any")), { maxLength: 5 }).map((entries) => new Map(entries)),
        fc.uniqueArray(fc.string(), { maxLength: 5 }).map((items) => new Set(items)),
        fc.dictionary(fc.string(), tie("any"), { maxKeys: 5, noNullPrototype: true }),
      ),
    })).any;
    fc.assert(
      fc.property(value, (original) => {
        expect(decodePlain(encodePlain(original))).toEqual(original);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it("that cannot be kept are refused", () => {
    for (const value of [() => 1, Symbol("a"), 2n, new Float64Array(2), new ArrayBuffer(2)]) {
      expect(() => encodePlain({ value })).toThrow(expect.objectContaining({ code: "VALUE_UNSEALABLE" }));
    }
    let deep: unknown = 1;
    for (let level = 0; level < 100; level++) deep = [deep];
    expect(() => encodePlain(deep)).toThrow(expect.objectContaining({ code: "VALUE_UNSEALABLE" }));
  });

  it("of hostile bytes are refused, not run", () => {
    const json = fc.json().map((text) => new TextEncoder().encode(text));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), json), (bytes) => {
        try {
          decodePlain(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: "VALUE_UNSEALABLE" });
        }
      }),
      { numRuns: 2_000, seed: 8 },
    );
    const polluted = decodePlain(encodePlain(JSON.parse('{"__proto__": {"admin": true}}'))) as { admin?: unknown };
    expect(polluted.admin).toBeUndefined();
    for (const text of [
      "[".repeat(100_000),
      `${'["a",'.repeat(1_000)}1${"]".repeat(1_000)}`,
      '["b","*"]',
      '["z"]',
      "[]",
    ]) {
      expect(() => decodePlain(new TextEncoder().encode(text))).toThrow(
        expect.objectContaining({ code: "VALUE_UNSEALABLE" }),
      );
    }
  });
});

describe("a data key", () => {
  it("opens what it sealed, in its place and in no other", async () => {
    const key = await DataKey.fromSecret(filled(32, 9));
    const plain = filled(100, 1);
    const sealed = await key.seal("settings\0a", plain);
    expect(await key.open("settings\0a", sealed)).toEqual(plain);
    for (const place of ["settings\0b", "keys\0a", "settings\0a\0", ""]) {
      await expect(key.open(place, sealed)).rejects.toMatchObject({ code: "RECORD_DAMAGED" });
    }
  });

  it("opens nothing that was altered by one bit, nor what another key sealed", async () => {
    const key = await DataKey.fromSecret(filled(32, 9));
    const sealed = await key.seal("place", filled(20, 1));
    for (let at = 0; at < sealed.bytes.length; at++) {
      const bytes = sealed.bytes.slice();
      bytes[at]! ^= 1 << (at % 8);
      await expect(key.open("place", { ...sealed, bytes })).rejects.toMatchObject({ code: "RECORD_DAMAGED" });
    }
    const other = await DataKey.fromSecret(filled(32, 10));
    await expect(other.open("place", sealed)).rejects.toMatchObject({ code: "RECORD_DAMAGED" });
  });

  it("can be handed on without giving its secret away", async () => {
    const key = await DataKey.fromSecret(filled(32, 9));
    const again = await DataKey.fromBase(structuredClone(key.base));
    expect(await again.open("p", await key.seal("p", filled(3, 1)))).toEqual(filled(3, 1));
    expect(await again.hidden("settings", "following")).toBe(await key.hidden("settings", "following"));
    expect(key.base.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("raw", key.base)).rejects.toThrow();
  });

  it("names records so that the names say nothing, and differ from room to room", async () => {
    const key = await DataKey.fromSecret(filled(32, 9));
    const hidden = await key.hidden("settings", "following");
    expect(hidden).toMatch(/^[0-9a-f]{32}$/u);
    expect(await key.hidden("drafts", "following")).not.toBe(hidden);
    expect(await (await DataKey.fromSecret(filled(32, 10))).hidden("settings", "following")).not.toBe(hidden);
  });
});

describe("ways to unlock", () => {
  it("a passphrase opens, another does not, and nothing changes by trying", async () => {
    const { secret, vault } = await createVault(passphrase("correct horse"), cheapStretch);
    const before = JSON.stringify(vault);
    expect(await openVault(vault, passphrase("correct horse"), cheapStretch)).toEqual(secret);
    await expect(openVault(vault, passphrase("Correct horse"), cheapStretch)).rejects.toMatchObject({
      code: "PASSPHRASE_WRONG",
    });
    expect(JSON.stringify(vault)).toBe(before);
  });

  it("a passphrase is the same however a keyboard composes its letters", async () => {
    const { secret, vault } = await createVault(passphrase("caf\u00e9 au lait"), cheapStretch);
    expect(await openVault(vault, passphrase("cafe\u0301 au lait"), cheapStretch)).toEqual(secret);
  });

  it("each wraps one key: any of them opens, one that is removed does not", async () => {
    const { secret, vault } = await createVault(passphrase("correct horse"), cheapStretch);
    const both = await addWay(vault, passkey(1), secret, cheapStretch);
    expect(await openVault(both, passkey(1), cheapStretch)).toEqual(secret);
    expect(await openVault(both, passphrase("correct horse"), cheapStretch)).toEqual(secret);
    const { salt: _, ...present } = passkey(1);
    const wrong = { ...present, secret: filled(32, 77) };
    await expect(openVault(both, wrong, cheapStretch)).rejects.toMatchObject({ code: "PASSKEY_WRONG" });
    await expect(openVault(both, passkey(3), cheapStretch)).rejects.toMatchObject({ code: "PASSKEY_WRONG" });
    const one = removeWay(both, { kind: "passphrase" });
    expect(one?.ways).toHaveLength(1);
    await expect(openVault(one!, passphrase("correct horse"), cheapStretch)).rejects.toMatchObject({
      code: "PASSPHRASE_WRONG",
    });
    expect(removeWay(one!, passkey(1))).toBeNull();
    expect(() => removeWay(one!, { kind: "passphrase" })).toThrow(expect.objectContaining({ code: "WAY_UNKNOWN" }));
  });

  it("a new passphrase takes the place of the old one", async () => {
    const { secret, vault } = await createVault(passphrase("correct horse"), cheapStretch);
    const changed = await addWay(vault, passphrase("battery staple"), secret, cheapStretch);
    expect(changed.ways).toHaveLength(1);
    expect(await openVault(changed, passphrase("battery staple"), cheapStretch)).toEqual(secret);
    await expect(openVault(changed, passphrase("correct horse"), cheapStretch)).rejects.toMatchObject({
      code: "PASSPHRASE_WRONG",
    });
  });

  it("what is no way, or too short a passphrase, is refused", async () => {
    for (const way of [null, {}, { kind: "passphrase" }, { ...passkey(1), secret: filled(31, 1) }, { kind: "pin" }]) {
      await expect(createVault(way, cheapStretch)).rejects.toMatchObject({ code: "WAY_INVALID" });
    }
    for (const text of ["", "1234567", "x".repeat(1_025)]) {
      await expect(createVault(passphrase(text), cheapStretch)).rejects.toMatchObject({ code: "PASSPHRASE_INVALID" });
    }
  });

  it("a vault that cannot be read, or whose cost was altered, is damaged rather than none", async () => {
    const { vault } = await createVault(passphrase("correct horse"), cheapStretch);
    expect(parseVault(undefined)).toBeNull();
    expect(parseVault(structuredClone(vault))).toEqual(vault);
    const [way] = vault.ways;
    const cheap = { ...vault, ways: [{ ...way, cost: { memory: 8, passes: 1, lanes: 1 } }] };
    for (const stored of [null, {}, { version: 2, ways: vault.ways }, { version: 1, ways: [] }, cheap]) {
      expect(() => parseVault(stored)).toThrow(expect.objectContaining({ code: "VAULT_DAMAGED" }));
    }
  });

  it("the real stretching takes the passphrase, the salt and the cost of the record", async () => {
    const asked: unknown[] = [];
    const stretch: Stretch = async (text, salt, cost) => {
      asked.push([new TextDecoder().decode(text), salt.length, cost]);
      return argon2(text, salt, { memory: 64, passes: 1, lanes: 1 });
    };
    const { secret, vault } = await createVault(passphrase("correct horse"), stretch);
    expect(await openVault(vault, passphrase("correct horse"), stretch)).toEqual(secret);
    expect(asked).toEqual([
      ["correct horse", 16, COST],
      ["correct horse", 16, COST],
    ]);
  });
});
