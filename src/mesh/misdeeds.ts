/** What peers have done wrong, for how long they are shut out for it, and whom this person has shut out. */
import { BoundedMap } from "../social/index.ts";
import { toHex, type NodeKey } from "../wire/index.ts";
import type { MisdeedView, ShutOut } from "./port.ts";
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
  FALSE_HEADLINE: 5,
  UNSCOPED: 5,
  UNSCOPED_ON_CHANNEL: 5,
  // One is a hundred messages above what a neighbour may send (budgets/limits.ts).
  FLOODING: 2,
  WASTED_WORK: 2,
  // An honest peer has a tenth of what is allowed; twenty streams above it are a flood.
  STREAM_FLOOD: 0.5,
  // A frozen tab does not read either, so it takes five within minutes.
  STALLED: 2,
  SILENT_STREAM: 1,
  // Ignored rather than rejected, since the sender may not know better; in masses it does. Whoever passed on what a
  // neighbour wrote in an hour, after a restart forgot its rates, stays below half.
  RATE_EXCEEDED: 0.01,
  STORAGE_EXCEEDED: 0.01,
  STALE: 0.02,
  FROM_THE_FUTURE: 0.2,
  NOT_PROMOTED: 0.1,
  TYPE_UNKNOWN: 0.02,
  TYPE_UNEXPECTED: 0.02,
};

/** A peer with this many points is dropped: a little less than ten, so that two grave misdeeds within half a minute do. */
const BAN_POINTS = 9.5;
/** One point is forgiven each minute: a peer of another version that errs now and then stays. */
const POINT_LIFETIME = 60_000;
/** The first time. Each further one is four times as long: 2 h, 8 h, and at most a day. */
const BAN_TIME = 30 * 60_000;
const BAN_GROWTH = 4;
const LONGEST_BAN = 24 * 3_600_000;
/** A week without another ban makes the next one the first again. */
const BAN_MEMORY = 7 * 24 * 3_600_000;
/** Peers remembered in all; the one reported longest ago is forgotten first. */
const MAX_RECORDS = 1_024;
/** Bans that outlive a restart, the latest ones: each is 80 bytes. */
const MAX_KEPT = 256;
/** Shown: the latest misdeeds of an hour. */
const MAX_SHOWN = 50;
const SHOWN_FOR = 3_600_000;

interface MisdeedRecord {
  readonly peer: NodeKey;
  points: number;
  /** Of the latest misdeed. */
  at: number;
  code: string;
  count: number;
  /** The latest time that this peer was shut out; all 0 and "" before. */
  bannedAt: number;
  bannedUntil: number;
  bannedFor: string;
  bans: number;
}

export class Misdeeds {
  readonly #clock: Clock;
  readonly #onBans: () => void;
  readonly #records = new BoundedMap<string, MisdeedRecord>(MAX_RECORDS);
  #blocked: ReadonlySet<string> = new Set();

  /** @param onBans who is shut out has changed, and is worth keeping */
  constructor(clock: Clock, onBans: () => void = () => undefined) {
    this.#clock = clock;
    this.#onBans = onBans;
  }

  /** @returns whether the peer is to be dropped now. */
  report(peer: NodeKey, code: string): boolean {
    const now = this.#clock.now();
    const key = toHex(peer);
    const record = this.#records.get(key) ?? fresh(peer);
    this.#records.set(key, record);
    record.points = pointsOf(record, now) + weightOf(code);
    record.at = now;
    record.code = code;
    record.count++;
    if (record.points < BAN_POINTS || record.bannedUntil > now) return false;
    record.bans = now - record.bannedAt > BAN_MEMORY ? 1 : record.bans + 1;
    record.bannedAt = now;
    record.bannedUntil = now + Math.min(LONGEST_BAN, BAN_TIME * BAN_GROWTH ** (record.bans - 1));
    record.bannedFor = code;
    this.#onBans();
    return true;
  }

  points(peer: NodeKey): number {
    const record = this.#records.get(toHex(peer));
    return record === undefined ? 0 : pointsOf(record, this.#clock.now());
  }

  /** Whether nothing is to be had with this peer: shut out for a while, or blocked by this person. */
  isBanned(peer: NodeKey): boolean {
    const key = toHex(peer);
    return this.#blocked.has(key) || (this.#records.get(key)?.bannedUntil ?? 0) > this.#clock.now();
  }

  /** Replaces the keys that this person has blocked. */
  setBlocked(peers: readonly NodeKey[]): void {
    this.#blocked = new Set(peers.map(toHex));
  }

  /** Forgets what this peer has done, and lets it in again. */
  pardon(peer: NodeKey): void {
    this.#records.delete(toHex(peer));
    this.#onBans();
  }

  /** Latest first. */
  shutOut(): ShutOut[] {
    const now = this.#clock.now();
    return this.#all()
      .filter((record) => record.bannedUntil > now)
      .toSorted((a, b) => b.bannedAt - a.bannedAt)
      .map(({ bannedAt, bannedFor, bannedUntil, bans, peer }) => ({
        peer,
        code: bannedFor,
        since: bannedAt,
        until: bannedUntil,
        times: bans,
      }));
  }

  /** Of the last hour, latest first. */
  recent(): MisdeedView[] {
    const since = this.#clock.now() - SHOWN_FOR;
    return this.#all()
      .filter((record) => record.count > 0 && record.at > since)
      .toSorted((a, b) => b.at - a.at)
      .slice(0, MAX_SHOWN)
      .map(({ at, code, count, peer }) => ({ peer, code, at, count }));
  }

  /** What is worth keeping over a restart: who is shut out, and who was lately and would be for longer the next time. */
  kept(): ShutOut[] {
    const now = this.#clock.now();
    return this.#all()
      .filter((record) => record.bans > 0 && now - record.bannedAt < BAN_MEMORY)
      .toSorted((a, b) => b.bannedAt - a.bannedAt)
      .slice(0, MAX_KEPT)
      .map(({ bannedAt, bannedFor, bannedUntil, bans, peer }) => ({
        peer,
        code: bannedFor,
        since: bannedAt,
        until: bannedUntil,
        times: bans,
      }));
  }

  /** What an earlier session kept. Entries of a clock that was ahead are shortened to what a ban can be. */
  restore(kept: readonly ShutOut[]): void {
    const now = this.#clock.now();
    for (const { code, peer, since, times, until } of kept.slice(0, MAX_KEPT)) {
      const key = toHex(peer);
      if (this.#records.get(key) !== undefined || now - since > BAN_MEMORY) continue;
      this.#records.set(key, {
        ...fresh(peer),
        code,
        bannedAt: Math.min(since, now),
        bannedUntil: Math.min(until, now + LONGEST_BAN),
        bannedFor: code,
        bans: times,
      });
    }
  }

  #all(): MisdeedRecord[] {
    return [...this.#records].map(([, record]) => record);
  }
}

function fresh(peer: NodeKey): MisdeedRecord {
  return { peer, points: 0, at: 0, code: "", count: 0, bannedAt: 0, bannedUntil: 0, bannedFor: "", bans: 0 };
}

function pointsOf(record: MisdeedRecord, now: number): number {
  return Math.max(0, record.points - Math.max(0, now - record.at) / POINT_LIFETIME);
}

/** Codes come from this program alone, never from a peer; those of wire that are not listed say that bytes are wrong. */
function weightOf(code: string): number {
  return WEIGHTS[code] ?? 1;
}
