import * as v from "valibot";
import { abortable, isForTrusted, isKnownPrivately, type Library } from "../../mesh/protocols/index.ts";
import type { StoreChange } from "../../store/port.ts";
import { Serial } from "../../store/serial.ts";
import {
  contentTypeOf,
  decodeEnvelope,
  encodeNodeId,
  equalBytes,
  fromHex,
  hashOf,
  MAX_ATTACHMENT_BYTES,
  toHex,
  type Hash,
  type NodeKey,
} from "../../wire/index.ts";
import type { PostView } from "../api.ts";
import { PeerError } from "../errors.ts";
import { hashFromText } from "../queries.ts";
import type { Attached } from "./api.ts";
import { attachmentsOf, fileSetting, keptFile, keptFiles } from "./draft-files.ts";
import { Naming } from "./naming.ts";
import type { MediaCore } from "./part.ts";

/** 64 MiB of the largest: what a person wrote is kept, so this only stops a script that would fill the disk. */
const MAX_FILES = 1_024;
/** A file that no draft names is kept so long, in ms: a discarded draft comes back by "Undo", and a tab may hold a newer one. */
const LOOSE_FOR = 24 * 60 * 60_000;
/** Name of the setting that says since when files have been named by no draft. */
const LOOSE = "attachments-loose";
const Loose = v.record(v.string(), v.number());
/** An author may publish several envelopes for one post; more than a few would be a flood. */
const ENVELOPES_OF_A_POST = 16;

const File = v.object({ bytes: v.instance(Uint8Array), contentType: v.string() });

/** Keeps the files of drafts, fetches those of posts, and serves them. */
export class Files {
  readonly #core: MediaCore;
  readonly #naming: Naming;
  readonly #fetching = new Map<string, Promise<Uint8Array>>();
  readonly #ended = new AbortController();
  /** Whoever adds a file counts those that there are. */
  readonly #turn = new Serial();
  /** Those that there are, and some that were: counting reads all of them. */
  #kept: Set<string> | null = null;

  constructor(core: MediaCore) {
    this.#core = core;
    this.#naming = new Naming(core.store, core.ports.clock);
  }

