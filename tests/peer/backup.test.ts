/** A backup file: whole when it is read again, and refused without a trace when it is anything else. */
import { describe, expect, it } from "vitest";
import { encodePlain } from "../../src/peer/vault/index.ts";
import { createSigner, encodeNodeId, signObject, type SocialPost } from "../../src/wire/index.ts";
import { SeededRandom } from "../sim/random.ts";
import { draftOf } from "../sim/town.ts";
import { png } from "../wire/pictures.ts";
import { clearBackup } from "./clear-backup.ts";
import { deviceMaker } from "./fleet.ts";
import { now, type Device } from "./origin.ts";

const device = deviceMaker();

const PASSPHRASE = "correct horse";
const PICTURE = png(128, 128);

/** A person with something of everything, and what was published. */
async function person(seed: number): Promise<{ made: Device; id: string; posts: string[] }> {
  const made = device(seed);
  const api = await made.start();
  const { id } = await now(api, "identity", {});
  const { publicKey } = await createSigner(new Uint8Array(32).fill(seed));
  await api.saveProfile({ displayName: "Noor", bio: "Bread, bicycles.", scopes: ["g:europe/nl"], avatar: PICTURE });
  await api.updateSettings({ home: "g:europe/nl/utrecht", topics: ["t:gardening"], theme: "dark" });
  await api.follow(encodeNodeId(publicKey));
  await api.block(encodeNodeId((await createSigner(new Uint8Array(32).fill(seed + 100))).publicKey));
  await api.trust(encodeNodeId((await createSigner(new Uint8Array(32).fill(seed + 101))).publicKey));
  await api.saveDraft({ ...draftOf("half"), text: "not yet" });
  const posts: string[] = [];
  for (let at = 0; at < 30; at++) {
    const text = `${at} ${"words ".repeat(at * 40)}`;
    posts.push((await api.publish({ ...draftOf(text), id: `draft-${at}` })).postHash);
  }
  return { made, id, posts };
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}

/** Says what `restoreBackup` refuses with, and that nothing has changed by it. */
async function refusal(made: Device, file: Blob, passphrase?: string): Promise<string> {
  const { api } = made;
  const before = [await made.databases(), await now(api, "identities", {}), await api.words()];
  const options = passphrase === undefined ? {} : { passphrase };
  const code = await api.restoreBackup(file, options).then(
    () => "none",
    (error: { code: string }) => error.code,
  );
  expect([await made.databases(), await now(api, "identities", {}), await api.words()]).toEqual(before);
  expect(made.restarts).toBe(0);
  return code;
}

