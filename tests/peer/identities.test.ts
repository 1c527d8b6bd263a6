/** The identities of one browser: made, switched, restored, locked, removed; and what a crash on the way leaves. */
import { describe, expect, it } from "vitest";
import type { PeerApi } from "../../src/peer/index.ts";
import { toHex } from "../../src/wire/index.ts";
import { SIM_START } from "../sim/clock.ts";
import { draftOf } from "../sim/town.ts";
import { deviceMaker } from "./fleet.ts";
import { now, type Device } from "./origin.ts";

const device = deviceMaker();

const PASSPHRASE = { kind: "passphrase", passphrase: "correct horse" } as const;
const OTHER = { kind: "passphrase", passphrase: "battery staple" } as const;

async function idOf(made: Device): Promise<string> {
  return (await now(made.api, "identity", {})).id;
}

/** What another device has written down. */
async function wordsOfAnother(): Promise<{ id: string; words: string }> {
  const other = device(99);
  const api = await other.start();
  return { id: await idOf(other), words: (await api.words()).join(" ") };
}

describe("identities", () => {
  it("the first one is there at once, in the store that was there before there could be others", async () => {
    const phone = device(1);
    const api = await phone.start();
    await api.saveProfile({ displayName: "Noor", bio: "", scopes: [] });
    const mine = { key: "mehr", id: await idOf(phone), name: "Noor", current: true, locked: false };
    await phone.clock.advance(1_000);
    await expect.poll(() => now(api, "identities", {})).toMatchObject([mine]);
    expect(await phone.databases()).toEqual(["mehr", "mehr-registry"]);
  });

  it("another has a store, a key and settings of its own, and switching loses neither", async () => {
    const phone = device(2);
    await phone.start();
    const first = await idOf(phone);
    await phone.api.updateSettings({ home: "g:europe/nl/utrecht" });
    const { postHash } = await phone.api.publish(draftOf("of the first"));
    await phone.api.saveDraft(draftOf("half"));
    await phone.anew((api) => api.createIdentity());
    const second = await idOf(phone);
    expect(second).not.toBe(first);
    expect((await now(phone.api, "settings", {})).home).toBe("g:cyberspace/commons");
    expect(await now(phone.api, "drafts", {})).toEqual([]);
    await expect(phone.api.post(postHash)).rejects.toMatchObject({ code: "OFFLINE" });
    const list = await now(phone.api, "identities", {});
    expect(list.map(({ current, id }) => [id, current])).toEqual([
      [first, false],
      [second, true],
    ]);
    await phone.anew((api) => api.switchIdentity("mehr"));
    expect(await idOf(phone)).toBe(first);
    expect(await phone.api.post(postHash)).toMatchObject({ text: "of the first" });
    expect(await now(phone.api, "drafts", {})).toHaveLength(1);
    await expect(phone.api.switchIdentity("mehr-00000000")).rejects.toMatchObject({ code: "IDENTITY_UNKNOWN" });
  });

  it("one is removed with all that it stored, the last one is not", async () => {
    const phone = device(3);
    await phone.start();
    const first = await idOf(phone);
    await expect(phone.api.removeIdentity("mehr")).rejects.toMatchObject({ code: "IDENTITY_LAST" });
    await phone.anew((api) => api.createIdentity());
    const key = (await now(phone.api, "identities", {})).find(({ current }) => current)!.key;
    await phone.anew((api) => api.removeIdentity(key));
    expect(await idOf(phone)).toBe(first);
    expect(await phone.databases()).toEqual(["mehr", "mehr-registry"]);
    await phone.anew((api) => api.createIdentity());
    await phone.api.removeIdentity("mehr");
    expect(await now(phone.api, "identities", {})).toHaveLength(1);
    expect(await phone.databases()).not.toContain("mehr");
  });

  it("are found again by their databases when the registry is lost", async () => {
    const phone = device(4);
    await phone.start();
    await phone.anew((api) => api.createIdentity());
    const before = (await now(phone.api, "identities", {})).map(({ key }) => key).toSorted();
    await phone.stop();
    phone.factory.deleteDatabase("mehr-registry");
    await phone.start();
    expect((await now(phone.api, "identities", {})).map(({ key }) => key).toSorted()).toEqual(before);
  });
});