  /** @throws PeerError `ATTACHMENT_INVALID`, `ATTACHMENT_TOO_LARGE`, `ATTACHMENTS_FULL` */
  async attach(given: unknown): Promise<Attached> {
    const result = v.safeParse(File, given);
    if (!result.success) throw new PeerError("ATTACHMENT_INVALID", "A file has bytes and a type.");
    // A view of a larger buffer would be stored with all of it.
    const bytes = new Uint8Array(result.output.bytes);
    if (bytes.length === 0) throw new PeerError("ATTACHMENT_INVALID", "There is nothing in this file.");
    if (bytes.length > MAX_ATTACHMENT_BYTES) {
      throw new PeerError("ATTACHMENT_TOO_LARGE", "An attachment has up to 64 KiB.");
    }
    const hash = toHex(hashOf(bytes));
    await this.#turn.run(async () => {
      const { store } = this.#core;
      // Some may have been published since they were counted: only when it matters they are counted again.
      if (this.#kept === null || this.#kept.size >= MAX_FILES) this.#kept = (await keptFiles(store)).kept;
      if (this.#kept.size >= MAX_FILES && !this.#kept.has(hash)) {
        throw new PeerError("ATTACHMENTS_FULL", `There are ${MAX_FILES} files in drafts already; drop some first.`);
      }
      await store.commit({ settings: { [fileSetting(hash)]: bytes } }, { durability: "strict" });
      this.#kept.add(hash);
    });
    return { hash, size: bytes.length, contentType: contentTypeOf(result.output.contentType, bytes) };
  }

  /** @throws as `MediaApi.attachment` */
  async read(query: { hash: string; post?: string }, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const hash = hashFromText(query.hash);
    const { queries, store } = this.#core;
    if (query.post === undefined) {
      const bytes = (await store.setting(fileSetting(query.hash))) ?? (await this.#ofDraft(hash));
      if (bytes instanceof Uint8Array) return bytes;
      throw new PeerError("NOT_FOUND", "No draft has this file.");
    }
    const post = await queries.heldPost(hashFromText(query.post));
    const at = post.media.indexOf(query.hash);
    if (at < 0) throw new PeerError("NOT_FOUND", "This post has no such file.");
    const held = await store.blobs.read(hash);
    if (held !== undefined) return held;
    const fetching = this.#fetching.get(query.hash) ?? this.#fetch(post, at);
    return await abortable(fetching, signal);
  }

  /**
   * Bytes of a file that a post names which whoever asks may have, or that is somebody's picture. Where posts for trusted people
   * name it, each of their authors has to have made it public as well, or this person: whoever learned its hash could sign
   * another post or a profile that names it.
   */
  readonly served: NonNullable<Library["blob"]> = async (hash, mayHave) => {
    const { identity, people, store } = this.#core;
    const size = await store.blobs.size(hash);
    if (size === undefined || size > MAX_ATTACHMENT_BYTES) return undefined;
    const open = new Set<string>();
    const closed = new Set<string>();
    for (const { author, hash: post, isClose } of await this.#naming.postsOf(hash)) {
      if (await mayHave(post)) open.add(toHex(author));
      else if (isClose || isForTrusted(store, post)) closed.add(toHex(author));
    }
    for (const owner of await people.pictures.ownersOf(hash)) open.add(owner);
    const isOpen = open.has(toHex(identity.key)) || (open.size > 0 && [...closed].every((author) => open.has(author)));
    return isOpen ? await store.blobs.read(hash) : undefined;
  };

  changed(change: StoreChange): void {
    this.#naming.add(change.objects);
  }

  /** Lets go of what no draft has named for a day, and takes over what a backup has put among the blobs. */
  async upkeep(): Promise<void> {
    await this.#turn.run(() => this.#upkeep());
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#turn.idle();
  }

  async #upkeep(): Promise<void> {
    const { store } = this.#core;
    const { clock } = this.#core.ports;
    const now = clock.now();
    const { kept, named } = await keptFiles(store);
    const result = v.safeParse(Loose, await store.setting(LOOSE));
    const before = result.success ? result.output : {};
    const settings: Record<string, unknown> = {};
    const loose: Record<string, number> = {};
    for (const hash of kept) {
      const since = before[hash] ?? now;
      if (named.has(hash)) continue;
      if (now - since >= LOOSE_FOR) settings[fileSetting(hash)] = undefined;
      else loose[hash] = since;
    }
    for (const hash of named) if (!kept.has(hash)) await this.#adopt(fromHex(hash));
    const isSame = JSON.stringify(loose) === JSON.stringify(before);
    if (isSame && Object.keys(settings).length === 0) return;
    await store.commit({ settings: { ...settings, [LOOSE]: loose } });
    this.#kept = null;
  }

  /** A blob that a draft alone names, or a post that waits, becomes a file of drafts. */
  async #adopt(hash: Hash): Promise<void> {
    const { store } = this.#core;
    const bytes = await keptFile(store, hash);
    if (bytes === undefined) return;
    await store.commit({ settings: { [fileSetting(toHex(hash))]: bytes } }, { durability: "strict" });
    const isShown = (await this.#core.people.pictures.ownersOf(hash)).length > 0;
    if (!isShown && (await this.#naming.postsOf(hash)).length === 0) await store.blobs.remove(hash);
  }

  /** Of a draft of this person: nobody learns by asking which files of others lie here. */
  async #ofDraft(hash: Hash): Promise<Uint8Array | undefined> {
    const { store } = this.#core;
    const drafts = await store.drafts();
    const isNamed = drafts.some(({ content }) => attachmentsOf(content).some((other) => equalBytes(other, hash)));
    return isNamed ? await keptFile(store, hash) : undefined;
  }

  #fetch(post: PostView, at: number): Promise<Uint8Array> {
    const name = post.media[at] as string;
    const fetching = this.#take(post, at).finally(() => this.#fetching.delete(name));
    this.#fetching.set(name, fetching);
    return fetching;
  }

  async #take(post: PostView, at: number): Promise<Uint8Array> {
    const { identity, store } = this.#core;
    const exchange = this.#core.exchange();
    if (exchange === null) throw new PeerError("OFFLINE", "The network is not there yet.");
    const [hash, named] = [fromHex(post.media[at] as string), fromHex(post.hash)];
    const bytes = await exchange.reader.medium(named, hash, this.#ended.signal);
    if (bytes.length > MAX_ATTACHMENT_BYTES) throw new PeerError("NOT_FOUND", "This is larger than a file of a post.");
    await this.#weigh(post, at, bytes.length);
    const others = isKnownPrivately(store, named) ? "trusted" : "cache";
    const isOwn = post.author === encodeNodeId(identity.key);
    await store.blobs.put(hash, [bytes], this.#ended.signal, isOwn ? "own" : others);
    return bytes;
  }

  /** Marks an author whose envelope told another size of this file. */
  async #weigh(post: PostView, at: number, size: number): Promise<void> {
    const { marks, store } = this.#core;
    const filter = { kind: "relation", relation: "post", target: fromHex(post.hash) } as const;
    const rows = store.envelopes.query({ filter, limit: ENVELOPES_OF_A_POST });
    const isAuthor = (key: NodeKey): boolean => encodeNodeId(key) === post.author;
    const own = rows.filter(({ author }) => isAuthor(author));
    for (const bytes of await store.envelopes.bytes(own.map(({ hash }) => hash))) {
      if (bytes === undefined) continue;
      const { author, mediaHints } = decodeEnvelope(bytes);
      // Hints stand for the media one by one, or say nothing about any of them.
      const told = mediaHints.length === post.media.length ? mediaHints[at]?.size : undefined;
      if (told !== undefined && told !== size) await marks.add(author, "SIZE_MISMATCH");
    }
  }
}
