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
 * - In a joined channel of a few the next one by key is dialled although there are links enough (`ring.ts`), and the links to
 *   the next one and to the last one are kept like those of a channel with few neighbours: so it is one piece.
 * - Now and then somebody else of a joined channel is dialled although there are links enough, and the last one that came
 *   this way goes: two halves of a network that was split each have all the links that they need, and would stay apart. It
 *   may be somebody who was linked before: in a small town everybody is, after some hours. Whoever has lost many links at once
 *   may be in such a half, and does so more often for some hours.
 * - Wanted peers (`want`) are dialled first and whatever number of links there is below `maxPeers`; where there is no room
 *   left, the least useful other link makes it, for as many of them as have a place (`wanted.ts`). Their links are closed last.
 *   Beyond that a wanted one makes room for a channel in need, as any link does; none is closed for being idle.
 */
import type { NodeKey } from "../wire/types.ts";
import { Candidates, isNamed, isProven, type Candidate } from "./candidates.ts";
import { keyText } from "./keys.ts";
import { Losses } from "./losses.ts";
import type { MaintainedLink, MaintainerPort } from "./maintainer-port.ts";
import type { MeshLimits, MeshLog } from "./options.ts";
import type { Clock } from "./protocols/clock.ts";
import { besideByKey, nextByKey } from "./ring.ts";
import { Wanted } from "./wanted.ts";

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
const DIAL_TIMEOUT = 20_000;
/** A link this young is not judged: its subscriptions are not known yet. */
const PROBATION = 60_000;
const IDLE_TIME = 600_000;
/** Somebody new is dialled so often: another link costs a peer some kilobytes, and forty messages, each time. */
const MINGLE = 3_600_000;
/** And so often by whoever may be cut off from others. In a town of twenty people the halves are linked again after a minute. */
const MINGLE_SPLIT = 600_000;
/** Of a channel with so many others everybody is known: a rendezvous names them all. */
const FEW = 16;
/** The next one of a channel is dialled no more often than this: names that somebody invents take no more time. */
const RING_PAUSE = 15_000;
/** What a link to one of the last neighbours in a channel is worth; any other channel that is shared counts one. */
const LAST_OF_A_CHANNEL = 10;

export class Maintainer {
  readonly #options: MaintainerOptions;
  readonly #candidates: Candidates;
  readonly #dialling = new Set<string>();
  readonly #wanted: Wanted;
  #stop: AbortController | null = null;
  #cancelTick: (() => void) | null = null;
  #settling = false;
  #mingleAt = 0;
  #ringAt = 0;
  readonly #losses = new Losses();
  /** By their text: whose links are being closed here. */
  readonly #closing = new Set<string>();
  /** Text of whom was dialled last although there were links enough. */
  #guest: string | null = null;

  constructor(options: MaintainerOptions) {
    this.#options = options;
    const { clock, limits, random, self } = options;
    this.#wanted = new Wanted(limits.maxPeers);
    const keeps = ({ text }: Candidate): boolean => this.#dialling.has(text) || this.#wanted.has(text);
    this.#candidates = new Candidates({ self, clock, random, keeps });
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
    this.#candidates.learn(peers, source, this.#options.port.links().length === 0);
    this.poke();
  }

  /** Peers to which there is always to be a link; replaces the set. */
  want(peers: readonly NodeKey[]): void {
    // First, so that none of them is forgotten for being one too many.
    const added = this.#wanted.set(peers);
    this.learn(added);
    for (const peer of added) {
      const candidate = this.#candidates.get(keyText(peer));
      if (candidate !== undefined) {
        this.#candidates.forgive(candidate);
      }
    }
  }

  /** A link has appeared. */
  linked(peer: NodeKey): void {
    const candidate = this.#candidates.get(keyText(peer));
    if (candidate !== undefined) {
      this.#candidates.reached(candidate);
    }
    this.poke();
  }

