/** Backups of earlier versions, without their key, and with everything that later versions added. */
import { describe, expect, it } from "vitest";
import { encodePlain } from "../../src/peer/vault/index.ts";
import {
  concatBytes,
  hashOf,
  createSigner,
  ObjectType,
  scopeFromKey,
  signObject,
  toHex,
} from "../../src/wire/index.ts";
import { identitySeed } from "../../src/wire/phrase.ts";
import { clearFrames, frameHead, headerOf } from "../../src/peer/backup/format.ts";
import { writeBackup } from "../../src/peer/backup/index.ts";
import { entropyOf, OwnIdentity } from "../../src/peer/identity.ts";
import { cheapStretch, draftOf } from "../sim/town.ts";
import { clearBackup } from "./clear-backup.ts";
import { VERSION_1 } from "./fixtures/backup-1.ts";
import { VERSION_2 } from "./fixtures/backup-2.ts";
import { deviceMaker } from "./fleet.ts";
import { now, type Device } from "./origin.ts";

const deviceOf = deviceMaker();

async function device(seed: number): Promise<Device> {
  const made = deviceOf(seed);
  await made.start();
  return made;
}

const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "none",
    (error: { code: string }) => error.code,
  );

describe("a backup of version 1", () => {
  it.each([
    ["in the clear", VERSION_1.clear, {}],
    ["under a passphrase", VERSION_1.sealed, { passphrase: VERSION_1.passphrase }],
  ])("is read: %s", async (_what, base64, options) => {
    const made = await device(1);
    const file = new Blob([Buffer.from(base64, "base64")]);
    expect(await made.anew((api) => api.restoreBackup(file, options))).toMatchObject({ id: VERSION_1.id });
    expect(await made.api.post(VERSION_1.post)).toMatchObject({ text: "hello from version 1", from: "here" });
    expect(await now(made.api, "drafts", {})).toMatchObject([{ text: "not yet" }]);
    expect(await now(made.api, "settings", {})).toMatchObject({ home: "g:europe/nl/utrecht" });
    expect(await now(made.api, "profile", { id: VERSION_1.id })).toMatchObject({ displayName: "Noor" });
  });
});

describe("a backup of version 2", () => {
  it.each([
    ["in the clear", VERSION_2.clear, {}],
    ["under a passphrase", VERSION_2.sealed, { passphrase: VERSION_2.passphrase }],
  ])("is read: %s", async (_what, base64, options) => {
    const made = await device(8);
    const file = new Blob([Buffer.from(base64, "base64")]);
    expect(await made.anew((api) => api.restoreBackup(file, options))).toMatchObject({ id: VERSION_2.id });
    expect(await made.api.post(VERSION_2.post)).toMatchObject({ text: "hello from version 2", from: "here" });
    expect(await now(made.api, "drafts", {})).toMatchObject([{ text: "not yet" }]);
    expect(Buffer.from(await made.api.attachment({ hash: VERSION_2.file })).toString()).toBe("a small file");
    expect(await now(made.api, "ownCurated", {})).toMatchObject([{ name: "Good loaves" }]);
    expect(await now(made.api, "status", {})).toMatchObject({ waiting: 2 });
    expect(await now(made.api, "arrivals", {})).toMatchObject({ state: "none", held: 0 });
  });
});

describe("a backup without the key", () => {
  it("comes back with the words that belong to it, and with nothing else", async () => {
    const made = await device(2);
    const { id } = await now(made.api, "identity", {});
    const { postHash } = await made.api.publish(draftOf("written here"));
    const words = (await made.api.words()).join(" ");
    const file = await made.api.exportBackup({ keys: false });
    const bytes = Buffer.from(await file.arrayBuffer());
    expect(bytes.includes(Buffer.from(await entropyOf(words)))).toBe(false);
    await made.stop();

    const other = await device(3);
    const foreign = (await other.api.words()).join(" ");
    expect(await codeOf(other.api.restoreBackup(file))).toBe("WORDS_NEEDED");
    expect(await codeOf(other.api.restoreBackup(file, { words: foreign }))).toBe("WORDS_WRONG");
    expect(await codeOf(other.api.restoreBackup(file, { words: "not these" }))).toBe("PHRASE_INVALID");
    expect(other.restarts).toBe(0);
    expect(await other.anew((api) => api.restoreBackup(file, { words }))).toMatchObject({ id, wordsKept: true });
    expect(await other.api.post(postHash)).toMatchObject({ text: "written here" });
    expect((await other.api.words()).join(" ")).toBe(words);
  });
});

