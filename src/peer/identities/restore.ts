import { HeldIntake } from "../arriving/moving.ts";
import { ARRIVALS_KEY, HELD_KEY } from "../arriving/name.ts";
import { copyOwn, mergeBackup, ownCurations, readBackup } from "../backup/index.ts";
import { createSigner, encodeNodeId, ObjectType, type NodeKey } from "../../wire/index.ts";
import type { Store } from "../../store/port.ts";
import type { Identity, RestoreOptions } from "../api.ts";
import type { BackupAdds, MergeOptions } from "../backup/api.ts";
import { PeerError } from "../errors.ts";
import { entropyOf, identityPorts, OwnIdentity, seedOf, type Planted } from "../identity.ts";
import { VAULT_KEY } from "../vault/name.ts";
import type { OriginCore } from "./core.ts";

/**
 * Becomes the identity of these words. One that is here and not locked is switched to; one that is locked, whose passphrase
 * may be forgotten, stays as it is, and gives what everybody may see of it to the new one.
 * @throws PeerError `PHRASE_INVALID`
 */
export async function restoreWords(origin: OriginCore, words: string): Promise<Identity> {
  const entropy = await entropyOf(words);
  const { publicKey } = await createSigner(await seedOf(entropy));
  const { catalogue } = origin;
  const id = encodeNodeId(publicKey);
  const here = catalogue.entries.filter((entry) => entry.id === id);
  const open = here.find(({ key, sealed }) => !sealed || origin.keyring.get(key) !== undefined);
  if (open !== undefined) {
    if (open.key !== catalogue.current.key) await origin.anew(() => catalogue.choose(open.key));
    return { id, createdAt: open.createdAt, wordsKept: true, welcomed: "yes" };
  }
  return await become(origin, async (store) => {
    await OwnIdentity.plant(store, { entropy, createdAt: origin.ports.clock.now(), wordsKept: true });
    for (const { key } of here) await copyFrom(origin, key, store, publicKey);
    return id;
  });
}

/** Becomes the identity of a backup file. @throws PeerError as `readBackup`, and `IDENTITY_PRESENT` */
export async function restoreFile(
  origin: OriginCore,
  file: Blob,
  { key, passphrase, signal, words }: RestoreOptions,
): Promise<Identity> {
  const { clock, stretch } = origin.ports;
  return await become(origin, async (store) => {
    let id = "";
    const held = await HeldIntake.open(store, true);
    const begin = async ({ self, ...planted }: Planted & { readonly self: NodeKey }): Promise<void> => {
      id = encodeNodeId(self);
      refusePresent(origin, id);
      await OwnIdentity.plant(store, planted);
    };
    await readBackup(
      {
        file,
        passphrase,
        // A copy: it is overwritten once it was used, and whoever gave it may ask again.
        key: key === undefined ? undefined : new Uint8Array(key),
        entropy: words === undefined ? undefined : () => entropyOf(words),
        stretch,
        now: clock.now(),
        signal,
      },
      {
        begin,
        write: (batch) => store.commit(batch),
        blob: (hash, bytes) => store.blobs.put(hash, [bytes], signal, "own"),
        arrivals: async (waiting, arrived) => void (await held.add(waiting, arrived)),
      },
    );
    await held.end();
    return id;
  });
}

/**
 * Takes what is new in a backup of the current identity, while nobody else writes its store: what runs holds in memory much of
 * what would be written. @throws PeerError as `mergeBackup`, and `LOCKED`
 */
