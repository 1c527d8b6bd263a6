import * as v from "valibot";
import type { Store } from "../store/port.ts";
import { hashOf, toHex } from "../wire/index.ts";
import type { Draft, Published } from "./api.ts";

/** Name of the setting in which it is kept. */
const SETTING = "published";
/** A call is repeated within seconds, by a person who was offline within hours. */
const KEPT_FOR = 24 * 60 * 60_000;
/** A busy day of one author (`protocol.md` section 12 allows 60 envelopes an hour in a place); 200 bytes each. */
const KEPT = 512;

const Hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u));
const Entry = v.object({ draft: Hex, hash: Hex, postHash: Hex, at: v.number() });
type Entry = v.InferOutput<typeof Entry>;

/**
 * What drafts of the last day became. A page whose peer ended while it published cannot know whether it was done, so it asks
 * again, and gets what the first time made: the entry is written in the transaction that stores the envelope.
 *
 * A draft is known by everything in it, not by its id alone: two tabs may have written different texts under one id, and neither
 * may be lost.
 */
export class PublishedDrafts {
  readonly #store: Store;
  #entries: readonly Entry[] | null = null;

  constructor(store: Store) {
    this.#store = store;
  }

  /** What this draft became, `null` when it was not published lately. */
  async find(draft: Draft, now: number): Promise<Published | null> {
    const name = nameOf(draft);
    const entry = (await this.#load()).find((known) => known.draft === name && now - known.at < KEPT_FOR);
    return entry === undefined ? null : { hash: entry.hash, postHash: entry.postHash };
  }

  /**
   * Calls `commit` with the settings that are to be written with what `draft` became. One after the other: each writes all
   * entries.
   */
  async note(
    draft: Draft,
    { hash, postHash }: Published,
    at: number,
    commit: (settings: Readonly<Record<string, unknown>>) => Promise<void>,
  ): Promise<void> {
    const lately = (await this.#load()).filter((entry) => at - entry.at < KEPT_FOR);
    const entries = [...lately, { draft: nameOf(draft), hash, postHash, at }].slice(-KEPT);
    await commit({ [SETTING]: entries });
    this.#entries = entries;
  }

  async #load(): Promise<readonly Entry[]> {
    if (this.#entries === null) {
      // What cannot be read protects against nothing any more, and nothing else depends on it.
      const result = v.safeParse(v.array(Entry), await this.#store.setting(SETTING));
      this.#entries = result.success ? result.output : [];
    }
    return this.#entries;
  }
}

function nameOf(draft: Draft): string {
  return toHex(hashOf(new TextEncoder().encode(JSON.stringify(draft))));
}
