/**
 * Where the DHT keeps its provider records: in memory, bounded in all and for each provider, so that nobody can fill
 * this node or push others out. The library's own memory store keeps whatever it is sent.
 */
import { InvalidParametersError, NotFoundError } from "@libp2p/interface";
import type { KadDHTComponents } from "@libp2p/kad-dht";

type Datastore = KadDHTComponents["datastore"];
type Key = Parameters<Datastore["has"]>[0];
type Pair = { key: Key; value: Uint8Array };
type Batch = ReturnType<Datastore["batch"]>;

export interface ProviderRecordsOptions {
  readonly maxRecords: number;
  readonly maxRecordsOfOne: number;
  /** The text of the own peer id, which ends the keys of own records. Those are never dropped. */
  readonly self: string;
}

/** `/dht/provider/` (32 bytes in base 32) `/` (a peer id in base 58): 125 characters. */
const MAX_KEY = 160;
const PROVIDER_KEY = /^\/[\w-]+\/provider\//;
/** The time at which it was announced, as a varint. */
const MAX_VALUE = 16;

export class ProviderRecords implements Datastore {
  readonly #options: ProviderRecordsOptions;
  /** Oldest first; by parent key, because the library asks for all providers below one. */
  readonly #pairs = new Map<string, Pair>();
  readonly #children = new Map<string, Set<string>>();
  readonly #byProvider = new Map<string, Set<string>>();

  constructor(options: ProviderRecordsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#pairs.size;
  }

  has(key: Key): boolean {
    return this.#pairs.has(key.toString());
  }

  get(key: Key): Uint8Array {
    const pair = this.#pairs.get(key.toString());
    if (pair === undefined) {
      throw new NotFoundError("No such record.");
    }
    return pair.value;
  }

  put(key: Key, value: Uint8Array): Key {
    const text = key.toString();
    // The library also takes records of other kinds, by keys and of sizes that are its sender's choice.
    if (text.length > MAX_KEY || !PROVIDER_KEY.test(text) || value.length > MAX_VALUE) {
      throw new InvalidParametersError("No provider record.");
    }
    this.#remove(text);
    const { parent, provider } = split(text);
    const { maxRecords, maxRecordsOfOne, self } = this.#options;
    const own = this.#byProvider.get(provider);
    if (provider !== self && own !== undefined && own.size >= maxRecordsOfOne) {
      this.#removeOldest(own);
    }
    if (this.#pairs.size >= maxRecords) {
      this.#removeOldest(this.#pairs.keys());
    }
    this.#pairs.set(text, { key, value });
    addTo(this.#children, parent, text);
    addTo(this.#byProvider, provider, text);
    return key;
  }

  delete(key: Key): void {
    this.#remove(key.toString());
  }

  *query(query: { prefix?: string }): Generator<Pair> {
    const prefix = query.prefix ?? "";
    const below = this.#children.get(prefix);
    // A copy, because the caller may delete what it was just given.
    const texts = below === undefined ? [...this.#pairs.keys()].filter((text) => text.startsWith(prefix)) : [...below];
    for (const text of texts) {
      const pair = this.#pairs.get(text);
      if (pair !== undefined) {
        yield pair;
      }
    }
  }

  *queryKeys(query: { prefix?: string }): Generator<Key> {
    for (const { key } of this.query(query)) {
      yield key;
    }
  }

  async *putMany(source: Iterable<Pair> | AsyncIterable<Pair>): AsyncGenerator<Key> {
    for await (const { key, value } of source) {
      yield this.put(key, value);
    }
  }

  async *getMany(source: Iterable<Key> | AsyncIterable<Key>): AsyncGenerator<Pair> {
    for await (const key of source) {
      yield { key, value: this.get(key) };
    }
  }

  async *deleteMany(source: Iterable<Key> | AsyncIterable<Key>): AsyncGenerator<Key> {
    for await (const key of source) {
      this.delete(key);
      yield key;
    }
  }

  batch(): Batch {
    const steps: (() => void)[] = [];
    return {
      put: (key, value) => {
        steps.push(() => this.put(key, value));
      },
      delete: (key) => {
        steps.push(() => this.delete(key));
      },
      commit: () => {
        for (const step of steps.splice(0)) {
          step();
        }
      },
    };
  }

  #removeOldest(texts: Iterable<string>): void {
    for (const text of texts) {
      if (split(text).provider !== this.#options.self) {
        this.#remove(text);
        return;
      }
    }
  }

  #remove(text: string): void {
    if (this.#pairs.delete(text)) {
      const { parent, provider } = split(text);
      removeFrom(this.#children, parent, text);
      removeFrom(this.#byProvider, provider, text);
    }
  }
}

/** Keys read `/dht/provider/<key>/<peer id>`. */
function split(text: string): { parent: string; provider: string } {
  const at = text.lastIndexOf("/");
  return { parent: text.slice(0, at), provider: text.slice(at + 1) };
}

function addTo(index: Map<string, Set<string>>, group: string, text: string): void {
  const texts = index.get(group);
  if (texts === undefined) {
    index.set(group, new Set([text]));
  } else {
    texts.add(text);
  }
}

function removeFrom(index: Map<string, Set<string>>, group: string, text: string): void {
  const texts = index.get(group);
  texts?.delete(text);
  if (texts?.size === 0) {
    index.delete(group);
  }
}
