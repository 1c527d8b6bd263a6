/** An origin as a browser has it: identities with their stores, restarted by whoever asks for it. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import {
  idbDatabases,
  idbRegistry,
  startOrigin,
  type LiveName,
  type LiveQueries,
  type OriginPeer,
  type OriginPorts,
  type PeerApi,
} from "../../src/peer/index.ts";
import { openIdbStore, type Store } from "../../src/store/index.ts";
import { createSigner } from "../../src/wire/index.ts";
import { VirtualClock } from "../sim/clock.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { SimNetwork } from "../sim/network.ts";
import { cheapStretch, inlineHashing } from "../sim/town.ts";

export class Device {
  readonly clock: VirtualClock;
  readonly network: SimNetwork;
  readonly factory = new IDBFactory();
  readonly faults: string[] = [];
  readonly meshes: SimMesh[] = [];
  /** Names of the caches that the service worker filled. */
  caches = ["shell-1", "shares"];
  remembered: unknown = undefined;
  restarts = 0;
  #peer: OriginPeer | null = null;
  /** For the tests that break it. */
  change: (ports: OriginPorts) => Partial<OriginPorts> = () => ({});

  constructor(seed: number, network?: SimNetwork) {
    this.clock = network?.clock ?? new VirtualClock();
    this.network = network ?? new SimNetwork({ clock: this.clock, seed });
  }

  get api(): PeerApi {
    if (this.#peer === null) throw new Error("the device is off");
    return this.#peer.api;
  }

  async start(): Promise<PeerApi> {
    const { clock, factory, faults, meshes, network } = this;
    const randomBytes = (length: number): Uint8Array => network.random.bytes(length);
    const ports: OriginPorts = {
      clock,
      random: () => network.random.next(),
      randomBytes,
      estimates: null,
      hashing: inlineHashing,
      stretch: cheapStretch,
      createMesh: async (seed) => {
        const signer = await clock.track(createSigner(seed));
        const mesh = network.createMesh(signer.publicKey, (message) => clock.track(signer.sign(message)));
        meshes.push(mesh);
        return mesh;
      },
      databases: idbDatabases({
        now: () => clock.now(),
        randomBytes,
        onFault: (fault) => faults.push(`store: ${fault.message}`),
        onOpened: () => undefined,
        indexedDB: factory,
      }),
      registry: idbRegistry(factory),
      remembered: structuredClone(this.remembered),
      remember: (value) => {
        this.remembered = value;
      },
      restart: () => {
        this.restarts += 1;
      },
      clearCaches: async () => {
        this.caches = [];
      },
      log: (context, error) => faults.push(`${context}: ${String(error)}`),
    };
    this.#peer = await clock.track(startOrigin({ ...ports, ...this.change(ports) }));
    return this.#peer.api;
  }

  async stop(): Promise<void> {
    await this.clock.track(this.#peer?.stop() ?? Promise.resolve());
    this.#peer = null;
  }

  /** Does something after which the peer has itself started anew, and does that. */
  async anew<Result>(act: (api: PeerApi) => Promise<Result>): Promise<Result> {
    const before = this.restarts;
    const result = await this.clock.track(act(this.api));
    await this.clock.advance(1);
    if (this.restarts !== before + 1) throw new Error("the peer did not ask to be started anew");
    await this.stop();
    await this.start();
    return result;
  }

  /** The store of this name as it lies on disk. */
  async disk(name = "mehr"): Promise<Store> {
    return await openIdbStore({
      name,
      now: () => this.clock.now(),
      randomBytes: (length) => this.network.random.bytes(length),
      indexedDB: this.factory,
      onFault: (fault) => this.faults.push(`disk: ${fault.message}`),
    });
  }

  async databases(): Promise<string[]> {
    return (await this.factory.databases()).map(({ name }) => name ?? "").toSorted();
  }
}

type Answer<Name extends LiveName> = LiveQueries[Name] extends { rows: infer Row }
  ? readonly Row[]
  : LiveQueries[Name] extends { value: infer Value }
    ? Value
    : never;

/** The answer of a live query now. */
export async function now<Name extends LiveName>(
  api: Pick<PeerApi, "watch">,
  name: Name,
  params: LiveQueries[Name]["params"],
): Promise<Answer<Name>> {
  let answer: unknown;
  const subscription = await api.watch(name, params, (update: { kind: string; value?: unknown; rows?: unknown }) => {
    answer ??= update.kind === "rows" ? update.rows : update.value;
  });
  await subscription.close();
  return answer as Answer<Name>;
}
