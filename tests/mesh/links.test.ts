import type { Connection } from "@libp2p/interface";
import { multiaddr } from "@multiformats/multiaddr";
import { beforeEach, describe, expect, it } from "vitest";
import { Links } from "../../src/mesh/links.ts";
import { Streams } from "../../src/mesh/streams.ts";
import { toHex } from "../../src/wire/index.ts";
import { VirtualClock } from "../sim/clock.ts";

const REMOTE = new Uint8Array(32).fill(7);

/** A direct link on which everything is said to nobody: it looks open, and the other side has gone. */
class DeadConnection {
  readonly id = "dead";
  readonly remotePeer = { type: "Ed25519", publicKey: { raw: REMOTE } };
  readonly remoteAddr = multiaddr("/webrtc");
  readonly direction = "outbound";
  status = "open";
  closed = 0;

  newStream(_protocol: string, { signal }: { readonly signal: AbortSignal }): Promise<never> {
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
  }

  close(): Promise<void> {
    this.status = "closed";
    this.closed++;
    return Promise.resolve();
  }
}

describe("a link that looks open while the other side has gone", () => {
  let clock: VirtualClock;
  let links: Links;
  let streams: Streams;
  let dead: DeadConnection;

  beforeEach(() => {
    clock = new VirtualClock();
    const nothing = (): void => undefined;
    links = new Links({
      self: new Uint8Array(32).fill(1),
      clock,
      random: () => 0.5,
      log: nothing,
      isRelay: () => false,
      onConnected: nothing,
      onDisconnected: nothing,
      onChanged: nothing,
      onSignalled: nothing,
      onSound: nothing,
    });
    streams = new Streams({ clock, log: nothing, links, maxInboundStreams: 8, onMisdeed: nothing });
    dead = new DeadConnection();
    links.opened(dead as unknown as Connection);
    return () => links.stop();
  });

  it("is closed within twenty seconds once a stream was wanted over it", async () => {
    const [link] = links.directLinks();
    const refused = expect(streams.open(link!, "/mehr/store/1", undefined)).rejects.toMatchObject({ code: "TIMEOUT" });
    await clock.advance(9_000);
    expect(dead.closed).toBe(0);
    await clock.advance(11_000);
    await refused;
    expect(dead.closed).toBe(1);
  });

  it("is found out by its own questions otherwise, which takes longer", async () => {
    expect(links.directLinks().map(({ peer }) => toHex(peer))).toEqual([toHex(REMOTE)]);
    await clock.advance(30_000);
    expect(dead.closed).toBe(0);
    await clock.advance(60_000);
    expect(dead.closed).toBe(1);
  });

  it("is not doubted because somebody who wanted a stream has given up", async () => {
    const given = new AbortController();
    const opening = streams.open(links.directLinks()[0]!, "/mehr/store/1", given.signal);
    const ended = expect(opening).rejects.toThrow("no longer");
    given.abort(new Error("no longer"));
    await ended;
    await clock.advance(21_000);
    expect(dead.closed).toBe(0);
  });
});
