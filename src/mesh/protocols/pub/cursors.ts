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
  return {
    async load(server) {
      return parse(await store.setting(keyOf(toHex(server))));
    },
    save(server, cursors) {
      // One after the other: each reads and writes the list of remembered servers.
      const saved = turn.then(() => save(store, toHex(server), cursors));
      turn = saved.catch(() => undefined);
      return saved;
    },
    clear() {
      const cleared = turn.then(() => clear(store));
      turn = cleared.catch(() => undefined);
      return cleared;
    },
  };
}

async function clear(store: SettingsStore): Promise<void> {
  const stored = await store.setting(INDEX_KEY);
  const known = Array.isArray(stored) ? stored.filter((entry): entry is string => typeof entry === "string") : [];
  const forgotten = known.map((entry) => [keyOf(entry), undefined] as const);
  await store.commit({ settings: { ...Object.fromEntries(forgotten), [INDEX_KEY]: undefined } });
}

async function save(store: SettingsStore, server: string, cursors: Cursors): Promise<void> {
  const stored = await store.setting(INDEX_KEY);
  const known = Array.isArray(stored) ? stored.filter((entry): entry is string => typeof entry === "string") : [];
  const order = [server, ...known.filter((entry) => entry !== server)];
  const forgotten = order.splice(REMEMBERED_SERVERS);
  const settings: Record<string, unknown> = { [INDEX_KEY]: order, [keyOf(server)]: cursors };
  for (const entry of forgotten) settings[keyOf(entry)] = undefined;
  await store.commit({ settings });
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

  /** Everything of these targets up to `cursor` is held here now. Cursors never go back. */
  advance(targets: Iterable<string>, cursor: number): void {
    for (const target of targets) this.#since.set(target, Math.max(cursor, this.since(target)));
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
    const entries = [...targets].map((target) => [target, this.since(target)] as const);
    const kept = entries.filter(([target, since]) => since > 0 && !this.#lent.has(target));
    return { epoch: this.#epoch, since: Object.fromEntries(kept) };
  }
}
