import type { EnvelopeFilter, EnvelopeQuery, EnvelopeRow, Store, TimeCursor } from "../../store/port.ts";
import type { FeedSpec } from "../api.ts";
import type { Guards } from "../defence/guards.ts";

/** Of the rows that a feed asks for, those that this person wants to see: further ones are read until there are as many. */
export async function shownRows(
  { envelopes }: Pick<Store, "envelopes">,
  guards: Guards,
  feed: FeedSpec,
  query: EnvelopeQuery,
): Promise<EnvelopeRow[]> {
  if (!guards.isActive) return envelopes.query(query);
  const shown: EnvelopeRow[] = [];
  let { before } = query;
  for (;;) {
    const rows = envelopes.query(before === undefined ? query : { ...query, before });
    await guards.look(rows);
    shown.push(...rows.filter(({ hash }) => !guards.hides(hash, feed)));
    const last = rows.at(-1);
    if (shown.length >= query.limit || last === undefined || rows.length < query.limit) {
      return shown.slice(0, query.limit);
    }
    before = { created: last.created, hash: last.hash };
  }
}

/** How many of those newer than `after` this person wants to see; looks at twice `most` at most. */
export async function countShown(
  { envelopes }: Pick<Store, "envelopes">,
  guards: Guards,
  feed: FeedSpec,
  { after, filter, most }: { readonly filter: EnvelopeFilter; readonly after: TimeCursor; readonly most: number },
): Promise<number> {
  const count = envelopes.count(filter, { after, most });
  if (count === 0 || !guards.isActive) return count;
  const rows = envelopes.query({ filter, after, limit: 2 * most });
  await guards.look(rows);
  return rows.filter(({ hash }) => !guards.hides(hash, feed)).slice(0, most).length;
}