describe("words", () => {
  it("bring their identity beside the one that is here, which stays as it was", async () => {
    const { id, words } = await wordsOfAnother();
    const phone = device(5);
    await phone.start();
    const first = await idOf(phone);
    const { postHash } = await phone.api.publish(draftOf("mine"));
    expect(await phone.anew((api) => api.restore(words.toUpperCase()))).toMatchObject({
      id,
      wordsKept: true,
      welcomed: "yes",
    });
    expect(await now(phone.api, "identity", {})).toMatchObject({ id, wordsKept: true });
    expect((await now(phone.api, "identities", {})).map((entry) => entry.id)).toEqual([first, id]);
    await phone.anew((api) => api.switchIdentity("mehr"));
    expect(await phone.api.post(postHash)).toMatchObject({ text: "mine" });
  });

  it("take the place of an identity that nobody has used", async () => {
    const { id, words } = await wordsOfAnother();
    const phone = device(6);
    await phone.start();
    await phone.anew((api) => api.restore(words));
    expect((await now(phone.api, "identities", {})).map((entry) => entry.id)).toEqual([id]);
    expect(await phone.databases()).not.toContain("mehr");
  });

  it("of an identity that is here switch to it", async () => {
    const phone = device(7);
    await phone.start();
    const words = (await phone.api.words()).join(" ");
    const id = await idOf(phone);
    await phone.api.saveDraft(draftOf("half"));
    await phone.anew((api) => api.createIdentity());
    await phone.anew((api) => api.restore(words));
    expect(await idOf(phone)).toBe(id);
    expect(await now(phone.api, "identities", {})).toHaveLength(2);
    expect((await phone.api.restore(words)).id).toBe(id);
  });

  it("with a typo change nothing", async () => {
    const phone = device(8);
    const api = await phone.start();
    const words = [...(await api.words())];
    const swapped = [words[1], words[0], ...words.slice(2)].join(" ");
    await expect(api.restore(swapped)).rejects.toMatchObject({ code: "PHRASE_INVALID" });
    expect(await api.words()).toEqual(words);
    expect(await phone.databases()).toEqual(["mehr", "mehr-registry"]);
  });

  it("that cannot be stored leave the present identity running and nothing behind", async () => {
    const { words } = await wordsOfAnother();
    const phone = device(9);
    phone.change = ({ databases }) => ({
      databases: {
        ...databases,
        open: async (name) => {
          const store = await databases.open(name);
          if (name !== "mehr")
            store.commit = () => Promise.reject(Object.assign(new Error("full"), { code: "STORE_QUOTA" }));
          return store;
        },
      },
    });
    const api = await phone.start();
    const before = await api.words();
    await expect(api.restore(words)).rejects.toMatchObject({ code: "STORE_QUOTA" });
    expect(phone.restarts).toBe(0);
    expect(await api.words()).toEqual(before);
    expect(await phone.databases()).toEqual(["mehr", "mehr-registry"]);
    expect(await now(api, "identities", {})).toHaveLength(1);
  });
});

