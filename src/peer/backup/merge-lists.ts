/** Lists of choices of two devices made one: what is here stays and comes first, and what speaks against it is left out. */
import { decodeNodeId, toHex, WireError } from "../../wire/index.ts";

/** Settings that are lists, of whose entries each stands for itself. */
export const UNITED = ["following", "trust", "blocks", "mutes", "flags", "feeds"] as const;
export type UnitedList = (typeof UNITED)[number];

/** How many entries of each list are added. */
export type Added = Readonly<Record<UnitedList, number>>;

export function unitedLists(
  here: ReadonlyMap<string, unknown>,
  given: ReadonlyMap<string, unknown>,
): { readonly added: Added; readonly settings: Readonly<Record<string, unknown>> } {
  const people = (name: UnitedList): Set<string> => new Set(listOf(here.get(name)).map(nameOf));
  const [blocked, followed, trusted] = [people("blocks"), people("following"), people("trust")];
  // Who was blocked here after the backup was made stays blocked, and who is followed or trusted here does not become blocked.
  const speaksAgainst: Partial<Record<UnitedList, (name: string) => boolean>> = {
    following: (name) => blocked.has(name),
    trust: (name) => blocked.has(name),
    blocks: (name) => followed.has(name) || trusted.has(name),
  };
  const settings: Record<string, unknown> = {};
  const counts = Object.fromEntries(UNITED.map((name) => [name, 0])) as Record<UnitedList, number>;
  for (const list of UNITED) {
    const mine = listOf(here.get(list));
    const known = new Set(mine.map(nameOf));
    const added = listOf(given.get(list)).filter((entry) => {
      const name = nameOf(entry);
      if (speaksAgainst[list]?.(name) === true || known.has(name)) return false;
      known.add(name);
      return true;
    });
    counts[list] = added.length;
    if (added.length > 0) settings[list] = [...mine, ...added];
  }
  return { added: counts, settings };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** What an entry is about: a person by key or NodeID, a feed by its id, a mute by what it mutes. */
function nameOf(entry: unknown): string {
  if (typeof entry === "string") return keyOf(entry);
  const { id, key, target } = (entry ?? {}) as { id?: unknown; key?: unknown; target?: unknown };
  if (key instanceof Uint8Array) return toHex(key);
  if (typeof id === "string") return id;
  return JSON.stringify(target ?? entry ?? null);
}

function keyOf(id: string): string {
  try {
    return toHex(decodeNodeId(id));
  } catch (error) {
    if (error instanceof WireError) return id;
    throw error;
  }
}
