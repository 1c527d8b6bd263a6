import * as v from "valibot";
import { idbValue, type StoredValue } from "../../store/index.ts";

/** The database of the first identity, from before there could be others. */
export const FIRST_DATABASE = "mehr";
const REGISTRY_DATABASE = "mehr-registry";

const NAME = /^mehr(-[0-9a-f]{8})?$/u;

/** Whether a database of this name is one of an identity. */
export function isDatabaseName(name: string): boolean {
  return NAME.test(name);
}

/** For a database that is not there yet. */
export function newDatabaseName(randomBytes: (length: number) => Uint8Array): string {
  return `${FIRST_DATABASE}-${[...randomBytes(4)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

const Entry = v.object({
  /** Name of its database, which is how calls name the identity. */
  key: v.pipe(v.string(), v.check(isDatabaseName)),
  id: v.nullable(v.string()),
  name: v.nullable(v.string()),
  createdAt: v.number(),
  /** Its private records are sealed. */
  sealed: v.boolean(),
  /** `making` and `removing`: to be deleted when nobody is at it any more, that is at the next start. */
  state: v.picklist(["ready", "making", "removing"]),
});
const State = v.object({ current: v.string(), entries: v.array(Entry) });

export type RegistryEntry = v.InferOutput<typeof Entry>;
export type RegistryState = v.InferOutput<typeof State>;

/** Where the registry lies. */
export type Registry = StoredValue<RegistryState>;

/** What was saved; `null` when it is missing or cannot be read. */
export function savedRegistry(stored: unknown): RegistryState | null {
  const read = v.safeParse(State, stored);
  return read.success ? read.output : null;
}

/**
 * A registry in which every database has an entry, and one that is ready runs: an identity must not be lost by the loss
 * of its entry.
 */
export function registryOf(saved: RegistryState | null, databases: readonly string[], now: number): RegistryState {
  const known = saved ?? { current: FIRST_DATABASE, entries: [] };
  const missing = databases
    .filter((name) => isDatabaseName(name) && !known.entries.some(({ key }) => key === name))
    .map((key) => entryOf(key, now));
  const entries = [...known.entries, ...missing];
  const ready = entries.filter(({ state }) => state === "ready");
  const current = ready.find(({ key }) => key === known.current) ?? ready[0];
  if (current !== undefined) return { current: current.key, entries };
  return { current: FIRST_DATABASE, entries: [...entries, entryOf(FIRST_DATABASE, now)] };
}

export function entryOf(key: string, createdAt: number): RegistryEntry {
  return { key, id: null, name: null, createdAt, sealed: false, state: "ready" };
}

export function idbRegistry(factory?: IDBFactory): Registry {
  return idbValue(REGISTRY_DATABASE, factory);
}