describe("a passphrase", () => {
  it("locks: nothing is answered without it, everything with it, and the wrong one changes nothing", async () => {
    const phone = device(20);
    await phone.start();
    const words = await phone.api.words();
    const id = await idOf(phone);
    await phone.api.saveDraft(draftOf("half"));
    const { postHash } = await phone.api.publish(draftOf("whole"));
    await phone.anew((api) => api.protect(PASSPHRASE, null));
    // The next run has the key that pages remember.
    expect(await now(phone.api, "lock", {})).toEqual({ state: "open", passphrase: true, passkeys: [] });
    expect(await phone.api.words()).toEqual(words);
    await phone.anew((api) => api.lock());
    const { api } = phone;
    expect(await now(api, "lock", {})).toMatchObject({ state: "locked" });
    expect(await now(api, "identities", {})).toMatchObject([{ id, locked: true, current: true }]);
    await expect(api.words()).rejects.toMatchObject({ code: "LOCKED" });
    await expect(api.post(postHash)).rejects.toMatchObject({ code: "LOCKED" });
    await expect(api.watch("drafts", {}, () => undefined)).rejects.toMatchObject({ code: "LOCKED" });
    await expect(api.unlock(OTHER)).rejects.toMatchObject({ code: "PASSPHRASE_WRONG" });
    expect(await now(api, "lock", {})).toMatchObject({ state: "locked" });
    const seen: string[] = [];
    const watching = await api.watch("lock", {}, ({ value }) => seen.push(value.state));
    await api.unlock(PASSPHRASE);
    expect(await api.words()).toEqual(words);
    expect(await now(api, "drafts", {})).toHaveLength(1);
    expect(await api.post(postHash)).toMatchObject({ text: "whole" });
    await phone.clock.advance(200);
    expect(seen).toEqual(["locked", "open"]);
    await watching.close();
    await api.unlock(OTHER);
  });

  it("leaves nothing private on the disk, and gives it back when it is removed", async () => {
    const phone = device(21);
    await phone.start();
    await phone.api.saveDraft({ ...draftOf("half"), text: "the cat is called Mithra" });
    await phone.api.updateSettings({ home: "g:europe/nl/utrecht" });
    const dump = async (): Promise<string> => {
      const store = await phone.disk();
      const rooms = [[...(await store.allSettings())], [...(await store.allKeys())], await store.drafts()];
      await store.close();
      return JSON.stringify(rooms, (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value));
    };
    await phone.stop();
    const before = await dump();
    expect(before).toContain("Mithra");
    expect(before).toContain("utrecht");
    const entropy = /"entropy":"([0-9a-f]{64})"/u.exec(before)![1]!;
    const seed = /"seed":"([0-9a-f]{64})"/u.exec(before)![1]!;
    await phone.start();
    await phone.anew((api) => api.protect(PASSPHRASE, null));
    await phone.api.updateSettings({ topics: ["t:gardening"] });
    await phone.stop();
    const during = await dump();
    for (const text of ["Mithra", "utrecht", "gardening", entropy, seed, "settings", "half"]) {
      expect(during).not.toContain(text);
    }
    await phone.start();
    await expect(phone.api.unprotect({ kind: "passphrase" }, OTHER)).rejects.toMatchObject({
      code: "PASSPHRASE_WRONG",
    });
    await phone.anew((api) => api.unprotect({ kind: "passphrase" }, PASSPHRASE));
    expect(await now(phone.api, "lock", {})).toMatchObject({ state: "none" });
    expect(await now(phone.api, "settings", {})).toMatchObject({
      home: "g:europe/nl/utrecht",
      topics: ["t:gardening"],
    });
    expect(await now(phone.api, "drafts", {})).toMatchObject([{ text: "the cat is called Mithra" }]);
  });

  it("is changed and joined by a passkey with a present one only", async () => {
    const phone = device(22);
    await phone.start();
    await phone.anew((api) => api.protect(PASSPHRASE, null));
    const { api } = phone;
    const key = {
      kind: "passkey",
      credential: new Uint8Array(16).fill(1),
      secret: new Uint8Array(32).fill(2),
    } as const;
    const salt = new Uint8Array(32).fill(3);
    await expect(api.protect(OTHER, OTHER)).rejects.toMatchObject({ code: "PASSPHRASE_WRONG" });
    await expect(api.protect(OTHER, null)).rejects.toMatchObject({ code: "WAY_INVALID" });
    await api.protect({ ...key, salt }, PASSPHRASE);
    expect(await now(api, "lock", {})).toMatchObject({
      passphrase: true,
      passkeys: [{ credential: key.credential, salt }],
    });
    await api.protect(OTHER, key);
    await phone.anew((opened) => opened.lock());
    await expect(phone.api.unlock(PASSPHRASE)).rejects.toMatchObject({ code: "PASSPHRASE_WRONG" });
    await expect(phone.api.unlock({ ...key, secret: salt })).rejects.toMatchObject({ code: "PASSKEY_WRONG" });
    await phone.api.unlock(key);
    await phone.api.unprotect({ kind: "passphrase" }, key);
    expect(await now(phone.api, "lock", {})).toMatchObject({ state: "open", passphrase: false });
    await expect(phone.api.unprotect({ kind: "passphrase" }, key)).rejects.toMatchObject({ code: "WAY_UNKNOWN" });
    await phone.anew((opened) => opened.unprotect(key, key));
    expect(await now(phone.api, "lock", {})).toMatchObject({ state: "none" });
  });

  it("that could not be stored leaves everything in the clear, and working", async () => {
    const phone = device(23);
    await phone.start();
    const words = await phone.api.words();
    await phone.stop();
    let opened = 0;
    phone.change = ({ databases }) => ({
      databases: {
        ...databases,
        open: async (name) => {
          const store = await databases.open(name);
          opened += 1;
          if (opened === 2)
            store.commit = () => Promise.reject(Object.assign(new Error("full"), { code: "STORE_QUOTA" }));
          return store;
        },
      },
    });
    await phone.start();
    await phone.anew((api) => expect(api.protect(PASSPHRASE, null)).rejects.toMatchObject({ code: "STORE_QUOTA" }));
    expect(await now(phone.api, "lock", {})).toMatchObject({ state: "none" });
    expect(await phone.api.words()).toEqual(words);
  });

  it("is asked for again when nobody remembers the key, and its identity is told locked to the others", async () => {
    const phone = device(24);
    await phone.start();
    await phone.anew((api) => api.protect(PASSPHRASE, null));
    await phone.anew((api) => api.createIdentity());
    expect((await now(phone.api, "identities", {})).map(({ locked }) => locked)).toEqual([false, false]);
    await phone.stop();
    phone.remembered = undefined;
    await phone.start();
    expect((await now(phone.api, "identities", {})).map(({ locked }) => locked)).toEqual([true, false]);
    await phone.anew((api) => api.switchIdentity("mehr"));
    expect(await now(phone.api, "lock", {})).toMatchObject({ state: "locked" });
    await phone.stop();
    // A value that is not what the peer had remembered is nothing.
    phone.remembered = new Map([["mehr", "no key"]]);
    await phone.start();
    expect(await now(phone.api, "lock", {})).toMatchObject({ state: "locked" });
  });

  it("from before encryption was turned off and on again opens nothing", async () => {
    const phone = device(25);
    await phone.start();
    await phone.anew((api) => api.protect(PASSPHRASE, null));
    const old = phone.remembered;
    await phone.anew((api) => api.unprotect({ kind: "passphrase" }, PASSPHRASE));
    await phone.anew((api) => api.protect(PASSPHRASE, null));
    await phone.stop();
    phone.remembered = old;
    await phone.start();
    expect(await now(phone.api, "lock", {})).toMatchObject({ state: "locked" });
    await phone.api.unlock(PASSPHRASE);
    phone.faults.length = 0;
  });

  it("that is forgotten: the words bring the identity back, with what everybody may see, and the old one stays", async () => {
    const phone = device(26);
    await phone.start();
    const words = (await phone.api.words()).join(" ");
    const id = await idOf(phone);
    await phone.api.saveProfile({ displayName: "Noor", bio: "", scopes: [] });
    const { hash, postHash } = await phone.api.publish(draftOf("kept"));
    for (const name of ["Bridges", "Tunnels"]) await phone.api.saveCurated({ name });
    await phone.api.closeCurated("Tunnels");
    await phone.anew((api) => api.protect(PASSPHRASE, null));
    await phone.anew((api) => api.lock());
    await phone.anew((api) => api.restore(words));
    expect(await idOf(phone)).toBe(id);
    expect((await now(phone.api, "ownCurated", {})).map(({ name }) => name)).toEqual(["Bridges"]);
    expect(await phone.api.envelope(hash)).toMatchObject({ own: true, delivery: "waiting" });
    expect(await phone.api.post(postHash)).toMatchObject({ text: "kept" });
    expect(await now(phone.api, "profile", { id })).toMatchObject({ displayName: "Noor" });
    expect((await now(phone.api, "identities", {})).map(({ locked }) => locked)).toEqual([true, false]);
    await phone.anew((api) => api.switchIdentity("mehr"));
    await phone.api.unlock(PASSPHRASE);
    expect((await phone.api.words()).join(" ")).toBe(words);
  });

  it("locks by itself after the time that was asked for, unless somebody is there", async () => {
    const phone = device(27);
    await phone.start();
    await phone.anew((api) => api.protect(PASSPHRASE, null));
    await phone.api.updateSettings({ lockAfter: 5 });
    await phone.clock.advance(1_000);
    await phone.clock.advance(4 * 60_000);
    await phone.api.stayOpen();
    await phone.clock.advance(4 * 60_000);
    expect(phone.restarts).toBe(1);
    await phone.clock.advance(60_000);
    // Leaving goes through the disk, which has a clock of its own.
    await expect.poll(() => phone.clock.advance(1).then(() => phone.restarts)).toBe(2);
    await phone.stop();
    await phone.start();
    expect(await now(phone.api, "lock", {})).toMatchObject({ state: "locked" });
  });
});

