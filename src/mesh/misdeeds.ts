/** What peers have done wrong, and for how long they are shut out. */
import type { Clock } from "./protocols/clock.ts";

/** Points of one misdeed by its code; anything else that is reported counts 1. */
const WEIGHTS: Readonly<Record<string, number>> = {
  // Not possible for a peer that follows the protocol, so twice is enough.
  FRAME_TOO_LARGE: 5,
  MALFORMED: 5,
  PROTOCOL_VIOLATION: 5,
  VIOLATION: 5,
  SIGNATURE_INVALID: 5,
  BAD_HASH: 5,
  UNSOLICITED: 5,
  UNSCOPED: 5,
  UNSCOPED_ON_CHANNEL: 5,
};

/** A peer with this many points is dropped. */
const BAN_POINTS = 10;
/** One point is forgiven each minute: a peer of another version that errs now and then stays. */
const POINT_LIFETIME = 60_000;
const BAN_TIME = 30 * 60_000;
/** Peers remembered; the one reported longest ago is forgotten first. */
const MAX_RECORDS = 1_024;

interface MisdeedRecord {
  points: number;
  at: number;
  bannedUntil: number;
}

export class Misdeeds {
  readonly #clock: Clock;
  readonly #records = new Map<string, MisdeedRecord>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns whether the peer is to be dropped now. */
  report(peer: string, code: string): boolean {
    const now = this.#clock.now();
    const before = this.#records.get(peer);
    const record: MisdeedRecord = {
      points: this.points(peer) + (WEIGHTS[code] ?? 1),
      at: now,
      bannedUntil: before?.bannedUntil ?? 0,
    };
    const banned = record.points >= BAN_POINTS && record.bannedUntil <= now;
    if (banned) {
      record.bannedUntil = now + BAN_TIME;
    }
    this.#records.delete(peer);
    this.#records.set(peer, record);
    for (const oldest of this.#records.keys()) {
      if (this.#records.size <= MAX_RECORDS) {
        break;
      }
      this.#records.delete(oldest);
    }
    return banned;
  }

  points(peer: string): number {
    const record = this.#records.get(peer);
    if (record === undefined) {
      return 0;
    }
    return Math.max(0, record.points - (this.#clock.now() - record.at) / POINT_LIFETIME);
  }

  isBanned(peer: string): boolean {
    return (this.#records.get(peer)?.bannedUntil ?? 0) > this.#clock.now();
  }
}
