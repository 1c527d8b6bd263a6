import type { Clock } from "../../mesh/protocols/index.ts";
import { endOf, giverOf, isBelieved, vouchersOf, type AcceptedPromotion, type Doubted } from "../../social/index.ts";
import type { Store, StoredObject } from "../../store/port.ts";
import {
  decodeObject,
  encodePromoted,
  hashOf,
  LIMITS,
  ObjectType,
  scopeKey,
  toHex,
  type Hash,
  type NodeKey,
  type PromotionCertificate,
  type WireObject,
} from "../../wire/index.ts";
import { Openings } from "./openings.ts";

/** Whose word a certificate is. */
interface Word {
  /** Whose boosts, reading or selection carry it. */
  readonly who: readonly NodeKey[];
  /** Who has vouched for the envelope by it. */
  readonly vouchers: readonly NodeKey[];
}

/** A certificate that is held. What it proves was checked before it came here. */
export interface HeldCertificate {
  readonly hash: Hash;
  readonly certificate: PromotionCertificate;
  /** The arrival number from which on the envelope may be had by this; 0 where both came together. */
  readonly became: number;
}

export interface ReachBookOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Whose certificates and evidence carry nothing here. */
  readonly doubted: Doubted;
  readonly log: (context: string, error: unknown) => void;
}

/** A day of all that a busy topic carries, at some 500 bytes each. The one that ends first goes first. */
const MAX_CERTIFICATES = 8_192;
/** For one scope of one envelope: two relays that did not hear each other, and one that renews. */
const MAX_OF_A_SCOPE = 3;
/** Between two looks for what has ended, in ms. What has ended counts for nothing from that moment on. */
const SWEEP = 600_000;

/**
 * What is known of how far envelopes are heard: certificates that stand, with their evidence, kept over restarts as objects
 * of their own until they end.
 */
export class ReachBook {
  readonly #options: ReachBookOptions;
  /** By hex of the envelope. */
  readonly #byEnvelope = new Map<string, HeldCertificate[]>();
  /** Those that came later than their envelopes. */
  readonly #openings = new Openings();
  /** Hex of the certificates. */
  readonly #known = new Set<string>();
  /** Whose word the certificates are, by their hex; read from the evidence once somebody is doubted. */
  readonly #words = new Map<string, Word>();
  /** How many certificates name this evidence, by hex. */
  readonly #evidence = new Map<string, number>();
  /** Objects that nothing here needs any more, until the next sweep. */
  readonly #unused: Hash[] = [];
  readonly #listeners = new Set<(envelope: Hash) => void>();
  #cancelSweep: () => void = () => undefined;
  #stopped = false;

  private constructor(options: ReachBookOptions) {
    this.#options = options;
  }

  /** Reads what is stored; what has ended meanwhile is removed. */
  static async open(options: ReachBookOptions): Promise<ReachBook> {
    const book = new ReachBook(options);
    const { store } = options;
    // After a restart nobody knows who has been told: those who ask are told once more.
    const became = store.envelopes.lastSeq + 1;
    for (const hash of await store.objectHashes(ObjectType.PromotionCertificate)) {
      const stored = await store.object(hash);
      if (stored === undefined) continue;
      const certificate = decodeObject(stored.bytes);
      if (certificate.type === "PromotionCertificate") book.#hold({ hash, certificate, became });
    }
    await book.#sweep();
    if (options.doubted.size > 0) await book.#readWords();
    book.#sweepLater();
    return book;
  }

  knows(certificate: Hash): boolean {
    return this.#known.has(toHex(certificate));
  }

  /** Whether a certificate held here rests on this: then it is served to whoever asks for it. */
  isEvidence(hash: Hash): boolean {
    return this.#evidence.has(toHex(hash));
  }

