/** What has a name here, and is found by it also where it is not quite spelt so: people, curated feeds, places and topics. */
import MiniSearch, { type QueryCombination } from "minisearch";
import { pause, type Clock } from "../../mesh/protocols/clock.ts";
import { pageOf } from "../../social/index.ts";
import { addTerms, searchTerms, slipsIn, swapsOf, type SearchTerm } from "../../social/search/index.ts";
import type { Head, Store } from "../../store/port.ts";
import { decodeObject, ObjectType, scopeKey, toHex, type NodeKey } from "../../wire/index.ts";
import { saysClosed } from "../curation/closed.ts";

/** Names that are read at one go: some 5 ms. */
const SLICE = 256;
/**
 * Words of all names together; twenty to thirty thousand people have so many. Whoever sends profiles without end fills 43 MB
 * of memory with words that no two of them share (measured in Node), and keeps out nobody whom this person knows.
 */
export const MOST_TERMS = 60_000;
/** Of what is said beside a name: only of feeds that a person has chosen to keep, and of places. */
const MOST_BESIDE = 48;
/** Places and topics of either kind, those that are used most. */
const MOST_SCOPES = 5_000;
/** What changes of them is read at most so often, in ms. */
const SCOPES_REST = 5_000;
/** What a name counts with two of its letters exchanged, beside 1 for what is spelt right. */
const SWAPPED = 0.5;

/** Something that has a name. */
export type Listed =
  | { readonly kind: "person"; readonly key: NodeKey; readonly name: string }
  | { readonly kind: "feed"; readonly curator: NodeKey; readonly name: string }
  | { readonly kind: "scope"; readonly scope: string };
export type Person = Extract<Listed, { readonly kind: "person" }>;

interface Document {
  readonly id: string;
  readonly name: string;
  /** What is said beside the name. */
  readonly beside: string;
}

type Field = "name" | "beside";
/** Words as they are typed; or also with a letter or two that differ. */
type Spelt = "exactly" | "nearly";

export interface DirectoryOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Whether this person knows somebody: listed always, and first among those of one name. */
  readonly knows: (key: NodeKey) => boolean;
  /** Other places or topics are listed than before. */
  readonly onChanged: () => void;
  readonly log: (context: string, error: unknown) => void;
}

/**
 * An index of names (minisearch): few and short, in an order of their own, namely how well each fits; what is written under
 * them is in the index of words (`engine.ts`).
 */
