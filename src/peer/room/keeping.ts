import type { EnvelopeFilter, EnvelopeRow, Keeping } from "../../store/port.ts";
import { scopeFromKey, toHex, type NodeKey } from "../../wire/index.ts";

/** What is older is read by few, and had again from whoever still holds it. */
const RECENT = 30 * 86_400_000;

/** Priorities of envelopes, the first to go lowest. Own ones have none: they stay. */
const Priority = { stale: 0, strangers: 1, ours: 2, recentOurs: 3 } as const;

/** Up to here a person frees by hand: what strangers wrote more than a month ago. */
export const STALE = Priority.stale;

export interface KeepingPorts {
  readonly self: NodeKey;
  readonly following: { has(key: NodeKey): boolean };
  /** Key of the home place. */
  readonly home: () => string;
  readonly now: () => number;
  readonly envelopes: { query(query: { filter: EnvelopeFilter; limit: number }): EnvelopeRow[] };
}

/** Envelopes of the home place that are looked at: as many as a person scrolls past in a month. */
const HOME_ENVELOPES = 20_000;

/**
 * Own envelopes stay. Of the others those go first that are more than a month old and by strangers, then those of
 * strangers, then those by whom this person follows or of the home place, the ones of this month last.
 */
export function keepingOf({ envelopes, following, home, now, self }: KeepingPorts): Keeping {
  return {
    never: { kind: "authors", authors: [self] },
    priorities() {
      const recent = now() - RECENT;
      const filter = { kind: "scope", scope: scopeFromKey(home()), match: "prefix" } as const;
      const atHome = new Set<string>();
      for (const row of envelopes.query({ filter, limit: HOME_ENVELOPES })) {
        if (row.created < recent) break;
        atHome.add(toHex(row.hash));
      }
      return (row) => {
        const isRecent = row.created >= recent;
        if (following.has(row.author)) return isRecent ? Priority.recentOurs : Priority.ours;
        if (isRecent && atHome.has(toHex(row.hash))) return Priority.recentOurs;
        return isRecent ? Priority.strangers : Priority.stale;
      };
    },
  };
}
