/**
 * The invites of one peer: those it made and waits for answers to, and those it answered and waits to be used. An
 * invite is good once. Nothing of it outlives the page, since its connection cannot.
 */
import { equalBytes, toHex, type Hash, type NodeKey } from "../../wire/index.ts";
import type { MeshLog } from "../options.ts";
import type { InviteView } from "../port.ts";
import { BoundedMap } from "../../social/index.ts";
import { abortable, reasonOf, withDeadline, type Clock } from "../protocols/clock.ts";
import {
  codeHash,
  decodeHalf,
  expiryAfter,
  signHalf,
  verifyHalf,
  type Answer,
  type Offer,
  type Sign,
} from "./codes.ts";
import type { AnswerEnd, Endpoints, OfferEnd } from "./endpoint.ts";
import { InviteError } from "./errors.ts";
import { codeFromText, codeToText } from "./text.ts";

export interface InvitesOptions {
  readonly self: NodeKey;
  readonly clock: Clock;
  readonly endpoints: Endpoints;
  readonly log: MeshLog;
  sign: Sign;
  /** Default: `verifyHalf`. A process of many peers on a clock of its own brings another. */
  readonly verify?: typeof verifyHalf;
}

/** Time to read a code to somebody, or to find the other telephone; an open one holds a connection of the browser. */
const LIFETIME = 600_000;
/** Of offers, and of answers. Each holds one of the 500 connections that a tab may have. */
const MAX_OPEN = 4;
/** ICE gives a path up after 15 to 30 s (Chromium 156); on one network a link stands within one. */
const CONNECT_TIMEOUT = 30_000;
/** Codes whose end is remembered, to say why they are refused. */
const REMEMBERED = 256;

interface Open<End> {
  readonly code: string;
  readonly end: End;
  readonly expiresAt: number;
  readonly cancelExpiry: () => void;
}

interface OpenAnswer extends Open<AnswerEnd> {
  readonly peer: NodeKey;
  readonly waiting: AbortController;
}

interface Answered {
  readonly code: string;
  readonly peer: NodeKey;
  readonly expiresAt: number;
}

type Half = (Offer & { readonly to: null }) | Answer;

type End = "INVITE_USED" | "INVITE_EXPIRED";

export class Invites {
  readonly #options: InvitesOptions;
  /** By the hash of the offer, in hex; the oldest first. */
  readonly #offers = new Map<string, Open<OfferEnd>>();
  readonly #answers = new Map<string, OpenAnswer>();
  readonly #answering = new Map<string, Promise<Answered>>();
  readonly #ended = new BoundedMap<string, End>(REMEMBERED);
  readonly #stopped = new AbortController();

  constructor(options: InvitesOptions) {
    this.#options = options;
  }

