/** What a person sees of posts that came with a backup before any of them goes on. */
import type { Store } from "../../store/port.ts";
import type { HeldArrival } from "./api.ts";
import { wordsOf } from "./damaged.ts";
import { elsewhereNames, heldKey, heldNames } from "./records.ts";

/** Enough to see whose words these are, and few enough to be read. */
const MAX_SHOWN = 8;

/** The first of what is held, in the order in which it would go on: what another device may have published comes last. */
export async function heldArrivals(store: Store): Promise<HeldArrival[]> {
  const elsewhere = new Set(await elsewhereNames(store));
  const names = await heldNames(store);
  const ordered = [...names.filter((id) => !elsewhere.has(id)), ...names.filter((id) => elsewhere.has(id))];
  return await Promise.all(
    ordered.slice(0, MAX_SHOWN).map(async (id): Promise<HeldArrival> => {
      const words = wordsOf(await store.setting(heldKey(id)));
      return { id, words, doubted: elsewhere.has(id) };
    }),
  );
}