  /** A link has gone; it may be worth having again. */
  unlinked(peer: NodeKey): void {
    const { clock, port } = this.#options;
    this.learn([peer], { known: true });
    if (!this.#closing.delete(keyText(peer)) && this.#losses.note(clock.now(), port.links().length)) {
      this.#mingleLater();
    }
    const candidate = this.#candidates.get(keyText(peer));
    if (candidate !== undefined) {
      this.#candidates.parted(candidate);
    }
    this.poke();
  }

  /** The network is back: waits begin anew. */
  reconnect(): void {
    for (const candidate of this.#candidates.all()) {
      this.#candidates.forgive(candidate);
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
    this.#closeRings(stop.signal);
    this.#mingle(stop.signal);
    const now = this.#options.clock.now();
    const waits = [...this.#candidates.all()].map((candidate) => candidate.notBefore - now).filter((wait) => wait > 0);
    this.#schedule(Math.min(TICK, ...waits));
  }

  #dialMissing(stop: AbortSignal): void {
    const { limits, port, clock } = this.#options;
    if (!port.canDial()) {
      return;
    }
    const linked = byText(port.links());
    let count = linked.size + this.#dialling.size;
    const needs = this.#channelNeeds(linked);
    const isEmpty = (channel: string): boolean => needs.get(channel) === limits.channelPeers;
    // Wanted ones that have no place of their own are worth less than a second neighbour.
    const crowded = this.#wanted.isCrowded(port.links());
    let canSpare: boolean | null = null;
    const now = clock.now();
    const ready = [...this.#candidates.all()].filter(
      (candidate) => candidate.notBefore <= now && this.#mayDial(candidate, linked),
    );
    for (const candidate of this.#inOrder(ready, needs, this.#nextOnes(linked))) {
      if (this.#dialling.size >= limits.parallelDials || count > limits.maxPeers) {
        return;
      }
      const needed = [...candidate.channels.keys()].filter((channel) => (needs.get(channel) ?? 0) > 0);
      // One more than there may be, for a channel in which there is nobody at all: then the least useful link is closed.
      if (count === limits.maxPeers) {
        const mayMakeRoom = needed.some(isEmpty) || (needed.length > 0 && crowded);
        if (!mayMakeRoom || !(canSpare ??= this.#hasSuperfluous())) {
          continue;
        }
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

  /** The next one by key of some channel, if it is not linked. */
  #closeRings(stop: AbortSignal): void {
    const { clock, port } = this.#options;
    if (clock.now() < this.#ringAt || !this.#mayAddTo(port.links())) {
      return;
    }
    const linked = byText(port.links());
    for (const candidate of this.#nextOnes(linked)) {
      if (candidate.notBefore <= clock.now() && this.#mayDial(candidate, linked)) {
        this.#ringAt = clock.now() + RING_PAUSE;
        void this.#dial(candidate, stop);
        return;
      }
    }
  }

  /** Of each joined channel of a few the next one by key, where it is not linked. */
  #nextOnes(linked: ReadonlyMap<string, MaintainedLink>): Set<Candidate> {
    const { port, self } = this.#options;
    const found = new Set<Candidate>();
    for (const channel of port.channels()) {
      const people = this.#peopleOf(channel, linked);
      const next = people.length > FEW ? null : nextByKey(self, people);
      const candidate = next === null ? undefined : this.#candidates.get(keyText(next.peer));
      if (candidate !== undefined && !linked.has(candidate.text)) found.add(candidate);
    }
    return found;
  }

  /** Who is linked there, and who was said to be there lately and may be had. */
  #peopleOf(channel: string, linked: ReadonlyMap<string, MaintainedLink>): { readonly peer: NodeKey }[] {
    const { clock, port } = this.#options;
    const now = clock.now();
    const people = port.channelPeers(channel).map((peer) => ({ peer }));
    const present = new Set(people.map(({ peer }) => keyText(peer)));
    for (const candidate of this.#candidates.all()) {
      if (!isNamed(candidate, channel, now) || present.has(candidate.text) || port.isBanned(candidate.peer)) {
        continue;
      }
      const link = linked.get(candidate.text);
      // What a neighbour says itself is more than what is said of it, once it has had the time.
      if (link !== undefined && now - link.openedAt >= PROBATION) {
        candidate.channels.delete(channel);
      } else {
        people.push(candidate);
      }
    }
    return people;
  }

  /** Whether somebody may be dialled although there are links enough: then the least useful one is closed where there is no room. */
  #mayAddTo(links: readonly MaintainedLink[]): boolean {
    const { limits, port } = this.#options;
    // With fewer than are wanted everybody who is known is dialled anyway.
    if (!port.canDial() || links.length < limits.targetPeers) {
      return false;
    }
    // One more than there may be, as for a channel in which there is nobody.
    const full = links.length + this.#dialling.size - limits.maxPeers;
    return full < 0 || (full === 0 && this.#hasSuperfluous());
  }

  #mingleLater(): void {
    const { clock, random } = this.#options;
    const often = this.#losses.suspected(clock.now()) ? MINGLE_SPLIT : MINGLE;
    this.#mingleAt = clock.now() + often * (0.5 + random());
  }

  /** Somebody who is not linked here, of a channel that this peer is on. */
  #mingle(stop: AbortSignal): void {
    const { clock, port, random } = this.#options;
    if (clock.now() < this.#mingleAt) {
      return;
    }
    this.#mingleLater();
    const links = port.links();
    if (!this.#mayAddTo(links)) {
      return;
    }
    const linked = new Set(links.map((link) => keyText(link.peer)));
    const joined = new Set(port.channels());
    const strangers = [...this.#candidates.all()].filter(
      (candidate) =>
        candidate.notBefore <= clock.now() &&
        [...candidate.channels.keys()].some((channel) => joined.has(channel)) &&
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
      this.#close(guest.peer);
    }
  }

