import { phrasesIn, searchTerms, spansOf, type SearchTerm } from "../../social/search/index.ts";
import type { EnvelopeFilter, EnvelopeQuery, StoreChange, TimeCursor } from "../../store/port.ts";
import { equalBytes, fromHex } from "../../wire/index.ts";
import type { EnvelopeView } from "../api.ts";
import type { PeerCore } from "../core.ts";
import type { NamedPerson, NamedView, SearchIndexView } from "./api.ts";
import { kindTerm, textsOf } from "./contents.ts";
import { Directory } from "./directory.ts";
import { ENVELOPES_OF_A_POST, SearchEngine } from "./engine.ts";
import type { CheckedQuery } from "./input.ts";
import { namedViews, peopleIn } from "./names.ts";
import { Phrases } from "./phrases.ts";
import { corrected, type Spelling } from "./spelling.ts";
import { Turns } from "./turns.ts";

/** Before every hash, and behind none. */
const NO_HASH = new Uint8Array(32);
/** Of a person who hides nearly all so many pages are gone through for one. */
const MOST_PAGES = 20;
/** Envelopes that have all words and may have the phrase, taken at one go: putting them in order costs 10 ms for each go. */
const CANDIDATES = 4_096;
/** Envelopes that may come before their words count as well spelt, and which share of all. */
const FEW = 64;
const MUCH = 0.1;

export type SearchSources = Pick<
  PeerCore,
  "store" | "ports" | "blocks" | "views" | "live" | "profiles" | "following" | "identity" | "trust"
>;

/** What searches; loaded when somebody first does. */
export class Searching {
  readonly #core: SearchSources;
  readonly #engine: SearchEngine;
  readonly #phrases: Phrases;
  readonly #turns: Turns;
  #directory: Directory | null = null;
  /** The words of what was held when somebody searched in vain; let go of when nobody searches any more. */
  #spelling: { readonly made: Promise<Spelling>; readonly lastSeq: number } | null = null;
  #readers = 0;