describe("a device that sleeps", () => {
  it.each([
    ["by itself", async () => undefined],
    ["whoever wakes it", (api: PeerApi) => api.stayOpen()],
  ])("locks when it wakes later than it would have locked, %s", async (_what, wake) => {
    const phone = device(28);
    const { clock } = phone;
    let slept = 0;
    phone.change = () => ({
      clock: { now: () => clock.now() + slept, after: (ms: number, task: () => void) => clock.after(ms, task) },
    });
    await phone.start();
    await phone.anew((api) => api.protect(PASSPHRASE, null));
    await phone.api.updateSettings({ lockAfter: 5 });
    await clock.advance(1_000);
    slept = 6 * 60_000;
    await wake(phone.api);
    await expect.poll(() => clock.advance(500).then(() => phone.restarts), { timeout: 5_000 }).toBe(2);
    // Long before the timer, which slept, too.
    expect(clock.now() - SIM_START).toBeLessThan(2 * 60_000);
  });
});

describe("an identity that cannot be opened whole", () => {
  it("does not run, and is locked", async () => {
    const phone = device(29);
    await phone.start();
    await phone.anew((api) => api.protect(PASSPHRASE, null));
    await phone.anew((api) => api.lock());
    await phone.stop();
    let broken = true;
    phone.change = ({ databases }) => ({
      databases: {
        ...databases,
        open: async (name) => {
          const store = await databases.open(name);
          const head = store.head.bind(store);
          store.head = async (...key) => {
            if (broken) throw new Error("the disk is gone");
            return await head(...key);
          };
          return store;
        },
      },
    });
    await phone.start();
    await expect(phone.api.unlock(PASSPHRASE)).rejects.toThrow("the disk is gone");
    expect(await now(phone.api, "lock", {})).toMatchObject({ state: "locked" });
    expect(phone.meshes.flatMap((mesh) => mesh.peers())).toEqual([]);
    // Whatever of it had begun to join the network has the same to say.
    expect(new Set(phone.faults.splice(0))).toEqual(new Set(["network: Error: the disk is gone"]));
    broken = false;
    await phone.clock.advance(1);
    expect(phone.restarts).toBe(3);
    await phone.stop();
    await phone.start();
    expect(await now(phone.api, "lock", {})).toMatchObject({ state: "locked" });
    await phone.clock.track(phone.api.unlock(PASSPHRASE));
    expect(await now(phone.api, "lock", {})).toMatchObject({ state: "open" });
  });
});

