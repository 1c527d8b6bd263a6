import { toHex, type NodeKey } from "../wire/index.ts";
import { BoundedMap } from "./bounded.ts";
import { TokenBucket, type Rate } from "./token-bucket.ts";

/** An envelope that would be stored. */
export interface Storing {
  readonly author: NodeKey;
  /** The peer that brought it. */
  readonly from: NodeKey;
  readonly bytes: number;
  /** Whether it was asked for, or came by a channel. */
  readonly asked: boolean;
}

export interface Share {
  readonly envelopes: Rate;
  readonly bytes: Rate;
}

/** Of one author, of one neighbour and of everybody. */
export interface StorageShares {
  readonly author: Share;
  readonly neighbour: Share;
  readonly all: Share;
}

export interface StorageLimits {
  /** By channels, where nobody asked for anything. */
  readonly heard: StorageShares;
  /** By what neighbours were asked for: places, topics. */
  readonly asked: StorageShares;
}

const MIB = 1_048_576;

/** So much in a day, and at once what `burst` says. */
function share(envelopesADay: number, bytesADay: number, burst: { envelopes: number; bytes: number }): Share {
  return {
    envelopes: { perSecond: envelopesADay / 86_400, burst: burst.envelopes },
    bytes: { perSecond: bytesADay / 86_400, burst: burst.bytes },
  };
}

/** What strangers may put on this disk. An envelope takes some 600 bytes; whom this person follows is not counted. */
export const STORAGE_LIMITS: StorageLimits = {
  heard: {
    // The busiest hour that the rates allow (600 in the commons), and two more a day.
    author: share(1_200, MIB, { envelopes: 600, bytes: MIB }),
    // A town of a thousand people who each write twenty a day, through a single neighbour.
    neighbour: share(20_000, 16 * MIB, { envelopes: 5_000, bytes: 4 * MIB }),
    all: share(100_000, 64 * MIB, { envelopes: 20_000, bytes: 16 * MIB }),
  },
  // Whoever comes for the first time, or after a long while, gets years of an author and months of a place at once, all
  // of it from one neighbour perhaps.
  asked: {
    author: share(1_200, MIB, { envelopes: 10_000, bytes: 8 * MIB }),
    neighbour: share(100_000, 64 * MIB, { envelopes: 200_000, bytes: 128 * MIB }),
    all: share(200_000, 128 * MIB, { envelopes: 400_000, bytes: 256 * MIB }),
  },
};

/**
 * Certificates and what they rest on, which are kept for a day. Of an issuer: the certificates of a busy relay for all its
 * topics, or 250 feeds of the largest size; in all 192 MiB.
 */
const OF_EVIDENCE: StorageShares = {
  author: share(20_000, 16 * MIB, { envelopes: 5_000, bytes: 16 * MIB }),
  neighbour: share(50_000, 64 * MIB, { envelopes: 20_000, bytes: 32 * MIB }),
  all: share(100_000, 128 * MIB, { envelopes: 40_000, bytes: 64 * MIB }),
};
export const EVIDENCE_LIMITS: StorageLimits = { heard: OF_EVIDENCE, asked: OF_EVIDENCE };

/** Authors and neighbours whose share is remembered; the one heard of longest ago is forgotten first. */
const REMEMBERED = 10_000;

class Account {
  readonly #envelopes: TokenBucket;
  readonly #bytes: TokenBucket;

  constructor(share: Share, now: number) {
    this.#envelopes = new TokenBucket(share.envelopes, now);
    this.#bytes = new TokenBucket(share.bytes, now);
  }

  has(bytes: number, now: number): boolean {
    return this.#envelopes.has(1, now) && this.#bytes.has(bytes, now);
  }

  spend(bytes: number, now: number): void {
    this.#envelopes.spend(1, now);
    this.#bytes.spend(bytes, now);
  }
}

/** Keeps a flood of valid envelopes, by however many authors, from filling the disk. */
export class StorageAllowance {
  readonly #limits: StorageLimits;
  readonly #accounts = new BoundedMap<string, Account>(REMEMBERED);

  constructor(limits: StorageLimits = STORAGE_LIMITS) {
    this.#limits = limits;
  }

  /** @param now milliseconds since 1970 UTC. Whether it may be stored; if so it is counted. */
  take({ asked, author, bytes, from }: Storing, now: number): boolean {
    const way = asked ? "asked" : "heard";
    const shares = this.#limits[way];
    const accounts = [
      this.#account(`${way} by ${toHex(author)}`, shares.author, now),
      this.#account(`${way} from ${toHex(from)}`, shares.neighbour, now),
      this.#account(way, shares.all, now),
    ];
    // What one of them refuses is counted by none.
    if (!accounts.every((account) => account.has(bytes, now))) return false;
    for (const account of accounts) account.spend(bytes, now);
    return true;
  }

  #account(key: string, limits: Share, now: number): Account {
    const known = this.#accounts.get(key);
    if (known !== undefined) return known;
    const account = new Account(limits, now);
    this.#accounts.set(key, account);
    return account;
  }
}