  /** Makes an offer for whoever gets it. Of more than four open ones the oldest ends. */
  async create(signal?: AbortSignal): Promise<{ code: string; expiresAt: number }> {
    const { clock, endpoints, self, sign } = this.#options;
    const end = await this.#making((stop) => endpoints.offer(stop), signal);
    const expiresAt = expiryAfter(clock.now(), LIFETIME);
    const bytes = await this.#orClose(end, () =>
      signHalf({ kind: "offer", from: self, to: null, expiresAt, session: end.session }, sign),
    );
    const name = toHex(codeHash(bytes));
    const code = codeToText(bytes);
    const cancelExpiry = clock.after(expiresAt - clock.now(), () => this.#endOffer(name, "INVITE_EXPIRED"));
    this.#offers.set(name, { code, end, expiresAt, cancelExpiry });
    for (const oldest of this.#offers.keys()) {
      if (this.#offers.size <= MAX_OPEN) break;
      this.#endOffer(oldest, "INVITE_EXPIRED");
    }
    return { code, expiresAt };
  }

  /**
   * Answers an offer, and from then on waits for its author to use the answer. Asked again meanwhile, it gives the same
   * answer.
   */
  async answer(text: string, signal?: AbortSignal): Promise<Answered> {
    const { half, hash, name } = await this.#open(text);
    if (half.kind !== "offer") throw new InviteError("INVITE_WRONG_KIND", "An answer, where an offer belongs.");
    let answering = this.#answering.get(name);
    if (answering === undefined) {
      const given = this.#answers.get(name);
      if (given !== undefined) return { code: given.code, peer: given.peer, expiresAt: given.expiresAt };
      // Not bound to this caller's signal: another may be waiting for the same.
      answering = this.#answer(half, hash).finally(() => this.#answering.delete(name));
      this.#answering.set(name, answering);
    }
    return await abortable(answering, signal);
  }

  /** Uses the answer to an own offer; resolves when the direct link stands. The offer is spent, whatever becomes of it. */
  async accept(text: string, signal?: AbortSignal): Promise<{ peer: NodeKey }> {
    const { clock } = this.#options;
    const { half, name } = await this.#open(text);
    if (half.kind !== "answer") throw new InviteError("INVITE_WRONG_KIND", "An offer, where an answer belongs.");
    signal?.throwIfAborted();
    const open = this.#offers.get(name);
    if (open === undefined) throw this.#refusal(name);
    const { end } = open;
    this.#forget(this.#offers, name, "INVITE_USED");
    try {
      const connected = withDeadline(clock, CONNECT_TIMEOUT, this.#stopped.signal, (limit) =>
        end.connect(half.from, half.session, limit),
      );
      await abortable(connected, signal);
      return { peer: half.from };
    } catch (error) {
      end.close();
      signal?.throwIfAborted();
      throw failed(error);
    }
  }

  /** Who made a code, and what it is. Checks all that using it would check, without using it. */
  async read(text: string): Promise<InviteView> {
    const { half } = await this.#open(text);
    return { kind: half.kind, peer: half.from, expiresAt: half.expiresAt };
  }

  /** Ends all of them. */
  stop(): void {
    this.#stopped.abort(new InviteError("INVITE_FAILED", "The mesh has stopped."));
    for (const name of this.#offers.keys()) this.#endOffer(name, "INVITE_EXPIRED");
    for (const name of this.#answers.keys()) this.#endAnswer(name, "INVITE_EXPIRED");
  }

  /** What everything that comes as a code has to pass; `name` and `hash` are those of the offer that it is about. */
  async #open(text: string): Promise<{ half: Half; hash: Hash; name: string }> {
    const { clock, self } = this.#options;
    const bytes = codeFromText(text);
    const decoded = decodeHalf(bytes);
    if (equalBytes(decoded.from, self)) throw new InviteError("INVITE_OWN", "An own code.");
    const half = inviteOf(decoded, self);
    if (half === null) throw new InviteError("INVITE_NOT_FOR_YOU", "Addressed to somebody else.");
    if (half.expiresAt <= clock.now()) throw new InviteError("INVITE_EXPIRED", "Its time is over.");
    if (!(await (this.#options.verify ?? verifyHalf)(half, bytes))) {
      throw new InviteError("INVITE_SIGNATURE_INVALID", "The peer that it names did not sign it.");
    }
    const hash = half.kind === "offer" ? codeHash(bytes) : half.offer;
    const name = toHex(hash);
    const isOpen = half.kind === "offer" ? this.#ended.get(name) === undefined : this.#offers.has(name);
    if (!isOpen) throw this.#refusal(name);
    return { half, hash, name };
  }

  #refusal(name: string): InviteError {
    return new InviteError(this.#ended.get(name) ?? "INVITE_UNKNOWN", "An invite that is not open here.");
  }

  async #answer(half: Offer, offer: Hash): Promise<Answered> {
    const { clock, endpoints, self, sign } = this.#options;
    const name = toHex(offer);
    const peer = half.from;
    const end = await this.#making((stop) => endpoints.answer(half.session, stop), undefined);
    const expiresAt = Math.min(half.expiresAt, expiryAfter(clock.now(), LIFETIME));
    const signed = await this.#orClose(end, () =>
      signHalf({ kind: "answer", from: self, to: peer, offer, expiresAt, session: end.session }, sign),
    );
    const code = codeToText(signed);
    const waiting = new AbortController();
    const cancelExpiry = clock.after(expiresAt - clock.now(), () => this.#endAnswer(name, "INVITE_EXPIRED"));
    this.#answers.set(name, { code, end, expiresAt, cancelExpiry, peer, waiting });
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MAX_OPEN) break;
      this.#endAnswer(oldest, "INVITE_EXPIRED");
    }
    void this.#await(name, end, peer, waiting.signal);
    return { code, peer, expiresAt };
  }

  async #making<Made extends OfferEnd | AnswerEnd>(
    make: (stop: AbortSignal) => Promise<Made>,
    signal: AbortSignal | undefined,
  ): Promise<Made> {
    signal?.throwIfAborted();
    const stopped = this.#stopped.signal;
    const stop = signal === undefined ? stopped : AbortSignal.any([signal, stopped]);
    const end = await make(stop);
    if (stop.aborted) {
      end.close();
      throw reasonOf(stop);
    }
    return end;
  }

  async #orClose<Value>(end: OfferEnd | AnswerEnd, task: () => Promise<Value>): Promise<Value> {
    try {
      const value = await task();
      this.#stopped.signal.throwIfAborted();
      return value;
    } catch (error) {
      end.close();
      throw error;
    }
  }

  async #await(name: string, end: AnswerEnd, peer: NodeKey, signal: AbortSignal): Promise<void> {
    try {
      await end.connect(peer, signal);
    } catch (error) {
      this.#options.log("debug", "invite_ended", { error });
    }
    this.#endAnswer(name, "INVITE_USED");
  }

  #endOffer(name: string, why: End): void {
    const open = this.#offers.get(name);
    if (open === undefined) return;
    this.#forget(this.#offers, name, why);
    open.end.close();
  }

  #endAnswer(name: string, why: End): void {
    const open = this.#answers.get(name);
    if (open === undefined) return;
    this.#forget(this.#answers, name, why);
    open.waiting.abort(new InviteError(why, "The invite has ended."));
    open.end.close();
  }

  #forget(from: Map<string, Open<unknown>>, name: string, why: End): void {
    from.get(name)?.cancelExpiry();
    from.delete(name);
    this.#ended.set(name, why);
  }
}

/** The code as part of an invite that concerns this peer; null when it is none. */
function inviteOf(half: Offer | Answer, self: NodeKey): Half | null {
  if (half.kind === "offer") return half.to === null ? { ...half, to: null } : null;
  return equalBytes(half.to, self) ? half : null;
}

function failed(error: unknown): InviteError {
  if (error instanceof InviteError) return error;
  return new InviteError("INVITE_FAILED", "The two browsers found no way to each other.", { cause: error });
}