  /** Those that carry the envelope now, the latest first. */
  certificates(envelope: Hash): HeldCertificate[] {
    return (this.#byEnvelope.get(toHex(envelope)) ?? []).filter((held) => this.#carries(held));
  }

  /** Who has vouched for what this author wrote, as far as the certificates are held. */
  async vouchersFor(author: NodeKey): Promise<NodeKey[]> {
    const { envelopes } = this.#options.store;
    const id = toHex(author);
    await this.#readWords();
    return [...this.#byEnvelope.values()].flatMap((all) => {
      const row = envelopes.row((all[0] as HeldCertificate).certificate.envelope);
      if (row === undefined || toHex(row.author) !== id) return [];
      return all.flatMap((held) => this.#vouchers(held));
    });
  }

  /** Envelopes that certificates would carry, if anybody's word for them counted; with those whose word it is, their author among them if that is why. */
  *unbelieved(): Iterable<{ readonly envelope: Hash; readonly vouchers: readonly NodeKey[] }> {
    const { clock, doubted, store } = this.#options;
    const now = clock.now();
    for (const all of this.#byEnvelope.values()) {
      const standing = all.filter(({ certificate }) => endOf(certificate) > now);
      const [first] = standing;
      if (first === undefined || standing.some((held) => this.#carries(held))) continue;
      const word = standing.flatMap(({ certificate: { evidenceKind, issuer }, hash }) => [
        issuer,
        ...(evidenceKind === "receipts" ? [] : (this.#words.get(toHex(hash))?.who ?? [])),
      ]);
      const author = store.envelopes.row(first.certificate.envelope)?.author;
      const vouchers = author !== undefined && doubted.repeatedly(author) ? [...word, author] : word;
      yield { envelope: first.certificate.envelope, vouchers };
    }
  }

  /** Envelopes that became more widely heard than they were when they arrived, after arrival number `since`, in that order. */
  *openedSince(since: number): Iterable<{ readonly envelope: Hash; readonly held: HeldCertificate }> {
    for (const held of this.#openings.since(since)) {
      if (this.#carries(held)) yield { envelope: held.certificate.envelope, held };
    }
  }

  /**
   * Counts from this moment on; resolves when it is durable.
   * @param isNew whether the envelope comes with it
   */
  async add({ bytes, certificate, evidence, hash, who }: AcceptedPromotion, isNew: boolean): Promise<void> {
    if (this.knows(hash)) return;
    const { clock, store } = this.#options;
    const vouchers = vouchersOf(
      certificate,
      evidence.map(({ object }) => object),
    );
    this.#words.set(toHex(hash), { who, vouchers });
    this.#hold({ hash, certificate, became: isNew ? 0 : store.envelopes.lastSeq + 1 });
    if (!this.knows(hash)) return;
    for (const listener of this.#listeners) listener(certificate.envelope);
    const storedAt = clock.now();
    const kept = { holding: "cache", storedAt } as const;
    const objects: StoredObject[] = [
      { ...kept, hash, type: ObjectType.PromotionCertificate, bytes },
      ...evidence.map((item) => ({
        ...kept,
        hash: hashOf(item.bytes),
        type: ObjectType[item.object.type],
        bytes: item.bytes,
      })),
    ];
    await store.commit({ objects });
  }

  /** The promoted message with this certificate; `null` when part of it is gone. */
  async message({ hash, certificate }: HeldCertificate, envelope: Uint8Array): Promise<Uint8Array | null> {
    const { store } = this.#options;
    const stored = await store.object(hash);
    if (stored === undefined) return null;
    if (certificate.evidence.length > LIMITS.promotedEvidence) {
      return encodePromoted({ certificate: stored.bytes, envelope, evidence: [] });
    }
    const evidence = await this.#evidenceOf(certificate);
    if (evidence.length < certificate.evidence.length) return null;
    // What is larger than any boost is fetched by those who lack it.
    const inside = evidence.filter(({ length }) => length <= LIMITS.envelopeBytes);
    return encodePromoted({ certificate: stored.bytes, envelope, evidence: inside });
  }

  /** Whose boosts, reading or selection carry this certificate, as far as the evidence is here. */
  async who(held: HeldCertificate): Promise<readonly NodeKey[]> {
    return (await this.#wordOf(held)).who;
  }

  /** `listener` hears of envelopes that are heard further, or less far, from now on. */
  onChanged(listener: (envelope: Hash) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelSweep();
  }

  /** Whether it counts now: it has not ended, and is by nobody whose word is doubted. */
  #carries({ certificate, hash }: HeldCertificate): boolean {
    const { clock, doubted, store } = this.#options;
    if (endOf(certificate) <= clock.now()) return false;
    if (doubted.size === 0) return true;
    const author = store.envelopes.row(certificate.envelope)?.author ?? null;
    return isBelieved(certificate, author, this.#words.get(toHex(hash))?.who ?? [], doubted);
  }

  #vouchers({ certificate, hash }: HeldCertificate): readonly NodeKey[] {
    return this.#words.get(toHex(hash))?.vouchers ?? [certificate.issuer];
  }

  async #wordOf({ certificate }: HeldCertificate): Promise<Word> {
    const objects: WireObject[] = (await this.#evidenceOf(certificate)).map((bytes) => decodeObject(bytes));
    return { who: objects.flatMap((object) => giverOf(object) ?? []), vouchers: vouchersOf(certificate, objects) };
  }

  async #readWords(): Promise<void> {
    const unread = [...this.#byEnvelope.values()].flat().filter(({ hash }) => !this.#words.has(toHex(hash)));
    for (const held of unread) {
      const word = await this.#wordOf(held);
      if (this.knows(held.hash)) this.#words.set(toHex(held.hash), word);
    }
  }

  async #evidenceOf({ evidence }: PromotionCertificate): Promise<Uint8Array[]> {
    const { store } = this.#options;
    const stored = await Promise.all(evidence.map((hash) => store.object(hash)));
    return stored.flatMap((object) => (object === undefined ? [] : [object.bytes]));
  }

  #hold(held: HeldCertificate): void {
    const { certificate, hash } = held;
    this.#known.add(toHex(hash));
    for (const item of certificate.evidence) {
      this.#evidence.set(toHex(item), (this.#evidence.get(toHex(item)) ?? 0) + 1);
    }
    const key = toHex(certificate.envelope);
    const all = [...(this.#byEnvelope.get(key) ?? []), held].toSorted(latestFirst);
    this.#byEnvelope.set(key, all);
    this.#openings.add(held);
    const scope = scopeKey(certificate.scope);
    const ofScope = all.filter((other) => scopeKey(other.certificate.scope) === scope);
    for (const surplus of ofScope.slice(MAX_OF_A_SCOPE)) this.#drop(surplus);
  }

  /** Forgets a certificate, and what rested on it alone. */
  #drop(held: HeldCertificate): void {
    const { certificate, hash } = held;
    this.#openings.remove(held);
    const key = toHex(certificate.envelope);
    const left = (this.#byEnvelope.get(key) ?? []).filter((other) => other.certificate !== certificate);
    if (left.length > 0) this.#byEnvelope.set(key, left);
    else this.#byEnvelope.delete(key);
    this.#known.delete(toHex(hash));
    this.#words.delete(toHex(hash));
    this.#unused.push(hash);
    for (const item of certificate.evidence) {
      const others = (this.#evidence.get(toHex(item)) ?? 1) - 1;
      if (others > 0) this.#evidence.set(toHex(item), others);
      else if (this.#evidence.delete(toHex(item))) this.#unused.push(item);
    }
  }

  async #sweep(): Promise<void> {
    const { clock, store } = this.#options;
    const now = clock.now();
    const held = [...this.#byEnvelope.values()].flat();
    const all = held.length > MAX_CERTIFICATES ? held.toSorted(latestFirst) : held;
    const ended = all.filter(({ certificate }, at) => at >= MAX_CERTIFICATES || endOf(certificate) <= now);
    for (const held of ended) this.#drop(held);
    for (const { certificate } of ended) for (const listener of this.#listeners) listener(certificate.envelope);
    // What came back meanwhile is needed again.
    const unused = this.#unused.splice(0).filter((hash) => !this.knows(hash) && !this.isEvidence(hash));
    if (unused.length > 0) await store.commit({ removeObjects: unused });
  }

  #sweepLater(): void {
    const { clock, log } = this.#options;
    this.#cancelSweep = clock.after(SWEEP, () => {
      this.#sweep()
        .catch((error: unknown) => log("reach", error))
        .finally(() => {
          if (!this.#stopped) this.#sweepLater();
        });
    });
  }
}

function latestFirst(a: HeldCertificate, b: HeldCertificate): number {
  return b.certificate.created - a.certificate.created;
}
