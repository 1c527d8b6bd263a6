/**
 * Whoever vouched for somebody whom this person has turned away is believed less: keys cost nothing, so a coalition opens wide
 * channels with three of them, an author, a booster and an issuer. Each piece of garbage costs it all three, with everybody
 * who turns its author away. Those who vouch for such people are found by `vouches.ts`.
 */
import { equalBytes, toHex, type NodeKey, type PromotionCertificate, type WireObject } from "../../wire/index.ts";
import { RECEIPTS_NEEDED } from "./levels.ts";

/** Keys whose word counts for nothing here. */
export interface Doubted {
  readonly size: number;
  has(key: NodeKey): boolean;
  /** Whether this one has done it more than once, so that what it writes itself is not believed on the word of others either. */
  repeatedly(key: NodeKey): boolean;
}

/** For whoever has turned nobody away. */
export const NOBODY_DOUBTED: Doubted = { size: 0, has: () => false, repeatedly: () => false };

/**
 * Whether a certificate counts here. Of readers' receipts those of doubted ones are left out, and enough others may be left;
 * a boost or a feed by a doubted one is nothing.
 * @param author whose envelope it is; `null` where that is not known
 * @param who those whose boosts, reading or selection are the evidence
 */
export function isBelieved(
  { evidenceKind, issuer, level }: Pick<PromotionCertificate, "evidenceKind" | "issuer" | "level">,
  author: NodeKey | null,
  who: readonly NodeKey[],
  doubted: Doubted,
): boolean {
  if (doubted.size === 0) return true;
  if (doubted.has(issuer) || (author !== null && doubted.repeatedly(author))) return false;
  const left = who.filter((key) => !doubted.has(key));
  return left.length === who.length || (evidenceKind === "receipts" && left.length >= RECEIPTS_NEEDED[level]);
}

/**
 * Who has vouched: the issuer, and whoever boosted this very envelope. A reader has read, which says nothing of what it read. Who
 * named the post, as every feed does, has said nothing of this envelope: anybody can sign one for a post that somebody
 * honest has chosen, and would have them doubted.
 */
export function vouchersOf(
  { envelope, issuer }: Pick<PromotionCertificate, "envelope" | "issuer">,
  evidence: readonly WireObject[],
): NodeKey[] {
  const boosters = evidence.flatMap((item) =>
    item.type === "PostEnvelope" && item.boostOf !== null && equalBytes(item.boostOf, envelope) ? [item.author] : [],
  );
  return [issuer, ...boosters];
}

/** A certificate that stands, seen from whom it is about. */
export interface Vouching {
  readonly author: NodeKey;
  /** The issuer first, then those by whose word it goes. */
  readonly vouchers: readonly NodeKey[];
  /** Whether it opens anything here. */
  readonly isBelieved: boolean;
}

/** Whose word a piece of evidence is; `null` for what is no evidence. */
export function giverOf(object: WireObject): NodeKey | null {
  switch (object.type) {
    case "PostEnvelope":
      return object.author;
    case "RetrievalReceipt":
      return object.reader;
    case "CuratedFeed":
      return object.curator;
    default:
      return null;
  }
}

/** Somebody who vouched for `causes`, whom this person has turned away. */
export interface Doubt {
  readonly key: NodeKey;
  readonly causes: readonly NodeKey[];
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** A thousand times what a person turns away in a week; at some 100 bytes each a list of 400 kB. The oldest go first. */
const MAX_DOUBTED = 4_096;
/** Remembered for one voucher, the latest: each has to be forgiven before it is believed again. */
const MAX_CAUSES = 16;

/** Who is believed less, and because of whom. */
export class Doubts implements Doubted {
  /** By hex of the key, the latest last. */
  readonly #doubts = new Map<string, Doubt>();

  constructor(doubts: readonly Doubt[] = []) {
    for (const doubt of doubts) for (const cause of doubt.causes) this.#add(doubt.key, cause, doubt.since);
  }

  get size(): number {
    return this.#doubts.size;
  }

  has(key: NodeKey): boolean {
    return this.#doubts.has(toHex(key));
  }

  /** Because of two people or more. */
  repeatedly(key: NodeKey): boolean {
    return (this.#doubts.get(toHex(key))?.causes.length ?? 0) > 1;
  }

  /** Everybody who is doubted, or because of whom somebody is; hex of the keys. */
  suspects(): Set<string> {
    return new Set([...this.#doubts].flatMap(([id, { causes }]) => [id, ...causes.map(toHex)]));
  }

  /** Latest first. */
  all(): Doubt[] {
    return [...this.#doubts.values()].toReversed();
  }

  /** This person has turned `cause` away, for whom these have vouched. Whether anything is new. */
  note(cause: NodeKey, vouchers: readonly NodeKey[], now: number): boolean {
    return vouchers.map((key) => this.#add(key, cause, now)).includes(true);
  }

  /** `cause` is turned away no more: whoever vouched for nobody else is believed again. Whether anything is new. */
  forgive(cause: NodeKey): boolean {
    const id = toHex(cause);
    let changed = false;
    for (const [key, doubt] of this.#doubts) {
      const causes = doubt.causes.filter((other) => toHex(other) !== id);
      if (causes.length === doubt.causes.length) continue;
      changed = true;
      if (causes.length === 0) this.#doubts.delete(key);
      else this.#doubts.set(key, { ...doubt, causes });
    }
    return changed;
  }

  /** Believes this one again, whomever it vouched for. Whether it was doubted. */
  believe(key: NodeKey): boolean {
    return this.#doubts.delete(toHex(key));
  }

  #add(key: NodeKey, cause: NodeKey, since: number): boolean {
    const id = toHex(key);
    const known = this.#doubts.get(id);
    if (known?.causes.some((other) => toHex(other) === toHex(cause)) === true) return false;
    this.#doubts.delete(id);
    this.#doubts.set(id, { key, causes: [...(known?.causes ?? []), cause].slice(-MAX_CAUSES), since });
    if (this.#doubts.size > MAX_DOUBTED) {
      const [oldest] = this.#doubts.keys();
      if (oldest !== undefined) this.#doubts.delete(oldest);
    }
    return true;
  }
}
