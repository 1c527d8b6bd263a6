/** Takes a backup into the identity that it is of, which has gone on meanwhile: only adds, and never takes anything away. */
import { equalBytes, ObjectType, toHex, decodeObject, encodeNodeId, type Hash } from "../../wire/index.ts";
import { pageOf } from "../../social/index.ts";
import type { Head, Store, WriteBatch } from "../../store/port.ts";
import { HeldIntake } from "../arriving/moving.ts";
import type { Moved } from "../arriving/records.ts";
import { MAX_DRAFTS } from "../drafts.ts";
import { PeerError } from "../errors.ts";
import type { OwnIdentity } from "../identity.ts";
import { FEEDS_KEY, SavedFeeds } from "../feeds/saved-feeds.ts";
import { attachmentsOf, keptFile } from "../media/draft-files.ts";
import { loadSettings } from "../settings.ts";
import type { BackupAdds } from "./api.ts";
import { UNITED, unitedLists, type UnitedList } from "./merge-lists.ts";
import { mediaOf } from "./own.ts";
import { readBackup, type BackupSink, type BackupSource } from "./read.ts";

/** What a device decides for itself, and takes over from another only when the person says so. */
const CHOSEN: readonly string[] = ["settings", "defence", "notices.settings"];

export interface MergeOptions {
  readonly store: Store;
  readonly identity: OwnIdentity;
  /** Whether settings of the file take the place of those here. */
  readonly settings: boolean;
  /** False: nothing is written, and what would be is counted. */
  readonly write: boolean;
}

/**
 * Reads the file to its end and says what of it is not here. With `write` it is taken as it is read, so the file has to have been
 * read without before.
 * @throws PeerError `BACKUP_OTHER` for a file of another identity; as `readBackup`; StoreError
 */
export async function mergeBackup(source: Omit<BackupSource, "entropy">, options: MergeOptions): Promise<BackupAdds> {
  const merge = new Merge(options);
  // Whoever has the identity need not type its words again for a file without a key.
  const entropy = (): Uint8Array => new Uint8Array(options.identity.secret().entropy);
  try {
    await readBackup({ ...source, entropy }, merge);
  } catch (error) {
    throw error instanceof PeerError && error.code === "WORDS_WRONG" ? other() : error;
  }
  return await merge.end();
}

function other(): PeerError {
  return new PeerError("BACKUP_OTHER", "This backup is of another identity.");
}

class Merge implements BackupSink {
  readonly #options: MergeOptions;
  readonly #counts = { posts: 0, drafts: 0, newerDrafts: 0, draftsLeftOut: 0, profile: false };
  /** By name, as in the file: they are compared when all are there. */
  readonly #settings = new Map<string, unknown>();
  readonly #curations: Head[] = [];
  /** In hex, of everything that was taken: a file may hold the same twice. */
  readonly #taken = new Set<string>();
  /** In hex, of files that belong to what is here now. */
  readonly #named = new Set<string>();
  #drafts: Map<string, number> | null = null;
  #held: Promise<HeldIntake> | null = null;
  #isProven = true;
  /** Posts that wait there and are not taken, since anybody may have written them. */
  #unproven = 0;

  constructor(options: MergeOptions) {
    this.#options = options;
  }