  private constructor(core: SearchSources, engine: SearchEngine, turns: Turns) {
    this.#core = core;
    this.#engine = engine;
    this.#turns = turns;
    const { envelopes } = core.store;
    this.#phrases = new Phrases({
      contents: (rows) => engine.contents(rows),
      envelopesOf: (target) =>
        envelopes.query({ filter: { kind: "relation", relation: "post", target }, limit: ENVELOPES_OF_A_POST }),
      turn: () => turns.next(),
    });
  }

  /** @throws StoreError */
  static async open(core: SearchSources): Promise<Searching> {
    const { log, randomBytes } = core.ports;
    const turns = new Turns();
    const [onChanged, turn] = [() => core.live.invalidate("search"), () => turns.next()];
    const engine = await SearchEngine.open({ store: core.store, randomBytes, turn, log, onChanged });
    return new Searching(core, engine, turns);
  }

  /** Somebody looks at results: see {@link SearchEngine.read}. */
  read(): () => void {
    const done = this.#engine.read();
    this.#readers++;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      done();
      if (--this.#readers === 0) this.#spelling = null;
    };
  }

  /** See {@link SearchEngine.ready}. */
  ready(): Promise<void> {
    return this.#engine.ready();
  }

  view(): SearchIndexView {
    return this.#engine.view();
  }

  /**
   * What is held and has all that is asked for, newest first; what this person does not want to see is left out.
   * @param signal ends it with what was found so far: the texts of many may have to be read for a phrase
   */
  async page(query: CheckedQuery, limit: number, before?: TimeCursor, signal?: AbortSignal): Promise<EnvelopeView[]> {
    const { store, views } = this.#core;
    const phrases = phrasesIn(query.text);
    const most = phrases.length === 0 ? limit : CANDIDATES;
    const asked = { filter: this.#filterOf(query), limit: most, ...windowOf(query) };
    const shown: EnvelopeView[] = [];
    let place = before ?? asked.before;
    for (let page = 0; page < MOST_PAGES && shown.length < limit;) {
      if (signal?.aborted === true) break;
      const rows = store.envelopes.query(place === undefined ? asked : { ...asked, before: place });
      const { found, last } =
        phrases.length === 0
          ? { found: rows, last: rows.at(-1) }
          : await this.#phrases.among(rows, phrases, limit, signal);
      for (const view of await views.of(found)) if (view.guard?.verdict?.kind !== "hidden") shown.push(view);
      if (last === rows.at(-1) && rows.length < most) break;
      if (found.length > 0) page++;
      place = last;
    }
    return shown.slice(0, limit);
  }

  /** People by their names. @throws StoreError */
  async people(typed: string, limit: number): Promise<NamedPerson[]> {
    return await peopleIn(this.#core, await this.#names(), typed, limit);
  }

  /** What is called so, or nearly so. @throws StoreError */
  async named(typed: string, limit: number): Promise<NamedView[]> {
    if (searchTerms(typed).length === 0) return [];
    return await namedViews(this.#core, await this.#names(), typed, limit);
  }

  /**
   * The same question with words that are held in the place of those that are not, if that finds something; `null` otherwise.
   * Only while somebody reads.
   */
  async respell(query: CheckedQuery): Promise<string | null> {
    await this.#engine.ready();
    const spelling = await this.#spellingOfNow();
    const stands = (term: string, prefix: boolean): boolean =>
      this.#core.store.envelopes.count(this.#seen([this.#having([{ term, prefix }])])) > 0;
    const corrections = spelling.corrections(query.text, stands);
    if (corrections === null) return null;
    const [found] = await this.page({ ...query, text: corrected(query.text, corrections) }, 1);
    if (found === undefined) return null;
    // As they are written there: words are looked up without accents and joiners.
    const texts = await this.#textsOf(found);
    return corrected(
      query.text,
      corrections.map((correction) => ({ ...correction, word: writtenIn(texts, correction.word) })),
    );
  }

  changed(change: StoreChange): void {
    this.#engine.changed(change);
    const posts = [...change.objects.map(({ hash }) => hash), ...change.removedObjects];
    if (posts.length > 0) this.#phrases.forget(posts);
    for (const head of change.heads) this.#directory?.note(head);
    if (change.envelopes.length > 0 || change.removedEnvelopes.length > 0) this.#directory?.scopesChanged();
  }

  async stop(): Promise<void> {
    this.#directory?.stop();
    await this.#engine.stop();
    this.#turns.stop();
  }

  async #names(): Promise<Directory> {
    const { following, identity, live, ports, store, trust } = this.#core;
    const directory = (this.#directory ??= new Directory({
      store,
      clock: ports.clock,
      knows: (key) => equalBytes(key, identity.key) || following.has(key) || trust.has(key),
      onChanged: () => live.invalidate("search"),
      log: ports.log,
    }));
    try {
      await directory.opened;
    } catch (error) {
      // A reading that failed is not to stand for all that come after it.
      if (this.#directory === directory) this.#directory = null;
      throw error;
    }
    return directory;
  }

  /** Made anew where much has come since. */
  #spellingOfNow(): Promise<Spelling> {
    const { lastSeq } = this.#core.store.envelopes;
    const since = this.#spelling === null ? Number.POSITIVE_INFINITY : lastSeq - this.#spelling.lastSeq;
    if (this.#spelling === null || since > Math.max(FEW, lastSeq * MUCH)) {
      const spelling = { made: this.#engine.spelling(), lastSeq };
      this.#spelling = spelling;
      spelling.made.catch(() => {
        if (this.#spelling === spelling) this.#spelling = null;
      });
    }
    return this.#spelling.made;
  }

  async #textsOf({ hash }: EnvelopeView): Promise<string[]> {
    const row = this.#core.store.envelopes.row(fromHex(hash));
    const contents = row === undefined ? [] : await this.#engine.contents([row]);
    return contents.flatMap(({ envelope, post }) => textsOf(envelope, post));
  }

  /** Envelopes in which all of these stand. */
  #having(terms: readonly SearchTerm[]): EnvelopeFilter {
    return { kind: "arrived", seqs: this.#engine.matches(terms) };
  }

  /** What has all of this and may be shown: no boosts, and nothing by those who are blocked. */
  #seen(of: readonly EnvelopeFilter[]): EnvelopeFilter {
    const authors = this.#core.blocks.keys();
    const every: EnvelopeFilter = {
      kind: "every",
      of: [{ kind: "unrelated", of: { kind: "all" }, relations: ["boost"] }, ...of],
    };
    return authors.length === 0 ? every : { kind: "without", of: every, authors };
  }

  #filterOf({ author, kind, scope, text }: CheckedQuery): EnvelopeFilter {
    const terms = [...searchTerms(text), ...(kind === null ? [] : [{ term: kindTerm(kind), prefix: false }])];
    // Something was typed, and there is no word in it.
    const nothing = text.trim() !== "" && terms.length === (kind === null ? 0 : 1);
    const of: EnvelopeFilter[] = [];
    if (nothing) of.push({ kind: "any", of: [] });
    else if (terms.length > 0) of.push(this.#having(terms));
    if (author !== null) of.push({ kind: "authors", authors: [author] });
    if (scope !== null) of.push({ kind: "scope", scope, match: "prefix" });
    return this.#seen(of);
  }
}

/** How somebody has written this word, in small letters. */
function writtenIn(texts: readonly string[], word: string): string {
  for (const text of texts) {
    for (const { end, start } of spansOf(text, [{ term: word, prefix: false }])) {
      const written = text.slice(start, end);
      // Not half of another one.
      const [only, ...others] = searchTerms(`${written} `);
      if (only?.term === word && others.length === 0) return written.toLowerCase();
    }
  }
  return word;
}

function windowOf({ since, until }: CheckedQuery): Pick<EnvelopeQuery, "before" | "after"> {
  return {
    ...(since === null ? {} : { after: { created: since, hash: NO_HASH } }),
    ...(until === null ? {} : { before: { created: until + 1, hash: NO_HASH } }),
  };
}
