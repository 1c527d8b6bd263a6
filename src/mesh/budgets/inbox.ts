/** Where gossip of all neighbours waits for its verdict, within what each of them may cost. */
import { toHex, type NodeKey } from "../../wire/index.ts";

import type { Clock } from "../protocols/clock.ts";
import { PeerBudgets, TokenBucket } from "../protocols/token-bucket.ts";
import { FairQueue } from "./fair-queue.ts";
import { BUDGETS, type GossipBudget } from "./limits.ts";

export interface InboxOptions {
  readonly clock: Clock;
  readonly limits?: Partial<GossipBudget>;
  /** `FLOODING` or `WASTED_WORK`: so much of this peer was dropped that it counts against it. */
  readonly onMisdeed: (peer: NodeKey, code: string) => void;
  readonly stopwatch?: () => number;
}

/** Peers whose dropped messages are counted; the one counted first is forgotten first. */
const MAX_COUNTED = 1_024;

export class Inbox {
  readonly #options: InboxOptions;
  readonly #limits: GossipBudget;
  readonly #budgets: PeerBudgets<"messages" | "waste">;
  readonly #accepted: TokenBucket;
  readonly #queue: FairQueue;
  readonly #dropped = new Map<string, number>();

  constructor(options: InboxOptions) {
    const { clock, stopwatch } = options;
    this.#options = options;
    const limits: GossipBudget = { ...BUDGETS.gossip, ...options.limits };
    this.#limits = limits;
    this.#budgets = new PeerBudgets({ messages: limits.messages, waste: limits.waste });
    this.#accepted = new TokenBucket(limits.accepted, clock.now());
    const hold = (): number => this.#accepted.debt(clock.now());
    this.#queue = new FairQueue({ clock, ...limits, hold, ...(stopwatch === undefined ? {} : { stopwatch }) });
  }

  /**
   * A message has come. Nothing of it is looked at before its turn.
   * @param judge never rejects
   * @returns whether it will be judged; otherwise it is as if it had not come, so that another neighbour may bring it
   */
  offer(peer: NodeKey, bytes: number, judge: () => Promise<void>): boolean {
    const now = this.#options.clock.now();
    const { messages, waste } = this.#budgets.of(peer, now);
    const wasteful = waste.debt(now) > 0;
    if (!wasteful && messages.debt(now) === 0) {
      messages.spend(1, now);
      if (this.#queue.offer(toHex(peer), bytes, () => this.#judge(judge))) return true;
    }
    this.#drop(peer, wasteful ? "WASTED_WORK" : "FLOODING");
    return false;
  }

  /** A message came for which there is no use; enough of them are a flood. */
  drop(peer: NodeKey): void {
    this.#drop(peer, "FLOODING");
  }

  /** A message was new and is passed on. */
  accepted(): void {
    this.#accepted.spend(1, this.#options.clock.now());
  }

  /** Checking something of this peer was of no use. */
  wasted(peer: NodeKey, milliseconds: number): void {
    const now = this.#options.clock.now();
    this.#budgets.of(peer, now).waste.spend(milliseconds, now);
  }

  /** The peer is gone or shut out. */
  forget(peer: NodeKey): void {
    this.#queue.forget(toHex(peer));
  }

  stop(): void {
    this.#queue.stop();
  }

  /** Whatever is under way may turn out to be new: counted as if it were, or many at once would run far into debt. */
  async #judge(judge: () => Promise<void>): Promise<void> {
    const { clock } = this.#options;
    this.#accepted.spend(1, clock.now());
    try {
      await judge();
    } finally {
      this.#accepted.spend(-1, clock.now());
    }
  }

  #drop(peer: NodeKey, code: string): void {
    const key = toHex(peer);
    const dropped = (this.#dropped.get(key) ?? 0) + 1;
    this.#dropped.delete(key);
    if (dropped < this.#limits.droppedPerMisdeed) {
      this.#dropped.set(key, dropped);
      for (const oldest of this.#dropped.keys()) {
        if (this.#dropped.size <= MAX_COUNTED) break;
        this.#dropped.delete(oldest);
      }
      return;
    }
    this.#options.onMisdeed(peer, code);
  }
}
