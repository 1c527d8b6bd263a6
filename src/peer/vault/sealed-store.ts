import { StoreError } from "../../store/errors.ts";
import type { CommitOptions, DraftRecord, Store, StoreChange, WriteBatch } from "../../store/port.ts";
import { Serial } from "../../store/serial.ts";
import { PeerError } from "../errors.ts";
import { isSealed, type DataKey } from "./data-key.ts";
import { VAULT_KEY } from "./name.ts";
import { decodePlain, encodePlain } from "./plain.ts";

/** A setting that could not be opened is kept under this name: what takes its place must not destroy it. */
const ASIDE = "aside:";

type Room = "drafts" | "settings" | "keys";
const placeOf = (room: Room, name: string): string => `${room}\0${name}`;

/** The private parts of a store, as they are meant. */
interface PrivateParts {
  readonly settings: ReadonlyMap<string, unknown>;
  readonly keys: ReadonlyMap<string, unknown>;
  readonly drafts: readonly DraftRecord[];
}

/**
 * A store whose settings, drafts and keys lie sealed in `inner`; the vault among the keys, which says how to unlock, is the
 * exception. Names of settings and drafts are hidden as well. All else goes through as it is.
 *
 * A record that cannot be opened (altered, moved here from another place, or in the clear) counts as missing, is kept
 * aside and told to `onDamage`; a key rejects with `IDENTITY_DAMAGED` instead, since nothing may take its place.
 */
export function sealedStore(inner: Store, key: DataKey, onDamage: (what: string, error: unknown) => void): Store {
  return new SealedStore(inner, key, onDamage);
}

class SealedStore implements Store {
  readonly #inner: Store;
  readonly #key: DataKey;
  readonly #onDamage: (what: string, error: unknown) => void;
  /** What the hidden names stand for that were met so far. */
  readonly #names = new Map<string, string>();
  /** Sealing takes longer for more: batches arrive in the order in which they were given nevertheless. */
  readonly #order = new Serial();

  constructor(inner: Store, key: DataKey, onDamage: (what: string, error: unknown) => void) {
    this.#inner = inner;
    this.#key = key;
    this.#onDamage = onDamage;
  }

  get epoch(): Store["epoch"] {
    return this.#inner.epoch;
  }
  get envelopes(): Store["envelopes"] {
    return this.#inner.envelopes;
  }
  get blobs(): Store["blobs"] {
    return this.#inner.blobs;
  }
  get closed(): Store["closed"] {
    return this.#inner.closed;
  }

