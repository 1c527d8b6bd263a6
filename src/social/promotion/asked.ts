import { scopeKey, toHex, type PromotionCertificate, type Scope } from "../../wire/index.ts";
import { upwardsOf } from "./levels.ts";
import { placeOf, type ReachTarget, type Scoped } from "./start-set.ts";

/** What a neighbour was asked for, looked up rather than gone through: a set may have a thousand targets. */
export class AskedTargets {
  /** Whether what trusted people write without scopes was asked for. */
  readonly unscoped: boolean;
  readonly #authors = new Set<string>();
  /** Keys of scopes, however they match. */
  readonly #scopes = new Set<string>();
  readonly #prefixes = new Set<string>();
  readonly #places = new Map<string, Scope>();

  constructor(targets: Iterable<ReachTarget>) {
    let unscoped = false;
    for (const target of targets) {
      if (target.kind === "trusted") unscoped = true;
      else if (target.kind === "node") this.#authors.add(toHex(target.key));
      else if (target.kind === "scope") this.#addScope(target);
    }
    this.unscoped = unscoped;
  }

  /**
   * The place on whose channel an envelope with topics alone was heard, if what was asked for leaves no doubt: it is the only
   * place, and its author is not followed.
   */
  startOf(envelope: Scoped): Scope | null {
    if (placeOf(envelope) !== undefined || envelope.scopes.length === 0) return null;
    const [only = null] = this.#places.values();
    return this.#places.size === 1 && !this.#authors.has(toHex(envelope.author)) ? only : null;
  }

  /** Whether a target covers the envelope, with evidence or without. */
  covers(envelope: Scoped): boolean {
    if (this.mayStart(envelope)) return true;
    return envelope.scopes.some(
      (scope) =>
        this.#scopes.has(scopeKey(scope)) || upwardsOf(scope).some((above) => this.#prefixes.has(scopeKey(above))),
    );
  }

  /**
   * Whether it may come without evidence, as far as can be told here: by whom is followed, at its place, or, with topics
   * alone, at any place that was asked for, since where its author lives only the giver knows.
   */
  mayStart(envelope: Scoped): boolean {
    if (envelope.scopes.length === 0) return this.unscoped;
    if (this.#authors.has(toHex(envelope.author))) return true;
    const place = placeOf(envelope);
    return place === undefined ? this.#places.size > 0 : this.#scopes.has(scopeKey(place));
  }

  /** Whether the certificate lets a target have it: a place exactly, a topic with everything above it. */
  opens({ scope }: Pick<PromotionCertificate, "scope">): boolean {
    if (scope.kind === "geo") return this.#scopes.has(scopeKey(scope));
    return upwardsOf(scope).some((above) => this.#scopes.has(scopeKey(above)));
  }

  #addScope({ match, scope }: { readonly match: "exact" | "prefix"; readonly scope: Scope }): void {
    this.#scopes.add(scopeKey(scope));
    if (match === "prefix") this.#prefixes.add(scopeKey(scope));
    if (scope.kind === "geo") this.#places.set(scopeKey(scope), scope);
  }
}
