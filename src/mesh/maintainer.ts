/**
 * Decides whom to link to and whom to let go. Knows nothing of libp2p: everything it does goes through a port, so that
 * it runs under a virtual clock as well.
 *
 * Rules:
 * - There are to be `targetPeers` links, and in every joined channel `channelPeers` of them where the channel has as
 *   many. Peers remembered from earlier days are tried first, then known peers of channels in need.
 * - Both ends may learn of each other in the same moment. A newcomer (it has no link yet) dials at once; between others
 *   the lower key dials at once and the higher one waits a little. Whoever is being signalled to does not dial.
 * - A failed dial is repeated after a growing, jittered wait, at last every five minutes.
 * - With `maxPeers` links nobody is dialled but where a link can be spared, for a channel in which there is nobody, or as
 *   somebody else for once (below).
 * - Above `maxPeers` the least useful links are closed; idle ones that share no channel go as soon as there are more
 *   than `targetPeers`.
 * - Now and then somebody else of a joined channel is dialled although there are links enough, and the last one that came
 *   this way goes: two halves of a network that was split each have all the links that they need, and would stay apart. It
 *   may be somebody who was linked before: in a small town everybody is, after some hours.
 * - Wanted peers (`want`) are dialled first and whatever number of links there is below `maxPeers`; where there is no room
 *   left, the least useful other link makes it. Their links are closed last, and never for being idle.
 */
import type { NodeKey } from "../wire/types.ts";
import { backoff } from "./backoff.ts";
import { keyText, lowerKey } from "./keys.ts";
import type { MeshLimits, MeshLog } from "./options.ts";
import type { Clock } from "./protocols/clock.ts";

/** A direct link as the maintainer sees it. */
export interface MaintainedLink {
  readonly peer: NodeKey;
  readonly openedAt: number;
  /** When anything but upkeep last went over it. */
  readonly usedAt: number;
}

export interface MaintainerPort {
  links(): readonly MaintainedLink[];
  /** Whether a dial can succeed at all: a relay is connected, or there is a neighbour to ask. */
  canDial(): boolean;
  /** Whether this peer is opening a link to us right now. */
  isSignalling(peer: NodeKey): boolean;
  isBanned(peer: NodeKey): boolean;
  /** Joined channels, and the linked peers of each. */
  channels(): readonly string[];
  channelPeers(channel: string): readonly NodeKey[];
  dial(peer: NodeKey, signal: AbortSignal): Promise<void>;
  close(peer: NodeKey): void;
}

export interface MaintainerOptions {
  readonly self: NodeKey;
  readonly limits: MeshLimits;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: MeshLog;
  readonly port: MaintainerPort;
}

/** Without any event the state is looked at this often, since uses of links and waits run out silently. */
const TICK = 15_000;
/** Events that come together are answered together. */
const SETTLE = 50;
/** A dial through the relay takes 0.2 to 0.8 s; the one with the higher key waits for two of them. */
const YIELD_TIME = 1_500;
const DIAL_TIMEOUT = 20_000;
const RETRY_BASE = 2_000;
const RETRY_MAX = 300_000;
/** Known peers that are not linked. A rendezvous answers with at most 128. */
const MAX_CANDIDATES = 512;
/** A link this young is not judged: its subscriptions are not known yet. */
const PROBATION = 60_000;
const IDLE_TIME = 600_000;
/**
 * Somebody new is dialled so often. In a town of twenty people that was split in the middle the halves are linked again after
 * a minute, and another link costs a peer some kilobytes each time.
 */
const MINGLE = 600_000;
/** What a link to one of the last neighbours in a channel is worth; any other channel that is shared counts one. */
const LAST_OF_A_CHANNEL = 10;

interface Candidate {
  readonly peer: NodeKey;
  readonly text: string;
  readonly channels: Set<string>;
  /** Linked before, in this run or an earlier one. */
  known: boolean;
  failures: number;
  notBefore: number;
}

export class Maintainer {
  readonly #options: MaintainerOptions;
  readonly #candidates = new Map<string, Candidate>();
  readonly #dialling = new Set<string>();
  /** By their text. */
  #wanted: ReadonlySet<string> = new Set();
  #stop: AbortController | null = null;
  #cancelTick: (() => void) | null = null;
  #settling = false;
  #mingleAt = 0;
  /** Text of whom was dialled last although there were links enough. */
  #guest: string | null = null;

  constructor(options: MaintainerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stop = new AbortController();
    this.#mingleLater();
    this.#schedule(0);
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = null;
    this.#cancelTick?.();
    this.#cancelTick = null;
  }

