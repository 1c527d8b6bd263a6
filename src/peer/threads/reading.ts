import { threadOf, THREAD_LEVELS } from "../../social/index.ts";
import type { EnvelopeFilter, EnvelopeRow } from "../../store/port.ts";
import type { Hash } from "../../wire/index.ts";
import type { EnvelopeView, GraphView, LineageView, ThreadRow } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { answersTo } from "./answers.ts";
import { graphAround } from "./graph.ts";
import { Links, namesOf, type Link } from "./links.ts";

type Sources = Pick<PeerCore, "blocks" | "store" | "views">;

/** Threads, lines of answers and graphs, from what this store holds. */
export class ThreadReading {
  readonly #sources: Sources;
  readonly #links: Links;
  readonly #version: () => number;

  /** @param version another number whenever envelopes have come or gone */
  constructor(sources: Sources, version: () => number) {
    this.#sources = sources;
    this.#links = new Links(sources.store);
    this.#version = version;
  }

  /** What gives the first rows of a thread: it looks for answers again only when envelopes have come or gone. */
  thread(named: Hash, levels: number): (count: number) => Promise<ThreadRow[]> {
    const { envelopes } = this.#sources.store;
    const found = this.#remembered(() => {
      const root = this.#links.rowNamed(named);
      return root === undefined ? [] : answersTo(envelopes, root, levels);
    });
    return async (count) => {
      const answers = found();
      const [root] = answers;
      if (root === undefined) return [];
      const { blocks, views } = this.#sources;
      const byKey = new Map(answers.map((answer) => [answer.key, answer]));
      const isBlocked = (key: string): boolean => blocks.has(byKey.get(key)!.row.author);
      const nodes = threadOf(root, answers, { levels, isHidden: ({ key }) => isBlocked(key) }).slice(0, count);
      const shown = nodes.flatMap(({ hidden, key }) => (hidden ? [] : [byKey.get(key)!.row]));
      const seen = new Map((await views.of(shown)).map((view) => [view.hash, view]));
      return nodes.flatMap(({ below, deeper, depth, hidden, key, parent, replies }): ThreadRow[] => {
        const envelope = seen.get(key) ?? null;
        // Its bytes are gone or damaged: it stands there only where something is below it.
        if (envelope === null && !hidden && below === 0) return [];
        return [{ hash: key, parent, depth, envelope, replies, below, deeper }];
      });
    };
  }

  async lineage(named: Hash): Promise<LineageView> {
    const { blocks, views } = this.#sources;
    const start = await this.#links.named(named);
    const above: Link[] = [];
    const seen = new Set<string>();
    let missing: string | null = null;
    let more = false;
    for (let link = start; link !== undefined && link.answers !== null;) {
      seen.add(link.key);
      const parent = await this.#links.named(link.answers);
      if (parent === undefined) missing = link.replyTo;
      more = parent !== undefined && (seen.has(parent.key) || above.length >= THREAD_LEVELS);
      if (parent === undefined || more) break;
      above.unshift(parent);
      link = parent;
    }
    const shown = above.filter(({ row }) => !blocks.has(row.author)).map(({ row }) => row);
    const envelopes = new Map((await views.of(shown, this.#links.bytesOf)).map((view) => [view.hash, view]));
    return { above: above.map(({ key }) => ({ hash: key, envelope: envelopes.get(key) ?? null })), missing, more };
  }

  async referrers(named: Hash, count: number): Promise<EnvelopeView[]> {
    const { blocks, store, views } = this.#sources;
    const link = await this.#links.named(named);
    const names = link === undefined ? [named] : namesOf(link);
    const of = names.map((target): EnvelopeFilter => ({ kind: "relation", relation: "reference", target }));
    const filter: EnvelopeFilter = { kind: "without", of: { kind: "any", of }, authors: blocks.keys() };
    const found: EnvelopeView[] = [];
    // What is muted is left out, so that a page may need more rows than it has.
    for (let before: EnvelopeRow | undefined; found.length < count;) {
      const query = { filter, limit: count };
      const rows = store.envelopes.query(before === undefined ? query : { ...query, before });
      found.push(...(await views.of(rows)).filter(({ guard }) => guard?.verdict?.kind !== "hidden"));
      before = rows.at(-1);
      if (rows.length < count) break;
    }
    return found.slice(0, count);
  }

  graph(named: Hash, most: number): () => Promise<GraphView> {
    const { blocks, store, views } = this.#sources;
    const isHidden = (author: Uint8Array): boolean => blocks.has(author);
    return () => graphAround(named, { links: this.#links, store, views, isHidden, most });
  }

  #remembered<Value>(make: () => Value): () => Value {
    let known: { readonly version: number; readonly value: Value } | null = null;
    return () => {
      const version = this.#version();
      if (known?.version !== version) known = { version, value: make() };
      return known.value;
    };
  }
}