describe("a file that was sealed for one transfer", () => {
  it("opens with its key, as often as somebody tries, and with nothing else", async () => {
    const made = await device(6);
    const { id } = await now(made.api, "identity", {});
    await made.stop();
    const store = await made.disk();
    const identity = await OwnIdentity.open(store, { now: () => 0, randomBytes: (length) => new Uint8Array(length) });
    const key = new Uint8Array(32).fill(7);
    const used = key.slice();
    const options = { store, identity, stretch: cheapStretch, passphrase: undefined, now: 0, signal: undefined };
    const file = await writeBackup({ ...options, key: used });
    expect(used).toEqual(new Uint8Array(32));
    await store.close();

    const other = await device(7);
    expect(await codeOf(other.api.restoreBackup(file))).toBe("BACKUP_BOUND");
    expect(await codeOf(other.api.restoreBackup(file, { passphrase: "correct horse" }))).toBe("BACKUP_BOUND");
    expect(await codeOf(other.api.restoreBackup(file, { key: new Uint8Array(32) }))).toBe("BACKUP_BOUND");
    expect(await codeOf(other.api.restoreBackup(file, { key: key.subarray(1) }))).toBe("BACKUP_BOUND");
    const bytes = new Uint8Array(await file.arrayBuffer());
    const cut = new Blob([bytes.subarray(0, -1)]);
    expect(await codeOf(other.api.restoreBackup(cut, { key }))).toBe("BACKUP_DAMAGED");
    expect(await other.anew((api) => api.restoreBackup(file, { key }))).toMatchObject({ id });
    expect(key).toEqual(new Uint8Array(32).fill(7));
  });
});

describe("what version 2 adds", () => {
  it("comes along: what waits to be sent, files beside posts, own curated feeds", async () => {
    const made = await device(4);
    await made.api.updateSettings({ home: "g:europe/nl/utrecht" });
    await made.api.publish(draftOf("nobody was there"));
    await made.api.publish({ ...draftOf("for few"), id: "few", scopes: [] });
    const words = (await made.api.words()).join(" ");
    await made.stop();

    const store = await made.disk();
    const signer = await createSigner(identitySeed(await entropyOf(words)));
    const picture = new TextEncoder().encode("as if it were a picture");
    const stray = new TextEncoder().encode("named by nothing");
    for (const bytes of [picture, stray]) await store.blobs.put(hashOf(bytes), [bytes], undefined, "own");
    const post = await signObject(
      { type: "SocialPost", author: signer.publicKey, text: "with a file", media: [hashOf(picture)], links: [] },
      signer,
    );
    const feed = await signObject(
      {
        type: "CuratedFeed",
        curator: signer.publicKey,
        name: "bread",
        description: "",
        entries: [],
        scope: scopeFromKey("t:bread"),
        updated: made.clock.now(),
        sequence: 3,
        kickbackRate: 0,
      },
      signer,
    );
    const head = { type: ObjectType.CuratedFeed, owner: signer.publicKey, name: "bread", sequence: 3 } as const;
    await store.commit({
      objects: [{ hash: post.hash, type: ObjectType.SocialPost, bytes: post.bytes, holding: "own", storedAt: 0 }],
      heads: [{ ...head, hash: feed.hash, bytes: feed.bytes, forkBytes: null, frozenUntil: 0 }],
    });
    const waiting = await store.outbox();
    expect(waiting.map(({ channels }) => channels.length).toSorted((a, b) => a - b)).toEqual([0, 1]);
    const file = await clearBackup(store);
    await store.close();

    const other = await device(5);
    await other.anew((api) => api.restoreBackup(file));
    expect(await now(other.api, "status", {})).toMatchObject({ waiting: 2 });
    const { key } = (await now(other.api, "identities", {})).find(({ current }) => current)!;
    await other.stop();
    const disk = await other.disk(key);
    const restored = await disk.outbox();
    const inOrder = <Entry extends { hash: Uint8Array }>(entries: readonly Entry[]) =>
      entries.toSorted((a, b) => toHex(a.hash).localeCompare(toHex(b.hash)));
    expect(inOrder(restored)).toEqual(inOrder(waiting));
    expect(await disk.blobs.read(hashOf(picture))).toEqual(picture);
    expect(await disk.blobs.size(hashOf(stray))).toBeUndefined();
    expect(await disk.head(ObjectType.CuratedFeed, signer.publicKey, "bread")).toMatchObject({
      sequence: 3,
      hash: feed.hash,
    });
    await disk.close();
  });
});

