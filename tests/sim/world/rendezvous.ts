/**
 * Who is linked to whom, as relays that introduce peers of a channel and the maintainer of each peer would have it: so many
 * links, half of them in the own town, half to people who read the same topics.
 */
import { Losses } from "../../../src/mesh/losses.ts";
import { besideByKey } from "../../../src/mesh/ring.ts";
import { channelOf, scopeFromKey } from "../../../src/wire/index.ts";
import type { SimMesh } from "../mesh.ts";
import type { SimNetwork } from "../network.ts";
import type { Inhabitant } from "./inhabitant.ts";

export interface RendezvousOptions {
  /** Links that everybody wants; half of them at home. */
  readonly degree: number;
  /** Nobody takes more from others. */
  readonly most: number;
}

/** What a maintainer comes to that wants six in all and three in each channel (src/mesh/options.ts). */
export const LINKS: RendezvousOptions = { degree: 8, most: 12 };
/** Links wanted in a topic that is read here: with one link each, a channel would be a heap of pieces. */
const IN_A_TOPIC = 2;
/** And in a channel that is only visited to say something there: relays introduce whoever joins (src/peer/reach/visits.ts). */
const ON_A_VISIT = 2;
/** Milliseconds: introductions come together, and a dial through a relay takes 180-740 (measured). */
const LOOK_SOON = [500, 3_000] as const;
const LOOK_AGAIN = 300_000;
/** What a link to one of the last neighbours in a channel is worth; any other channel that is shared counts one (src/mesh/maintainer.ts). */
const LAST_OF_A_CHANNEL = 10;
/** In a channel of so many others the next one by key is linked. */
const FEW = 16;
/** A link is not closed before it is so old, in ms, as in src/mesh/maintainer.ts. */
const PROBATION = 60_000;
/** Somebody new is dialled so often, and so often after many links were lost at once, as in src/mesh/maintainer.ts. */
const MINGLE = 3_600_000;
const MINGLE_SPLIT = 600_000;

export class Rendezvous {
  readonly #network: SimNetwork;
  readonly #options: RendezvousOptions;
  /** Peers that are online, by channel, in the order of their keys. */
  readonly #there = new Map<string, Inhabitant[]>();
  readonly #looking = new Map<Inhabitant, () => void>();
  readonly #byMesh = new Map<SimMesh, Inhabitant>();
  readonly #mingling = new Map<Inhabitant, () => void>();
  /** Peers that have more links than there may be, and close some when these are no longer new. */
  readonly #excess = new WeakSet<SimMesh>();
  readonly #losses = new WeakMap<SimMesh, Losses>();
  /** Whether a link is being closed by what is decided here. */
  #isClosing = false;
  /** Whom a peer has dialled last although it had links enough. */
  readonly #guests = new WeakMap<SimMesh, SimMesh>();

  constructor(network: SimNetwork, options: RendezvousOptions = LINKS) {
    this.#network = network;
    this.#options = options;
  }

  arrived(one: Inhabitant, mesh: SimMesh): void {
    this.#byMesh.set(mesh, one);
    for (const channel of channelsOf(one)) {
      const there = this.#there.get(channel);
      if (there === undefined) this.#there.set(channel, [one]);
      else there.splice(placeOf(there, one), 0, one);
    }
    this.#lookSoon(one);
    this.#mingleLater(one);
  }

  left(one: Inhabitant, mesh: SimMesh): void {
    this.#byMesh.delete(mesh);
    for (const channel of channelsOf(one)) {
      const there = this.#there.get(channel) ?? [];
      const at = there.indexOf(one);
      if (at >= 0) there.splice(at, 1);
    }
    this.#looking.get(one)?.();
    this.#looking.delete(one);
    this.#mingling.get(one)?.();
    this.#mingling.delete(one);
  }

