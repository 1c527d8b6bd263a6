import type { Mesh, PeerLink, RelayStatus } from "../../mesh/port.ts";
import { equalBytes } from "../../wire/index.ts";
import type { LogRing } from "./ring.ts";

/** Writes down which links a mesh opens and closes and how its relays fare. Returns what ends that. */
export function observeMesh(mesh: Pick<Mesh, "links" | "relays" | "on">, ring: LogRing, now: () => number): () => void {
  let links: readonly PeerLink[] = [];
  let relays: readonly RelayStatus[] = [];

  const look = (): void => {
    const present = mesh.links();
    // Most changes are of something else, and this is told of each.
    if (present.length !== links.length || !present.every((link, at) => isSame(link, links[at]))) {
      compare(links, present);
    }
    links = present;
    const states = mesh.relays();
    for (const [at, relay] of states.entries()) {
      const before = relays[at];
      if (before?.state === relay.state && before.error === relay.error) continue;
      ring.add("relay_changed", { relay: at + 1, state: relay.state, code: relay.error });
    }
    relays = states;
  };

  const compare = (before: readonly PeerLink[], after: readonly PeerLink[]): void => {
    for (const link of after) {
      const { direction, peer, transport } = link;
      if (!before.some((other) => isSame(link, other))) ring.add("link_opened", { peer, transport, direction });
    }
    for (const link of before) {
      if (!after.some((other) => isSame(link, other))) closed(link);
    }
  };

  const closed = ({ bytesIn, bytesOut, openedAt, peer, transport }: PeerLink): void => {
    ring.add("link_closed", { peer, transport, lasted: now() - openedAt, received: bytesIn, sent: bytesOut });
  };

  const stop = mesh.on("changed", look);
  look();
  return stop;
}

function isSame({ openedAt, peer, transport }: PeerLink, other: PeerLink | undefined): boolean {
  return (
    other !== undefined &&
    openedAt === other.openedAt &&
    transport === other.transport &&
    (peer === other.peer || equalBytes(peer, other.peer))
  );
}
