import { WorkMeter } from "../mesh/budgets/work-meter.ts";
import type { Clock, Delivered, Delivery, FoundProfile, Started } from "../mesh/protocols/index.ts";
import type { Arrival } from "../mesh/protocols/index.ts";
import type { Verdict } from "../mesh/port.ts";
import {
  AskedTargets,
  decideHead,
  Intake,
  placeOf,
  placeOfChannel,
  type AcceptedEnvelope,
  type AcceptedProfile,
  type AcceptedPromotion,
  type Doubted,
  type IntakeOptions,
  type IntakeOutcome,
  type IntakeSource,
  type Vouching,
} from "../social/index.ts";
import type { Store } from "../store/port.ts";
import type { Serial } from "../store/serial.ts";
import {
  decodeEnvelope,
  hashOf,
  isPromoted,
  ObjectType,
  type Hash,
  type NodeKey,
  type PostEnvelope,
  type Scope,
} from "../wire/index.ts";
import { ClockWitness } from "./clock-witness.ts";
import type { Following } from "./following.ts";
import { EnvelopeWriter } from "./ingest.ts";

/** What is known of how far envelopes are heard. */
export interface ReachNotes {
  /** Whether this certificate is held. */
  readonly knows: (certificate: Hash) => boolean;
  /** A certificate stands; counts at once. `isNew`: its envelope comes with it. */
  readonly promoted: (promotion: AcceptedPromotion, isNew: boolean) => Promise<void>;
  /** An envelope with topics alone started at this place. */
  readonly heardAt: (envelope: Hash, place: Scope, created: number) => void;
  /** Whether that is noted already. */
  readonly startsAt: (envelope: Hash, place: Scope) => boolean;
  /** Whose word that others should hear something counts for nothing here. */
  readonly doubted: Doubted;
  /** Somebody has vouched for an author; also where nobody believes them here. */
  readonly vouched: (vouching: Vouching) => void;
  /** Evidence that a message names, from whoever brought it; `null` where it is not to be had. */
  readonly evidence: (hashes: readonly Hash[], from: NodeKey) => Promise<readonly Uint8Array[] | null>;
}

export interface ReceiverOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly following: Pick<Following, "has">;
  /** Whether this person wants to hear nothing of the author. */
  readonly blocked?: (author: NodeKey) => boolean;
  /** Whether this person trusts the peer; default: nobody. */
  readonly trusts?: (peer: NodeKey) => boolean;
  /** Default: nothing is noted, and evidence is what messages carry. */
  readonly reach?: ReachNotes;
  /** Stored for good; what these came by is told so that they are not sent back there. */
  readonly onStored: (arrivals: readonly Arrival[]) => void;
  /** A peer sent what nobody who follows the rules sends. */
  readonly onMisdeed: (peer: NodeKey, code: string) => void;
  /** Checking something of this peer took so many milliseconds and came to nothing. */
  readonly onWaste: (peer: NodeKey, milliseconds: number) => void;
  readonly log: (context: string, error: unknown) => void;
  /** Profiles are decided one after the other: each decision reads the head that the one before wrote. */
  readonly heads: Serial;
  readonly verify: IntakeOptions["verify"];
  /** Milliseconds since any moment, where time is not that of this machine. */
  readonly stopwatch?: () => number;
}

