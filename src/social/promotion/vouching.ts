/**
 * Whoever vouched for somebody whom this person has turned away is believed less: keys cost nothing, so a coalition opens wide
 * channels with three of them, an author, a booster and an issuer. Each piece of garbage costs it all three, with everybody
 * who turns its author away.
 */
import { toHex, type NodeKey, type PromotionCertificate, type WireObject } from "../../wire/index.ts";
import { RECEIPTS_NEEDED } from "./levels.ts";

/** Keys whose word counts for nothing here. */
export interface Doubted {
  readonly size: number;
  has(key: NodeKey): boolean;
}

/** For whoever has turned nobody away. */
export const NOBODY_DOUBTED: Doubted = { size: 0, has: () => false };

/**
 * Whether a certificate counts here. Of readers' receipts those of doubted ones are left out, and enough others may be left;
 * a boost or a feed by a doubted one is nothing.
 * @param who those whose boosts, reading or selection are the evidence
 */
export function isBelieved(
  { evidenceKind, issuer, level }: Pick<PromotionCertificate, "evidenceKind" | "issuer" | "level">,
  who: readonly NodeKey[],
  doubted: Doubted,
): boolean {
  if (doubted.size === 0) return true;
  if (doubted.has(issuer)) return false;
  const left = who.filter((key) => !doubted.has(key));
  return left.length === who.length || (evidenceKind === "receipts" && left.length >= RECEIPTS_NEEDED[level]);
}

/** Who has vouched: the issuer, and whoever boosted or chose. A reader has read, which says nothing of what it read. */
export function vouchersOf(
  { evidenceKind, issuer }: Pick<PromotionCertificate, "evidenceKind" | "issuer">,
  who: readonly NodeKey[],
): NodeKey[] {
  return evidenceKind === "receipts" ? [issuer] : [issuer, ...who];
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