export class Directory {
  /** Resolves when everything is listed that was held. @throws StoreError */
  readonly opened: Promise<void>;
  readonly #options: DirectoryOptions;
  readonly #index = new MiniSearch<Document>({
    fields: ["name", "beside"],
    tokenize: (text, field) => termsOf(text).slice(0, field === "beside" ? MOST_BESIDE : Number.POSITIVE_INFINITY),
    // They are in one spelling already.
    processTerm: (term) => term,
    // What is replaced or gone is taken out at once.
    autoVacuum: false,
  });
  readonly #documents = new Map<string, Document>();
  readonly #listed = new Map<string, Listed>();
  readonly #scopes = new Set<string>();
  readonly #ended = new AbortController();
  /** Names that have come since reading began: what is read of them is older. */
  readonly #newer = new Set<string>();
  #terms = 0;
  #isOpen = false;
  #scopesAt = Number.NEGATIVE_INFINITY;
  #scopesChanged = false;
  #readingScopes = false;
  /** The last answer, until something else is listed: envelopes come more often than names. */
  #last: { readonly typed: string; readonly limit: number; readonly found: Listed[] } | null = null;

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.opened = this.#open();
  }

  /** A version of a profile or of a curated feed has come. */
  note(head: Head): void {
    if (!this.#isOpen) this.#newer.add(idOf(head));
    this.#note(head);
  }

  /** Envelopes have come or gone, and their scopes with them. */
  scopesChanged(): void {
    this.#scopesChanged = true;
  }

  /** What is called so, then what is said so beside a name, then what is called nearly so; best first. */
  find(typed: string, limit: number): Listed[] {
    if (this.#scopesChanged) this.#refreshScopes();
    if (this.#last?.typed === typed && this.#last.limit >= limit) return this.#last.found.slice(0, limit);
    const found = new Set<Listed>();
    const tiers = [
      () => this.#knownFirst(this.#search(typed, ["name"], "exactly")),
      () => this.#search(typed, ["name", "beside"], "exactly"),
      () => this.#search(typed, ["name", "beside"], "nearly"),
    ];
    for (const tier of tiers) if (found.size < limit) for (const listed of tier()) found.add(listed);
    this.#last = { typed, limit, found: [...found].slice(0, limit) };
    return this.#last.found;
  }

  /** People of whose name a word begins like each that was typed, in no order; or nearly so. */
  people(typed: string, spelt: Spelt): Person[] {
    return this.#search(typed, ["name"], spelt).filter((listed): listed is Person => listed.kind === "person");
  }

  stop(): void {
    this.#ended.abort();
  }

  async #open(): Promise<void> {
    const { clock, store } = this.#options;
    for (const type of [ObjectType.UserProfile, ObjectType.CuratedFeed] as const) {
      for (const [at, head] of (await store.heads(type)).entries()) {
        if (at % SLICE === SLICE - 1) await pause(clock, 0, this.#ended.signal);
        if (!this.#newer.has(idOf(head))) this.#note(head);
      }
    }
    this.#isOpen = true;
    this.#newer.clear();
    await this.#readScopes();
  }

  #note(head: Head): void {
    const { bytes, owner, type } = head;
    if (type !== ObjectType.UserProfile && type !== ObjectType.CuratedFeed) return;
    const object = decodeObject(bytes);
    if (object.type === "UserProfile") {
      const name = object.displayName;
      this.#list(idOf(head), { kind: "person", key: owner, name }, { name, beside: "" });
    } else if (object.type === "CuratedFeed" && pageOf(object) === null) {
      const { description: beside, name } = object;
      if (saysClosed(object)) this.#drop(idOf(head));
      else this.#list(idOf(head), { kind: "feed", curator: owner, name }, { name, beside });
    }
  }

  #search(typed: string, fields: readonly Field[], spelt: Spelt): Listed[] {
    const terms = searchTerms(typed);
    if (terms.length === 0) return [];
    const query: QueryCombination = {
      combineWith: "AND",
      queries: terms.map((term) => ({
        combineWith: "OR",
        queries: fields.map((field) =>
          field === "name" ? asName(term, { spelt, alone: terms.length === 1 }) : asWord(term),
        ),
      })),
    };
    const found = this.#index.search(query, { tokenize: (term) => [term] });
    return found.map(({ id }) => this.#listed.get(id as string) as Listed);
  }

  /** Of two with one name the one whom this person knows; apart from that their order stays. */
  #knownFirst(found: readonly Listed[]): Listed[] {
    const known = (listed: Listed): boolean =>
      listed.kind !== "scope" && this.#options.knows(listed.kind === "person" ? listed.key : listed.curator);
    return [...found.filter(known), ...found.filter((listed) => !known(listed))];
  }

  #list(id: string, listed: Listed, { beside, name }: Omit<Document, "id">): void {
    const former = this.#documents.get(id);
    if (former?.name === name && former.beside === beside) return;
    this.#drop(id);
    const document = { id, name, beside };
    const terms = termCount(document);
    const isKnown = listed.kind === "person" && this.#options.knows(listed.key);
    if (!isKnown && this.#terms + terms > MOST_TERMS) return;
    this.#terms += terms;
    this.#last = null;
    this.#documents.set(id, document);
    this.#listed.set(id, listed);
    this.#index.add(document);
  }

  #drop(id: string): void {
    const document = this.#documents.get(id);
    if (document === undefined) return;
    this.#terms -= termCount(document);
    this.#last = null;
    this.#documents.delete(id);
    this.#listed.delete(id);
    this.#index.remove(document);
  }

  #refreshScopes(): void {
    if (this.#readingScopes || !this.#isOpen) return;
    this.#readingScopes = true;
    this.#rested()
      .then(() => this.#readScopes())
      .then(this.#options.onChanged)
      .catch((error: unknown) => {
        if (!this.#ended.signal.aborted) this.#options.log("names", error);
      })
      .finally(() => (this.#readingScopes = false));
  }

  /** Resolves when scopes may be read again. */
  async #rested(): Promise<void> {
    const { clock } = this.#options;
    const since = clock.now() - this.#scopesAt;
    // A clock may be set back.
    if (since >= 0 && since < SCOPES_REST) await pause(clock, SCOPES_REST - since, this.#ended.signal);
  }

  /** Places and topics of which something is held, and the wider ones around them. */
  async #readScopes(): Promise<void> {
    const { clock, store } = this.#options;
    this.#scopesAt = clock.now();
    this.#scopesChanged = false;
    const scopes = new Set<string>();
    for (const kind of ["geo", "topic"] as const) {
      for (const { scope } of store.envelopes.scopes({ kind, prefix: "", limit: MOST_SCOPES })) {
        const key = scopeKey(scope);
        for (let end = key.length; end > 0; end = key.lastIndexOf("/", end - 1)) scopes.add(key.slice(0, end));
      }
    }
    for (const scope of this.#scopes) if (!scopes.has(scope)) this.#drop(scope);
    this.#scopes.clear();
    let read = 0;
    for (const scope of scopes) {
      if (++read % SLICE === 0) await pause(clock, 0, this.#ended.signal);
      const segments = scope.slice(2).split("/");
      const beside = segments.slice(0, -1).join(" ");
      this.#list(scope, { kind: "scope", scope }, { name: segments.at(-1) as string, beside });
      this.#scopes.add(scope);
    }
  }
}

/** No two of different kinds are alike: hex, hex with a name behind it, and `g:` or `t:`. */
function idOf({ name, owner, type }: Head): string {
  return type === ObjectType.UserProfile ? toHex(owner) : `${toHex(owner)} ${name}`;
}

function termsOf(text: string): string[] {
  const terms = new Set<string>();
  addTerms(text, terms);
  return [...terms];
}

function termCount({ beside, name }: Document): number {
  return termsOf(name).length + Math.min(MOST_BESIDE, termsOf(beside).length);
}

/** Every word of a name may be a beginning: people are looked for by what they are called for short. */
function asName({ term }: SearchTerm, { alone, spelt }: { alone: boolean; spelt: Spelt }): QueryCombination {
  const rest: Omit<QueryCombination, "queries"> = { combineWith: "OR", fields: ["name"] };
  // Beside other words a single letter is an initial of thousands.
  const asTyped = { ...rest, queries: [term], prefix: alone || term.length > 1 };
  if (spelt === "exactly") return asTyped;
  const swapped = { ...rest, queries: swapsOf(term), boost: { name: SWAPPED } };
  return { ...rest, queries: [{ ...asTyped, fuzzy: slipsIn(term) }, swapped] };
}

function asWord({ prefix, term }: SearchTerm): QueryCombination {
  return { queries: [term], combineWith: "OR", fields: ["beside"], prefix };
}