  async begin({ isProven, self }: Parameters<BackupSink["begin"]>[0]): Promise<void> {
    if (!equalBytes(self, this.#options.identity.key)) throw other();
    this.#isProven = isProven;
  }

  async write(given: WriteBatch): Promise<void> {
    for (const [name, value] of Object.entries(given.settings ?? {})) this.#settings.set(name, value);
    const objects = await this.#newPosts(given);
    const envelopes = (given.envelopes ?? []).filter(
      ({ hash }) => !this.#options.store.envelopes.has(hash) && this.#isFirst(hash),
    );
    this.#counts.posts += envelopes.length;
    const heads = await this.#newProfile(given.heads ?? []);
    const draftsPut = await this.#newDrafts(given.draftsPut ?? []);
    // What is here already was sent, or waits here.
    const outboxPut = (given.outboxPut ?? []).filter(({ hash }) => this.#taken.has(toHex(hash)));
    await this.#commit({ objects, envelopes, heads, draftsPut, outboxPut });
  }

  async blob(hash: Hash, bytes: Uint8Array): Promise<void> {
    const { store, write } = this.#options;
    if (!write || !this.#named.has(toHex(hash)) || (await keptFile(store, hash)) !== undefined) return;
    await store.blobs.put(hash, [bytes], undefined, "own");
  }

  async arrivals(waiting: readonly Moved[], arrived: readonly string[]): Promise<void> {
    // A draft is read before it is published. What waits is published by itself once the person has said so for all of it.
    if (!this.#isProven) {
      this.#unproven += waiting.length;
      return;
    }
    const taken = await (await this.#intake()).add(waiting, arrived);
    for (const { draft } of taken) for (const { hash } of draft.attachments) this.#named.add(hash);
  }

  async end(): Promise<BackupAdds> {
    const held = await (await this.#intake()).end();
    const curations = await this.#newCurations();
    const { store } = this.#options;
    const here = new Map<string, unknown>();
    for (const name of [...UNITED, ...this.#settings.keys()]) here.set(name, await store.setting(name));
    // Whoever never changed them has those of the beginning, which are not stored.
    if (here.get(FEEDS_KEY) === undefined) {
      const { topics } = await loadSettings(store);
      const feeds = (await SavedFeeds.open(store, topics)).all();
      here.set(
        FEEDS_KEY,
        feeds.map(({ filters, id, mode, name, spec }) => ({ id, name, spec, mode, filters })),
      );
    }
    const { added, settings } = unitedLists(here, this.#settings);
    const differing = CHOSEN.filter((name) => {
      const theirs = this.#settings.get(name);
      return theirs !== undefined && JSON.stringify(theirs) !== JSON.stringify(here.get(name));
    });
    const chosen = this.#options.settings ? differing : [];
    const rest = [...this.#settings].filter(
      ([name]) => !CHOSEN.includes(name) && !UNITED.includes(name as UnitedList) && here.get(name) === undefined,
    );
    const taken = [...chosen.map((name) => [name, this.#settings.get(name)] as const), ...rest];
    await this.#commit({ heads: curations, settings: { ...settings, ...Object.fromEntries(taken) } });
    const feeds = curations.filter((head) => firstPageOf(head) === head.name).length;
    return {
      id: encodeNodeId(this.#options.identity.key),
      ...this.#counts,
      arrivals: held.added,
      arrivalsLeftOut: held.leftOut,
      arrivalsUnproven: this.#unproven,
      ...added,
      curated: feeds,
      settings: differing.length > 0,
    };
  }

  #intake(): Promise<HeldIntake> {
    const { store, write } = this.#options;
    return (this.#held ??= HeldIntake.open(store, write));
  }

  async #newPosts({ objects = [] }: WriteBatch): Promise<NonNullable<WriteBatch["objects"]>> {
    const added = [];
    for (const object of objects) {
      // A file of a post that is here may still be missing.
      for (const media of mediaOf(object.bytes)) this.#named.add(toHex(media));
      const held = await this.#options.store.object(object.hash);
      if (held?.holding !== "own" && this.#isFirst(object.hash)) added.push(object);
    }
    return added;
  }

  /** The one that was signed last; of two with one number, the one that is here. */
  async #newProfile(heads: readonly Head[]): Promise<Head[]> {
    this.#curations.push(...heads.filter(({ type }) => type === ObjectType.CuratedFeed));
    const added: Head[] = [];
    for (const head of heads) {
      if (head.type !== ObjectType.UserProfile) continue;
      const here = await this.#options.store.head(head.type, head.owner, head.name);
      if (here !== undefined && here.sequence >= head.sequence) continue;
      const profile = decodeObject(head.bytes);
      if (profile.type === "UserProfile" && profile.avatar !== null) this.#named.add(toHex(profile.avatar));
      this.#taken.add(toHex(head.hash));
      this.#counts.profile = true;
      added.push(head);
    }
    return added;
  }

  /** A feed is taken as a whole, by its first page: pages of two versions do not fit together. */
  async #newCurations(): Promise<Head[]> {
    const { identity, store } = this.#options;
    const newer = new Set<string>();
    for (const head of this.#curations) {
      if (firstPageOf(head) !== head.name) continue;
      const here = await store.head(head.type, identity.key, head.name);
      if (here === undefined || here.sequence < head.sequence) newer.add(head.name);
    }
    return this.#curations.filter((head) => newer.has(firstPageOf(head)));
  }

  async #newDrafts(drafts: NonNullable<WriteBatch["draftsPut"]>): Promise<NonNullable<WriteBatch["draftsPut"]>> {
    if (drafts.length === 0) return [];
    this.#drafts ??= new Map((await this.#options.store.drafts()).map(({ id, updated }) => [id, updated]));
    const here = this.#drafts;
    return drafts.filter(({ content, id, updated }) => {
      const known = here.get(id);
      if (known !== undefined && known >= updated) return false;
      if (known === undefined && here.size >= MAX_DRAFTS) {
        this.#counts.draftsLeftOut += 1;
        return false;
      }
      here.set(id, updated);
      this.#counts[known === undefined ? "drafts" : "newerDrafts"] += 1;
      for (const hash of attachmentsOf(content)) this.#named.add(toHex(hash));
      return true;
    });
  }

  #isFirst(hash: Hash): boolean {
    const name = toHex(hash);
    if (this.#taken.has(name)) return false;
    this.#taken.add(name);
    return true;
  }

  async #commit(batch: WriteBatch): Promise<void> {
    const isEmpty = Object.values(batch).every((part) => Object.keys(part as object).length === 0);
    if (this.#options.write && !isEmpty) await this.#options.store.commit(batch, { durability: "strict" });
  }
}

/** The name of the feed whose page this is. */
function firstPageOf({ bytes, name }: Head): string {
  const feed = decodeObject(bytes);
  return (feed.type === "CuratedFeed" ? pageOf(feed)?.name : undefined) ?? name;
}
