/** A world under a virtual clock: whole peers, what people do with them, what goes wrong, and the checks that look on. */
import { initHash } from "../../../src/hash/index.ts";
import { SIM_START, VirtualClock } from "../clock.ts";
import { GOSSIPSUB } from "../gossip.ts";
import type { SimMesh } from "../mesh.ts";
import { SimNetwork, type NetworkObserver } from "../network.ts";
import { SeededRandom } from "../random.ts";
import { absentCatchesUp, sameAfterHealing } from "./checks/together.ts";
import { endorsedReaches } from "./checks/endorsed.ts";
import { evidenceStands } from "./checks/evidence.ts";
import { garbageStays } from "./checks/garbage.ts";
import { trustedOnly } from "./checks/trusted.ts";
import { EventDigest } from "./digest.ts";
import { Fates } from "./fates.ts";
import { grouped } from "./grouped.ts";
import { Inhabitant } from "./inhabitant.ts";
import { Ledger, type Entry } from "./ledger.ts";
import { befriendStrangers, misbehave, mutate, type Mutation } from "./mutations.ts";
import type { WorldOptions } from "./options.ts";
import { peopleOf } from "./people.ts";
import { Rendezvous } from "./rendezvous.ts";
import { Breaches, type Check, type Scene } from "./watch.ts";
import { Workload } from "./workload.ts";

/** Everybody arrives within so long, ms, before anybody writes. */
export const ARRIVING = 300_000;
/** A tenth of a typical delay, in ms: with a thousand peers something happens in every single one. */
const GRAIN = 10;
/** What was written last may still travel. */
const WINDING_UP = 1_200_000;

export interface WorldReport {
  readonly seed: number;
  /** Of all events; the same for the same seed and options. */
  readonly digest: string;
  readonly events: number;
  readonly breaches: readonly string[];
  readonly breachCount: number;
  /** What each check has seen. */
  readonly lines: readonly string[];
  /** What the peers logged as failures, and how often. */
  readonly faults: readonly (readonly [what: string, times: number])[];
  readonly people: readonly PersonReport[];
  /** What each protocol took, gossip among them: messages and bytes of all people, one way. */
  readonly protocols: readonly (readonly [protocol: string, messages: number, bytes: number])[];
  /** Ms of world time that were run. */
  readonly duration: number;
}

export interface PersonReport {
  readonly topics: number;
  /** Bytes in and out, while this person was online for so many ms. */
  readonly bytes: number;
  readonly online: number;
  /** Envelopes held at the end. */
  readonly held: number;
  readonly links: number;
}

export interface WorldHooks {
  /** What is broken on purpose, to see that the checks notice. */
  readonly mutations?: readonly Mutation[];
  /** Every so often, in ms of world time. */
  readonly progress?: { readonly every: number; readonly tell: (world: World) => void };
}

export class World {
  readonly options: WorldOptions;
  readonly clock = new VirtualClock(SIM_START, GRAIN);
  readonly network: SimNetwork;
  readonly people: Inhabitant[] = [];
  readonly ledger: Ledger;
  readonly digest = new EventDigest();
  readonly breaches: Breaches;
  readonly rendezvous: Rendezvous;
  readonly #mutations: ReadonlySet<Mutation>;
  readonly #byMesh = new Map<SimMesh, Inhabitant>();
  readonly #faults = new Map<string, number>();
  readonly #protocols = new Map<string, { messages: number; bytes: number }>();
  readonly #hooks: WorldHooks;
  #checks: readonly Check[] = [];
  /** Those that look at an event, by its name. */
  readonly #told = new Map<keyof Check, readonly Check[]>();
  #fates: Fates | null = null;
  #workload: Workload | null = null;

  constructor(options: WorldOptions, hooks: WorldHooks = {}) {
    this.options = options;
    this.#hooks = hooks;
    this.#mutations = new Set(hooks.mutations ?? []);
    const { duplication, latency, loss, peers, seed } = options;
    this.network = new SimNetwork({
      clock: this.clock,
      seed,
      latency,
      loss,
      duplication,
      gossip: GOSSIPSUB,
      chargesWork: false,
    });
    this.ledger = new Ledger(peers);
    this.breaches = new Breaches(() => this.now);
    this.rendezvous = new Rendezvous(this.network);
  }

