import type { Mesh } from "../../mesh/port.ts";
import type { Clock } from "../../mesh/protocols/index.ts";
import {
  ArrivalRates,
  defaultRates,
  planPromotions,
  upwardsOf,
  type Endorsement,
  type PlannedPromotion,
  type Promotable,
} from "../../social/index.ts";
import type { Head, Store, StoreChange } from "../../store/port.ts";
import {
  channelOf,
  decodeEnvelope,
  decodeObject,
  equalBytes,
  LIMITS,
  ObjectType,
  scopeFromKey,
  signObject,
  toHex,
  type Hash,
  type NodeKey,
  type Scope,
  type Signer,
} from "../../wire/index.ts";
import type { ReachBook } from "./book.ts";
import type { EndorsementSource } from "./endorsements.ts";
import type { HeardAt } from "./heard-at.ts";
import type { Visits } from "./visits.ts";

export interface RelayOptions {
  readonly mesh: Pick<Mesh, "channels">;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signer: Signer;
  readonly book: ReachBook;
  readonly heardAt: HeardAt;
  readonly sources: readonly EndorsementSource[];
  /** Whether a boost by this author, or a feed of this curator, is worth a look. */
  readonly counts: (key: NodeKey) => boolean;
  readonly blocked: (key: NodeKey) => boolean;
  /** Scope key of the home place. */
  readonly home: () => string;
  /** Whether this peer relays now: by the setting, or by how good its links are. */
  readonly willing: () => boolean;
  readonly visits: Visits;
  readonly log: (context: string, error: unknown) => void;
}

/** Relays that have the same evidence wait differently long, and those that hear of another one say nothing. In ms. */
const MAX_DELAY = 5_000;
/** Endorsements of the last day that are looked at when the peer starts. */
const MAX_AT_START = 256;
/** Envelopes that wait for their turn; a burst of boosts is a minute of them. */
const MAX_WAITING = 1_024;

/**
 * Lets what its town endorses be heard elsewhere: it collects evidence for envelopes that started where it sits, issues
 * certificates, and brings them to the channels that they open.
 */
