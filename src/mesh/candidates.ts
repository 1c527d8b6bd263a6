/** Peers that were heard of: where they are said to be, and how dialling them went. */
import type { NodeKey } from "../wire/types.ts";
import { backoff } from "./backoff.ts";
import { keyText, lowerKey } from "./keys.ts";
import type { Clock } from "./protocols/clock.ts";

export interface Candidate {
  readonly peer: NodeKey;
  readonly text: string;
  /** When it was last named for each of them; those who renew their names are there. */
  readonly channels: Map<string, number>;
  /** Linked before, in this run or an earlier one. */
  known: boolean;
  /** Since it was last linked. */
  failures: number;
  notBefore: number;
  failedAt: number;
  /** When its last link ended; 0 where it had none in this run. */
  partedAt: number;
}

export interface CandidatesOptions {
  readonly self: NodeKey;
  readonly clock: Clock;
  readonly random: () => number;
  /** Whether this one is never forgotten. */
  readonly keeps: (candidate: Candidate) => boolean;
}

/** A dial through the relay takes 0.2 to 0.8 s; the one with the higher key waits for two of them. */
const YIELD_TIME = 1_500;
const RETRY_BASE = 2_000;
const RETRY_MAX = 300_000;
/** Known peers that are not linked. A rendezvous answers with at most 128. */
const MAX_CANDIDATES = 512;

export class Candidates {
  readonly #options: CandidatesOptions;
  /** By text of the key. */
  readonly #all = new Map<string, Candidate>();

  constructor(options: CandidatesOptions) {
    this.#options = options;
  }

  all(): Iterable<Candidate> {
    return this.#all.values();
  }

  get(text: string): Candidate | undefined {
    return this.#all.get(text);
  }

  /** @param isNewcomer whether there is no link here yet: then nobody is waited for */
  learn(peers: readonly NodeKey[], source: { channel?: string; known?: boolean }, isNewcomer: boolean): void {
    const own = keyText(this.#options.self);
    for (const peer of peers) {
      const text = keyText(peer);
      if (text === own) continue;
      const candidate = this.#all.get(text) ?? this.#made(peer, text, isNewcomer);
      this.#all.set(text, candidate);
      if (source.channel !== undefined) candidate.channels.set(source.channel, this.#options.clock.now());
      candidate.known ||= source.known === true;
    }
    this.#forgetExcess();
  }

  reached(candidate: Candidate): void {
    candidate.known = true;
    candidate.failures = 0;
  }

  failed(candidate: Candidate): void {
    const { clock, random } = this.#options;
    candidate.failures += 1;
    candidate.failedAt = clock.now();
    candidate.notBefore = clock.now() + backoff(candidate.failures, RETRY_BASE, RETRY_MAX, random);
  }

  /** It was linked until now. Both ends have noticed it together, so that it is not dialled in this instant. */
  parted(candidate: Candidate): void {
    const { clock, random } = this.#options;
    candidate.partedAt = clock.now();
    candidate.notBefore = clock.now() + backoff(1, RETRY_BASE, RETRY_MAX, random);
  }

  /** Waits begin anew. */
  forgive(candidate: Candidate): void {
    candidate.failures = 0;
    candidate.notBefore = Math.min(candidate.notBefore, this.#options.clock.now());
  }

  #made(peer: NodeKey, text: string, isNewcomer: boolean): Candidate {
    const { clock, random, self } = this.#options;
    const yields = !isNewcomer && lowerKey(peer, self);
    const notBefore = clock.now() + (yields ? YIELD_TIME * (1 + random()) : 0);
    return { peer, text, channels: new Map(), known: false, failures: 0, notBefore, failedAt: 0, partedAt: 0 };
  }

  /** Those that fail, then those that were never linked, of them those heard of longest ago: names cost nothing to invent. */
  #forgetExcess(): void {
    // Sorting hundreds for each name that is learnt would be the dearest part of it.
    if (this.#all.size <= MAX_CANDIDATES) return;
    const { keeps } = this.#options;
    const spare = [...this.#all.values()].filter((candidate) => !keeps(candidate));
    const excess = spare.length - MAX_CANDIDATES;
    if (excess <= 0) return;
    const worst = spare
      .toSorted((a, b) => b.failures - a.failures || Number(a.known) - Number(b.known))
      .slice(0, excess);
    for (const { text } of worst) this.#all.delete(text);
  }
}

/** Registrations are renewed every two and a half minutes: whoever is not named for so long has probably gone. In ms. */
const NAMED_FOR = 600_000;

/** Whether it was named for this channel lately, and has not failed since. */
export function isNamed({ channels, failedAt, failures, notBefore }: Candidate, channel: string, now: number): boolean {
  const named = channels.get(channel);
  if (named === undefined || now - named > NAMED_FOR) return false;
  return failures === 0 || (named > failedAt && notBefore <= now);
}

/** Linked before, and nothing speaks against its being there now. */
export function isProven({ failures, known }: Candidate): boolean {
  return known && failures === 0;
}
