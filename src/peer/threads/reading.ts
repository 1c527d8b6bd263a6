import { threadOf, THREAD_LEVELS } from "../../social/index.ts";
import type { EnvelopeFilter, EnvelopeRow } from "../../store/port.ts";
import { toHex, type Hash } from "../../wire/index.ts";
import type { EnvelopeView, GraphView, LineageView, ThreadRow } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { graphAround } from "./graph.ts";
import { Links, namesOf, type Link } from "./links.ts";

/** Answers of one thread that are put in order: some megabytes, and more than anybody reads. */
const MOST_ANSWERS = 20_000;
/** Envelopes read in one go: few enough that those which answer them are mostly still to come. */
const READ_TOGETHER = 128;

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
    const found = this.#remembered(() => this.#answers(named, levels));
    return async (count) => {
      const answers = await found();
      const [root] = answers;
      if (root === undefined) return [];
      const { blocks, views } = this.#sources;
      const byKey = new Map(answers.map((link) => [link.key, link]));
      const isBlocked = (key: string): boolean => blocks.has(byKey.get(key)!.row.author);
      const nodes = threadOf(root, answers, { levels, isHidden: ({ key }) => isBlocked(key) }).slice(0, count);
      const shown = nodes.flatMap(({ hidden, key }) => (hidden ? [] : [byKey.get(key)!.row]));
      const envelopes = new Map((await views.of(shown, this.#links.bytesOf)).map((view) => [view.hash, view]));
      return nodes.map(({ below, deeper, depth, key, parent, replies }) => ({
        hash: key,
        parent,
        depth,
        envelope: envelopes.get(key) ?? null,
        replies,
        below,
        deeper,
      }));
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

  /**
   * The post itself and what answers it, and what answers that; each once, so circles end. What came here first is read
   * first: answers come after what they answer, so each part of the disk is read once, however deep the thread is.
   */
  async #answers(named: Hash, levels: number): Promise<Link[]> {
    const { envelopes } = this.#sources.store;
    const root = await this.#links.named(named);
    if (root === undefined) return [];
    const found = new Map([[root.key, root]]);
    /** Rows to be read, by hash, with how far below the root they are. */
    const waiting = new Map<string, { readonly row: EnvelopeRow; readonly depth: number }>();
    const asked = new Set<string>();
    const ask = (link: Link, depth: number): void => {
      // One level more than is shown tells where there are further ones.
      if (depth > levels) return;
      for (const target of namesOf(link)) {
        const name = toHex(target);
        if (asked.has(name)) continue;
        asked.add(name);
        const room = MOST_ANSWERS - found.size - waiting.size;
        const filter = { kind: "relation", relation: "reply", target } as const;
        const rows = room > 0 ? envelopes.query({ filter, limit: room }) : [];
        for (const row of rows) {
          const key = toHex(row.hash);
          if (!found.has(key)) waiting.set(key, { row, depth: depth + 1 });
        }
      }
    };
    ask(root, 0);
    while (waiting.size > 0) {
      const next = [...waiting].sort(([, a], [, b]) => a.row.seq - b.row.seq).slice(0, READ_TOGETHER);
      const links = await this.#links.of(next.map(([, { row }]) => row));
      const depths = new Map(next.map(([key, { depth }]) => [key, depth]));
      // Those that could not be read are not asked for again.
      for (const [key] of next) waiting.delete(key);
      for (const link of links) {
        found.set(link.key, link);
        ask(link, depths.get(link.key) ?? levels);
      }
    }
    return [...found.values()];
  }

  #remembered<Value>(make: () => Promise<Value>): () => Promise<Value> {
    let known: { readonly version: number; readonly value: Value } | null = null;
    return async () => {
      const version = this.#version();
      if (known?.version !== version) known = { version, value: await make() };
      return known.value;
    };
  }
}