describe("a crash", () => {
  it("while an identity was being restored leaves no half of it", async () => {
    const phone = device(30);
    await phone.start();
    const { words } = await wordsOfAnother();
    // The device is switched off where the new store is filled: nothing runs any more.
    phone.change = ({ databases }) => ({
      databases: {
        ...databases,
        open: async (name) => {
          const store = await databases.open(name);
          if (name !== "mehr") store.commit = () => new Promise(() => undefined);
          return store;
        },
      },
    });
    await phone.stop();
    const api = await phone.start();
    void api.restore(words).catch(() => undefined);
    await expect.poll(async () => (await phone.databases()).length).toBe(3);
    phone.change = () => ({});
    await phone.start();
    await expect.poll(() => phone.databases()).toEqual(["mehr", "mehr-registry"]);
    expect(await now(phone.api, "identities", {})).toHaveLength(1);
  });
});

describe("deletion", () => {
  it("leaves nothing, while posts are being written", async () => {
    const phone = device(40);
    await phone.start();
    await phone.anew((api) => api.createIdentity());
    await phone.anew((api) => api.protect(PASSPHRASE, null));
    const before = await idOf(phone);
    const writing = Array.from({ length: 20 }, (_, at) =>
      phone.api.publish(draftOf(`post ${at}`)).then(
        () => "stored",
        (error: { code: string }) => error.code,
      ),
    );
    await phone.api.deleteEverything();
    for (const outcome of await Promise.all(writing)) {
      expect(["stored", "STORE_CLOSED", "STORE_FAILED", "PEER_ENDED"]).toContain(outcome);
    }
    expect(await phone.databases()).toEqual([]);
    expect(phone.caches).toEqual([]);
    expect(phone.remembered).toBeUndefined();
    expect(phone.restarts).toBe(2);
    expect(phone.meshes.filter((mesh) => mesh.running)).toEqual([]);
    await expect(phone.api.words()).rejects.toMatchObject({ code: "PEER_ENDED" });
    await phone.stop();
    await phone.start();
    expect(await idOf(phone)).not.toBe(before);
  });

  it("works on what is locked", async () => {
    const phone = device(41);
    await phone.start();
    await phone.anew((api) => api.protect(PASSPHRASE, null));
    await phone.anew((api) => api.lock());
    await phone.api.deleteEverything();
    expect(await phone.databases()).toEqual([]);
  });
});