export class Relay {
  readonly #options: RelayOptions;
  /** What this relay issues is within what others take of it. */
  readonly #rates = new ArrivalRates(defaultRates);
  /** By hex of the envelope: timers. */
  readonly #waiting = new Map<string, () => void>();
  readonly #unsubscribe: () => void;
  #stopped = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#unsubscribe = options.store.subscribe((change) => this.#observe(change));
  }

  /** Looks at the endorsements of the last day: at the start, and when others count than before. */
  look(): void {
    const { clock, store } = this.#options;
    const since = clock.now() - LIMITS.certificateLifetimeMs;
    const rows = store.envelopes
      .query({ filter: { kind: "all" }, limit: MAX_AT_START })
      .filter(({ author, created }) => created > since && this.#options.counts(author));
    this.#do("relay", this.#boosted(rows.map(({ hash }) => hash)));
    this.#do("relay", this.#curatedAll());
  }

  stop(): void {
    this.#stopped = true;
    this.#unsubscribe();
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  #observe({ envelopes, heads }: StoreChange): void {
    const { counts, store, willing } = this.#options;
    // A boost may come before what it boosts.
    const early = envelopes.filter(({ hash }) => {
      return store.envelopes.count({ kind: "relation", relation: "boost", target: hash }) > 0;
    });
    const counting = envelopes.filter(({ author }) => counts(author));
    const curated = heads.filter(({ owner, type }) => type === ObjectType.CuratedFeed && counts(owner));
    // Asked last: the answer takes a look at every link, and nearly nothing that comes in is evidence.
    if ((early.length === 0 && counting.length === 0 && curated.length === 0) || !willing()) return;
    for (const { hash } of early) this.#schedule(hash);
    if (counting.length > 0) this.#do("relay", this.#boosted(counting.map(({ hash }) => hash)));
    this.#curated(curated);
  }

  /** Which of these are boosts, and of what. */
  async #boosted(hashes: readonly Hash[]): Promise<void> {
    const found = await this.#options.store.envelopes.bytes(hashes);
    for (const bytes of found) {
      if (bytes === undefined) continue;
      const { boostOf } = decodeEnvelope(bytes);
      if (boostOf !== null) this.#consider(boostOf);
    }
  }

  async #curatedAll(): Promise<void> {
    this.#curated(await this.#options.store.heads(ObjectType.CuratedFeed));
  }

  /** Posts that curators have chosen within the last day, by these versions of their feeds. */
  #curated(heads: readonly Head[]): void {
    const { clock, counts } = this.#options;
    const since = clock.now() - LIMITS.certificateLifetimeMs;
    for (const { bytes, owner } of heads) {
      if (!counts(owner)) continue;
      const feed = decodeObject(bytes);
      if (feed.type !== "CuratedFeed") continue;
      for (const { added, postHash } of feed.entries) if (added > since) this.#consider(postHash);
    }
  }

  /** @param named an envelope, or a post: then all envelopes of it by their author */
  #consider(named: Hash): void {
    const { envelopes } = this.#options.store;
    const rows = envelopes.has(named)
      ? [named]
      : envelopes
          .query({ filter: { kind: "relation", relation: "post", target: named }, limit: 4 })
          .map(({ hash }) => hash);
    for (const hash of rows) this.#schedule(hash);
  }

  #schedule(hash: Hash): void {
    const key = toHex(hash);
    if (this.#stopped || this.#waiting.has(key) || this.#waiting.size >= MAX_WAITING) return;
    const { clock, random } = this.#options;
    const cancel = clock.after(random() * MAX_DELAY, () => {
      this.#waiting.delete(key);
      this.#do("relay", this.#promote(hash));
    });
    this.#waiting.set(key, cancel);
  }

  async #promote(hash: Hash): Promise<void> {
    const { blocked, book, clock, heardAt, signer, sources, store, willing } = this.#options;
    const [bytes] = await store.envelopes.bytes([hash]);
    if (bytes === undefined || !willing()) return;
    const envelope = decodeEnvelope(bytes);
    const isOwn = equalBytes(envelope.author, signer.publicKey);
    if (envelope.scopes.length === 0 || isOwn || blocked(envelope.author)) return;
    const promotable = { hash, envelope };
    const endorsements = (await Promise.all(sources.map((source) => source.of(promotable)))).flat();
    const planned = planPromotions({
      envelope,
      // Those that others have issued while this one waited are among them.
      standing: book.certificates(hash).map(({ certificate }) => certificate),
      endorsements,
      sits: (place) => this.#sits(place),
      heardAt: heardAt.places(hash),
      now: clock.now(),
    });
    for (const step of planned) await this.#issue(promotable, bytes, step);
  }

  async #issue(
    { envelope, hash }: Promotable,
    envelopeBytes: Uint8Array,
    { endorsement, level, scope }: PlannedPromotion,
  ): Promise<void> {
    const { book, clock, heardAt, signer, visits } = this.#options;
    const now = clock.now();
    const issuer = signer.publicKey;
    const at = { kind: "channel", channel: channelOf(scope), from: issuer } as const;
    if (!this.#rates.takePromotion({ envelope: hash, issuer, scope, created: now }, envelope.author, at, now)) return;
    const signed = await signObject(
      {
        type: "PromotionCertificate",
        envelope: hash,
        issuer,
        level,
        scope,
        evidenceKind: endorsement.kind,
        evidence: endorsement.items.map((item) => item.hash),
        created: now,
      },
      signer,
    );
    const promotion = {
      hash: signed.hash,
      bytes: signed.bytes,
      certificate: signed.object,
      evidence: evidenceOf(endorsement),
      who: endorsement.who,
    };
    await book.add(promotion, false);
    const held = book.certificates(hash).find((other) => equalBytes(other.hash, signed.hash));
    const message = held === undefined ? null : await book.message(held, envelopeBytes);
    if (message === null) return;
    const place = envelope.scopes.find(({ kind }) => kind === "geo");
    // Where it started, its author and other relays learn how far it is heard.
    const starts = (place === undefined ? heardAt.places(hash) : [place]).filter((start) => this.#sits(start));
    const opened = scope.kind === "topic" ? upwardsOf(scope) : [scope];
    // Who has the envelope may lack the certificate, and keep the envelope from all who read there.
    visits.bring([...starts, ...opened].map(channelOf), { hash: signed.hash, bytes: message });
  }

  #sits(place: Scope): boolean {
    const channel = channelOf(place);
    return channel === channelOf(scopeFromKey(this.#options.home())) || this.#options.mesh.channels().includes(channel);
  }

  #do(context: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!this.#stopped) this.#options.log(context, error);
    });
  }
}

function evidenceOf({ items }: Endorsement): { object: ReturnType<typeof decodeObject>; bytes: Uint8Array }[] {
  return items.map(({ bytes }) => ({ bytes, object: decodeObject(bytes) }));
}