  /** Ms since the beginning. */
  get now(): number {
    return this.clock.now() - SIM_START;
  }

  async run(): Promise<WorldReport> {
    await initHash();
    await this.#settle();
    const scene = this.#scene();
    const { breaches } = this;
    this.#checks = [
      trustedOnly(breaches),
      evidenceStands(scene, breaches, SIM_START),
      endorsedReaches(scene, breaches),
      garbageStays(scene, breaches, "spam"),
      garbageStays(scene, breaches, "coalition"),
      sameAfterHealing(scene, breaches),
      absentCatchesUp(scene, breaches),
    ];
    this.network.observer = this.#observer();
    await this.#advance(ARRIVING);
    await this.#befriend();
    const workload = new Workload({
      options: this.options,
      people: this.people,
      ledger: this.ledger,
      now: () => this.now,
      after: (ms, task) => void this.clock.after(ms, task),
      onWritten: (entry) => this.#written(entry),
      onFault: (at, context, error) => this.#fault(at, context, error),
      tasteless: this.#mutations.has("tasteless"),
    });
    this.#workload = workload;
    workload.start();
    this.#fates = new Fates({
      options: this.options,
      people: this.people,
      network: this.network,
      now: () => this.now,
      onReturned: (one, since) => this.#each("returned", one, since),
      onHealed: (since) => {
        if (!this.#mutations.has("stays-split")) this.network.heal();
        this.#each("healed", since);
      },
      onFault: (at, context, error) => this.#fault(at, context, error),
    });
    this.#fates.start();
    await this.#advance(this.options.duration);
    workload.stop();
    await this.#advance(Math.min(WINDING_UP, 2 * this.options.patience));
    return this.#report();
  }

  async #settle(): Promise<void> {
    const random = new SeededRandom(this.options.seed ^ 0x61727276);
    const verdicts = new Map<string, Promise<boolean>>();
    for (const character of peopleOf(this.options)) {
      const one = await Inhabitant.settle(character, {
        network: this.network,
        seed: this.options.seed,
        verdicts,
        relays: !this.#mutations.has("no-relays"),
        onArrival: (at, hash, author) => this.#arrived(at, hash, author),
        onMesh: (at, mesh) => this.#meshMade(at, mesh),
        onFault: (at, context, error) => this.#fault(at, context, error),
      });
      this.people.push(one);
      this.clock.after(random.below(ARRIVING * 0.9), () => {
        one.arrive().catch((error: unknown) => this.#fault(one, "arrive", error));
      });
    }
  }

  /** Circles trust each other, and so does the coalition. */
  async #befriend(): Promise<void> {
    const groups = grouped(
      this.people.filter(({ character }) => character.circle !== null || character.role === "coalition"),
      ({ character }) => character.circle ?? "coalition",
    );
    for (const group of groups.values()) {
      for (const one of group) {
        for (const other of group) if (one !== other) await one.api?.trust(other.id);
      }
    }
    if (this.#mutations.has("trust-strangers")) await befriendStrangers(this.people);
    await this.#advance(1_000);
  }

  async #advance(ms: number): Promise<void> {
    const { progress } = this.#hooks;
    const step = progress?.every ?? ms;
    for (let left = ms; left > 0; left -= step) {
      await this.clock.advance(Math.min(step, left));
      for (const one of this.people) this.#collectFailures(one, one.mesh);
      progress?.tell(this);
    }
  }

  #scene(): Scene {
    return {
      options: this.options,
      people: this.people,
      ledger: this.ledger,
      now: () => this.now,
      after: (ms, task) => void this.clock.after(ms, task),
      split: () => this.#fates?.split ?? false,
    };
  }

  #meshMade(one: Inhabitant, mesh: SimMesh): void {
    this.#byMesh.set(mesh, one);
    mutate(one, mesh, this.#mutations, this.now > this.options.duration / 2);
    this.rendezvous.arrived(one, mesh);
    one.onLeft(() => {
      this.rendezvous.left(one, mesh);
      this.#collectFailures(one, mesh);
      this.#byMesh.delete(mesh);
      this.digest.add(2, this.now, one.number);
    });
    this.digest.add(1, this.now, one.number);
  }

  #arrived(at: Inhabitant, hash: string, author: string): void {
    // The own ones are written down when `publish` tells what became of them.
    if (author === at.key) return;
    const entry = this.ledger.find(hash);
    if (entry === undefined) return;
    const known = entry.holders.has(at);
    this.ledger.hold(entry, at);
    this.digest.add(3, this.now, at.number, entry.number);
    if (known) return;
    this.#each("arrived", entry, at);
    this.#workload?.read(entry, at);
  }

  #written(entry: Entry): void {
    this.digest.add(4, this.now, entry.author.number, Number.parseInt(entry.hash.slice(0, 8), 16));
    this.#each("written", entry);
    void misbehave(entry, this.#mutations, this.clock.now());
  }

  #observer(): NetworkObserver {
    const person = (mesh: SimMesh): Inhabitant => this.#byMesh.get(mesh) as Inhabitant;
    return {
      sent: (from, to, bytes, protocol) => {
        const sum = this.#protocols.get(protocol);
        if (sum === undefined) this.#protocols.set(protocol, { messages: 1, bytes });
        else {
          sum.messages++;
          sum.bytes += bytes;
        }
        const [a, b] = [this.#byMesh.get(from), this.#byMesh.get(to)];
        if (a !== undefined) a.traffic.out += bytes;
        if (b !== undefined) b.traffic.in += bytes;
      },
      gossiped: (from, to, message) => this.#each("gossiped", person(from), person(to), message),
      accepted: (from, at, message) => {
        this.digest.add(5, this.now, this.#byMesh.get(at)?.number ?? -1, Number.parseInt(message.id.slice(0, 8), 16));
        this.#each("accepted", person(from), person(at), message);
      },
      framed: (from, to, protocol, frame) => this.#each("framed", person(from), person(to), protocol, frame),
      linked: ({ ends }) => {
        for (const end of ends) this.rendezvous.met(end);
      },
      unlinked: ({ ends }) => {
        for (const end of ends) this.rendezvous.missed(end);
      },
    };
  }

  #each<Name extends Exclude<keyof Check, "name" | "finish">>(
    name: Name,
    ...given: Parameters<NonNullable<Check[Name]>>
  ): void {
    const all = this.#told.get(name) ?? this.#checks.filter((check) => check[name] !== undefined);
    // Asked for each frame, and most checks look at none.
    this.#told.set(name, all);
    for (const check of all) (check[name] as (...seen: typeof given) => void).apply(check, given);
  }

  #fault(_at: Inhabitant, context: string, error: unknown): void {
    const what = `${context}: ${error instanceof Error ? `${error.name} ${error.message}` : String(error)}`;
    this.#faults.set(what, (this.#faults.get(what) ?? 0) + 1);
  }

  /** Links break all day long, and each stream over them is an error that somebody keeps: here they are counted. */
  #collectFailures(one: Inhabitant, mesh: SimMesh | null): void {
    for (const failure of mesh?.failures.splice(0) ?? []) this.#fault(one, "handler", failure);
  }

  #report(): WorldReport {
    for (const one of this.people) this.#collectFailures(one, one.mesh);
    const lines = this.#checks.flatMap((check) => check.finish());
    return {
      seed: this.options.seed,
      digest: this.digest.toString(),
      events: this.digest.count,
      breaches: this.breaches.said,
      breachCount: this.breaches.count,
      lines,
      faults: [...this.#faults].toSorted((a, b) => b[1] - a[1]),
      people: this.people.map((one) => ({
        topics: one.character.topics.length,
        bytes: one.traffic.in + one.traffic.out,
        online: one.onlineFor,
        held: one.store.envelopes.size,
        links: one.mesh?.linkCount ?? 0,
      })),
      protocols: [...this.#protocols].map(([name, { bytes, messages }]) => [name, messages, bytes] as const),
      duration: this.now,
    };
  }
}