  /** Peers heard of. `channel`: where they are to be found; `known`: they were linked to this node before. */
  learn(peers: readonly NodeKey[], source: { channel?: string; known?: boolean } = {}): void {
    const { self, clock, random } = this.#options;
    const own = keyText(self);
    const now = clock.now();
    const newcomer = this.#options.port.links().length === 0;
    for (const peer of peers) {
      const text = keyText(peer);
      if (text === own) {
        continue;
      }
      let candidate = this.#candidates.get(text);
      if (candidate === undefined) {
        const yields = !newcomer && lowerKey(peer, self);
        candidate = {
          peer,
          text,
          channels: new Set(),
          known: false,
          failures: 0,
          notBefore: yields ? now + YIELD_TIME * (1 + random()) : now,
        };
        this.#candidates.set(text, candidate);
      }
      if (source.channel !== undefined) {
        candidate.channels.add(source.channel);
      }
      candidate.known ||= source.known === true;
    }
    this.#forgetExcess();
    this.poke();
  }

  /** Peers to which there is always to be a link; replaces the set. */
  want(peers: readonly NodeKey[]): void {
    const wanted = new Set(peers.map(keyText));
    const added = peers.filter((peer) => !this.#wanted.has(keyText(peer)));
    // First, so that none of them is forgotten for being one too many.
    this.#wanted = wanted;
    this.learn(added);
    for (const peer of added) {
      const candidate = this.#candidates.get(keyText(peer));
      if (candidate !== undefined) {
        candidate.failures = 0;
        candidate.notBefore = Math.min(candidate.notBefore, this.#options.clock.now());
      }
    }
  }

  /** A link has appeared. */
  linked(peer: NodeKey): void {
    const candidate = this.#candidates.get(keyText(peer));
    if (candidate !== undefined) {
      candidate.known = true;
      candidate.failures = 0;
    }
    this.poke();
  }

  /** A link has gone; it may be worth having again, but not in this instant: both sides noticed it together. */
  unlinked(peer: NodeKey): void {
    const { clock, random } = this.#options;
    this.learn([peer], { known: true });
    const candidate = this.#candidates.get(keyText(peer));
    if (candidate !== undefined) {
      candidate.notBefore = clock.now() + backoff(1, RETRY_BASE, RETRY_MAX, random);
    }
    this.poke();
  }

  /** The network is back: waits begin anew. */
  reconnect(): void {
    const now = this.#options.clock.now();
    for (const candidate of this.#candidates.values()) {
      candidate.notBefore = now;
      candidate.failures = 0;
    }
    this.poke();
  }

  /** Something has changed: look again, soon. */
  poke(): void {
    if (this.#stop === null || this.#settling) {
      return;
    }
    this.#settling = true;
    this.#schedule(SETTLE);
  }

  #schedule(milliseconds: number): void {
    this.#cancelTick?.();
    this.#cancelTick = this.#options.clock.after(milliseconds, () => this.#tick());
  }

  #tick(): void {
    this.#settling = false;
    const stop = this.#stop;
    if (stop === null) {
      return;
    }
    this.#closeExcess();
    this.#dialMissing(stop.signal);
    this.#mingle(stop.signal);
    const now = this.#options.clock.now();
    const waits = [...this.#candidates.values()]
      .map((candidate) => candidate.notBefore - now)
      .filter((wait) => wait > 0);
    this.#schedule(Math.min(TICK, ...waits));
  }

  #dialMissing(stop: AbortSignal): void {
    const { limits, port, clock } = this.#options;
    if (!port.canDial()) {
      return;
    }
    const linked = new Set(port.links().map((link) => keyText(link.peer)));
    let count = linked.size + this.#dialling.size;
    const needs = this.#channelNeeds(linked);
    const isEmpty = (channel: string): boolean => needs.get(channel) === limits.channelPeers;
    let canSpare: boolean | null = null;
    const now = clock.now();
    const ready = [...this.#candidates.values()].filter(
      (candidate) => candidate.notBefore <= now && this.#mayDial(candidate, linked),
    );
    for (const candidate of this.#inOrder(ready, needs)) {
      if (this.#dialling.size >= limits.parallelDials || count > limits.maxPeers) {
        return;
      }
      const needed = [...candidate.channels].filter((channel) => (needs.get(channel) ?? 0) > 0);
      // One more than there may be, for a channel in which there is nobody at all: then the least useful link is closed.
      if (count === limits.maxPeers && !(needed.some(isEmpty) && (canSpare ??= this.#hasSuperfluous()))) {
        continue;
      }
      if (count >= limits.targetPeers && needed.length === 0 && !this.#wanted.has(candidate.text)) {
        continue;
      }
      for (const channel of needed) {
        needs.set(channel, (needs.get(channel) ?? 0) - 1);
      }
      count += 1;
      void this.#dial(candidate, stop);
    }
  }

  #mingleLater(): void {
    const { clock, random } = this.#options;
    this.#mingleAt = clock.now() + MINGLE * (0.5 + random());
  }

  /** Somebody who is not linked here, of a channel that this peer is on. */
  #mingle(stop: AbortSignal): void {
    const { clock, limits, port, random } = this.#options;
    if (clock.now() < this.#mingleAt) {
      return;
    }
    this.#mingleLater();
    const links = port.links();
    // With fewer than are wanted everybody who is known is dialled anyway.
    if (!port.canDial() || links.length < limits.targetPeers) {
      return;
    }
    // One more than there may be, as for a channel in which there is nobody: then the least useful link is closed.
    const full = links.length + this.#dialling.size - limits.maxPeers;
    if (full > 0 || (full === 0 && !this.#hasSuperfluous())) {
      return;
    }
    const linked = new Set(links.map((link) => keyText(link.peer)));
    const joined = new Set(port.channels());
    const strangers = [...this.#candidates.values()].filter(
      (candidate) =>
        candidate.notBefore <= clock.now() &&
        [...candidate.channels].some((channel) => joined.has(channel)) &&
        this.#mayDial(candidate, linked),
    );
    const stranger = strangers[Math.floor(random() * strangers.length)];
    if (stranger === undefined) {
      return;
    }
    this.#closeGuest(links);
    this.#guest = stranger.text;
    void this.#dial(stranger, stop);
  }

  /** Only the last one that came this way makes room, so that names that somebody invents take one place and no more. */
  #closeGuest(links: readonly MaintainedLink[]): void {
    const guest = links.find(({ peer }) => keyText(peer) === this.#guest);
    const worth = guest === undefined ? 0 : (this.#sharedChannels().get(keyText(guest.peer)) ?? 0);
    if (guest === undefined || links.length <= this.#options.limits.targetPeers) {
      return;
    }
    if (!this.#wanted.has(keyText(guest.peer)) && worth < LAST_OF_A_CHANNEL) {
      this.#options.port.close(guest.peer);
    }
  }

  #mayDial({ peer, text }: Candidate, linked: ReadonlySet<string>): boolean {
    const { port } = this.#options;
    return !linked.has(text) && !this.#dialling.has(text) && !port.isSignalling(peer) && !port.isBanned(peer);
  }

  /** By channel, how many more neighbours are wanted there; dials under way count as if they had succeeded. */
  #channelNeeds(linked: ReadonlySet<string>): Map<string, number> {
    const { clock, limits, port } = this.#options;
    // What was heard of a neighbour counts until it has had the time to say itself on which channels it is.
    const isYoung = ({ openedAt }: MaintainedLink): boolean => clock.now() - openedAt < PROBATION;
    const young = new Set(port.links().flatMap((link) => (isYoung(link) ? [keyText(link.peer)] : [])));
    const needs = new Map<string, number>();
    for (const channel of port.channels()) {
      const there = new Set(
        port
          .channelPeers(channel)
          .map(keyText)
          .filter((text) => linked.has(text)),
      );
      for (const candidate of this.#candidates.values()) {
        if (candidate.channels.has(channel) && (this.#dialling.has(candidate.text) || young.has(candidate.text))) {
          there.add(candidate.text);
        }
      }
      needs.set(channel, Math.max(0, limits.channelPeers - there.size));
    }
    return needs;
  }

  /**
   * Wanted ones that did not fail, then others linked before that did not fail since, then those of channels in need, then
   * those that failed least; chance between equals. A wanted one that is not there waits like any other: it is not to hold
   * up the rest.
   */
  #inOrder(candidates: Candidate[], needs: ReadonlyMap<string, number>): Candidate[] {
    const { random } = this.#options;
    const need = (candidate: Candidate): number =>
      [...candidate.channels].reduce((sum, channel) => sum + (needs.get(channel) ?? 0), 0);
    return candidates
      .map((candidate) => ({ candidate, need: need(candidate), draw: random() }))
      .toSorted(
        (a, b) =>
          Number(this.#isMissed(b.candidate)) - Number(this.#isMissed(a.candidate)) ||
          Number(isProven(b.candidate)) - Number(isProven(a.candidate)) ||
          b.need - a.need ||
          a.candidate.failures - b.candidate.failures ||
          Number(b.candidate.known) - Number(a.candidate.known) ||
          a.draw - b.draw,
      )
      .map(({ candidate }) => candidate);
  }

  async #dial(candidate: Candidate, stop: AbortSignal): Promise<void> {
    const { port, clock, random, log } = this.#options;
    this.#dialling.add(candidate.text);
    const attempt = new AbortController();
    const cancel = clock.after(DIAL_TIMEOUT, () => attempt.abort(new Error("The dial took too long.")));
    const onStop = (): void => attempt.abort(stop.reason);
    stop.addEventListener("abort", onStop, { once: true });
    try {
      await port.dial(candidate.peer, attempt.signal);
      candidate.failures = 0;
      candidate.known = true;
    } catch (error) {
      log("debug", "dial_failed", { error });
      candidate.failures += 1;
      candidate.notBefore = clock.now() + backoff(candidate.failures, RETRY_BASE, RETRY_MAX, random);
    } finally {
      cancel();
      stop.removeEventListener("abort", onStop);
      this.#dialling.delete(candidate.text);
      this.poke();
    }
  }

