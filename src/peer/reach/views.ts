import { endOf, placeOf } from "../../social/index.ts";
import type { Store } from "../../store/port.ts";
import {
  decodeEnvelope,
  encodeNodeId,
  equalBytes,
  scopeKey,
  toHex,
  type Hash,
  type NodeKey,
  type PromotionCertificate,
} from "../../wire/index.ts";
import type { Blocks } from "../blocks/index.ts";
import type { Guards } from "../defence/guards.ts";
import type { HeldFeeds } from "../feeds/index.ts";
import type { ProfileBook } from "../profiles.ts";
import type { Trust } from "../trust/index.ts";
import type { HeardView, ReachStepView, ReachView, VoucherView } from "./api.ts";
import type { Boosting } from "./boosting.ts";
import { boostsOf, type BoostTarget } from "./endorsements.ts";
import type { HeldCertificate } from "./book.ts";
import type { Reaching } from "./reaching.ts";

export interface ReachViewsOptions {
  readonly store: Store;
  readonly reaching: Reaching;
  readonly boosting: Boosting;
  readonly trust: Pick<Trust, "has">;
  readonly profiles: ProfileBook;
  readonly guards: () => Pick<Guards, "alike">;
  readonly self: NodeKey;
  readonly held: Pick<HeldFeeds, "curators">;
  readonly blocks: Pick<Blocks, "has">;
}

const WIDEST_FIRST = ["global", "country", "region", "city", "neighbourhood", "topic"] as const;
/** Of a whole city; a place with more of them is a part of one, which certificates do not tell apart (docs/protocol.md, section 18). */
const CITY_SEGMENTS = 4;
/** Boosts of one envelope that are counted: beyond that a number says nothing more. */
const MAX_COUNTED = 999;
/** People that are named; of 250 readers nobody reads every name. */
const MAX_NAMED = 16;

export const UNHEARD: HeardView = {
  widest: null,
  topics: false,
  boosts: 0,
  trustedBoosts: 0,
  curators: 0,
  boosted: false,
};

/** How far envelopes are heard, as a person sees it. */
export class ReachViews {
  readonly #options: ReachViewsOptions;

  constructor(options: ReachViewsOptions) {
    this.#options = options;
  }

  /** In short; answered from memory, since every card of a feed asks. */
  heard({ hash, postHash }: { readonly hash: Hash; readonly postHash: Hash | null }): HeardView {
    const { reaching, store } = this.#options;
    const levels = new Set(reaching.book.certificates(hash).map(({ certificate }) => levelShown(certificate)));
    const named = postHash === null ? [hash] : [hash, postHash];
    const isBoosted = named.some(
      (target) => store.envelopes.count({ kind: "relation", relation: "boost", target }) > 0,
    );
    const curators =
      postHash === null ? 0 : this.#options.held.curators(postHash, (key) => !this.#options.blocks.has(key));
    if (levels.size === 0 && !isBoosted && curators === 0) return UNHEARD;
    const widest = WIDEST_FIRST.find((level) => level !== "topic" && levels.has(level)) ?? null;
    return {
      widest: widest === "topic" ? null : widest,
      topics: levels.has("topic"),
      curators,
      ...this.#boosts({ hash, postHash }),
    };
  }

  /** Everything that is known of it; `null` for an envelope that is not held. */
  async view(hash: Hash): Promise<ReachView | null> {
    const { profiles, reaching, self, store } = this.#options;
    const [bytes] = await store.envelopes.bytes([hash]);
    if (bytes === undefined) return null;
    const envelope = decodeEnvelope(bytes);
    const place = placeOf(envelope) ?? reaching.heardAt.places(hash)[0];
    const held = reaching.book.certificates(hash);
    const named = await Promise.all(held.map((one) => reaching.book.who(one)));
    const trusted = this.#boosters({ hash, postHash: envelope.postHash }).trusted.slice(0, MAX_NAMED);
    await profiles.load([
      ...trusted,
      ...named.flatMap((who) => who.slice(0, MAX_NAMED)),
      ...held.map((one) => one.certificate.issuer),
    ]);
    const steps = held
      .map((one, at) => this.#step(one, named[at] ?? []))
      .toSorted((a, b) => WIDEST_FIRST.indexOf(a.level) - WIDEST_FIRST.indexOf(b.level) || b.until - a.until);
    return {
      ...this.heard({ hash, postHash: envelope.postHash }),
      kind: envelope.scopes.length === 0 ? "trusted" : placeOf(envelope) === undefined ? "home" : "place",
      start: place === undefined ? null : scopeKey(place),
      trustedBoosters: trusted.map((key) => this.#voucher(key)),
      readers: readersOf(held, named),
      steps,
      mayBoost: !equalBytes(envelope.author, self),
    };
  }

  #boosts(target: BoostTarget): Pick<HeardView, "boosts" | "trustedBoosts" | "boosted"> {
    const { all, trusted } = this.#boosters(target);
    const own = this.#options.boosting.own({ hash: target.hash, postHash: target.postHash });
    return { boosts: all.length, trustedBoosts: trusted.length, boosted: own !== null };
  }

  /** Who boosted it, each once: who did so last first. */
  #boosters({ hash, postHash }: BoostTarget): { readonly all: readonly NodeKey[]; readonly trusted: NodeKey[] } {
    const { store, trust } = this.#options;
    const rows = store.envelopes.query({ filter: boostsOf({ hash, postHash }), limit: MAX_COUNTED });
    const all = [...new Map(rows.map(({ author }) => [toHex(author), author])).values()];
    return { all, trusted: all.filter((author) => trust.has(author)) };
  }

  #step({ certificate }: HeldCertificate, who: readonly NodeKey[]): ReachStepView {
    const { created, evidenceKind, issuer, scope } = certificate;
    return {
      level: levelShown(certificate),
      scope: scopeKey(scope),
      evidence: evidenceKind,
      who: who.slice(0, MAX_NAMED).map((key) => this.#voucher(key)),
      count: who.length,
      issuer: this.#voucher(issuer),
      since: created,
      until: endOf(certificate),
    };
  }

  #voucher(key: NodeKey): VoucherView {
    const { guards, profiles, self, trust } = this.#options;
    const name = profiles.nameOf(key);
    return {
      id: encodeNodeId(key),
      name,
      alike: guards().alike(key, name),
      own: equalBytes(key, self),
      trusted: trust.has(key),
    };
  }
}

function levelShown({ level, scope }: Pick<PromotionCertificate, "level" | "scope">): (typeof WIDEST_FIRST)[number] {
  return level === "city" && scope.segments.length > CITY_SEGMENTS ? "neighbourhood" : level;
}

/** Everybody whose receipt is the evidence of a certificate that stands, each once. */
function readersOf(held: readonly HeldCertificate[], named: readonly (readonly NodeKey[])[]): number {
  const receipts = held.flatMap(({ certificate }, at) =>
    certificate.evidenceKind === "receipts" ? (named[at] ?? []) : [],
  );
  return new Set(receipts.map(toHex)).size;
}
