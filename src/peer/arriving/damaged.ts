import type { Store } from "../../store/port.ts";
import { toHex } from "../../wire/index.ts";
import { PeerError } from "../errors.ts";
import type { DamagedArrival } from "./api.ts";
import { DAMAGED } from "./name.ts";

/** Enough to know a post by. */
const BEGINNING = 140;

/** What waited to be published and could not be read when it was its turn, the latest first. */
export async function damagedArrivals(store: Store): Promise<DamagedArrival[]> {
  const found: DamagedArrival[] = [];
  for (const [name, content] of await store.allSettings()) {
    if (!name.startsWith(DAMAGED)) continue;
    const id = name.slice(DAMAGED.length);
    // A record of a version that named them otherwise is shown as well, without a date.
    const noticed = /^(\d{1,15}):/u.exec(id)?.[1];
    found.push({ id, noticed: noticed === undefined ? null : Number(noticed), words: wordsOf(content) });
  }
  return found.toSorted((a, b) => (b.noticed ?? 0) - (a.noticed ?? 0) || a.id.localeCompare(b.id));
}

/** What is left of it, as JSON. @throws PeerError `NOT_FOUND` */
export async function damagedArrival(store: Store, id: string): Promise<Blob> {
  const content = await store.setting(DAMAGED + id);
  if (content === undefined) throw new PeerError("NOT_FOUND", "Nothing of this name is left.");
  return new Blob([JSON.stringify(content, plain, 2)], { type: "application/json" });
}

export async function dropDamagedArrival(store: Store, id: string): Promise<void> {
  await store.commit({ settings: { [DAMAGED + id]: undefined } }, { durability: "strict" });
}

/** What the store can hold and JSON cannot say. */
function plain(_name: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (value instanceof Map || value instanceof Set) return [...value];
  return typeof value === "bigint" ? String(value) : value;
}

/** The first words of the post, where there are any. */
export function wordsOf(content: unknown): string {
  const draft = fieldOf(content, "draft");
  for (const name of ["headline", "text"]) {
    const words = fieldOf(draft, name);
    if (typeof words === "string" && words.trim() !== "") return Array.from(words.trim()).slice(0, BEGINNING).join("");
  }
  return "";
}

function fieldOf(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? (of as Readonly<Record<string, unknown>>)[name] : undefined;
}