export async function mergeFile(
  origin: OriginCore,
  file: Blob,
  { passphrase, settings = false, signal }: MergeOptions,
): Promise<BackupAdds> {
  const { catalogue, keyring, ports } = origin;
  const { key } = catalogue.current;
  const base = origin.vault === undefined ? null : keyring.get(key);
  if (base === undefined || !origin.runs) throw new PeerError("LOCKED", "This identity is locked.");
  const source = { file, passphrase, key: undefined, stretch: ports.stretch, now: ports.clock.now(), signal };
  const merged = async (disk: Store, write: boolean): Promise<BackupAdds> => {
    const store = base === null ? disk : await unsealed(origin, disk, base);
    const identity = await OwnIdentity.open(store, identityPorts(ports));
    return await mergeBackup(source, { store, identity, settings, write });
  };
  // To its end first: for a file that is damaged or another's nothing changes and nothing stops.
  await merged(origin.disk, false);
  return await origin.anew(async () => {
    const disk = await ports.databases.open(key);
    try {
      return await merged(disk, true);
    } finally {
      await disk.close();
    }
  });
}

async function unsealed({ ports }: OriginCore, disk: Store, base: CryptoKey): Promise<Store> {
  const { DataKey, sealedStore } = await import("../vault/index.ts");
  const onDamage = (what: string, error: unknown): void => ports.log(`sealed ${what}`, error);
  return sealedStore(disk, await DataKey.fromBase(base), onDamage);
}

/** Two stores of one identity would sign two versions of its profile. */
function refusePresent({ catalogue, keyring }: OriginCore, id: string): void {
  const present = catalogue.entries.some(
    (entry) => entry.id === id && (!entry.sealed || keyring.get(entry.key) !== undefined),
  );
  if (present) throw new PeerError("IDENTITY_PRESENT", "This identity is here already.");
}

/** Fills a new store beside those that are here, and switches to it when it is whole. */
async function become(origin: OriginCore, fill: (store: Store) => Promise<string>): Promise<Identity> {
  const { catalogue, ports } = origin;
  const key = await catalogue.add("making");
  let identity: Identity;
  try {
    const store = await ports.databases.open(key);
    try {
      const id = await fill(store);
      identity = (await OwnIdentity.open(store, identityPorts(ports))).view();
      await catalogue.update(key, { id, state: "ready" });
    } finally {
      await store.close();
    }
  } catch (error) {
    await catalogue.remove(key);
    throw error;
  }
  const before = catalogue.current.key;
  await origin.anew(async () => {
    const forgettable = origin.vault === undefined && (await isBlank(origin, before));
    await catalogue.choose(key);
    if (forgettable) await catalogue.remove(before);
  });
  return identity;
}

/** What everybody may see of an identity, from the store of this name. */
async function copyFrom(origin: OriginCore, name: string, to: Store, self: NodeKey): Promise<void> {
  const isCurrent = name === origin.catalogue.current.key;
  const from = isCurrent ? origin.disk : await origin.ports.databases.open(name);
  try {
    await copyOwn(from, to, self);
  } finally {
    if (!isCurrent) await from.close();
  }
}

/** Where a person's choices and what waits to be published are kept; nothing writes them by itself. */
const CHOICES = ["following", "trust", "blocks", "mutes", "flags", "feeds", ARRIVALS_KEY, HELD_KEY];

/**
 * Made by the browser's first visit, and nothing was done with it: nobody would look for it in the list. What is blank goes with
 * its key, so whoever has as much as put the welcome off keeps it.
 */
async function isBlank({ ports }: OriginCore, name: string): Promise<boolean> {
  const store = await ports.databases.open(name);
  try {
    if ((await store.key(VAULT_KEY)) !== undefined) return false;
    const identity = await OwnIdentity.open(store, identityPorts(ports));
    const { welcomed, wordsKept } = identity.view();
    if (wordsKept || welcomed !== "no") return false;
    for (const name of CHOICES) {
      const chosen = await store.setting(name);
      if (chosen !== undefined && !(Array.isArray(chosen) && chosen.length === 0)) return false;
    }
    const own = store.envelopes.count({ kind: "authors", authors: [identity.key] });
    const profile = await store.head(ObjectType.UserProfile, identity.key, "");
    const drafts = await store.drafts();
    const curated = await ownCurations(store, identity.key);
    return own === 0 && profile === undefined && drafts.length === 0 && curated.length === 0;
  } finally {
    await store.close();
  }
}
