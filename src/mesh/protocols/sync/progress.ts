import { equalBytes, type NodeKey } from "../../../wire/index.ts";
import type { Place } from "./messages.ts";

/** How far this peer has come with one server. */
export interface Progress {
  readonly server: NodeKey;
  readonly epoch: Uint8Array;
  /** The server's last arrival number when the first stream was opened: from there on its cursor counts. */
  readonly lastSeq: number;
  /** What is reconciled, by `targetKey`. */
  readonly targets: readonly string[];
  /** Everything newer is done. */
  readonly end: Place;
}

/** Where progress outlives this session. */
export interface ProgressStore {
  load(server: NodeKey): Promise<Progress | undefined>;
  save(progress: Progress): Promise<void>;
  remove(server: NodeKey): Promise<void>;
  clear(): Promise<void>;
}

/** Whoever was left in the midst, those met last: more than the links that a peer keeps. */
const REMEMBERED = 16;
const KEY = "sync:progress";

interface SettingsStore {
  setting(key: string): Promise<unknown>;
  commit(batch: { settings: Readonly<Record<string, unknown>> }): Promise<void>;
}

/** Progress among the settings of a store, all of it in one: it is there only while something is under way. */
export function settingsProgress(store: SettingsStore): ProgressStore {
  let turn: Promise<void> = Promise.resolve();
  const change = (edit: (all: Progress[]) => Progress[]): Promise<void> => {
    // One after the other: each reads and writes the same list.
    const changed = turn.then(async () => {
      const before = parse(await store.setting(KEY));
      const after = edit(before).slice(0, REMEMBERED);
      if (before.length === 0 && after.length === 0) return;
      await store.commit({ settings: { [KEY]: after.length === 0 ? undefined : after } });
    });
    turn = changed.catch(() => undefined);
    return changed;
  };
  const without = (all: readonly Progress[], server: NodeKey): Progress[] =>
    all.filter((each) => !equalBytes(each.server, server));
  return {
    async load(server) {
      await turn;
      return parse(await store.setting(KEY)).find((each) => equalBytes(each.server, server));
    },
    save: (progress) => change((all) => [progress, ...without(all, progress.server)]),
    remove: (server) => change((all) => without(all, server)),
    clear: () => change(() => []),
  };
}

/** What an older or damaged store holds is no progress: reconciling begins anew. */
function parse(stored: unknown): Progress[] {
  return Array.isArray(stored) ? stored.filter(isProgress) : [];
}

function isProgress(stored: unknown): stored is Progress {
  if (typeof stored !== "object" || stored === null) return false;
  const { end, epoch, lastSeq, server, targets } = stored as Partial<Record<keyof Progress, unknown>>;
  if (typeof end !== "object" || end === null || !("created" in end) || !("hash" in end)) return false;
  return (
    [server, epoch, end.hash].every((bytes) => bytes instanceof Uint8Array) &&
    [lastSeq, end.created].every(Number.isSafeInteger) &&
    Array.isArray(targets) &&
    targets.every((target) => typeof target === "string")
  );
}