  /** One end of a new link. Others dial it as well, whatever links it has, and it dials whoever it asks for something. */
  met(mesh: SimMesh): void {
    if (mesh.linkCount <= this.#options.most || this.#excess.has(mesh)) return;
    this.#excess.add(mesh);
    this.#network.clock.after(PROBATION, () => {
      this.#excess.delete(mesh);
      if (mesh.running) this.#closeExcess(mesh);
      if (mesh.running) this.met(mesh);
    });
  }

  /** One end of a link that broke. */
  missed(mesh: SimMesh): void {
    const one = this.#byMesh.get(mesh);
    if (one === undefined) return;
    this.#lookSoon(one);
    if (!this.#isClosing && this.#lossesOf(mesh).note(this.#network.clock.now(), mesh.linkCount))
      this.#mingleLater(one);
  }

  #lossesOf(mesh: SimMesh): Losses {
    const losses = this.#losses.get(mesh) ?? new Losses();
    this.#losses.set(mesh, losses);
    return losses;
  }

  #lookSoon(one: Inhabitant): void {
    this.#lookAfter(one, this.#network.random.between(...LOOK_SOON));
  }

  #lookAfter(one: Inhabitant, wait: number): void {
    this.#looking.get(one)?.();
    this.#looking.set(
      one,
      this.#network.clock.after(wait, () => {
        this.#look(one);
        this.#lookAfter(one, LOOK_AGAIN * this.#network.random.between(0.8, 1.2));
      }),
    );
  }

  #mingleLater(one: Inhabitant): void {
    const { mesh } = one;
    const isSplit = mesh !== null && this.#lossesOf(mesh).suspected(this.#network.clock.now());
    const wait = (isSplit ? MINGLE_SPLIT : MINGLE) * this.#network.random.between(0.5, 1.5);
    this.#mingling.get(one)?.();
    this.#mingling.set(
      one,
      this.#network.clock.after(wait, () => {
        this.#mingle(one);
        this.#mingleLater(one);
      }),
    );
  }

  /**
   * Whoever has links enough dials somebody of a channel of its own all the same, in place of the last such one; or in place
   * of the least useful link, where there are as many as there may be.
   */
  #mingle(one: Inhabitant): void {
    const { mesh } = one;
    if (mesh === null || !mesh.running) return;
    const { random } = this.#network;
    const read = channelsOf(one);
    const channel = read[random.below(read.length)] as string;
    const there = this.#there.get(channel) ?? [];
    const linked = mesh.neighbours();
    const other = there[random.below(there.length)]?.mesh;
    if (other === undefined || other === null || linked.includes(other) || !this.#network.reachable(mesh, other))
      return;
    const guest = this.#guests.get(mesh);
    const own = this.#superfluous(mesh, channel);
    if (own === null) return;
    if (guest !== undefined && linked.includes(guest) && linked.length > this.#options.degree) {
      this.#close(mesh, guest);
    } else for (const neighbour of own) this.#close(mesh, neighbour);
    for (const neighbour of this.#superfluous(other, channel) ?? []) this.#close(other, neighbour);
    this.#network.connect(mesh, other);
    this.#guests.set(mesh, other);
  }

  #look(one: Inhabitant): void {
    const { mesh } = one;
    if (mesh === null || !mesh.running) return;
    const { degree, most } = this.#options;
    const read = channelsOf(one);
    const [home, ...topics] = read;
    const linked = new Set(mesh.neighbours());
    const wanted: [string, number][] = [
      [home as string, degree / 2],
      ...topics.map((topic): [string, number] => [topic, Math.max(IN_A_TOPIC, Math.ceil(degree / 2 / topics.length))]),
    ];
    const visited = mesh.gossip.channels.filter((channel) => !read.includes(channel));
    for (const channel of visited) wanted.push([channel, ON_A_VISIT]);
    for (const [channel, count] of wanted) {
      const there = this.#there.get(channel) ?? [];
      let missing = count;
      for (const other of linked) if (this.#isThere(other, channel)) missing--;
      // Whoever has none there at all makes room for one; that there are several is not worth as much.
      for (let tries = 3 * count; tries > 0 && missing > 0; tries--) {
        const alone = missing === count;
        if (!alone && linked.size >= most) break;
        const met = there[this.#network.random.below(there.length)]?.mesh;
        if (met === undefined || met === null || linked.has(met) || !this.#network.reachable(mesh, met)) continue;
        // Whoever has too many closes the least useful one; for who has somebody there already, that is this one.
        if (!alone && met.linkCount >= most) continue;
        const own = this.#superfluous(mesh, channel);
        const theirs = this.#superfluous(met, channel);
        if (own === null || theirs === null) continue;
        for (const neighbour of own) {
          this.#close(mesh, neighbour);
          linked.delete(neighbour);
        }
        for (const neighbour of theirs) this.#close(met, neighbour);
        this.#network.connect(mesh, met);
        linked.add(met);
        missing--;
      }
    }
    for (const channel of read) this.#closeRing(one, mesh, channel);
  }

  /** Links to whoever is next by key in a channel, so that the channel is one piece. */
  #closeRing(one: Inhabitant, mesh: SimMesh, channel: string): void {
    const next = this.#isSmall(channel) ? this.#nextOf(one, channel) : null;
    if (next === null || this.#network.link(mesh, next) !== undefined) return;
    const own = this.#superfluous(mesh, channel);
    const theirs = this.#superfluous(next, channel);
    if (own === null || theirs === null) return;
    for (const neighbour of own) this.#close(mesh, neighbour);
    for (const neighbour of theirs) this.#close(next, neighbour);
    this.#network.connect(mesh, next);
  }

  /** The least useful first, and those last that it wants to be linked to. */
  #closeExcess(mesh: SimMesh): void {
    let excess = mesh.linkCount - this.#options.most;
    if (excess <= 0) return;
    const now = this.#network.clock.now();
    const worth = this.#worths(mesh);
    const openedAt = (other: SimMesh): number => this.#network.link(mesh, other)?.openedAt ?? now;
    const judged = mesh
      .neighbours()
      .filter((other) => now - openedAt(other) >= PROBATION)
      .map((other) => ({ other, wanted: mesh.wants(other.self), worth: worth.get(other) ?? 0 }))
      .toSorted((a, b) => Number(a.wanted) - Number(b.wanted) || a.worth - b.worth);
    for (const { other } of judged) {
      if (excess-- <= 0) return;
      this.#close(mesh, other);
    }
  }

  #isThere(mesh: SimMesh, channel: string): boolean {
    const one = this.#byMesh.get(mesh);
    return one !== undefined && isOn(one, channel);
  }

  #isSmall(channel: string): boolean {
    return (this.#there.get(channel)?.length ?? 0) <= FEW + 1;
  }

  #close(mesh: SimMesh, other: SimMesh): void {
    this.#isClosing = true;
    this.#network.disconnect(mesh, other);
    this.#isClosing = false;
  }

  #nextOf(one: Inhabitant, channel: string): SimMesh | null {
    const { mesh } = one;
    const there = this.#there.get(channel) ?? [];
    if (mesh === null) return null;
    const at = placeOf(there, one);
    for (let step = 1; step < there.length; step++) {
      const other = there[(at + step) % there.length]?.mesh;
      if (other !== undefined && other !== null && this.#network.reachable(mesh, other)) return other;
    }
    return null;
  }

  /** What to close for another in this channel: none where there is room; `null` where each is worth more than that. */
  #superfluous(mesh: SimMesh, channel: string): readonly SimMesh[] | null {
    if (mesh.linkCount < this.#options.most) return [];
    const isOn = mesh.gossip.channels.includes(channel);
    const isScarce = isOn && this.#neighboursOn(mesh, channel).length <= IN_A_TOPIC;
    const gained = isScarce ? LAST_OF_A_CHANNEL : 1;
    const [least] = [...this.#worths(mesh)].toSorted(([, a], [, b]) => a - b);
    return least === undefined || least[1] > gained ? null : [least[0]];
  }

  /** What each link is worth: how many channels it shares, and more where it holds one together. */
  #worths(mesh: SimMesh): Map<SimMesh, number> {
    const worths = new Map<SimMesh, number>(mesh.neighbours().map((other) => [other, 0]));
    for (const joined of mesh.gossip.channels) {
      const there = this.#neighboursOn(mesh, joined);
      const beside = this.#isSmall(joined) ? besideByKey(mesh.self, there.map(peerOf)) : [];
      for (const other of there) {
        const isLast = there.length <= IN_A_TOPIC || beside.some(({ mesh: each }) => each === other);
        worths.set(other, (worths.get(other) ?? 0) + (isLast ? LAST_OF_A_CHANNEL : 1));
      }
    }
    return worths;
  }

  #neighboursOn(mesh: SimMesh, channel: string): SimMesh[] {
    return mesh.neighbours().filter((other) => this.#isThere(other, channel));
  }
}

const channels = new WeakMap<Inhabitant, string[]>();

/** Home first, then the topics that are read. */
export function channelsOf(one: Inhabitant): readonly string[] {
  const known = channels.get(one);
  if (known !== undefined) return known;
  const { topics, town } = one.character;
  const made = [town, ...topics].map((key) => channelOf(scopeFromKey(key)));
  channels.set(one, made);
  return made;
}

function isOn(one: Inhabitant, channel: string): boolean {
  return channelsOf(one).includes(channel);
}

/** Where somebody is, or belongs, among those who are in the order of their keys. */
function placeOf(there: readonly Inhabitant[], { key }: Inhabitant): number {
  let [from, to] = [0, there.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((there[middle] as Inhabitant).key < key) from = middle + 1;
    else to = middle;
  }
  return from;
}

function peerOf(mesh: SimMesh): { readonly peer: SimMesh["self"]; readonly mesh: SimMesh } {
  return { peer: mesh.self, mesh };
}
