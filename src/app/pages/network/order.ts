/** The order in which links are shown. Pure. */
import type { ConnectionView } from "../../../peer/api.ts";

const RANK: Readonly<Record<ConnectionView["transport"], number>> = { webrtc: 0, relay: 1, websocket: 2 };

/** Direct links first, then those through a relay, then the relays themselves; the oldest of each first. */
export function inOrder(connections: readonly ConnectionView[]): ConnectionView[] {
  return [...connections].sort((a, b) => RANK[a.transport] - RANK[b.transport] || a.openedAt - b.openedAt);
}

/** One link for each person, the best that there is; relays left out. */
export function onePerPeer(connections: readonly ConnectionView[]): ConnectionView[] {
  const best = new Map<string, ConnectionView>();
  for (const link of inOrder(connections)) {
    if (link.transport !== "websocket" && !best.has(link.peer)) best.set(link.peer, link);
  }
  return [...best.values()];
}
