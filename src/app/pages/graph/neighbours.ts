/** What is one step away from the middle of a graph. Pure. */
import type { GraphEdge, GraphNode, GraphView } from "../../../peer/api.ts";

/** @param out what the middle answers or refers to; else what answers or refers to it */
export function neighboursOf(graph: GraphView, kind: GraphEdge["kind"], out: boolean): GraphNode[] {
  return graph.edges.flatMap((edge) => {
    if (edge.kind !== kind || (out ? edge.from : edge.to) !== 0) return [];
    return graph.nodes[out ? edge.to : edge.from] ?? [];
  });
}
