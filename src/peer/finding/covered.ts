import type { Question } from "../../mesh/protocols/finding/index.ts";
import type { Target } from "../../mesh/protocols/index.ts";
import type { EnvelopeFilter } from "../../store/port.ts";
import { scopeKey, type Hash } from "../../wire/index.ts";
import { indexKey } from "./keys.ts";

/** Whose envelopes, or of which place or topic. */
export type CoveredTarget = Extract<Target, { readonly kind: "node" | "scope" }>;

/** How something is asked for that is no hash. */
export interface CoveredSearch {
  readonly question: Pick<Question, "relations" | "targets">;
  /** What is held of it. */
  readonly filter: EnvelopeFilter;
  /** Keys of provider records of those who are likely to have it. */
  readonly keys: readonly Hash[];
}

/** Who holds something of a place is in no record: whoever is there is a neighbour. */
export function coveredSearch(target: CoveredTarget): CoveredSearch {
  if (target.kind === "node") {
    return {
      question: { relations: ["author"], targets: [target.key] },
      filter: { kind: "authors", authors: [target.key] },
      keys: [indexKey("profile", target.key)],
    };
  }
  return {
    question: { relations: ["scope"], targets: [new TextEncoder().encode(scopeKey(target.scope))] },
    filter: target,
    keys: [],
  };
}
