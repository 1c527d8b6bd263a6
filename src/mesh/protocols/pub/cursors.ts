import { equalBytes, toHex, type NodeKey } from "../../../wire/index.ts";

/** How far this peer has read one server. */
export interface Cursors {
  /** The server's store: its arrival numbers mean nothing in another. */
  readonly epoch: Uint8Array;
  /** By `targetKey`. */
  readonly since: Readonly<Record<string, number>>;
}

/** Where cursors outlive this session. */
export interface CursorStore {
  load(server: NodeKey): Promise<Cursors | undefined>;
  save(server: NodeKey, cursors: Cursors): Promise<void>;
  /** Forgets all of them: every server is read from its beginning again. */
  clear(): Promise<void>;
}

/** Neighbours change; the cursors of so many are remembered, those met last. A forgotten one costs a reading of hashes. */
const REMEMBERED_SERVERS = 64;
const INDEX_KEY = "pub:servers";

interface SettingsStore {
  setting(key: string): Promise<unknown>;
  commit(batch: { settings: Readonly<Record<string, unknown>> }): Promise<void>;
}

/** Cursors among the settings of a store. */
export function settingsCursors(store: SettingsStore): CursorStore {
  let turn: Promise<void> = Promise.resolve();
  /** Hex of the servers that are remembered, as it is stored; read once. */
  let order: readonly string[] | null = null;
  const remember = async (cursors: ReadonlyMap<string, Cursors>): Promise<void> => {
    if (cursors.size === 0) return;
    order ??= remembered(await store.setting(INDEX_KEY));
    order = await save(store, order, cursors);
  };
  /** Of servers whose turn has not come: neighbours say the same things at the same time, and one write does for all of them. */
  let waiting = new Map<string, Cursors>();
  return {
    async load(server) {
      return parse(await store.setting(keyOf(toHex(server))));
    },
    save(server, cursors) {
      const first = waiting.size === 0;
      waiting.set(toHex(server), cursors);
      if (!first) return turn;
      // One after the other: each reads and writes the list of remembered servers.
      const saved = turn
        .catch(() => undefined)
        .then(() => {
          const all = waiting;
          waiting = new Map();
          return remember(all);
        });
      turn = saved;
      return saved;
    },
    clear() {
      waiting.clear();
      turn = turn
        .catch(() => undefined)
        .then(async () => {
          order ??= remembered(await store.setting(INDEX_KEY));
          const forgotten = order.map((entry) => [keyOf(entry), undefined] as const);
          await store.commit({ settings: { ...Object.fromEntries(forgotten), [INDEX_KEY]: undefined } });
          order = [];
        });
      return turn;
    },
  };
}

/** @returns the servers that are remembered from now on, those met last first */
async function save(
  store: SettingsStore,
  before: readonly string[],
  cursors: ReadonlyMap<string, Cursors>,
): Promise<readonly string[]> {
  const settings: Record<string, unknown> = {};
  for (const [server, each] of cursors) settings[keyOf(server)] = each;
  const known = new Set(before);
  const added = [...cursors.keys()].filter((server) => !known.has(server));
  // The list alone says which to forget, and is written only where it changes: with a new neighbour.
  const order = [...added, ...before];
  if (added.length > 0) {
    const present = new Set(cursors.keys());
    order.sort((a, b) => Number(present.has(b)) - Number(present.has(a)));
    for (const entry of order.splice(REMEMBERED_SERVERS)) settings[keyOf(entry)] = undefined;
    settings[INDEX_KEY] = order;
  }
  await store.commit({ settings });
  return order;
}

function remembered(stored: unknown): string[] {
  return Array.isArray(stored) ? stored.filter((entry): entry is string => typeof entry === "string") : [];
}

function keyOf(server: string): string {
  return `pub:cursors:${server}`;
}

/** What an older or damaged store holds is no cursor: reading starts over. */
function parse(stored: unknown): Cursors | undefined {
  if (typeof stored !== "object" || stored === null || !("epoch" in stored) || !("since" in stored)) return undefined;
  const { epoch, since } = stored;
  if (!(epoch instanceof Uint8Array) || typeof since !== "object" || since === null) return undefined;
  const entries = Object.entries(since).filter(
    (entry): entry is [string, number] => Number.isSafeInteger(entry[1]) && (entry[1] as number) >= 0,
  );
  return { epoch, since: Object.fromEntries(entries) };
}

/** The cursors of one server while a session runs. */
export class CursorBook {
  #epoch: Uint8Array | null;
  readonly #since: Map<string, number>;
  /** Cursors that hold only once a reconciliation is done. */
  readonly #lent = new Set<string>();

  constructor(stored: Cursors | undefined) {
    this.#epoch = stored?.epoch ?? null;
    this.#since = new Map(Object.entries(stored?.since ?? {}));
  }

  get epoch(): Uint8Array | null {
    return this.#epoch;
  }

  since(target: string): number {
    return this.#since.get(target) ?? 0;
  }

  /** The server named its store. With another one than before everything starts over. */
  enter(epoch: Uint8Array): void {
    if (this.#epoch !== null && equalBytes(this.#epoch, epoch)) return;
    this.#lent.clear();
    this.#since.clear();
    this.#epoch = epoch.slice();
  }

  /** Everything of these targets up to `cursor` is held here now. Cursors never go back. @returns whether any has moved */
  advance(targets: Iterable<string>, cursor: number): boolean {
    let moved = false;
    for (const target of targets) {
      if (cursor <= this.since(target)) continue;
      this.#since.set(target, cursor);
      moved = true;
    }
    return moved;
  }

  /** What arrives after `cursor` is asked for; that everything before it is here is true only once it is kept. */
  lend(epoch: Uint8Array, targets: readonly string[], cursor: number): void {
    this.enter(epoch);
    for (const target of targets) {
      if (this.since(target) > 0) continue;
      this.#since.set(target, cursor);
      this.#lent.add(target);
    }
  }

  /** Everything before the cursors that were lent is here. */
  keep(): void {
    this.#lent.clear();
  }

  /** Reading starts over. */
  forget(): void {
    this.#lent.clear();
    this.#since.clear();
    this.#epoch = null;
  }

  /** What to remember: only what is still subscribed, so that it stays as small as that. */
  snapshot(targets: Iterable<string>): Cursors | undefined {
    if (this.#epoch === null) return undefined;
    const kept: Record<string, number> = {};
    for (const target of targets) {
      const since = this.since(target);
      if (since > 0 && !this.#lent.has(target)) kept[target] = since;
    }
    return { epoch: this.#epoch, since: kept };
  }
}
