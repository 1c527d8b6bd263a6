/** One person of a world with the peer that it runs: the composition of src/peer, unchanged, on a store that lasts. */
import { startPeer, type IdentityApi, type Peer } from "../../../src/peer/index.ts";
import { DEFAULT_SETTINGS, saveSettings } from "../../../src/peer/settings.ts";
import type { Clock } from "../../../src/mesh/protocols/index.ts";
import type { Store } from "../../../src/store/index.ts";
import { createSigner, encodeNodeId, ObjectType, toHex, verifyObject, type Signer } from "../../../src/wire/index.ts";
import { signProfile } from "../author.ts";
import { SIM_START } from "../clock.ts";
import type { SimMesh } from "../mesh.ts";
import type { SimNetwork } from "../network.ts";
import { SeededRandom } from "../random.ts";
import { cheapStretch, inlineHashing, lastingStore } from "../town.ts";
import type { Character } from "./people.ts";

export interface InhabitantPorts {
  readonly network: SimNetwork;
  readonly seed: number;
  /** Verdicts by bytes, shared by everybody: each signature is checked once. */
  /** Whether people collect evidence, and certify. */
  readonly relays: boolean;
  readonly verdicts: Map<string, Promise<boolean>>;
  /** An envelope is in the store of this person; hash and author in hex. */
  readonly onArrival: (at: Inhabitant, hash: string, author: string) => void;
  /** A mesh was made and has not started. */
  readonly onMesh: (at: Inhabitant, mesh: SimMesh) => void;
  readonly onFault: (at: Inhabitant, context: string, error: unknown) => void;
}

interface Running {
  readonly peer: Peer;
  readonly since: number;
  readonly unsubscribe: () => void;
}

export class Inhabitant {
  readonly character: Character;
  readonly signer: Signer;
  /** Hex of the public key. */
  readonly key: string;
  readonly id: string;
  readonly store: Store;
  /** Whom this person has blocked. */
  readonly blocked = new Set<Inhabitant>();
  /** Bytes that have left and reached this person's peer. */
  readonly traffic = { in: 0, out: 0 };
  readonly #ports: InhabitantPorts;
  readonly #random: SeededRandom;
  #running: Running | null = null;
  #mesh: SimMesh | null = null;
  #onLeft: () => void = () => undefined;
  /** Milliseconds online in earlier sessions. */
  #online = 0;

  private constructor(character: Character, signer: Signer, ports: InhabitantPorts) {
    this.character = character;
    this.signer = signer;
    this.key = toHex(signer.publicKey);
    this.id = encodeNodeId(signer.publicKey);
    this.#ports = ports;
    this.#random = new SeededRandom(ports.seed * 0x1_0001 + character.number);
    this.store = lastingStore(this.#random.uint32());
  }

  static async settle(character: Character, ports: InhabitantPorts): Promise<Inhabitant> {
    const one = new Inhabitant(character, await createSigner(character.seed), ports);
    const { seed, town, topics } = character;
    // As src/peer/identity.ts keeps it. Nobody here reads the words, and deriving the seed from them takes 20 ms a person.
    const identity = { entropy: seed, seed, createdAt: ports.network.clock.now(), wordsKept: true, welcomed: "yes" };
    // Chosen on an earlier day.
    const { bytes, hash } = await signProfile(one.signer, `person ${character.number}`);
    const profile = { type: ObjectType.UserProfile, owner: one.signer.publicKey, name: "", sequence: 1, hash, bytes };
    await one.store.commit({ keys: { identity }, heads: [{ ...profile, forkBytes: null, frozenUntil: 0 }] });
    await saveSettings(one.store, { ...DEFAULT_SETTINGS, home: town, topics, relay: ports.relays ? "auto" : "off" });
    return one;
  }

  get number(): number {
    return this.character.number;
  }

  get town(): string {
    return this.character.town;
  }

  get api(): IdentityApi | null {
    return this.#running?.peer.api ?? null;
  }

  get mesh(): SimMesh | null {
    return this.#mesh;
  }

  /** World time since which this person has been online without a break; `Infinity` for one that is not. */
  get since(): number {
    return this.#running?.since ?? Infinity;
  }

  get online(): boolean {
    return this.#running !== null;
  }

  /** Milliseconds online so far. */
  get onlineFor(): number {
    return (
      this.#online + (this.#running === null ? 0 : this.#ports.network.clock.now() - SIM_START - this.#running.since)
    );
  }

  async arrive(): Promise<void> {
    if (this.#running !== null) return;
    const { network, onArrival, onFault, onMesh } = this.#ports;
    const unsubscribe = this.store.subscribe(({ envelopes }) => {
      for (const { author, hash } of envelopes) onArrival(this, toHex(hash), toHex(author));
    });
    const peer = await startPeer({
      store: this.store,
      clock: clockAhead(network.clock, this.character.clockAhead),
      random: () => this.#random.next(),
      randomBytes: (length) => this.#random.bytes(length),
      estimates: null,
      hashing: inlineHashing,
      createMesh: async () => {
        const mesh = network.createMesh(this.signer.publicKey, (message) => this.signer.sign(message));
        this.#mesh = mesh;
        onMesh(this, mesh);
        return mesh;
      },
      stretch: cheapStretch,
      log: (context, error) => onFault(this, context, error),
      verify: (object, bytes) => this.#verdict(bytes, () => verifyObject(object)),
    });
    this.#running = { peer, since: network.clock.now() - SIM_START, unsubscribe };
  }

  /** Called once, when the session of now ends. */
  onLeft(task: () => void): void {
    this.#onLeft = task;
  }

  async leave(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    this.#online = this.onlineFor;
    this.#running = null;
    await running.peer.stop();
    running.unsubscribe();
    this.#onLeft();
    this.#mesh = null;
  }

  #verdict(bytes: Uint8Array, verify: () => Promise<boolean>): Promise<boolean> {
    const { verdicts } = this.#ports;
    const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    const known = verdicts.get(key);
    if (known !== undefined) return known;
    const verdict = verify();
    verdicts.set(key, verdict);
    return verdict;
  }
}

function clockAhead(clock: Clock, ahead: number): Clock {
  return { now: () => clock.now() + ahead, after: (ms, task) => clock.after(ms, task) };
}
