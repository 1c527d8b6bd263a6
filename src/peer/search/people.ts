import { pause, type Clock } from "../../mesh/protocols/clock.ts";
import { addTerms, searchTerms } from "../../social/search/index.ts";
import type { Head, Store } from "../../store/port.ts";
import { decodeObject, encodeNodeId, ObjectType, toHex, type NodeKey } from "../../wire/index.ts";
import type { NamedPerson } from "./api.ts";

/** Profiles that are decoded in one go: some 5 ms. */
const SLICE = 256;

interface Named {
  readonly key: NodeKey;
  readonly name: string;
  readonly terms: readonly string[];
}

export interface NamesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly blocked: (key: NodeKey) => boolean;
}

/** Names of all whose profile is held: some thousand, gone through one by one. */
export class Names {
  readonly #options: NamesOptions;
  readonly #named = new Map<string, Named>();

  private constructor(options: NamesOptions) {
    this.#options = options;
  }

  /** @throws StoreError */
  static async open(options: NamesOptions): Promise<Names> {
    const names = new Names(options);
    for (const [at, head] of (await options.store.heads(ObjectType.UserProfile)).entries()) {
      if (at % SLICE === SLICE - 1) await pause(options.clock, 0);
      names.note(head);
    }
    return names;
  }

  /** A version of a profile has come. */
  note({ bytes, owner, type }: Head): void {
    if (type !== ObjectType.UserProfile) return;
    const profile = decodeObject(bytes);
    if (profile.type !== "UserProfile") return;
    const terms = new Set<string>();
    addTerms(profile.displayName, terms);
    this.#named.set(toHex(owner), { key: owner, name: profile.displayName, terms: [...terms] });
  }

  /** Those of whose name a word begins like each word that was typed. */
  suggest(typed: string, limit: number): NamedPerson[] {
    const wanted = searchTerms(typed);
    if (wanted.length === 0) return [];
    const { blocked, store } = this.#options;
    return [...this.#named.values()]
      .filter(({ key, terms }) => {
        const isNamed = wanted.every(({ term }) => terms.some((own) => own.startsWith(term)));
        return isNamed && !blocked(key);
      })
      .map(({ key, name }) => ({
        id: encodeNodeId(key),
        name,
        envelopes: store.envelopes.count({ kind: "authors", authors: [key] }),
      }))
      .sort((a, b) => b.envelopes - a.envelopes || (a.name < b.name ? -1 : 1))
      .slice(0, limit);
  }
}
