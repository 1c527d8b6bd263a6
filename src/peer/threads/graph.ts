import type { EnvelopeFilter, EnvelopeRow, Store } from "../../store/port.ts";
import { toHex, type Hash, type NodeKey } from "../../wire/index.ts";
import type { EnvelopeView, GraphEdge, GraphNode, GraphView } from "../api.ts";
import type { EnvelopeViews } from "../views.ts";
import { namesOf, type Link, type Links } from "./links.ts";

/** Of a long text; it stands beside a dot. */
const TITLE_CHARACTERS = 80;
/** Looked at for one step outwards: eight for each node of the largest graph. Whoever is referred to by masses has more. */
const MOST_TIES = 4_000;

export interface GraphSources {
  readonly links: Links;
  readonly store: Store;
  readonly views: EnvelopeViews;
  readonly isHidden: (author: NodeKey) => boolean;
  /** Nodes in all. */
  readonly most: number;
}

interface Place {
  readonly name: string;
  readonly hash: Hash;
  /** `null`: it is not held here. */
  readonly link: Link | null;
  readonly steps: number;
}

/** Something that has to do with a place that is known. */
interface Tie {
  readonly place: Place;
  readonly kind: GraphEdge["kind"];
  /** The other end: what the place names, or an envelope that names it. */
  readonly other: { readonly named: Hash } | { readonly naming: EnvelopeRow };
}

const KINDS = ["reply", "reference"] as const;

/**
 * The posts that answer or refer to each other around the one that is named, the nearest first: of one post those that it
 * names before those that name it, these the newest first. What is named and not held here is a node, too.
 */
export async function graphAround(named: Hash, sources: GraphSources): Promise<GraphView> {
  const { isHidden, links, most, views } = sources;
  const places = new Map<string, Place>();
  const edges = new Map<string, { readonly from: string; readonly to: string; readonly kind: GraphEdge["kind"] }>();
  let more = false;

  const start = links.rowNamed(named);
  const [first] = start === undefined ? [] : await links.of([start]);
  const centre = placeOf(first ?? null, named, 0);
  if (first !== undefined && isHidden(first.row.author)) return { nodes: [], edges: [], more };
  places.set(centre.name, centre);
  let edge = [centre];
  while (edge.length > 0) {
    const ties = edge.flatMap((place) => tiesOf(place, sources));
    more ||= ties.length > MOST_TIES;
    const rows = new Map<string, EnvelopeRow>();
    const ends = ties.slice(0, MOST_TIES).map((tie) => {
      const row = "naming" in tie.other ? tie.other.naming : links.rowNamed(tie.other.named);
      if (row !== undefined) rows.set(toHex(row.hash), row);
      return { tie, row };
    });
    const read = new Map((await links.of([...rows.values()])).map((link) => [link.key, link]));
    const next: Place[] = [];
    for (const { row, tie } of ends) {
      if (row !== undefined && isHidden(row.author)) continue;
      const { kind, place } = tie;
      const hash = "naming" in tie.other ? tie.other.naming.hash : tie.other.named;
      const other = placeOf(row === undefined ? null : (read.get(toHex(row.hash)) ?? null), hash, place.steps + 1);
      if (!places.has(other.name) && places.size >= most) {
        more = true;
        continue;
      }
      if (!places.has(other.name)) {
        places.set(other.name, other);
        next.push(other);
      }
      const [from, to] = "naming" in tie.other ? [other.name, place.name] : [place.name, other.name];
      if (from !== to) edges.set(`${from} ${to} ${kind}`, { from, to, kind });
    }
    edge = next;
  }
  return await viewOf([...places.values()], [...edges.values()], more, views);
}

function placeOf(link: Link | null, hash: Hash, steps: number): Place {
  return { name: link?.key ?? toHex(hash), hash, link, steps };
}

function tiesOf(place: Place, { most, store }: GraphSources): Tie[] {
  const { hash, link } = place;
  return KINDS.flatMap((kind) => {
    const named = link === null ? [] : kind === "reply" ? [link.answers ?? []].flat() : link.references;
    const of = (link === null ? [hash] : namesOf(link)).map((target): EnvelopeFilter => ({
      kind: "relation",
      relation: kind,
      target,
    }));
    const naming = store.envelopes.query({ filter: { kind: "any", of }, limit: most });
    return [
      ...named.map((target): Tie => ({ place, kind, other: { named: target } })),
      ...naming.map((row): Tie => ({ place, kind, other: { naming: row } })),
    ];
  });
}

async function viewOf(
  places: readonly Place[],
  edges: readonly { readonly from: string; readonly to: string; readonly kind: GraphEdge["kind"] }[],
  more: boolean,
  views: EnvelopeViews,
): Promise<GraphView> {
  const held = places.flatMap(({ link }) => (link === null ? [] : [link.row]));
  const envelopes = new Map((await views.of(held)).map((view) => [view.hash, view]));
  const at = new Map(places.map(({ name }, index) => [name, index]));
  return {
    nodes: places.map(({ name, steps }) => nodeOf(name, envelopes.get(name), steps)),
    edges: edges.map(({ from, kind, to }) => ({ from: at.get(from)!, to: at.get(to)!, kind })),
    more,
  };
}

function nodeOf(hash: string, view: EnvelopeView | undefined, steps: number): GraphNode {
  // What lies under a cover is not written beside its dot, either; a cover of its media alone leaves it its words.
  const muted = view?.guard?.verdict?.what === "post";
  return {
    hash,
    author: view?.author ?? null,
    authorName: view?.authorName ?? null,
    authorAlike: view?.guard?.alike ?? null,
    title: muted
      ? ""
      : Array.from(view?.headline ?? view?.summary ?? "")
          .slice(0, TITLE_CHARACTERS)
          .join(""),
    muted,
    created: view?.created ?? 0,
    own: view?.own ?? false,
    steps,
  };
}
