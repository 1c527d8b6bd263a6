/** The side that is wanted: answers offers that a neighbour brings, and waits for the link. */
import { equalBytes, toHex, type NodeKey } from "../../../wire/index.ts";
import {
  codeHash,
  signHalf,
  type AnswerEnd,
  type Endpoints,
  type Offer,
  type Sign,
  type verifyHalf,
} from "../../invite/index.ts";
import type { MeshLog } from "../../options.ts";
import { withDeadline, type Clock } from "../clock.ts";
import { ProtocolError } from "../errors.ts";
import { PeerBudgets } from "../token-bucket.ts";
import { CLOCK_TOLERANCE, CONNECT_TIMEOUT, DESCRIBE_TIMEOUT, OFFER_LIFETIME, type SignalLimits } from "./constants.ts";
import { readHalf, SignalRefused, type SignalConversation } from "./conversation.ts";

export interface TargetOptions {
  readonly self: NodeKey;
  readonly clock: Clock;
  readonly endpoints: Endpoints;
  readonly limits: SignalLimits;
  readonly log: MeshLog;
  readonly sign: Sign;
  readonly verify: typeof verifyHalf;
  /** Whether a link to this peer is welcome. Asked once for each call: it may count. */
  readonly admits: (peer: NodeKey) => boolean;
  /** Whether this side is dialling that peer, and goes first. */
  readonly goesFirst: (peer: NodeKey) => boolean;
  /** A peer has begun to open a link to us. */
  readonly onSignalled: (peer: NodeKey) => void;
}

export class Target {
  readonly #options: TargetOptions;
  readonly #offers: PeerBudgets<"offers">;
  /** By caller: ends its attempt. */
  readonly #answering = new Map<string, AbortController>();

  constructor(options: TargetOptions) {
    this.#options = options;
    this.#offers = new PeerBudgets({ offers: options.limits.offers });
  }

  /** Whether this peer is opening a link to us now. */
  isAnswering(peer: NodeKey): boolean {
    return this.#answering.has(toHex(peer));
  }

  stop(): void {
    for (const attempt of this.#answering.values()) attempt.abort(new SignalRefused("FAILED"));
  }

  /**
   * Answers one call; the link comes after.
   * @throws SignalRefused what the caller is to be told, ProtocolError when the neighbour broke the protocol
   */
  async answer(neighbour: SignalConversation, from: NodeKey): Promise<void> {
    this.#check(neighbour.stream.peer, from);
    const name = toHex(from);
    const attempt = new AbortController();
    this.#answering.set(name, attempt);
    let end: AnswerEnd | null = null;
    try {
      this.#options.onSignalled(from);
      await neighbour.say({ kind: "ready" });
      const { code } = await neighbour.hear("offer", DESCRIBE_TIMEOUT, attempt.signal);
      const offer = await this.#verified(code, from);
      end = await this.#options.endpoints.answer(offer.session, attempt.signal);
      await neighbour.say({ kind: "answer", code: await this.#signed(offer, code, end) });
    } catch (error) {
      this.#forget(name, attempt);
      end?.close();
      throw error;
    }
    void this.#await(from, end, attempt);
  }

  #check(via: NodeKey, from: NodeKey): void {
    const { self, clock, limits, admits, goesFirst } = this.#options;
    if (equalBytes(from, self) || equalBytes(from, via)) throw new ProtocolError("VIOLATION", "A call of nobody else.");
    const now = clock.now();
    const { offers } = this.#offers.of(via, now);
    if (!offers.has(1, now) || this.#answering.size >= limits.answering) throw new SignalRefused("BUSY");
    if (goesFirst(from)) throw new SignalRefused("DIALLING");
    offers.spend(1, now);
    if (this.#answering.has(toHex(from)) || !admits(from)) throw new SignalRefused("REFUSED");
  }

  /** The offer, if it is the caller's own and meant for this peer, now. */
  async #verified(code: Uint8Array, from: NodeKey): Promise<Offer> {
    const { self, clock, verify } = this.#options;
    const half = readHalf(code);
    if (half.kind !== "offer" || !equalBytes(half.from, from) || half.to === null || !equalBytes(half.to, self)) {
      // The neighbour had to see this.
      throw new ProtocolError("VIOLATION", "Not the caller's own offer to this peer.");
    }
    const age = clock.now() - half.expiresAt;
    if (age > CLOCK_TOLERANCE || age < -CLOCK_TOLERANCE - OFFER_LIFETIME) throw new SignalRefused("REFUSED");
    if (!(await verify(half, code))) throw new SignalRefused("FAILED");
    return half;
  }

  async #signed(offer: Offer, code: Uint8Array, end: AnswerEnd): Promise<Uint8Array> {
    const { self, sign } = this.#options;
    const { from: to, expiresAt } = offer;
    const { session } = end;
    return await signHalf({ kind: "answer", from: self, to, offer: codeHash(code), expiresAt, session }, sign);
  }

  async #await(from: NodeKey, end: AnswerEnd, attempt: AbortController): Promise<void> {
    const { clock, log } = this.#options;
    try {
      await withDeadline(clock, CONNECT_TIMEOUT, attempt.signal, (limit) => end.connect(from, limit));
    } catch (error) {
      end.close();
      log("debug", "dial_failed", { error, peer: toHex(from) });
    } finally {
      this.#forget(toHex(from), attempt);
    }
  }

  #forget(name: string, attempt: AbortController): void {
    if (this.#answering.get(name) === attempt) this.#answering.delete(name);
  }
}
