/** What has a name here, and is found by it also where it is not quite spelt so: people, curated feeds, places and topics. */
import MiniSearch, { type QueryCombination } from "minisearch";
import { pause, type Clock } from "../../mesh/protocols/clock.ts";
import { pageOf } from "../../social/index.ts";
import { addTerms, searchTerms, slipsIn, swapsOf, type SearchTerm } from "../../social/search/index.ts";
import type { Head, Store } from "../../store/port.ts";
import { decodeObject, ObjectType, scopeKey, toHex, type NodeKey, type Scope } from "../../wire/index.ts";

/** Heads that are decoded at one go: some 5 ms. */
const SLICE = 256;
/** Of one kind, so that whoever sends profiles without end fills a bounded part of the memory: 8 MB, and 43 at worst (measured in Node). */
export const MOST_LISTED = 10_000;
/** Of a name. What people say of themselves is left out: with the words of ten thousand it would be 25 MB, and 174 at worst. */
const MOST_TERMS = 6;
/** Of what is said beside a name: only of feeds that a person has chosen to keep, and of places. */
const MOST_WORDS = 48;
/** Scopes are read anew at most so often while somebody searches, in ms. */
const SCOPES_REST = 5_000;
/** A name counts so much more than what is said beside it. */
const NAME_WEIGHT = 4;
/** And so much where two of its letters changed places. */
const SLIP_WEIGHT = 2;

/** Something that has a name. */
export type Listed =
  | { readonly kind: "person"; readonly key: NodeKey; readonly name: string }
  | { readonly kind: "feed"; readonly curator: NodeKey; readonly name: string }
  | { readonly kind: "scope"; readonly scope: Scope };

interface Document {
  readonly id: string;
  readonly name: string;
  readonly about: string;
}