/** Judges whatever comes from outside and stores what is valid. */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #intake: Intake;
  readonly #writer: EnvelopeWriter;
  readonly #work: WorkMeter;
  readonly #witness = new ClockWitness();

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#writer = new EnvelopeWriter(options.store, options.onStored);
    this.#work = new WorkMeter(options.stopwatch);
    const { blocked, following, reach, verify } = options;
    this.#intake = new Intake({
      known: (hash) => this.#writer.knows(hash),
      followed: (author) => following.has(author),
      ...(blocked === undefined ? {} : { blocked }),
      ...(reach === undefined
        ? {}
        : {
            knownCertificate: reach.knows,
            doubted: reach.doubted,
            vouched: reach.vouched,
            evidence: reach.evidence,
          }),
      ...(verify === undefined ? {} : { verify }),
    });
  }

  knows(hash: Hash): boolean {
    return this.#writer.knows(hash);
  }

  /** What was refused since start, by code. */
  refused(): Readonly<Record<string, number>> {
    return this.#intake.counts.total();
  }

  /** A message of a channel: the verdict decides whether others get it from here; `author` if it was a new envelope. */
  async heard(message: {
    channel: string;
    bytes: Uint8Array;
    from: NodeKey;
  }): Promise<{ verdict: Verdict; author: NodeKey | null }> {
    const { bytes, channel, from } = message;
    const outcome = await this.#check(bytes, { kind: "channel", channel, from });
    if (outcome.kind === "none") {
      if (outcome.code === "DUPLICATE" && outcome.verdict === "accept") this.#noteAgain(message);
      return { verdict: outcome.verdict, author: null };
    }
    if (outcome.kind === "profile") {
      const news = await this.#profile(outcome);
      return { verdict: news ? "accept" : "ignore", author: null };
    }
    if (outcome.kind === "certificate") {
      this.#promoted(outcome.promotion, false);
      return { verdict: "accept", author: null };
    }
    this.#witness.heard(from, outcome.envelope.created, this.#options.clock.now());
    // Passing it on does not wait for the disk, since the verdict is about its validity; only if too much waits there.
    await this.#writer.room(outcome.bytes.length);
    this.#noteStart(outcome, placeOfChannel(channel));
    this.#write([{ hash: outcome.hash, bytes: outcome.bytes, envelope: outcome.envelope, from, channel }]);
    return { verdict: "accept", author: outcome.envelope.author };
  }

  /** Envelopes that a neighbour was asked for. Resolves once the valid ones are durable, with their authors. */
  async pulled(items: readonly Delivered[], delivery: Pick<Delivery, "from" | "targets">): Promise<NodeKey[]> {
    const { fresh } = await this.covered(items, delivery);
    return fresh.map(({ author }) => author);
  }

  /** The same, with those that were news, and whether everything was as it should be. */
  async covered(
    items: readonly Delivered[],
    delivery: Pick<Delivery, "from" | "targets">,
  ): Promise<{ readonly fresh: readonly PostEnvelope[]; readonly sound: boolean }> {
    const { following, trusts } = this.#options;
    const { from } = delivery;
    const asked = new AskedTargets(delivery.targets());
    const trusted = trusts?.(from) === true;
    const followed = (author: NodeKey): boolean => following.has(author);
    const outcomes = await Promise.all(
      items.map(({ bytes }) => this.#check(bytes, { kind: "pull", from, asked, followed, trusted })),
    );
    const arrivals: Arrival[] = [];
    for (const outcome of outcomes) {
      if (outcome.kind === "certificate") this.#promoted(outcome.promotion, false);
      if (outcome.kind !== "envelope") continue;
      const { bytes, envelope, hash, promotion } = outcome;
      // What comes with evidence did not come for where it started.
      const start = promotion === null ? asked.startOf(envelope) : null;
      this.#noteStart(outcome, start);
      arrivals.push({ hash, bytes, envelope, from, channel: null, ...(start === null ? {} : { start }) });
    }
    await this.#writer.write(arrivals);
    // Who was asked knows as well as anybody what may be given without evidence.
    const sound = outcomes.every(({ code, verdict }) => verdict !== "reject" && code !== "NOT_PROMOTED");
    return { fresh: arrivals.map(({ envelope }) => envelope), sound };
  }

  /**
   * Envelopes that somebody was asked for by a hash. Resolves once the valid ones are durable: with those that were news,
   * and whether everything was as it should be.
   */
  async named(
    items: readonly Delivered[],
    { asked, from }: { readonly from: NodeKey; readonly asked: (envelope: PostEnvelope) => boolean },
  ): Promise<{ readonly fresh: readonly PostEnvelope[]; readonly sound: boolean }> {
    const outcomes = await Promise.all(items.map(({ bytes }) => this.#check(bytes, { kind: "named", from, asked })));
    const arrivals = outcomes.flatMap((outcome): Arrival[] =>
      outcome.kind === "envelope"
        ? [{ hash: outcome.hash, bytes: outcome.bytes, envelope: outcome.envelope, from, channel: null }]
        : [],
    );
    await this.#writer.write(arrivals);
    const sound = outcomes.every(({ verdict }) => verdict !== "reject");
    return { fresh: arrivals.map(({ envelope }) => envelope), sound };
  }

  /** Versions of a profile that a neighbour was asked for. */
  async found({ from, owner, versions }: FoundProfile): Promise<void> {
    for (const bytes of versions) {
      const outcome = await this.#check(bytes, { kind: "head", from, owner });
      if (outcome.kind === "profile") await this.#profile(outcome);
    }
  }

  /**
   * A neighbour says that these started at a place. Resolves when that is noted of those that are held.
   * @param from who said so of each of them; `null` for one who told of them for other reasons, too
   */
  async started({ hashes, place }: Started, from: NodeKey | null): Promise<void> {
    const { onWaste, reach, store } = this.#options;
    if (reach === undefined) return;
    await this.#writer.settled(hashes);
    const news = hashes.filter((hash) => store.envelopes.has(hash) && !reach.startsAt(hash, place));
    if (news.length === 0) return;
    const worked = this.#work.begin();
    let noted = 0;
    for (const [at, bytes] of (await store.envelopes.bytes(news)).entries()) {
      if (bytes !== undefined && this.#heardAt(decodeEnvelope(bytes), news[at] as Hash, place)) noted++;
    }
    const milliseconds = worked();
    if (noted === 0 && from !== null) onWaste(from, milliseconds);
  }

  /** What makes an envelope be had by others has to be known before they are told of it. */
  #noteStart({ envelope, hash, promotion }: AcceptedEnvelope, place: Scope | null): void {
    if (promotion !== null) this.#promoted(promotion, true);
    this.#heardAt(envelope, hash, place);
  }

  /** An envelope that is held came by a channel once more: it may have come by evidence before, and this is its start. */
  #noteAgain({ bytes, channel }: { readonly bytes: Uint8Array; readonly channel: string }): void {
    const place = placeOfChannel(channel);
    if (place?.kind === "geo" && !isPromoted(bytes)) this.#heardAt(decodeEnvelope(bytes), hashOf(bytes), place);
  }

  /**
   * No certificate opens a place to topics alone: on the channel of one they start, whatever evidence comes with them.
   * @returns whether it is such an envelope
   */
  #heardAt(envelope: PostEnvelope, hash: Hash, place: Scope | null): boolean {
    if (place?.kind !== "geo" || envelope.scopes.length === 0 || placeOf(envelope) !== undefined) return false;
    this.#options.reach?.heardAt(hash, place, envelope.created);
    return true;
  }

  #promoted(promotion: AcceptedPromotion, isNew: boolean): void {
    const { log, reach } = this.#options;
    reach?.promoted(promotion, isNew).catch((error: unknown) => log("reach", error));
  }

  async #check(bytes: Uint8Array, source: IntakeSource): Promise<IntakeOutcome> {
    const { clock, onMisdeed, onWaste } = this.#options;
    const now = clock.now();
    const worked = this.#work.begin();
    const outcome = await this.#intake.check(bytes, source, now);
    const milliseconds = worked();
    if (outcome.verdict !== "accept") onWaste(source.from, milliseconds);
    const misdeed = this.#misdeedOf(outcome, source, now);
    if (misdeed !== null) onMisdeed(source.from, misdeed);
    return outcome;
  }

  /** What is rejected is a misdeed. What is ignored on a channel is a small one: nobody else passes it on either. */
  #misdeedOf({ code, verdict }: IntakeOutcome, source: IntakeSource, now: number): string | null {
    if (verdict === "reject") return code;
    // Who was asked knows as well as anybody what may be given without evidence.
    if (code === "NOT_PROMOTED") return code;
    if (verdict === "accept" || source.kind !== "channel") return null;
    switch (code) {
      case "DUPLICATE":
        // Only old ones are ignored: somebody repeats what the channel has carried.
        return "STALE";
      case "FROM_THE_FUTURE":
        return this.#witness.vouches(source.from, now) ? code : null;
      case "OVERLOADED":
      case "AUTHOR_BLOCKED":
      case "VOUCHER_DOUBTED":
        return null;
      default:
        return code;
    }
  }

  #write(arrivals: readonly Arrival[]): void {
    this.#writer.write(arrivals).catch((error: unknown) => this.#options.log("ingest", error));
  }

  /** Resolves with whether this version was news. */
  #profile(accepted: AcceptedProfile): Promise<boolean> {
    return this.#options.heads.run(() => this.#decide(accepted));
  }

  async #decide({ bytes, hash, profile }: AcceptedProfile): Promise<boolean> {
    const { clock, store } = this.#options;
    const owner = profile.nodeId;
    const current = await store.head(ObjectType.UserProfile, owner, "");
    const version = { type: ObjectType.UserProfile, owner, name: "", sequence: profile.sequence, hash, bytes };
    const { head } = decideHead(current, version, clock.now());
    if (head === null) return false;
    await store.commit({ heads: [head] });
    return true;
  }
}
