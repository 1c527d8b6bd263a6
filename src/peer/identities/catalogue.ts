import { Serial } from "../../store/serial.ts";
import type { IdentityEntry } from "../api.ts";
import { PeerError } from "../errors.ts";
import type { OriginPorts } from "./ports.ts";
import {
  entryOf,
  isDatabaseName,
  newDatabaseName,
  registryOf,
  savedRegistry,
  type RegistryEntry,
  type RegistryState,
} from "./registry.ts";

type CataloguePorts = Pick<OriginPorts, "registry" | "databases" | "randomBytes" | "log"> & {
  readonly now: () => number;
};

/** Which identities there are. Every change is stored when it resolves, and comes before what it announces. */
export class Catalogue {
  readonly #ports: CataloguePorts;
  readonly #turn = new Serial();
  #state: RegistryState;

  private constructor(ports: CataloguePorts, state: RegistryState) {
    this.#ports = ports;
    this.#state = state;
  }

  static async open(ports: CataloguePorts): Promise<Catalogue> {
    const saved = savedRegistry(await ports.registry.load());
    // Where it can be read there is no need to look around, which every start would wait for.
    const names = saved === null ? await ports.databases.names() : [];
    return new Catalogue(ports, registryOf(saved, names, ports.now()));
  }

  get current(): RegistryEntry {
    return this.entry(this.#state.current);
  }

  get entries(): readonly RegistryEntry[] {
    return this.#state.entries.filter(({ state }) => state === "ready");
  }

  /** @throws PeerError `IDENTITY_UNKNOWN` */
  entry(key: string): RegistryEntry {
    const found = this.entries.find((entry) => entry.key === key);
    if (found === undefined) throw new PeerError("IDENTITY_UNKNOWN", "There is no such identity here.");
    return found;
  }

  views(isLocked: (entry: RegistryEntry) => boolean): IdentityEntry[] {
    return this.entries.map((entry) => {
      const { createdAt, id, key, name } = entry;
      return { key, id, name, createdAt, current: key === this.#state.current, locked: isLocked(entry) };
    });
  }

  /** What is known of an identity now; nothing is written when nothing is new. */
  async update(key: string, patch: Partial<Pick<RegistryEntry, "id" | "name" | "sealed" | "state">>): Promise<boolean> {
    return await this.#change((state) => {
      const entries = state.entries.map((entry) => (entry.key === key ? { ...entry, ...patch } : entry));
      const same = JSON.stringify(entries) === JSON.stringify(state.entries);
      return same ? state : { ...state, entries };
    });
  }

  /** An entry for a store that is to be made. One that is not `ready` in the end is deleted. */
  async add(state: "ready" | "making"): Promise<string> {
    const { now, randomBytes } = this.#ports;
    const key = newDatabaseName(randomBytes);
    await this.#change((before) => ({ ...before, entries: [...before.entries, { ...entryOf(key, now()), state }] }));
    return key;
  }

  async choose(key: string): Promise<void> {
    this.entry(key);
    await this.#change((state) => ({ ...state, current: key }));
  }

  /** Deletes an identity that does not run. A crash on the way leaves it to the next start. */
  async remove(key: string): Promise<void> {
    await this.update(key, { state: "removing" });
    await this.#ports.databases.remove(key);
    await this.#change((state) => ({ ...state, entries: state.entries.filter((entry) => entry.key !== key) }));
  }

  /** Deletes what was being made or removed when an earlier run ended. */
  async clear(): Promise<void> {
    const left = this.#state.entries.filter(({ state }) => state !== "ready");
    for (const { key } of left) await this.remove(key);
  }

  async destroy(): Promise<void> {
    const { databases, registry } = this.#ports;
    await this.#turn.idle();
    const names = [...this.#state.entries.map(({ key }) => key), ...(await databases.names()).filter(isDatabaseName)];
    for (const name of new Set(names)) await databases.remove(name);
    await registry.destroy();
  }

  /** Resolves with whether anything changed. */
  #change(change: (state: RegistryState) => RegistryState): Promise<boolean> {
    return this.#turn.run(async () => {
      const next = change(this.#state);
      if (next === this.#state) return false;
      await this.#ports.registry.save(next);
      this.#state = next;
      return true;
    });
  }
}