  #mayDial({ peer, text }: Candidate, linked: Pick<ReadonlySet<string>, "has">): boolean {
    const { port } = this.#options;
    return !linked.has(text) && !this.#dialling.has(text) && !port.isSignalling(peer) && !port.isBanned(peer);
  }

  /** By channel, how many more neighbours are wanted there; dials under way count as if they had succeeded. */
  #channelNeeds(linked: Pick<ReadonlySet<string>, "has">): Map<string, number> {
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
      for (const candidate of this.#candidates.all()) {
        if (candidate.channels.has(channel) && (this.#dialling.has(candidate.text) || young.has(candidate.text))) {
          there.add(candidate.text);
        }
      }
      needs.set(channel, Math.max(0, limits.channelPeers - there.size));
    }
    return needs;
  }

  /**
   * Wanted ones that did not fail, then others linked before that did not fail since, then the next ones by key, then those of
   * channels in need, then those that failed least; chance between equals. A wanted one that is not there waits like any
   * other: it is not to hold up the rest.
   */
  #inOrder(candidates: Candidate[], needs: ReadonlyMap<string, number>, next: ReadonlySet<Candidate>): Candidate[] {
    const { clock, port, random } = this.#options;
    const need = (candidate: Candidate): number =>
      [...candidate.channels.keys()].reduce((sum, channel) => sum + (needs.get(channel) ?? 0), 0);
    const isFirst = this.#wanted.hasPlace(port.links(), clock.now())
      ? (candidate: Candidate): boolean => this.#isMissed(candidate)
      : () => false;
    return candidates
      .map((candidate) => ({ candidate, first: isFirst(candidate), need: need(candidate), draw: random() }))
      .toSorted(
        (a, b) =>
          Number(b.first) - Number(a.first) ||
          (a.first ? a.candidate.partedAt - b.candidate.partedAt : 0) ||
          Number(isProven(b.candidate)) - Number(isProven(a.candidate)) ||
          Number(next.has(b.candidate)) - Number(next.has(a.candidate)) ||
          b.need - a.need ||
          a.candidate.failures - b.candidate.failures ||
          Number(b.candidate.known) - Number(a.candidate.known) ||
          a.draw - b.draw,
      )
      .map(({ candidate }) => candidate);
  }

  async #dial(candidate: Candidate, stop: AbortSignal): Promise<void> {
    const { port, clock, log } = this.#options;
    this.#dialling.add(candidate.text);
    const attempt = new AbortController();
    const cancel = clock.after(DIAL_TIMEOUT, () => attempt.abort(new Error("The dial took too long.")));
    const onStop = (): void => attempt.abort(stop.reason);
    stop.addEventListener("abort", onStop, { once: true });
    try {
      await port.dial(candidate.peer, attempt.signal);
      this.#candidates.reached(candidate);
    } catch (error) {
      log("debug", "dial_failed", { error });
      this.#candidates.failed(candidate);
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
    const places = this.#wanted.withPlace(links, room);
    const judged = links
      .filter((link) => now - link.openedAt >= PROBATION)
      .map((link) => ({
        link,
        shared: shared.get(keyText(link.peer)) ?? 0,
        wanted: this.#wanted.has(keyText(link.peer)),
        hasPlace: places.has(keyText(link.peer)),
      }))
      .toSorted(
        (a, b) => Number(a.hasPlace) - Number(b.hasPlace) || a.shared - b.shared || a.link.usedAt - b.link.usedAt,
      );
    let left = links.length;
    for (const { hasPlace, link, shared: channels, wanted } of judged) {
      const idle = !wanted && channels === 0 && now - link.usedAt >= IDLE_TIME && left > limits.targetPeers;
      if (idle || left > limits.maxPeers - (hasPlace ? 0 : room)) {
        left -= 1;
        this.#close(link.peer);
      }
    }
  }

  #close(peer: NodeKey): void {
    this.#closing.add(keyText(peer));
    this.#options.port.close(peer);
  }

  /** Whether a link can be spared without taking the last neighbours of any channel. */
  #hasSuperfluous(): boolean {
    const { clock, port } = this.#options;
    const now = clock.now();
    const shared = this.#sharedChannels();
    const links = port.links();
    const places = this.#wanted.withPlace(links);
    return links.some((link) => {
      const text = keyText(link.peer);
      const isOpenLong = now - link.openedAt >= PROBATION;
      return isOpenLong && !places.has(text) && (shared.get(text) ?? 0) < LAST_OF_A_CHANNEL;
    });
  }

  /** Whether a wanted peer could be dialled, were there not as many links as there may be. */
  #lacksRoom(links: readonly MaintainedLink[]): boolean {
    const { clock, limits, port } = this.#options;
    if (links.length < limits.maxPeers || this.#wanted.size === 0 || !port.canDial()) {
      return false;
    }
    const now = clock.now();
    if (!this.#wanted.hasPlace(links, now)) {
      return false;
    }
    const linked = new Set(links.map((link) => keyText(link.peer)));
    return [...this.#candidates.all()].some(
      (candidate) => this.#isMissed(candidate) && candidate.notBefore <= now && this.#mayDial(candidate, linked),
    );
  }

  /** Wanted, and nothing speaks against its being there now. */
  #isMissed(candidate: Candidate): boolean {
    return candidate.failures === 0 && this.#wanted.has(candidate.text);
  }

  /** By peer, how many joined channels it shares; one that holds a channel together here counts more. */
  #sharedChannels(): Map<string, number> {
    const { limits, port, self } = this.#options;
    const linked = byText(port.links());
    const shared = new Map<string, number>();
    for (const channel of port.channels()) {
      const there = port.channelPeers(channel).map((peer) => ({ peer }));
      const isSmall = this.#peopleOf(channel, linked).length <= FEW;
      const beside = isSmall ? besideByKey(self, there) : [];
      for (const each of there) {
        const isLast = there.length <= limits.channelPeers || beside.includes(each);
        const text = keyText(each.peer);
        shared.set(text, (shared.get(text) ?? 0) + (isLast ? LAST_OF_A_CHANNEL : 1));
      }
    }
    return shared;
  }
}

function byText(links: readonly MaintainedLink[]): Map<string, MaintainedLink> {
  return new Map(links.map((link) => [keyText(link.peer), link]));
}
