import * as v from "valibot";
import { canonicalMute, idOfMute, MUTED_KINDS, MUTE_LIMITS, type Mute } from "../../social/index.ts";
import type { Store } from "../../store/port.ts";
import { Serial } from "../../store/serial.ts";
import { PeerError } from "../errors.ts";

/** Also the name by which a backup carries it. */
export const MUTES_KEY = "mutes";

const Target = v.variant("kind", [
  v.object({ kind: v.literal("person"), id: v.string() }),
  v.object({ kind: v.literal("word"), word: v.string(), whole: v.boolean() }),
  v.object({ kind: v.literal("scope"), scope: v.string() }),
  v.object({ kind: v.literal("thread"), post: v.string() }),
  v.object({ kind: v.literal("kind"), of: v.picklist(MUTED_KINDS) }),
]);

const How = v.picklist(["hide", "cover"]);
/** Up to the last moment that a Date can name (ECMAScript, "Time Values"). */
const Time = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15));

export const MUTE_INPUT = v.object({
  target: Target,
  how: v.optional(How, "hide"),
  until: v.optional(v.nullable(Time), null),
});

const Stored = v.object({ target: Target, how: How, until: v.nullable(Time), since: v.number() });

/**
 * A mute in its one form.
 * @throws PeerError `MUTE_INVALID`
 */
export function parseMute(given: unknown, since: number): Mute {
  const result = v.safeParse(MUTE_INPUT, given);
  const target = result.success ? canonicalMute(result.output.target) : null;
  if (!result.success || target === null) {
    throw new PeerError("MUTE_INVALID", "A mute names a person, a word, a scope, a thread or a kind.");
  }
  return { target, how: result.output.how, until: result.output.until, since };
}

/** What this person has muted, the latest last. */
export class MuteList {
  readonly #store: Store;
  /** By id. */
  #mutes: ReadonlyMap<string, Mute>;
  /** Changes, one after the other: each writes the whole list. */
  readonly #changes = new Serial();

  private constructor(store: Store, mutes: ReadonlyMap<string, Mute>) {
    this.#store = store;
    this.#mutes = mutes;
  }

  static async open(store: Store): Promise<MuteList> {
    const stored = await store.setting(MUTES_KEY);
    const mutes = new Map<string, Mute>();
    for (const entry of Array.isArray(stored) ? stored : []) {
      // The list may come from a backup file, which anybody can write.
      if (mutes.size >= MUTE_LIMITS.mutes) break;
      // A damaged entry costs that entry, not the start of the peer.
      const parsed = v.safeParse(Stored, entry);
      const target = parsed.success ? canonicalMute(parsed.output.target) : null;
      if (parsed.success && target !== null) mutes.set(idOfMute(target), { ...parsed.output, target });
    }
    return new MuteList(store, mutes);
  }

  get size(): number {
    return this.#mutes.size;
  }

  /** Those in force. */
  inForce(now: number): Mute[] {
    return [...this.#mutes.values()].filter(({ until }) => until === null || until > now);
  }

  /** When the next one ends; `null` where none does. */
  nextEnd(): number | null {
    const ends = [...this.#mutes.values()].flatMap(({ until }) => until ?? []);
    return ends.length === 0 ? null : Math.min(...ends);
  }

  get(id: string): Mute | undefined {
    return this.#mutes.get(id);
  }

  /**
   * Resolves when all are durable. Those that have ended make room.
   * @throws PeerError `MUTES_FULL`: then none was added
   */
  add(mutes: readonly Mute[], now: number): Promise<void> {
    return this.#changes.run(async () => {
      const next = new Map(this.#mutes);
      for (const [id, { until }] of next) if (until !== null && until <= now) next.delete(id);
      for (const mute of mutes) {
        const id = idOfMute(mute.target);
        // The latest last.
        next.delete(id);
        next.set(id, mute);
      }
      if (next.size > MUTE_LIMITS.mutes) {
        throw new PeerError("MUTES_FULL", `At most ${MUTE_LIMITS.mutes} mutes can be kept.`);
      }
      await this.#write(next);
    });
  }

  /** Resolves with whether anything changed, once it is durable. */
  remove(ids: readonly string[]): Promise<boolean> {
    return this.#changes.run(async () => {
      const next = new Map(this.#mutes);
      for (const id of ids) next.delete(id);
      if (next.size === this.#mutes.size) return false;
      await this.#write(next);
      return true;
    });
  }

  /** Forgets those that have ended. */
  sweep(now: number): Promise<boolean> {
    const over = [...this.#mutes].filter(([, { until }]) => until !== null && until <= now);
    return this.remove(over.map(([id]) => id));
  }

  async #write(mutes: ReadonlyMap<string, Mute>): Promise<void> {
    await this.#store.commit({ settings: { [MUTES_KEY]: [...mutes.values()] } }, { durability: "strict" });
    this.#mutes = mutes;
  }
}
