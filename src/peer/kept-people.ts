/** Lists of people, each kept as one setting of the store. */
import * as v from "valibot";
import type { Store } from "../store/port.ts";
import { toHex, type NodeKey } from "../wire/index.ts";

const KEY_BYTES = 32;

/** The key of a person, as it is kept. */
export const KeptKey = v.pipe(
  v.instance(Uint8Array),
  v.check((key) => key.length === KEY_BYTES),
);

/** The people of a list by the hex of their keys, in the order in which they are kept. */
export async function readPeople<Entry extends { readonly key: NodeKey }>(
  store: Store,
  setting: string,
  shape: v.GenericSchema<unknown, Entry>,
  most: number,
): Promise<Map<string, Entry>> {
  const stored = await store.setting(setting);
  const people = new Map<string, Entry>();
  for (const entry of Array.isArray(stored) ? stored : []) {
    // The list may come from a backup file, which anybody can write.
    if (people.size >= most) break;
    // A damaged entry costs that entry, not the start of the peer.
    const parsed = v.safeParse(shape, entry);
    if (parsed.success) people.set(toHex(parsed.output.key), parsed.output);
  }
  return people;
}
