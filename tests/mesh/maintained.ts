/** A peer that maintains its links in a world of others that answer or do not. */
import { Maintainer } from "../../src/mesh/maintainer.ts";
import type { MaintainedLink, MaintainerPort } from "../../src/mesh/maintainer-port.ts";
import { MESH_LIMITS, type MeshLimits } from "../../src/mesh/options.ts";
import { VirtualClock } from "../sim/clock.ts";
import { SeededRandom } from "../sim/random.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

/** Keys in order: `key(1)` is lower than `key(2)`. */
export const key = (number: number): Uint8Array => new Uint8Array(32).fill(0).with(0, number);
export const SELF = 100;
const numberOf = (peer: Uint8Array): number => peer[0] ?? -1;

export class World {
  readonly clock = new VirtualClock();
  readonly links = new Map<number, { openedAt: number; usedAt: number }>();
  readonly channels = new Map<string, Set<number>>();
  readonly signalling = new Set<number>();
  readonly banned = new Set<number>();
  /** Peers that answer a dial. */
  readonly present = new Set<number>();
  readonly dials: { peer: number; at: number }[] = [];
  readonly closed: number[] = [];
  relayConnected = true;
  onDial: (peer: Uint8Array) => void = () => undefined;
  dialTime = 500;
  dialling = 0;
  mostDialling = 0;
  readonly maintainer: Maintainer;

  constructor(limits: Partial<MeshLimits> = {}) {
    const random = new SeededRandom(7);
    const port: MaintainerPort = {
      links: (): MaintainedLink[] => [...this.links].map(([peer, link]) => ({ peer: key(peer), ...link })),
      canDial: () => this.relayConnected,
      isSignalling: (peer) => this.signalling.has(numberOf(peer)),
      isBanned: (peer) => this.banned.has(numberOf(peer)),
      channels: () => [...this.channels.keys()],
      channelPeers: (channel) => [...(this.channels.get(channel) ?? [])].filter((p) => this.links.has(p)).map(key),
      dial: (peer, signal) => {
        this.onDial(peer);
        return this.#dial(numberOf(peer), signal);
      },
      close: (peer) => {
        this.closed.push(numberOf(peer));
        this.links.delete(numberOf(peer));
        this.maintainer.unlinked(peer);
      },
    };
    this.maintainer = new Maintainer({
      self: key(SELF),
      limits: { ...MESH_LIMITS, ...limits },
      clock: this.clock,
      random: () => random.next(),
      log: () => undefined,
      port,
    });
  }

  link(peer: number): void {
    this.links.set(peer, { openedAt: this.clock.now(), usedAt: this.clock.now() });
    this.maintainer.linked(key(peer));
  }

  unlink(peer: number): void {
    this.links.delete(peer);
    this.maintainer.unlinked(key(peer));
  }

  async #dial(peer: number, signal: AbortSignal): Promise<void> {
    this.dials.push({ peer, at: this.clock.now() });
    this.dialling += 1;
    this.mostDialling = Math.max(this.mostDialling, this.dialling);
    try {
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")));
        this.clock.after(this.dialTime, () => (this.present.has(peer) ? resolve() : reject(new Error("nobody there"))));
      });
      this.link(peer);
    } finally {
      this.dialling -= 1;
    }
  }
}

export const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);