describe("what version 3 adds", () => {
  const arrival = {
    kind: "arrival",
    draft: { ...draftOf("old words"), id: "arrival" },
    id: "https://elsewhere.example/1",
    parent: null,
    since: 1,
  };
  const arrived = { kind: "arrived", names: ["0123456789abcdef"] };

  async function fileOf(...records: readonly unknown[]): Promise<Blob> {
    const header = headerOf(null);
    const identity = { kind: "identity", entropy: new Uint8Array(32).fill(9), createdAt: 0, wordsKept: true };
    const content = await clearFrames(header).write(encodePlain([identity, ...records]), true);
    return new Blob([new Uint8Array(concatBytes(header.bytes, frameHead(content.length, true), content))]);
  }

  it("is what waits to be published, and the version says so", async () => {
    const file = await fileOf(arrival, arrived);
    expect([...new Uint8Array(await file.slice(11, 13).arrayBuffer())]).toEqual([3, 0]);
    const made = await device(9);
    await made.anew((api) => api.restoreBackup(file));
    await expect.poll(() => now(made.api, "arrivals", {})).toMatchObject({ state: "none", waiting: 0, held: 1 });
  });

  it("leaves out a draft that this version does not know, as it does with others", async () => {
    const odd = { ...arrival, draft: { ...arrival.draft, id: "odd", song: "of another version" } };
    const made = await device(10);
    await made.anew(async (api) => api.restoreBackup(await fileOf(odd, arrival)));
    await expect.poll(() => now(made.api, "arrivals", {})).toMatchObject({ held: 1 });
  });

  it.each<[string, readonly unknown[]]>([
    ["without an id", [{ ...arrival, id: "" }]],
    ["with an endless id", [{ ...arrival, id: "a".repeat(3_000) }]],
    ["that goes on from a number", [{ ...arrival, parent: 7 }]],
    ["of no time", [{ ...arrival, since: Number.NaN }]],
    ["of a time before all", [{ ...arrival, since: -1 }]],
    ["with more than it has", [{ ...arrival, held: false }]],
    ["by a name that is none", [{ kind: "arrived", names: ["../settings"] }]],
    ["by more names than are kept", [1, 2].map(() => ({ ...arrived, names: Array(10_001).fill(arrived.names[0]) }))],
    ["of which there are more than can wait", Array.from({ length: 10_001 }, () => ({ ...arrival, draft: {} }))],
  ])("is refused when it is damaged: a post %s", async (_what, records) => {
    const made = await device(11);
    expect(await codeOf(made.api.restoreBackup(await fileOf(...records)))).toBe("BACKUP_DAMAGED");
    expect(await now(made.api, "identities", {})).toHaveLength(1);
  });
});
