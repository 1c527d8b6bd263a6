import { phrasesIn, searchTerms } from "../../social/search/index.ts";
import type { EnvelopeFilter, EnvelopeQuery, StoreChange, TimeCursor } from "../../store/port.ts";
import type { EnvelopeView } from "../api.ts";
import type { PeerCore } from "../core.ts";
import type { NamedPerson, NamedView, SearchIndexView } from "./api.ts";
import { kindTerm } from "./contents.ts";
import { Directory } from "./directory.ts";
import { ENVELOPES_OF_A_POST, SearchEngine } from "./engine.ts";
import type { CheckedQuery } from "./input.ts";
import { namedViews, peopleIn } from "./names.ts";
import { Phrases } from "./phrases.ts";
import type { Spelling } from "./spelling.ts";
import { Turns } from "./turns.ts";

/** Before every hash, and behind none. */
const NO_HASH = new Uint8Array(32);
/** Of a person who hides nearly all so many pages are gone through for one. */
const MOST_PAGES = 20;
/** Envelopes that have all words and may have the phrase, taken at one go: putting them in order costs 10 ms for each go. */
const CANDIDATES = 4_096;

export type SearchSources = Pick<PeerCore, "store" | "ports" | "blocks" | "views" | "live" | "profiles">;

/** What searches; loaded when somebody first does. */
export class Searching {
  readonly #core: SearchSources;
  readonly #engine: SearchEngine;
  readonly #phrases: Phrases;
  readonly #turns: Turns;
  #opening: Promise<Directory> | null = null;
  #directory: Directory | null = null;
  /** The words of what was held when somebody searched in vain; let go of when nobody searches any more. */
  #spelling: Promise<Spelling> | null = null;
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
    return peopleIn(this.#core, await this.#names(), typed, limit);
  }

  /** What is called so, or nearly so. @throws StoreError */
  async named(typed: string, limit: number): Promise<NamedView[]> {
    return await namedViews(this.#core, await this.#names(), typed, limit);
  }

  /**
   * The same question with words that are held in the place of those that are not, if that finds something; `null` otherwise.
   * Only while somebody reads.
   */
  async respell(query: CheckedQuery): Promise<string | null> {
    await this.#engine.ready();
    const stands = (term: string, prefix: boolean): boolean => this.#engine.matches([{ term, prefix }]).length > 0;
    this.#spelling ??= this.#engine.spelling();
    this.#spelling.catch(() => (this.#spelling = null));
    const text = (await this.#spelling).correct(query.text, stands);
    if (text === null) return null;
    return (await this.page({ ...query, text }, 1)).length > 0 ? text : null;
  }

  changed(change: StoreChange): void {
    this.#engine.changed(change);
    const posts = [...change.objects.map(({ hash }) => hash), ...change.removedObjects];
    if (posts.length > 0) this.#phrases.forget(posts);
    // While they are being read a change may come before what it replaces.
    if (this.#directory === null && change.heads.length > 0) this.#opening = null;
    for (const head of change.heads) this.#directory?.note(head);
    if (change.envelopes.length > 0 || change.removedEnvelopes.length > 0) this.#directory?.scopesChanged();
  }

  async stop(): Promise<void> {
    await this.#engine.stop();
    this.#turns.stop();
  }

  async #names(): Promise<Directory> {
    const { ports, store } = this.#core;
    const opening = (this.#opening ??= Directory.open({ store, clock: ports.clock }));
    // A reading that failed is not to stand for all that come after it.
    opening.catch(() => (this.#opening = null));
    const directory = await opening;
    if (this.#opening === opening) this.#directory = directory;
    return directory;
  }

  #filterOf({ author, kind, scope, text }: CheckedQuery): EnvelopeFilter {
    const authors = this.#core.blocks.keys();
    const terms = [...searchTerms(text), ...(kind === null ? [] : [{ term: kindTerm(kind), prefix: false }])];
    // Something was typed, and there is no word in it.
    const nothing = text.trim() !== "" && terms.length === (kind === null ? 0 : 1);
    const of: EnvelopeFilter[] = [{ kind: "unrelated", of: { kind: "all" }, relations: ["boost"] }];
    if (nothing) of.push({ kind: "any", of: [] });
    else if (terms.length > 0) of.push({ kind: "arrived", seqs: this.#engine.matches(terms) });
    if (author !== null) of.push({ kind: "authors", authors: [author] });
    if (scope !== null) of.push({ kind: "scope", scope, match: "prefix" });
    const every: EnvelopeFilter = { kind: "every", of };
    return authors.length === 0 ? every : { kind: "without", of: every, authors };
  }
}

function windowOf({ since, until }: CheckedQuery): Pick<EnvelopeQuery, "before" | "after"> {
  return {
    ...(since === null ? {} : { after: { created: since, hash: NO_HASH } }),
    ...(until === null ? {} : { before: { created: until + 1, hash: NO_HASH } }),
  };
}