  #closeExcess(): void {
    const { limits, port, clock } = this.#options;
    const links = port.links();
    if (links.length <= limits.targetPeers) {
      return;
    }
    const now = clock.now();
    const room = this.#lacksRoom(links) ? 1 : 0;
    const shared = this.#sharedChannels();
    const judged = links
      .filter((link) => now - link.openedAt >= PROBATION)
      .map((link) => ({
        link,
        shared: shared.get(keyText(link.peer)) ?? 0,
        wanted: this.#wanted.has(keyText(link.peer)),
      }))
      .toSorted((a, b) => Number(a.wanted) - Number(b.wanted) || a.shared - b.shared || a.link.usedAt - b.link.usedAt);
    let left = links.length;
    for (const { link, shared: channels, wanted } of judged) {
      const idle = !wanted && channels === 0 && now - link.usedAt >= IDLE_TIME && left > limits.targetPeers;
      if (idle || left > limits.maxPeers - (wanted ? 0 : room)) {
        left -= 1;
        port.close(link.peer);
      }
    }
  }

  /** Whether a link can be spared without taking the last neighbours of any channel. */
  #hasSuperfluous(): boolean {
    const { clock, port } = this.#options;
    const now = clock.now();
    const shared = this.#sharedChannels();
    return port.links().some((link) => {
      const text = keyText(link.peer);
      const isOpenLong = now - link.openedAt >= PROBATION;
      return isOpenLong && !this.#wanted.has(text) && (shared.get(text) ?? 0) < LAST_OF_A_CHANNEL;
    });
  }

  /** Whether a wanted peer could be dialled, were there not as many links as there may be. */
  #lacksRoom(links: readonly MaintainedLink[]): boolean {
    const { clock, limits, port } = this.#options;
    if (links.length < limits.maxPeers || this.#wanted.size === 0 || !port.canDial()) {
      return false;
    }
    const now = clock.now();
    const linked = new Set(links.map((link) => keyText(link.peer)));
    return [...this.#candidates.values()].some(
      (candidate) => this.#isMissed(candidate) && candidate.notBefore <= now && this.#mayDial(candidate, linked),
    );
  }

  /** Wanted, and nothing speaks against its being there now. */
  #isMissed(candidate: Candidate): boolean {
    return candidate.failures === 0 && this.#wanted.has(candidate.text);
  }

  /** By peer, how many joined channels it shares; one that is among the last neighbours of a channel counts more. */
  #sharedChannels(): Map<string, number> {
    const { limits, port } = this.#options;
    const shared = new Map<string, number>();
    for (const channel of port.channels()) {
      const peers = port.channelPeers(channel);
      const worth = peers.length <= limits.channelPeers ? LAST_OF_A_CHANNEL : 1;
      for (const peer of peers) {
        const text = keyText(peer);
        shared.set(text, (shared.get(text) ?? 0) + worth);
      }
    }
    return shared;
  }

  /** Those that fail, then those that were never linked, of them those heard of longest ago: names cost nothing to invent. */
  #forgetExcess(): void {
    const excess = this.#candidates.size - this.#wanted.size - MAX_CANDIDATES;
    if (excess <= 0) {
      return;
    }
    const worst = [...this.#candidates.values()]
      .filter((candidate) => !this.#dialling.has(candidate.text) && !this.#wanted.has(candidate.text))
      .toSorted((a, b) => b.failures - a.failures || Number(a.known) - Number(b.known))
      .slice(0, excess);
    for (const candidate of worst) {
      this.#candidates.delete(candidate.text);
    }
  }
}

/** Linked before, and nothing speaks against its being there now. */
function isProven(candidate: Candidate): boolean {
  return candidate.known && candidate.failures === 0;
}
