import { isForTrusted } from "../../mesh/protocols/index.ts";
import { BoundedMap, startChannels } from "../../social/index.ts";
import { compose, type Composed, type ComposeProblem } from "../../social/compose.ts";
import type { OutboxEntry, WriteBatch } from "../../store/port.ts";
import { Serial } from "../../store/serial.ts";
import {
  contentTypeOf,
  decodeEnvelope,
  equalBytes,
  fromHex,
  ObjectType,
  radioRoom,
  scopeFromKey,
  signObject,
  toHex,
  type Hash,
  type PostEnvelope,
  type Scope,
} from "../../wire/index.ts";
import type { Draft, DraftAttachment, DraftPreview, Published } from "../api.ts";
import { listDrafts } from "../drafts.ts";
import { PeerError } from "../errors.ts";
import { fileSetting, keptFile } from "../media/draft-files.ts";
import { PublishedDrafts } from "../published.ts";
import type { Foreseen, OwnEnvelope, PublisherOptions } from "../publisher.ts";

/** A preview is not signed; its envelope has the size and the shape of the one that would be. */
const NO_SIGNATURE = new Uint8Array(64);
const ANY_HASH = new Uint8Array(32);
/** Files whose size and type are remembered: a preview at each pause in typing is not to read them all again. */
const REMEMBERED_FILES = 256;

/** What a file is, whatever the draft says of it. */
type FileFacts = Pick<DraftAttachment, "size" | "contentType">;

