import type { Mesh, PeerLink, RelayStatus } from "../../mesh/port.ts";
import { equalBytes, toHex } from "../../wire/index.ts";
import type { LogRing } from "./ring.ts";

/** Writes down which links a mesh opens and closes and how its relays fare. Returns what ends that. */
export function observeMesh(mesh: Pick<Mesh, "links" | "relays" | "on">, ring: LogRing, now: () => number): () => void {
  let links: readonly PeerLink[] = [];
  let relays: readonly RelayStatus[] = [];

  const look = (): void => {
    const present = mesh.links();
    // Most changes are of something else, and this is told of each.
    if (present.length !== links.length || !present.every((link, at) => isSame(link, links[at]))) {
      compare(named(links), named(present));
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

  const compare = (before: ReadonlyMap<string, PeerLink>, after: ReadonlyMap<string, PeerLink>): void => {
    for (const [name, { direction, peer, transport }] of after) {
      if (!before.has(name)) ring.add("link_opened", { peer, transport, direction });
    }
    for (const [name, link] of before) {
      if (!after.has(name)) closed(link);
    }
  };

  const closed = ({ bytesIn, bytesOut, openedAt, peer, transport }: PeerLink): void => {
    ring.add("link_closed", { peer, transport, lasted: now() - openedAt, received: bytesIn, sent: bytesOut });
  };

  const stop = mesh.on("changed", look);
  look();
  return stop;
}

function named(links: readonly PeerLink[]): Map<string, PeerLink> {
  return new Map(links.map((link) => [`${toHex(link.peer)} ${link.transport} ${link.openedAt}`, link]));
}

function isSame({ openedAt, peer, transport }: PeerLink, other: PeerLink | undefined): boolean {
  return (
    other !== undefined &&
    openedAt === other.openedAt &&
    transport === other.transport &&
    (peer === other.peer || equalBytes(peer, other.peer))
  );
}
