import type { Mesh, PeerLink, RelayStatus } from "../../mesh/port.ts";
import { toHex } from "../../wire/index.ts";
import type { LogRing } from "./ring.ts";

/** Writes down which links a mesh opens and closes and how its relays fare. Returns what ends that. */
export function observeMesh(mesh: Pick<Mesh, "links" | "relays" | "on">, ring: LogRing, now: () => number): () => void {
  let links = new Map<string, PeerLink>();
  let relays: readonly RelayStatus[] = [];

  const look = (): void => {
    const present = new Map(mesh.links().map((link) => [nameOf(link), link]));
    for (const [name, link] of present) {
      const { direction, peer, transport } = link;
      if (!links.has(name)) ring.add("link_opened", { peer, transport, direction });
    }
    for (const [name, link] of links) {
      if (!present.has(name)) closed(link);
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

  const closed = ({ bytesIn, bytesOut, openedAt, peer, transport }: PeerLink): void => {
    ring.add("link_closed", { peer, transport, lasted: now() - openedAt, received: bytesIn, sent: bytesOut });
  };

  const stop = mesh.on("changed", look);
  look();
  return stop;
}

function nameOf({ openedAt, peer, transport }: PeerLink): string {
  return `${toHex(peer)} ${transport} ${openedAt}`;
}
