/** A sealed store does what any store does, and shows the disk nothing of what is private. */
import { describe, expect, it, test } from "vitest";
import { clearBatch, createVault, DataKey, sealedBatch, sealedStore, VAULT_KEY } from "../../src/peer/vault/index.ts";
import { createMemoryStore, type Store } from "../../src/store/index.ts";
import { toHex } from "../../src/wire/index.ts";
import { cheapStretch } from "../sim/town.ts";
import { acceptance } from "../store/acceptance.ts";
import { seededBytes } from "../store/envelopes.ts";

const refuse = (what: string, error: unknown): void => {
  throw new Error(`${what} could not be opened`, { cause: error });
};

async function dataKey(byte = 1): Promise<DataKey> {
  return await DataKey.fromSecret(new Uint8Array(32).fill(byte));
}

describe("a sealed store", () => {
  for (const { name, run } of acceptance) {
    test(name, async () => {
      const randomBytes = seededBytes(1);
      await run(async () => sealedStore(createMemoryStore({ randomBytes }), await dataKey(), refuse));
    });
  }
});

const SECRET = "the cat is called Mithra";
const entropy = new Uint8Array(32).map((_, at) => at * 7);

async function fill(store: Store): Promise<void> {
  await store.commit({
    keys: { identity: { entropy, seed: entropy.toReversed() } },
    settings: {
      settings: { home: "g:europe/nl/secret" },
      following: [SECRET],
      "pub:cursors:abcdef": { since: SECRET },
    },
    draftsPut: [{ id: "draft of mine", updated: 1_234_567, content: { text: SECRET } }],
  });
}

/** Everything that a disk would show of the private rooms. */
async function dump(store: Store): Promise<string> {
  const rooms = [[...(await store.allSettings())], [...(await store.allKeys())], await store.drafts()];
  return JSON.stringify(rooms, (_, value: unknown) =>
    value instanceof Uint8Array ? `${toHex(value)} ${new TextDecoder("latin1").decode(value)}` : value,
  );
}

const TELLING = [SECRET, "secret", "following", "pub:cursors", "abcdef", "draft of mine", "1234567", toHex(entropy)];

describe("what lies on disk", () => {
  it("says nothing of settings, drafts and keys", async () => {
    const inner = createMemoryStore({ randomBytes: seededBytes(2) });
    await fill(sealedStore(inner, await dataKey(), refuse));
    const seen = await dump(inner);
    for (const text of TELLING) expect(seen).not.toContain(text);
  });

  it("is the same to read after it was sealed, and again after it was cleared", async () => {
    const inner = createMemoryStore({ randomBytes: seededBytes(3) });
    await fill(inner);
    const before = await dump(inner);
    for (const text of TELLING) expect(before).toContain(text);
    const key = await dataKey();
    const { vault } = await createVault({ kind: "passphrase", passphrase: "correct horse" }, cheapStretch);
    await inner.commit(await sealedBatch(inner, key, vault));
    const during = await dump(inner);
    for (const text of TELLING) expect(during).not.toContain(text);
    const sealed = sealedStore(inner, key, refuse);
    expect(await sealed.setting("following")).toEqual([SECRET]);
    expect(await sealed.drafts()).toEqual([{ id: "draft of mine", updated: 1_234_567, content: { text: SECRET } }]);
    expect(await sealed.key("identity")).toEqual({ entropy, seed: entropy.toReversed() });
    expect(await sealed.key(VAULT_KEY)).toEqual(vault);
    expect(new Set((await sealed.allSettings()).keys())).toEqual(
      new Set(["settings", "following", "pub:cursors:abcdef"]),
    );
    await inner.commit(await clearBatch(inner, key, refuse));
    expect(await inner.key(VAULT_KEY)).toBeUndefined();
    expect(JSON.parse(await dump(inner))).toEqual(JSON.parse(before));
  });
});

describe("a record that was tampered with", () => {
  const damages: string[] = [];
  const note = (what: string): void => void damages.push(what);

  async function sealed(): Promise<{ inner: Store; store: Store; key: DataKey }> {
    damages.length = 0;
    const inner = createMemoryStore({ randomBytes: seededBytes(4) });
    const key = await dataKey();
    const store = sealedStore(inner, key, note);
    await fill(store);
    return { inner, store, key };
  }

  it("counts as missing when it was moved from another place, and is kept aside", async () => {
    const { inner, key, store } = await sealed();
    const [from, to] = await Promise.all(["following", "settings"].map((name) => key.hidden("settings", name)));
    const moved = await inner.setting(from!);
    await inner.commit({ settings: { [to!]: moved } });
    expect(await store.setting("settings")).toBeUndefined();
    expect(damages).toEqual(["setting settings"]);
    expect(await inner.setting(`aside:${to!}`)).toEqual(moved);
    expect(await store.setting("following")).toEqual([SECRET]);
  });

  it("counts as missing when it was put there in the clear", async () => {
    const { inner, key, store } = await sealed();
    await inner.commit({ settings: { [await key.hidden("settings", "following")]: ["mehr1attacker"] } });
    expect(await store.setting("following")).toBeUndefined();
    await inner.commit({ settings: { following: ["mehr1attacker"] } });
    expect(await store.setting("following")).toBeUndefined();
  });

  it("costs a draft that draft alone", async () => {
    const { inner, store } = await sealed();
    await store.commit({ draftsPut: [{ id: "second", updated: 2, content: "kept" }] });
    const [damaged, whole] = await inner.drafts();
    await inner.commit({ draftsPut: [{ ...damaged!, content: whole!.content }] });
    const left = await store.drafts();
    expect(left).toHaveLength(1);
    expect(damages).toEqual(["draft"]);
  });

  it("is refused where it is a key: nothing may take its place", async () => {
    const { inner, store } = await sealed();
    const record = (await inner.key("identity")) as { bytes: Uint8Array };
    const bytes = record.bytes.slice();
    bytes[3]! ^= 1;
    await inner.commit({ keys: { identity: { ...record, bytes } } });
    await expect(store.key("identity")).rejects.toMatchObject({ code: "IDENTITY_DAMAGED" });
    await inner.commit({ keys: { identity: { entropy } } });
    await expect(store.key("identity")).rejects.toMatchObject({ code: "IDENTITY_DAMAGED" });
  });

  it("of another store is refused", async () => {
    const { inner } = await sealed();
    const other = sealedStore(inner, await dataKey(2), note);
    await expect(other.key("identity")).rejects.toMatchObject({ code: "IDENTITY_DAMAGED" });
    expect(await other.setting("following")).toBeUndefined();
    expect(await other.drafts()).toEqual([]);
  });
});

describe("order", () => {
  it("a large batch is written before a small one that was given later", async () => {
    const store = sealedStore(createMemoryStore({ randomBytes: seededBytes(5) }), await dataKey(), refuse);
    const large = store.commit({ settings: { a: "x".repeat(2_000_000) } });
    const small = store.commit({ settings: { a: "last" } });
    await Promise.all([large, small]);
    expect(await store.setting("a")).toBe("last");
  });
});
