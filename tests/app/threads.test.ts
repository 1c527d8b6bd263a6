/** What of threads and graphs needs no browser: folding, the list beside a graph, its layout, and how it is looked at. */
import { describe, expect, it } from "vitest";
import { hashIn } from "../../src/app/components/post-picker/named.ts";
import { layoutOf, type Spot } from "../../src/app/pages/graph/layout.ts";
import { neighboursOf } from "../../src/app/pages/graph/neighbours.ts";
import { moved, nearest, wholeOf, zoomed } from "../../src/app/pages/graph/view-port.ts";
import { unfoldedRows } from "../../src/app/pages/post/folding.ts";
import type { GraphEdge, GraphNode, GraphView } from "../../src/peer/api.ts";
import { SeededRandom } from "../sim/random.ts";

const node = (at: number): GraphNode => ({
  hash: `n${at}`,
  author: "mehr1anna",
  authorName: null,
  authorAlike: null,
  title: `Post ${at}`,
  created: at,
  own: false,
  muted: false,
  steps: at,
});

/** Nodes that each hang on one that was there before. */
function treeOf(count: number): GraphView {
  const random = new SeededRandom(7);
  const edges = Array.from({ length: count - 1 }, (_, at): GraphEdge => {
    const kind = random.next() < 0.5 ? "reply" : "reference";
    return { from: at + 1, to: Math.floor(random.next() * (at + 1)), kind };
  });
  return { nodes: Array.from({ length: count }, (_, at) => node(at)), edges, more: false };
}

describe("a folded branch", () => {
  const rows = [
    ["a", 1],
    ["a1", 2],
    ["a11", 3],
    ["a2", 2],
    ["b", 1],
    ["b1", 2],
  ].map(([hash, depth]) => ({ hash: String(hash), depth: Number(depth) }));
  const shown = (...folded: string[]): string =>
    unfoldedRows(rows, new Set(folded))
      .map(({ hash }) => hash)
      .join(" ");

  it("hides what is below it, and nothing else", () => {
    expect(shown()).toBe("a a1 a11 a2 b b1");
    expect(shown("a")).toBe("a b b1");
    expect(shown("a1")).toBe("a a1 a2 b b1");
    expect(shown("a", "a1", "b")).toBe("a b");
    expect(shown("a11", "gone")).toBe("a a1 a11 a2 b b1");
  });
});

describe("what names a post", () => {
  const hash = "0123456789abcdef".repeat(4);

  it("is the hash at the end of a link, or the hash itself", () => {
    expect(hashIn(`https://mehr.example/p/${hash}`)).toBe(hash);
    expect(hashIn(`  ${hash.toUpperCase()}\n`)).toBe(hash);
    expect(hashIn(`http://localhost/p/${"f".repeat(64)} and then /p/${hash}/graph`)).toBe(hash);
  });

  it("is no word, and no number that is longer", () => {
    expect(hashIn("the ferry")).toBeUndefined();
    expect(hashIn(hash.slice(1))).toBeUndefined();
    expect(hashIn(`${hash}0`)).toBeUndefined();
  });
});

describe("the list beside a graph", () => {
  it("has what the middle names apart from what names it", () => {
    const graph: GraphView = {
      nodes: [node(0), node(1), node(2)],
      edges: [
        { from: 0, to: 1, kind: "reference" },
        { from: 2, to: 0, kind: "reference" },
        { from: 2, to: 1, kind: "reference" },
        { from: 2, to: 0, kind: "reply" },
      ],
      more: false,
    };
    const names = (kind: GraphEdge["kind"], out: boolean): string[] =>
      neighboursOf(graph, kind, out).map(({ hash }) => hash);
    expect([names("reference", true), names("reference", false), names("reply", true), names("reply", false)]).toEqual([
      ["n1"],
      ["n2"],
      [],
      ["n2"],
    ]);
  });
});

describe("the layout of a graph", () => {
  /** A clock that goes on by a millisecond each time it is looked at. */
  function clock(): () => number {
    let time = 0;
    return () => (time += 1);
  }

  it("comes to rest in slices, the same way each time, with room for each dot", () => {
    const [one, two] = [layoutOf(treeOf(60), new Map(), clock()), layoutOf(treeOf(60), new Map(), clock())];
    let slices = 0;
    while (one.run(8)) {
      slices += 1;
      two.run(8);
    }
    expect(slices).toBeGreaterThan(10);
    expect(slices).toBeLessThan(200);
    expect(one.run(8)).toBe(false);
    two.run(8);
    expect(two.dots.map(({ x, y }) => [x, y])).toEqual(one.dots.map(({ x, y }) => [x, y]));
    for (const [at, a] of one.dots.entries()) {
      for (const b of one.dots.slice(at + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(10);
    }
  });

  it("takes one step of a slice that is over at once", () => {
    const layout = layoutOf(treeOf(5), new Map(), clock());
    const before = layout.dots.map(({ x }) => x);
    expect(layout.run(0)).toBe(true);
    expect(layout.dots.map(({ x }) => x)).not.toEqual(before);
  });

  it("keeps what is known where it was", () => {
    const first = layoutOf(treeOf(40), new Map(), clock());
    while (first.run(8));
    const spots = new Map(first.dots.map(({ node: { hash }, x, y }): [string, Spot] => [hash, { x, y }]));
    const grown = layoutOf(treeOf(41), spots, clock());
    while (grown.run(8));
    const distances = first.dots.map(({ x, y }, at) => Math.hypot(x - grown.dots[at]!.x, y - grown.dots[at]!.y));
    expect(distances.reduce((sum, distance) => sum + distance, 0) / distances.length).toBeLessThan(40);
  });
});

describe("the view of a picture", () => {
  const spots = [
    { x: -100, y: 0 },
    { x: 300, y: 50 },
    { x: 0, y: -200 },
  ];

  it("shows all of it", () => {
    const view = wholeOf(spots, 400, 300);
    for (const { x, y } of spots) {
      expect(view.scale * x + view.x).toBeGreaterThan(0);
      expect(view.scale * x + view.x).toBeLessThan(400);
      expect(view.scale * y + view.y).toBeGreaterThan(0);
      expect(view.scale * y + view.y).toBeLessThan(300);
    }
    expect(wholeOf([], 400, 300)).toEqual({ scale: 1, x: 200, y: 150 });
    expect(wholeOf([{ x: 5, y: 5 }], 400, 300).scale).toBeLessThan(2);
  });

  it("is enlarged around a place, within bounds, and moved", () => {
    const view = { scale: 1, x: 0, y: 0 };
    const closer = zoomed(view, 2, { x: 50, y: 20 });
    expect(closer).toEqual({ scale: 2, x: -50, y: -20 });
    expect(zoomed(view, 1_000, { x: 0, y: 0 }).scale).toBe(zoomed(view, 2_000, { x: 0, y: 0 }).scale);
    expect(moved(closer, 10, -5)).toEqual({ scale: 2, x: -40, y: -25 });
  });

  it("finds the nearest dot under a finger, or none", () => {
    const view = { scale: 2, x: 10, y: 10 };
    expect(nearest(spots, view, { x: -180, y: 15 }, 22)).toBe(0);
    expect(nearest(spots, view, { x: 610, y: 111 }, 22)).toBe(1);
    expect(nearest(spots, view, { x: 200, y: 10 }, 22)).toBe(-1);
  });
});
