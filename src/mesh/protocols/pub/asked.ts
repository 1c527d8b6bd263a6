import type { PostEnvelope } from "../../../wire/index.ts";
import { fits } from "./assignment.ts";
import { Matcher, targetKey, type Subscription, type Target } from "./subscription.ts";

type Covered = Pick<PostEnvelope, "author" | "scopes">;

interface AskedSet {
  readonly subscriptions: readonly Subscription[];
  readonly matcher: Matcher;
}

/**
 * What one server was asked for on one stream.
 *
 * Whom this person does not follow any more stays in the set until the stream ends, and what still comes is dropped here:
 * nothing is sent that would tell. A scope is taken out at once, since leaving its channel is seen anyway.
 */
export class AskedSets {
  /** By generation. Those before the present one stay until everything that was announced under them has come. */
  readonly #sets = new Map<number, AskedSet>();
  #generation = 0;
  #wanted: readonly Subscription[] = [];
  /** Of what is wanted, and of what is in the set without being wanted; `null` while the two are the same. */
  #unwanted: { readonly wanted: Matcher; readonly kept: Matcher } | null = null;

  /** Something was dropped that came for whom this person did not follow. */
  #lost = false;

  get generation(): number {
    return this.#generation;
  }

  /** What this person wants now; the set that was sent may hold more. */
  get wanted(): readonly Subscription[] {
    return this.#wanted;
  }

  /**
   * Whether somebody is followed again of whom something was dropped: a server does not send twice on one stream, so it takes
   * another one, from the cursors of before.
   */
  isMissed(wanted: readonly Subscription[]): boolean {
    return this.#lost && wanted.some(({ target }) => target.kind !== "scope" && this.#isKept(target));
  }

  /** The set to send for these, or `null` when the one that was sent last does as well. */
  next(wanted: readonly Subscription[]): readonly Subscription[] | null {
    const sent = this.#sets.get(this.#generation)?.subscriptions;
    const keys = new Set(wanted.map(({ target }) => targetKey(target)));
    const kept = (sent ?? []).filter(({ target }) => target.kind !== "scope" && !keys.has(targetKey(target)));
    const all = [...wanted, ...kept];
    // Too many for a frame: those that are not wanted go first.
    const set = fits(all) ? all : wanted;
    this.#wanted = wanted;
    this.#unwanted = set.length === wanted.length ? null : { wanted: matcherOf(wanted), kept: matcherOf(kept) };
    if (sent !== undefined && isSame(sent, set)) return null;
    this.#generation++;
    this.#sets.set(this.#generation, { subscriptions: set, matcher: matcherOf(set) });
    return set;
  }

  /** Everything announced under sets before this one has come. */
  settle(generation: number): void {
    for (const each of this.#sets.keys()) if (each < generation) this.#sets.delete(each);
  }

  targets(): Target[] {
    return [...this.#sets.values()].flatMap(({ subscriptions }) => subscriptions.map(({ target }) => target));
  }

  covers(envelope: Covered): boolean {
    return [...this.#sets.values()].some(({ matcher }) => matcher.matches(envelope));
  }

  /** Whether it comes only because of what is not wanted any more. */
  isUnwanted(envelope: Covered): boolean {
    if (this.#unwanted === null) return false;
    if (!this.#unwanted.kept.matches(envelope) || this.#unwanted.wanted.matches(envelope)) return false;
    this.#lost = true;
    return true;
  }

  wants(target: Target): boolean {
    const key = targetKey(target);
    return this.#wanted.some((each) => targetKey(each.target) === key);
  }

  /** In the set that was sent, and not wanted. */
  #isKept(target: Target): boolean {
    const key = targetKey(target);
    const sent = this.#sets.get(this.#generation)?.subscriptions ?? [];
    return !this.wants(target) && sent.some((each) => targetKey(each.target) === key);
  }

  /** The subscription in this place of a set. */
  at(generation: number, place: number): Subscription | undefined {
    return this.#sets.get(generation)?.subscriptions[place];
  }
}

function matcherOf(subscriptions: readonly Subscription[]): Matcher {
  return new Matcher(subscriptions.map(({ target }) => target));
}

function isSame(a: readonly Subscription[], b: readonly Subscription[]): boolean {
  if (a.length !== b.length) return false;
  const modes = new Map(a.map(({ mode, target }) => [targetKey(target), mode] as const));
  return b.every(({ mode, target }) => modes.get(targetKey(target)) === mode);
}