export interface DirectoryOptions {
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * An index of names (minisearch): few and short, in an order of their own, namely how well each fits; what is written under
 * them is in the index of words (`engine.ts`).
 */
export class Directory {
  readonly #options: DirectoryOptions;
  readonly #index = new MiniSearch<Document>({
    fields: ["name", "about"],
    tokenize: (text, field) => termsOf(text, field === "about" ? MOST_WORDS : MOST_TERMS),
    // They are in one spelling already.
    processTerm: (term) => term,
    // It would come back by timers after whatever was replaced; what is replaced here is taken out at once.
    autoVacuum: false,
  });
  readonly #documents = new Map<string, Document>();
  readonly #listed = new Map<string, Listed>();
  readonly #counts = { person: 0, feed: 0, scope: 0 };
  #scopesAt = Number.NEGATIVE_INFINITY;
  #scopesChanged = true;

  private constructor(options: DirectoryOptions) {
    this.#options = options;
  }

  /** @throws StoreError */
  static async open(options: DirectoryOptions): Promise<Directory> {
    const directory = new Directory(options);
    for (const type of [ObjectType.UserProfile, ObjectType.CuratedFeed] as const) {
      for (const [at, head] of (await options.store.heads(type)).entries()) {
        if (at % SLICE === SLICE - 1) await pause(options.clock, 0);
        directory.note(head);
      }
    }
    return directory;
  }

  /** A version of a profile or of a curated feed has come. */
  note({ bytes, owner, type }: Head): void {
    if (type !== ObjectType.UserProfile && type !== ObjectType.CuratedFeed) return;
    const object = decodeObject(bytes);
    if (object.type === "UserProfile") {
      const name = object.displayName;
      this.#list(toHex(owner), { kind: "person", key: owner, name }, { name, about: "" });
    } else if (object.type === "CuratedFeed" && pageOf(object) === null) {
      const { description, name } = object;
      this.#list(`${toHex(owner)} ${name}`, { kind: "feed", curator: owner, name }, { name, about: description });
    }
  }

  /** Envelopes have come or gone, and their scopes with them. */
  scopesChanged(): void {
    this.#scopesChanged = true;
  }

  /** What is called so or nearly so, or says so of itself, best first. */
  find(typed: string, limit: number): Listed[] {
    this.#readScopes();
    return this.#search(typed, { near: true, fields: ["name", "about"] }).slice(0, limit);
  }

  /** People of whose name a word begins like each that was typed, in no order; and those whose name nearly does. */
  people(typed: string): { readonly exact: readonly Person[]; readonly near: readonly Person[] } {
    const find = (near: boolean): Person[] =>
      this.#search(typed, { near, fields: ["name"] }).filter((listed): listed is Person => listed.kind === "person");
    const exact = find(false);
    const known = new Set(exact);
    return { exact, near: find(true).filter((person) => !known.has(person)) };
  }

  #search(typed: string, { fields, near }: { near: boolean; fields: readonly ("name" | "about")[] }): Listed[] {
    const terms = searchTerms(typed);
    if (terms.length === 0) return [];
    const query: QueryCombination = {
      combineWith: "AND",
      queries: terms.map((term) => ({
        combineWith: "OR",
        queries: fields.map((field) => (field === "name" ? asName(term, near) : asWord(term))),
      })),
    };
    const found = this.#index.search(query, { tokenize: (term) => [term] });
    return found.map(({ id }) => this.#listed.get(id as string) as Listed);
  }

  #list(id: string, listed: Listed, { about, name }: Omit<Document, "id">): void {
    const former = this.#documents.get(id);
    this.#listed.set(id, listed);
    if (former?.name === name && former.about === about) return;
    if (former !== undefined) this.#index.remove(former);
    else if (this.#counts[listed.kind] >= MOST_LISTED) return void this.#listed.delete(id);
    else this.#counts[listed.kind]++;
    const document = { id, name, about };
    this.#documents.set(id, document);
    this.#index.add(document);
  }

  #readScopes(): void {
    const now = this.#options.clock.now();
    if (!this.#scopesChanged || now - this.#scopesAt < SCOPES_REST) return;
    this.#scopesAt = now;
    this.#scopesChanged = false;
    const { envelopes } = this.#options.store;
    const gone = new Set(Array.from(this.#documents.keys()).filter((id) => this.#listed.get(id)?.kind === "scope"));
    for (const kind of ["geo", "topic"] as const) {
      for (const { scope } of envelopes.scopes({ kind, prefix: "", limit: MOST_LISTED / 2 })) {
        const id = scopeKey(scope);
        gone.delete(id);
        const segments = id.slice(2).split("/");
        const about = segments.slice(0, -1).join(" ");
        this.#list(id, { kind: "scope", scope }, { name: segments.at(-1) as string, about });
      }
    }
    for (const id of gone) this.#drop(id);
  }

  #drop(id: string): void {
    this.#index.remove(this.#documents.get(id) as Document);
    this.#documents.delete(id);
    this.#listed.delete(id);
    this.#counts.scope--;
  }
}

type Person = Extract<Listed, { readonly kind: "person" }>;

function termsOf(text: string, most: number): string[] {
  const terms = new Set<string>();
  addTerms(text, terms);
  return [...terms].slice(0, most);
}

/** Every word of a name may be a beginning: people are looked for by what they are called for short. */
function asName({ term }: SearchTerm, near: boolean): QueryCombination {
  const rest: Omit<QueryCombination, "queries"> = { combineWith: "OR", fields: ["name"] };
  const asTyped = { ...rest, queries: [term], prefix: true, boost: { name: NAME_WEIGHT } };
  if (!near) return asTyped;
  const swapped = { ...rest, queries: swapsOf(term), boost: { name: SLIP_WEIGHT } };
  return { ...rest, queries: [{ ...asTyped, fuzzy: slipsIn(term) }, swapped] };
}

function asWord({ prefix, term }: SearchTerm): QueryCombination {
  return { queries: [term], combineWith: "OR", fields: ["about"], prefix };
}