/** Makes posts of drafts. */
export class Posts {
  readonly #options: PublisherOptions;
  readonly #published: PublishedDrafts;
  /** One after the other: each looks first whether another has published its draft. */
  readonly #turn = new Serial();
  readonly #facts = new BoundedMap<string, FileFacts>(REMEMBERED_FILES);

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#published = new PublishedDrafts(options.store);
  }

  async preview(draft: Draft): Promise<DraftPreview> {
    const composed = await this.#compose(draft);
    const { audience, contentSize, envelopeBytes, objects, problems } = composed;
    const unsigned = objects?.envelope(ANY_HASH);
    const envelope = unsigned === undefined ? null : { ...unsigned, signature: NO_SIGNATURE };
    return {
      envelope: envelope === null ? null : this.#options.views.describe(ANY_HASH, envelope, envelopeBytes),
      envelopeBytes,
      radioRoom: radioRoom(envelopeBytes),
      contentSize,
      audience,
      problems,
    };
  }

  /**
   * Once for each draft: who asks again gets what the first time made.
   * @throws PeerError with the code of the draft's first problem
   */
  async publish(draft: Draft): Promise<{ view: Published; made: OwnEnvelope | null }> {
    return await this.#turn.run(async () => {
      const view = await this.#published.find(draft, this.#options.clock.now());
      if (view === null) return await this.#publish(draft);
      await this.#forget(draft);
      return { view, made: null };
    });
  }

  /** The envelope that this draft becomes, but for its date; `null` where it cannot be published as it is. */
  async foresee(draft: Draft): Promise<Foreseen | null> {
    const { objects } = await this.#compose(draft);
    if (objects === null) return null;
    const { hash: postHash } = await signObject(objects.post, this.#options.identity.signer);
    const { headline, replyTo, scopes, summary } = objects.envelope(postHash);
    return { postHash, headline, summary, scopes, replyTo };
  }

  /** Who asks again may also have stored the draft again. Another text of its id stays if it is later. */
  async #forget(draft: Draft): Promise<void> {
    const drafts = await this.#options.store.drafts();
    if (!drafts.some(({ id, updated }) => id === draft.id && updated <= draft.updated)) return;
    await this.#options.store.commit({ draftsRemove: [draft.id] }, { durability: "strict" });
  }

  async #publish(draft: Draft): Promise<{ view: Published; made: OwnEnvelope }> {
    const { clock, identity } = this.#options;
    const { objects, problems } = await this.#compose(draft);
    if (objects === null) {
      throw new PeerError(problems[0]?.code ?? "DRAFT_INVALID", "The draft cannot be published as it is.");
    }
    const post = await signObject(objects.post, identity.signer);
    const signed = await signObject(objects.envelope(post.hash), identity.signer);
    const [channel] = startChannels(signed.object, this.#home());
    const { bytes, hash, object: envelope } = signed;
    const storedAt = clock.now();
    const view = { hash: toHex(hash), postHash: toHex(post.hash) };
    const freed = await this.#freedBy(draft);
    await this.#published.note(draft, view, storedAt, (settings) =>
      this.#withFiles(draft.attachments, {
        objects: [{ hash: post.hash, type: ObjectType.SocialPost, bytes: post.bytes, holding: "own", storedAt }],
        envelopes: [{ hash, bytes, envelope }],
        outboxPut: [{ hash, bytes, channels: channel === undefined ? [] : [channel], queuedAt: storedAt }],
        draftsRemove: [draft.id],
        settings: { ...settings, ...freed },
      }),
    );
    return { made: { hash, bytes, envelope, postHash: post.hash, channel: channel ?? null }, view };
  }

  /**
   * Signs an own envelope anew with the date of now, in place of the one that waits in the outbox: its clock was wrong, and
   * nobody has it yet. The post stays the same. `null` where the entry has gone meanwhile.
   */
  async redate(
    entry: OutboxEntry,
  ): Promise<{ hash: Hash; bytes: Uint8Array; envelope: PostEnvelope; channel: string | null } | null> {
    const { clock, identity, store } = this.#options;
    const { signature: _, ...unsigned } = decodeEnvelope(entry.bytes);
    const signed = await signObject({ ...unsigned, created: clock.now() }, identity.signer);
    const { bytes, hash, object: envelope } = signed;
    const waiting = await store.outbox();
    if (!waiting.some((other) => equalBytes(other.hash, entry.hash))) return null;
    await store.commit(
      {
        envelopes: [{ hash, bytes, envelope }],
        removeEnvelopes: [entry.hash],
        outboxRemove: [entry.hash],
        outboxPut: [{ ...entry, hash, bytes, queuedAt: clock.now() }],
      },
      { durability: "strict" },
    );
    return { hash, bytes, envelope, channel: entry.channels[0] ?? null };
  }

  /** Files become blobs before the post that names them is there; without it they would be nobody's. */
  async #withFiles(files: readonly DraftAttachment[], batch: WriteBatch): Promise<void> {
    const { store } = this.#options;
    const added: Hash[] = [];
    try {
      for (const { hash: name } of files) {
        const hash = fromHex(name);
        const bytes = await keptFile(store, hash);
        if (bytes === undefined)
          throw new PeerError("ATTACHMENT_MISSING", "A file of this draft is not here any more.");
        const wasHeld = (await store.blobs.size(hash)) !== undefined;
        // Also of one that is here: as a cache it would go when room is needed.
        await store.blobs.put(hash, [bytes], undefined, "own");
        if (!wasHeld) added.push(hash);
      }
      await store.commit(batch, { durability: "strict" });
    } catch (error) {
      for (const hash of added) await store.blobs.remove(hash);
      throw error;
    }
  }

  /** Files that no draft needs once this one is published. */
  async #freedBy(draft: Draft): Promise<Record<string, undefined>> {
    const others = (await listDrafts(this.#options.store)).filter(({ id }) => id !== draft.id);
    const needed = new Set(others.flatMap(({ attachments }) => attachments.map(({ hash }) => hash)));
    const freed = draft.attachments.filter(({ hash }) => !needed.has(hash));
    return Object.fromEntries(freed.map(({ hash }) => [fileSetting(hash), undefined]));
  }

  /** With what the files are, since what a draft says of them would be signed as the author's word. */
  async #compose(draft: Draft): Promise<Composed> {
    const { clock, identity, store } = this.#options;
    const isTrustedOnly = (named: Hash): boolean => isForTrusted(store, named);
    const facts = await Promise.all(draft.attachments.map((file) => this.#factsOf(file)));
    const attachments = draft.attachments.map((file, at) => ({ ...file, ...facts[at] }));
    const context = { author: identity.key, home: this.#home(), now: clock.now(), isTrustedOnly };
    const composed = compose({ ...draft, attachments }, context);
    const missing = facts.flatMap((fact, at): ComposeProblem[] =>
      fact === null ? [{ field: "attachments", code: "ATTACHMENT_MISSING", at }] : [],
    );
    if (missing.length === 0) return composed;
    return { ...composed, problems: [...missing, ...composed.problems], envelopeBytes: 0, objects: null };
  }

  async #factsOf({ contentType, hash }: DraftAttachment): Promise<FileFacts | null> {
    const known = this.#facts.get(hash);
    if (known !== undefined) return known;
    const bytes = await keptFile(this.#options.store, fromHex(hash));
    if (bytes === undefined) return null;
    const facts = { size: bytes.length, contentType: contentTypeOf(contentType, bytes) };
    this.#facts.set(hash, facts);
    return facts;
  }

  #home(): Scope {
    return scopeFromKey(this.#options.home());
  }
}