  async commit(batch: WriteBatch, options?: CommitOptions): Promise<void> {
    // Wrapped, so that the order waits for the sealing alone and commits may overlap as they do without it.
    const { done } = await this.#order.run(async () => {
      const sealed = await this.#sealed(batch);
      return { done: this.#inner.commit(sealed, options) };
    });
    await done;
  }

  async setting(name: string): Promise<unknown> {
    const hidden = await this.#hidden("settings", name);
    const stored = await this.#inner.setting(hidden);
    if (stored === undefined) return undefined;
    try {
      return (await openSetting(this.#key, hidden, stored)).value;
    } catch (error) {
      this.#onDamage(`setting ${name}`, error);
      await this.#inner.commit({ settings: { [ASIDE + hidden]: stored } });
      return undefined;
    }
  }

  async key(name: string): Promise<unknown> {
    const stored = await this.#inner.key(name);
    return stored === undefined ? undefined : await openKey(this.#key, name, stored);
  }

  async drafts(): Promise<DraftRecord[]> {
    const stored = await this.#inner.drafts();
    const opened = await Promise.all(
      stored.map(async (record) => {
        try {
          const draft = await openDraft(this.#key, record);
          this.#names.set(record.id, draft.id);
          return [draft];
        } catch (error) {
          this.#onDamage("draft", error);
          return [];
        }
      }),
    );
    return opened.flat().sort((a, b) => b.updated - a.updated);
  }

  async allSettings(): Promise<ReadonlyMap<string, unknown>> {
    return (await this.#private()).settings;
  }

  async allKeys(): Promise<ReadonlyMap<string, unknown>> {
    return (await this.#private()).keys;
  }

  object: Store["object"] = (hash) => this.#inner.object(hash);
  hasObject: Store["hasObject"] = (hash) => this.#inner.hasObject(hash);
  objectHashes: Store["objectHashes"] = (type) => this.#inner.objectHashes(type);
  head: Store["head"] = (type, owner, name) => this.#inner.head(type, owner, name);
  headsOf: Store["headsOf"] = (type, owners, name) => this.#inner.headsOf(type, owners, name);
  heads: Store["heads"] = (type) => this.#inner.heads(type);
  outbox: Store["outbox"] = () => this.#inner.outbox();
  usage: Store["usage"] = () => this.#inner.usage();
  damaged: Store["damaged"] = () => this.#inner.damaged();
  keep: Store["keep"] = (keeping) => this.#inner.keep(keeping);
  collect: Store["collect"] = (options) => this.#inner.collect(options);

  subscribe(listener: (change: StoreChange) => void): () => void {
    const clear = (hidden: string): string => this.#names.get(hidden) ?? hidden;
    return this.#inner.subscribe((change) =>
      listener({ ...change, drafts: change.drafts.map(clear), settings: change.settings.map(clear) }),
    );
  }

  async close(): Promise<void> {
    await this.#order.idle();
    await this.#inner.close();
  }

  async destroy(): Promise<void> {
    await this.#order.idle();
    await this.#inner.destroy();
  }

  async #private(): Promise<PrivateParts> {
    return await openPrivate(this.#inner, this.#key, this.#onDamage);
  }

  async #sealed(batch: WriteBatch): Promise<WriteBatch> {
    const { draftsPut, draftsRemove, keys, settings } = batch;
    if (draftsPut === undefined && draftsRemove === undefined && keys === undefined && settings === undefined) {
      return batch;
    }
    try {
      return {
        ...batch,
        ...(settings === undefined ? {} : { settings: await this.#sealedSettings(settings) }),
        ...(keys === undefined ? {} : { keys: await sealedKeys(this.#key, keys) }),
        ...(draftsPut === undefined
          ? {}
          : { draftsPut: await Promise.all(draftsPut.map((draft) => this.#sealedDraft(draft))) }),
        ...(draftsRemove === undefined
          ? {}
          : { draftsRemove: await Promise.all(draftsRemove.map((id) => this.#hidden("drafts", id))) }),
      };
    } catch (cause) {
      throw new StoreError("STORE_FAILED", "a value of the batch cannot be stored", { cause });
    }
  }

  async #sealedSettings(settings: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const sealed = Object.entries(settings).map(async ([name, value]): Promise<[string, unknown]> => {
      const hidden = await this.#hidden("settings", name);
      return [hidden, value === undefined ? undefined : await sealSetting(this.#key, hidden, name, value)];
    });
    return Object.fromEntries(await Promise.all(sealed));
  }

  async #sealedDraft(draft: DraftRecord): Promise<DraftRecord> {
    return await sealDraft(this.#key, await this.#hidden("drafts", draft.id), draft);
  }

  async #hidden(room: "drafts" | "settings", name: string): Promise<string> {
    const hidden = await this.#key.hidden(room, name);
    this.#names.set(hidden, name);
    return hidden;
  }
}

/**
 * What turns a store in the clear into a sealed one: to be committed at once, while nobody else writes it.
 * @param vault how to unlock it, for the record in the clear
 */
export async function sealedBatch(clear: Store, key: DataKey, vault: unknown): Promise<WriteBatch> {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of await clear.allSettings()) {
    const hidden = await key.hidden("settings", name);
    settings[name] = undefined;
    settings[hidden] = await sealSetting(key, hidden, name, value);
  }
  const drafts = await clear.drafts();
  const draftsPut = await Promise.all(
    drafts.map(async (draft) => await sealDraft(key, await key.hidden("drafts", draft.id), draft)),
  );
  const keys = Object.fromEntries(await clear.allKeys());
  return {
    settings,
    draftsRemove: drafts.map(({ id }) => id),
    draftsPut,
    keys: { ...(await sealedKeys(key, keys)), [VAULT_KEY]: vault },
  };
}

/** What turns a sealed store into one in the clear. What cannot be opened stays as it is. */
export async function clearBatch(
  inner: Store,
  key: DataKey,
  onDamage: (what: string, error: unknown) => void,
): Promise<WriteBatch> {
  const { drafts, keys, settings } = await openPrivate(inner, key, onDamage);
  const hidden = await Promise.all([...settings.keys()].map((name) => key.hidden("settings", name)));
  return {
    settings: {
      ...Object.fromEntries(hidden.map((name) => [name, undefined])),
      ...Object.fromEntries(settings),
    },
    draftsRemove: await Promise.all(drafts.map(({ id }) => key.hidden("drafts", id))),
    draftsPut: drafts,
    keys: { ...Object.fromEntries(keys), [VAULT_KEY]: undefined },
  };
}

async function openPrivate(
  inner: Store,
  key: DataKey,
  onDamage: (what: string, error: unknown) => void,
): Promise<PrivateParts> {
  const settings = new Map<string, unknown>();
  for (const [hidden, stored] of await inner.allSettings()) {
    if (hidden.startsWith(ASIDE)) continue;
    try {
      const { name, value } = await openSetting(key, hidden, stored);
      settings.set(name, value);
    } catch (error) {
      onDamage("setting", error);
    }
  }
  const drafts: DraftRecord[] = [];
  for (const record of await inner.drafts()) {
    try {
      drafts.push(await openDraft(key, record));
    } catch (error) {
      onDamage("draft", error);
    }
  }
  const keys = new Map<string, unknown>();
  for (const [name, stored] of await inner.allKeys()) keys.set(name, await openKey(key, name, stored));
  return { settings, drafts, keys };
}

async function sealSetting(key: DataKey, hidden: string, name: string, value: unknown): Promise<unknown> {
  return await key.seal(placeOf("settings", hidden), encodePlain([name, value]));
}

async function openSetting(key: DataKey, hidden: string, stored: unknown): Promise<{ name: string; value: unknown }> {
  const opened = await opening(key, placeOf("settings", hidden), stored);
  if (!Array.isArray(opened) || typeof opened[0] !== "string") throw damaged();
  return { name: opened[0], value: opened[1] };
}

/** When it was written is private as well. */
async function sealDraft(key: DataKey, hidden: string, draft: DraftRecord): Promise<DraftRecord> {
  const { content, id, updated } = draft;
  const sealed = await key.seal(placeOf("drafts", hidden), encodePlain([id, updated, content]));
  return { id: hidden, updated: 0, content: sealed };
}

async function openDraft(key: DataKey, { content, id: hidden }: DraftRecord): Promise<DraftRecord> {
  const opened = await opening(key, placeOf("drafts", hidden), content);
  if (!Array.isArray(opened) || typeof opened[0] !== "string" || typeof opened[1] !== "number") throw damaged();
  return { id: opened[0], updated: opened[1], content: opened[2] };
}

async function sealedKeys(
  key: DataKey,
  keys: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const sealed = Object.entries(keys).map(async ([name, value]): Promise<[string, unknown]> => {
    const clear = value === undefined || name === VAULT_KEY;
    return [name, clear ? value : await key.seal(placeOf("keys", name), encodePlain(value))];
  });
  return Object.fromEntries(await Promise.all(sealed));
}

async function openKey(key: DataKey, name: string, stored: unknown): Promise<unknown> {
  if (name === VAULT_KEY) return stored;
  try {
    return await opening(key, placeOf("keys", name), stored);
  } catch (cause) {
    throw new PeerError("IDENTITY_DAMAGED", "A sealed key cannot be opened.", { cause });
  }
}

async function opening(key: DataKey, place: string, stored: unknown): Promise<unknown> {
  if (!isSealed(stored)) throw damaged();
  return decodePlain(await key.open(place, stored));
}

function damaged(): PeerError {
  return new PeerError("RECORD_DAMAGED", "This is no sealed record.");
}
