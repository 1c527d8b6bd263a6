/** Where the dots of a graph stand: forces move them until they rest, a few milliseconds at a time. Pure but for the clock. */
import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from "d3-force";
import type { GraphEdge, GraphNode, GraphView } from "../../../peer/api.ts";

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Dot extends SimulationNodeDatum {
  readonly node: GraphNode;
  /** Lines that end at it. */
  readonly ties: number;
  x: number;
  y: number;
}

export interface Line extends SimulationLinkDatum<Dot> {
  readonly from: Dot;
  readonly to: Dot;
  readonly kind: GraphEdge["kind"];
}

export interface Layout {
  readonly dots: readonly Dot[];
  readonly lines: readonly Line[];
  /** Moves on for so many milliseconds, at least by one step; false once everything rests. */
  run(milliseconds: number): boolean;
}

/** Half of a frame of 60 a second: the other half is for drawing, and for the person. */
export const SLICE = 8;
/** Pixels of the picture at its own size. */
const LINE_LENGTH = 64;
const REPULSION = -140;
/** Beyond this dots do not push each other: unconnected branches stay in one picture. */
const REPULSION_REACH = 420;
const ROOM = 14;
/** Draws everything to the middle; little, or long branches would be bent. */
const GRAVITY = 0.04;
/** Of a layout in which most dots keep their places: enough to let in those that are new. */
const GENTLE = 0.35;

/**
 * @param before where dots stood in an earlier layout, by hash: what is known keeps its place, so that a person who walks from post to
 *   post finds the way
 * @param now monotonic milliseconds
 */
export function layoutOf(view: GraphView, before: ReadonlyMap<string, Spot>, now: () => number): Layout {
  const ties = view.nodes.map(() => 0);
  for (const { from, to } of view.edges) {
    ties[from] = (ties[from] ?? 0) + 1;
    ties[to] = (ties[to] ?? 0) + 1;
  }
  // What has no place yet gets one from the library: a spiral by number, the same each time.
  const dots = view.nodes.map((node, at) => ({ node, ties: ties[at] ?? 0, ...before.get(node.hash) }) as Dot);
  const lines = view.edges.map(({ from, kind, to }): Line => {
    const [source, target] = [dots[from]!, dots[to]!];
    return { from: source, to: target, source, target, kind };
  });
  const simulation = forceSimulation(dots)
    .force("lines", forceLink<Dot, Line>(lines).distance(LINE_LENGTH))
    .force("apart", forceManyBody<Dot>().strength(REPULSION).distanceMax(REPULSION_REACH))
    .force("room", forceCollide<Dot>(ROOM))
    .force("x", forceX<Dot>(0).strength(GRAVITY))
    .force("y", forceY<Dot>(0).strength(GRAVITY))
    .stop();
  const known = dots.filter(({ node }) => before.has(node.hash)).length;
  if (known * 2 > dots.length) simulation.alpha(GENTLE);
  return {
    dots,
    lines,
    run(milliseconds) {
      const end = now() + milliseconds;
      do {
        if (simulation.alpha() < simulation.alphaMin()) return false;
        simulation.tick();
      } while (now() < end);
      return true;
    },
  };
}
