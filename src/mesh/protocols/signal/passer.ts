/** The side in between: passes a question, an offer and an answer on between two of its neighbours, and nothing else. */
import { equalBytes, toHex, type NodeKey } from "../../../wire/index.ts";
import { codeHash } from "../../invite/index.ts";
import type { Mesh } from "../../port.ts";
import type { Clock } from "../clock.ts";
import { ProtocolError } from "../errors.ts";
import { PeerBudgets, TokenBucket } from "../token-bucket.ts";
import { DESCRIBE_TIMEOUT, READY_TIMEOUT, SIGNAL_PROTOCOL, type SignalLimits } from "./constants.ts";
import { readHalf, SignalConversation, SignalRefused } from "./conversation.ts";

export interface PasserOptions {
  readonly mesh: Pick<Mesh, "self" | "peers" | "openStream" | "report">;
  readonly clock: Clock;
  readonly limits: SignalLimits;
  /** Whether this peer introduces others at all, now. */
  readonly willing: () => boolean;
}

export class Passer {
  readonly #options: PasserOptions;
  readonly #asks: PeerBudgets<"asks">;
  readonly #asksOfAll: TokenBucket;
  /** Introductions under way, by the neighbour that asked. */
  readonly #passing = new Map<string, number>();
  #underWay = 0;

  constructor(options: PasserOptions) {
    const { clock, limits } = options;
    this.#options = options;
    this.#asks = new PeerBudgets({ asks: limits.asks });
    this.#asksOfAll = new TokenBucket(limits.asksOfAll, clock.now());
  }

  /**
   * Passes one call on, until its answer has gone back.
   * @throws SignalRefused what the caller is to be told, ProtocolError when it broke the protocol
   */
  async pass(caller: SignalConversation, to: NodeKey): Promise<void> {
    const from = caller.stream.peer;
    this.#check(from, to);
    const name = toHex(from);
    this.#count(name, 1);
    try {
      await this.#between(caller, from, to);
    } finally {
      this.#count(name, -1);
    }
  }

  #check(from: NodeKey, to: NodeKey): void {
    const { mesh, clock, limits, willing } = this.#options;
    const now = clock.now();
    const { asks } = this.#asks.of(from, now);
    if (!asks.has(1, now)) throw new SignalRefused("BUSY");
    asks.spend(1, now);
    if (!willing()) throw new SignalRefused("UNWILLING");
    if (equalBytes(to, from) || equalBytes(to, mesh.self))
      throw new ProtocolError("VIOLATION", "A call to nobody else.");
    const linked = mesh.peers().some((peer) => equalBytes(peer, to));
    if (!linked) throw new SignalRefused("NOT_LINKED");
    const ofOne = this.#passing.get(toHex(from)) ?? 0;
    if (ofOne >= limits.passingOfOne || this.#underWay >= limits.passing || !this.#asksOfAll.has(1, now)) {
      throw new SignalRefused("BUSY");
    }
    this.#asksOfAll.spend(1, now);
  }

  async #between(caller: SignalConversation, from: NodeKey, to: NodeKey): Promise<void> {
    const { clock } = this.#options;
    const target = new SignalConversation(await this.#open(to), clock);
    try {
      const ready = await this.#ofTarget(to, async () => {
        await target.say({ kind: "knock", from });
        return await target.hear("ready", READY_TIMEOUT);
      });
      await caller.say(ready);
      const offer = await caller.hear("offer", DESCRIBE_TIMEOUT);
      // Signatures are checked by those whom they concern.
      const called = readHalf(offer.code);
      if (
        called.kind !== "offer" ||
        !equalBytes(called.from, from) ||
        called.to === null ||
        !equalBytes(called.to, to)
      ) {
        throw new ProtocolError("VIOLATION", "Not the caller's own offer to whom it asked for.");
      }
      const answer = await this.#ofTarget(to, async () => {
        await target.say(offer);
        const given = await target.hear("answer", DESCRIBE_TIMEOUT);
        const half = readHalf(given.code);
        const bound =
          half.kind === "answer" &&
          equalBytes(half.from, to) &&
          equalBytes(half.to, from) &&
          equalBytes(half.offer, codeHash(offer.code));
        if (!bound) throw new ProtocolError("VIOLATION", "Not its own answer to this offer.");
        return given;
      });
      await caller.say(answer);
      await target.stream.close();
    } catch (error) {
      target.stream.abort(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  async #open(to: NodeKey): ReturnType<Mesh["openStream"]> {
    try {
      return await this.#options.mesh.openStream(to, SIGNAL_PROTOCOL);
    } catch (cause) {
      throw new SignalRefused("FAILED", { cause });
    }
  }

  /** What goes wrong between here and the peer that is wanted is no fault of the caller. */
  async #ofTarget<Value>(to: NodeKey, task: () => Promise<Value>): Promise<Value> {
    try {
      return await task();
    } catch (error) {
      if (error instanceof SignalRefused) throw error;
      if (error instanceof ProtocolError) this.#options.mesh.report(to, error.code);
      throw new SignalRefused("FAILED", { cause: error });
    }
  }

  #count(name: string, change: 1 | -1): void {
    this.#underWay += change;
    const left = (this.#passing.get(name) ?? 0) + change;
    if (left === 0) this.#passing.delete(name);
    else this.#passing.set(name, left);
  }
}
