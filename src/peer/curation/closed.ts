import type { Store } from "../../store/port.ts";

/** Names of own feeds that were closed; in a backup file under this name, too. */
export const CLOSED_KEY = "curated.closed";

/** Names of the feeds that this person does not curate any more. Their last version, which is empty, stays. */
export async function closedFeeds(store: Store): Promise<ReadonlySet<string>> {
  const stored = await store.setting(CLOSED_KEY);
  const names: readonly unknown[] = Array.isArray(stored) ? stored : [];
  return new Set(names.filter((name) => typeof name === "string"));
}