describe.each([
  ["in the clear", undefined],
  ["under a passphrase", PASSPHRASE],
])("a backup %s", (_what, passphrase) => {
  const options = passphrase === undefined ? {} : { passphrase };

  it("brings back key, profile, posts, following, settings and drafts on another device", async () => {
    const { id, made, posts } = await person(1);
    const words = await made.api.words();
    const file = await made.api.exportBackup(options);
    const before = {
      following: (await now(made.api, "following", {})).map((one) => one.id),
      blocked: (await now(made.api, "blocked", {})).map((one) => one.id),
      trusted: (await now(made.api, "trusted", {})).map(({ id: one, since }) => ({ one, since })),
      drafts: await now(made.api, "drafts", {}),
      settings: await now(made.api, "settings", {}),
      feed: await made.api.feed({ feed: { kind: "author", author: id }, limit: 100 }),
    };
    await made.stop();
    const other = device(2);
    await other.start();
    expect(await other.anew((api) => api.restoreBackup(file, options))).toMatchObject({ id });
    const { api } = other;
    expect(await api.words()).toEqual(words);
    expect((await now(api, "following", {})).map((one) => one.id)).toEqual(before.following);
    expect(before.blocked).toHaveLength(1);
    expect(before.trusted).toHaveLength(1);
    expect((await now(api, "trusted", {})).map(({ id: one, since }) => ({ one, since }))).toEqual(before.trusted);
    expect((await now(api, "blocked", {})).map((one) => one.id)).toEqual(before.blocked);
    expect(await now(api, "drafts", {})).toEqual(before.drafts);
    expect(await now(api, "settings", {})).toEqual(before.settings);
    expect(await now(api, "profile", { id })).toMatchObject({
      displayName: "Noor",
      bio: "Bread, bicycles.",
      sequence: 1,
    });
    expect(await api.avatar(id)).toMatchObject({ bytes: PICTURE });
    const feed = await api.feed({ feed: { kind: "author", author: id }, limit: 100 });
    expect(feed.map(({ hash, held, own }) => ({ hash, held, own }))).toEqual(
      before.feed.map(({ hash }) => ({ hash, held: true, own: true })),
    );
    for (const post of posts) expect(await api.post(post)).toMatchObject({ from: "here" });
  });

  it("that lost, gained or changed anything is refused, and nothing changes", async () => {
    const { made } = await person(3);
    const bytes = await bytesOf(await made.api.exportBackup(options));
    await made.stop();
    const other = device(4);
    await other.start();
    const random = new SeededRandom(5);
    const damages: Uint8Array<ArrayBuffer>[] = [
      bytes.slice(0, -1),
      bytes.slice(0, Math.floor(bytes.length / 2)),
      new Uint8Array([...bytes, 0]),
      new Uint8Array([...bytes, ...bytes]),
    ];
    for (let at = 0; at < 20; at++) {
      const changed = bytes.slice();
      changed[40 + Math.floor(random.next() * (bytes.length - 40))]! ^= 1 << Math.floor(random.next() * 8);
      damages.push(changed);
    }
    for (const damaged of damages) {
      expect(["BACKUP_DAMAGED", "PASSPHRASE_WRONG"]).toContain(await refusal(other, new Blob([damaged]), passphrase));
    }
  });
});

describe("a file that is no backup of this version", () => {
  it.each([
    ["empty", new Uint8Array(), "BACKUP_FOREIGN"],
    ["a text", new TextEncoder().encode("mehr-backu"), "BACKUP_FOREIGN"],
    ["a picture", new Uint8Array(5_000).fill(0x89), "BACKUP_FOREIGN"],
    ["from the future", new TextEncoder().encode("mehr-backup\u0004\u0000rest"), "BACKUP_NEWER"],
    ["of no version", new TextEncoder().encode("mehr-backup\u0000\u0000rest"), "BACKUP_DAMAGED"],
    ["with a key of one transfer", new TextEncoder().encode("mehr-backup\u0002\u0002rest"), "BACKUP_BOUND"],
    ["of version 1 in a later mode", new TextEncoder().encode("mehr-backup\u0001\u0002rest"), "BACKUP_DAMAGED"],
    ["cut off after its beginning", new TextEncoder().encode("mehr-backup\u0001\u0000"), "BACKUP_DAMAGED"],
    ["of an unknown mode", new TextEncoder().encode("mehr-backup\u0001\u0009rest"), "BACKUP_DAMAGED"],
  ])("is refused: %s", async (_what, bytes, code) => {
    const other = device(10);
    await other.start();
    expect(await refusal(other, new Blob([bytes]))).toBe(code);
  });

  it("is refused before it is read when it is larger than any backup", async () => {
    const other = device(11);
    await other.start();
    const large = new Blob(["mehr-backup"]);
    Object.defineProperty(large, "size", { value: 2 ** 30 });
    Object.defineProperty(large, "slice", { value: () => expect.unreachable("it was read") });
    expect(await refusal(other, large)).toBe("BACKUP_TOO_LARGE");
  });

  it("cannot make its reader take in more than a frame may have", async () => {
    const other = device(12);
    await other.start();
    const huge = new Uint8Array([...new TextEncoder().encode("mehr-backup\u0001\u0000"), 0x7f, 0xff, 0xff, 0xff, 1, 2]);
    expect(await refusal(other, new Blob([huge]))).toBe("BACKUP_DAMAGED");
  });

  it("cannot ask for a passphrase that costs a phone its memory", async () => {
    const { made } = await person(13);
    const bytes = await bytesOf(await made.api.exportBackup({ passphrase: PASSPHRASE }));
    new DataView(bytes.buffer).setUint32(13 + 16, 0xffff_ffff);
    const other = device(14);
    await other.start();
    expect(await refusal(other, new Blob([bytes]), PASSPHRASE)).toBe("BACKUP_DAMAGED");
  });
});

