import { describe, expect, it } from "vitest";
import type { Mesh, MeshEvents, PeerLink } from "../../src/mesh/port.ts";
import { observeMesh } from "../../src/peer/diagnostics/observe.ts";
import { LogRing } from "../../src/peer/diagnostics/index.ts";
import { encodeNodeId } from "../../src/wire/index.ts";

function linkTo(number: number, openedAt = 1_000, bytesIn = 0): PeerLink {
  return {
    peer: new Uint8Array(32).fill(number),
    transport: "webrtc",
    direct: true,
    direction: "outbound",
    openedAt,
    roundTrip: 10,
    bytesIn,
    bytesOut: 0,
    protocols: {},
  };
}

function observed() {
  const ring = new LogRing({ now: () => 5_000 });
  const changed = new Set<() => void>();
  let links: PeerLink[] = [];
  const mesh: Pick<Mesh, "links" | "relays" | "on"> = {
    links: () => links,
    relays: () => [],
    on: <K extends keyof MeshEvents>(_event: K, listener: (detail: MeshEvents[K]) => void) => {
      const told = listener as () => void;
      changed.add(told);
      return () => changed.delete(told);
    },
  };
  const stop = observeMesh(mesh, ring, () => 5_000);
  const change = (...next: PeerLink[]): string[] => {
    ring.clear();
    links = next;
    for (const told of changed) told();
    return ring
      .entries()
      .map(({ event, fields }) => `${event} ${String(fields["peer"])}`)
      .toReversed();
  };
  return { change, ring, stop };
}

const nameOf = (number: number): string => encodeNodeId(new Uint8Array(32).fill(number)).slice(0, 11);

describe("the log of links", () => {
  it("tells of each that opens and closes, and of nothing else that changes", () => {
    const { change } = observed();
    expect(change(linkTo(1), linkTo(2))).toEqual([`link_opened ${nameOf(1)}`, `link_opened ${nameOf(2)}`]);
    expect(change(linkTo(1, 1_000, 50), linkTo(2))).toEqual([]);
    expect(change(linkTo(2), linkTo(1))).toEqual([]);
    expect(change(linkTo(2), linkTo(3))).toEqual([`link_opened ${nameOf(3)}`, `link_closed ${nameOf(1)}`]);
    expect(change(linkTo(2))).toEqual([`link_closed ${nameOf(3)}`]);
    expect(change()).toEqual([`link_closed ${nameOf(2)}`]);
  });

  it("knows a link that was opened anew, and counts what went over one until it closed", () => {
    const { change, ring, stop } = observed();
    change(linkTo(1, 1_000, 10));
    expect(change(linkTo(1, 2_000))).toEqual([`link_opened ${nameOf(1)}`, `link_closed ${nameOf(1)}`]);
    change(linkTo(1, 2_000, 70));
    change();
    expect(ring.entries()[0]?.fields).toMatchObject({ received: 70, lasted: 3_000 });
    stop();
    expect(change(linkTo(4))).toEqual([]);
  });
});
