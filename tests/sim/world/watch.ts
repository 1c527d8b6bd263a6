/** What the checks of a world see. */
import type { GossipMessage } from "../gossip.ts";
import type { Inhabitant } from "./inhabitant.ts";
import type { Entry, Ledger } from "./ledger.ts";
import type { WorldOptions } from "./options.ts";

export interface Scene {
  readonly options: WorldOptions;
  readonly people: readonly Inhabitant[];
  readonly ledger: Ledger;
  /** World time in ms since the beginning. */
  readonly now: () => number;
  readonly after: (ms: number, task: () => void) => void;
  /** Of the network, or `null` while it is whole. */
  readonly split: () => boolean;
}

/** An invariant. Whatever breaks it is said at once; `finish` says what can only be said at the end. */
export interface Check {
  readonly name: string;
  written?(entry: Entry): void;
  arrived?(entry: Entry, at: Inhabitant): void;
  gossiped?(from: Inhabitant, to: Inhabitant, message: GossipMessage): void;
  accepted?(from: Inhabitant, at: Inhabitant, message: GossipMessage): void;
  framed?(from: Inhabitant, to: Inhabitant, protocol: string, frame: Uint8Array): void;
  returned?(one: Inhabitant, awaySince: number): void;
  healed?(splitSince: number): void;
  /** The last word; lines for the report. */
  finish(): string[];
}

/** Collects what is against the rules; the first of each kind are kept in words. */
export class Breaches {
  readonly #now: () => number;
  readonly said: string[] = [];
  count = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(check: string, what: string): void {
    this.count++;
    if (this.said.length < 50) this.said.push(`${timeOf(this.#now())} ${check}: ${what}`);
  }
}

/** 3 h 04 min 05 s as 03:04:05. */
export function timeOf(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return [seconds / 3_600, (seconds / 60) % 60, seconds % 60]
    .map((part) => String(Math.floor(part)).padStart(2, "0"))
    .join(":");
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}