describe("a passphrase of a backup", () => {
  it("is needed, and the right one", async () => {
    const { made } = await person(20);
    const file = await made.api.exportBackup({ passphrase: PASSPHRASE });
    const other = device(21);
    await other.start();
    expect(await refusal(other, file)).toBe("PASSPHRASE_NEEDED");
    expect(await refusal(other, file, "battery staple")).toBe("PASSPHRASE_WRONG");
  });

  it("that is too short is refused", async () => {
    const made = device(22);
    const api = await made.start();
    await expect(api.exportBackup({ passphrase: "short" })).rejects.toMatchObject({ code: "PASSPHRASE_INVALID" });
  });

  it("keeps names and texts out of the file", async () => {
    const { made } = await person(23);
    const seen = async (file: Blob): Promise<string> => new TextDecoder("latin1").decode(await bytesOf(file));
    expect(await seen(await made.api.exportBackup())).toContain("utrecht");
    const sealed = await seen(await made.api.exportBackup({ passphrase: PASSPHRASE }));
    for (const text of ["Noor", "Bread", "utrecht", "not yet", "words words"]) expect(sealed).not.toContain(text);
  });
});

describe("a backup written by somebody else", () => {
  /** A file in the clear with these records, as a stranger could write it. */
  async function forged(records: readonly unknown[]): Promise<Blob> {
    const { clearFrames, frameHead, headerOf } = await import("../../src/peer/backup/format.ts");
    const header = headerOf(null);
    const content = await clearFrames(header).write(encodePlain(records), true);
    return new Blob([new Uint8Array([...header.bytes, ...frameHead(content.length, true), ...content])]);
  }
  const entropy = new Uint8Array(32).fill(5);
  const identity = { kind: "identity", entropy, createdAt: 1, wordsKept: true };

  async function postOf(seed: number): Promise<Uint8Array> {
    const signer = await createSigner(new Uint8Array(32).fill(seed));
    const post: Omit<SocialPost, "signature"> = {
      type: "SocialPost",
      author: signer.publicKey,
      text: "not mine",
      media: [],
      links: [],
    };
    return (await signObject(post, signer)).bytes;
  }

  it("is read when it is what it says", async () => {
    const other = device(30);
    await other.start();
    await other.anew(async (api) => api.restoreBackup(await forged([identity])));
    expect((await now(other.api, "identity", {})).wordsKept).toBe(true);
  });

  it.each([
    ["no key", async () => []],
    ["something before the key", async () => [{ kind: "draft", content: {} }, identity]],
    ["two keys", async () => [identity, identity]],
    ["a short key", async () => [{ ...identity, entropy: new Uint8Array(31) }]],
    ["a record of no known kind", async () => [identity, { kind: "script", text: "alert(1)" }]],
    ["a post of somebody else", async () => [identity, { kind: "post", bytes: await postOf(9) }]],
    ["bytes that are no object", async () => [identity, { kind: "envelope", bytes: new Uint8Array(40).fill(0x80) }]],
    ["a post as an envelope", async () => [identity, { kind: "envelope", bytes: await postOf(9) }]],
  ])("is refused with %s in it", async (_what, records) => {
    const other = device(31);
    await other.start();
    expect(await refusal(other, await forged(await records()))).toBe("BACKUP_DAMAGED");
  });

  it("is read without the drafts that nobody knows, and their files", async () => {
    const other = device(34);
    await other.start();
    const drafts = [{ id: 1 }, { ...draftOf("half"), shape: "of another version" }, draftOf("whole")];
    const attachment = { kind: "attachment", bytes: PICTURE };
    const file = await forged([identity, ...drafts.map((content) => ({ kind: "draft", content })), attachment]);
    await other.anew((api) => api.restoreBackup(file));
    expect(await now(other.api, "drafts", {})).toMatchObject([{ text: draftOf("whole").text }]);
    const { key } = (await now(other.api, "identities", {}))[0]!;
    await other.stop();
    const disk = await other.disk(key);
    expect((await disk.usage()).blobs).toBe(0);
    await disk.close();
  });

  it("blocks no more people than anybody can", async () => {
    const other = device(33);
    await other.start();
    const value = Array.from({ length: 2_001 }, (_, at) => {
      const key = new Uint8Array(32).fill(1);
      new DataView(key.buffer).setUint32(0, at);
      return { key, name: null, since: at };
    });
    const file = await forged([identity, { kind: "setting", name: "blocks", value }]);
    await other.anew((api) => api.restoreBackup(file));
    expect(await now(other.api, "blocked", {})).toHaveLength(2_000);
  });

  it("sets nothing but what settings are carried over", async () => {
    const other = device(32);
    await other.start();
    const records = [
      identity,
      { kind: "setting", name: "author-marks", value: new Map([["a", 1]]) },
      { kind: "setting", name: "__proto__", value: { admin: true } },
      { kind: "setting", name: "settings", value: { home: "g:a/b", relays: ["javascript:alert(1)"] } },
    ];
    await other.anew(async (api) => api.restoreBackup(await forged(records)));
    expect(await now(other.api, "settings", {})).toMatchObject({ home: "g:a/b", relays: [] });
    const { current, key } = (await now(other.api, "identities", {}))[0]!;
    expect(current).toBe(true);
    await other.stop();
    const disk = await other.disk(key);
    expect([...(await disk.allSettings()).keys()]).not.toContain("author-marks");
    await disk.close();
  });
});

describe("an identity that is here", () => {
  it("is not doubled by its backup, unless it is locked", async () => {
    const { made, id } = await person(40);
    const file = await made.api.exportBackup();
    expect(await refusal(made, file)).toBe("IDENTITY_PRESENT");
    await made.anew((api) => api.protect({ kind: "passphrase", passphrase: PASSPHRASE }, null));
    await made.anew((api) => api.lock());
    await made.anew((api) => api.restoreBackup(file));
    expect((await now(made.api, "identity", {})).id).toBe(id);
  });

  it("is not written to a file that would not be read again", async () => {
    const { made } = await person(43);
    const { size } = await made.api.exportBackup();
    await made.stop();
    const store = await made.disk();
    expect((await clearBackup(store, size)).size).toBe(size);
    await expect(clearBackup(store, size - 1)).rejects.toMatchObject({ code: "BACKUP_TOO_LARGE" });
    await store.close();
  });

  it("is written without the drafts that nobody knows", async () => {
    const made = device(44);
    await made.start();
    await made.api.saveDraft(draftOf("whole"));
    await made.stop();
    const store = await made.disk();
    await store.commit({ draftsPut: [{ id: "odd", updated: 1, content: { id: "odd", text: "of another version" } }] });
    await store.close();
    const file = await (await made.start()).exportBackup();
    expect(await file.text()).toContain("whole");
    expect(await file.text()).not.toContain("of another version");
  });

  it("gives up when nobody waits any more", async () => {
    const { made } = await person(41);
    await expect(made.api.exportBackup({ signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    const file = await made.api.exportBackup();
    const other = device(42);
    const api = await other.start();
    await expect(api.restoreBackup(file, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    expect(await other.databases()).toEqual(["mehr", "mehr-registry"]);
  });
});
