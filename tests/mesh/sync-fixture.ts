/** Two stores and a link between them: one catches up with the other over /mehr/sync/1, and everything is counted. */
import {
  CatchUp,
  EVERY_SCOPED,
  serveSync,
  settingsProgress,
  type Audience,
  type CatchingUp,
  type SyncServer,
  type SyncServerLimits,
  type Target,
} from "../../src/mesh/protocols/index.ts";
// Loaded beforehand: what is imported while it runs takes time outside of the virtual clock.
import "../../src/mesh/protocols/sync/conversation.ts";
import "../../src/mesh/protocols/sync/session.ts";
import { Claims } from "../../src/mesh/protocols/pub/claims.ts";
import { createMemoryStore, type NewEnvelope, type Store } from "../../src/store/index.ts";
import { mayStartFor } from "../../src/social/promotion/index.ts";
import {
  decodeEnvelope,
  encodeObject,
  hashOf,
  scopeFromKey,
  scopeKey,
  toHex,
  type NodeKey,
  type PostEnvelope,
} from "../../src/wire/index.ts";
import { COMMONS } from "../sim/author.ts";
import type { SimMesh } from "../sim/mesh.ts";
import type { SimNetwork } from "../sim/network.ts";
import { SeededRandom } from "../sim/random.ts";

export const PLACE = { kind: "scope", scope: scopeFromKey(COMMONS), match: "exact" } as const satisfies Target;

/** Envelopes of about 330 bytes that nobody signed: reconciling does not look at signatures. */
export function unsigned(
  count: number,
  of: (at: number) => { scopes?: readonly string[]; created?: number; author?: NodeKey } = () => ({}),
): NewEnvelope[] {
  const random = new SeededRandom(count);
  return Array.from({ length: count }, (_, at) => {
    const {
      author = new Uint8Array(32).fill(3),
      created = 1_767_000_000_000 + at * 1_000,
      scopes = [COMMONS],
    } = of(at);
    const envelope = decodeEnvelope(
      encodeObject({
        type: "PostEnvelope",
        postHash: random.bytes(32),
        author,
        headline: `What was seen at the market on day ${at}`,
        summary: "Rain in the morning, sun after noon. The stalls were open and the bread was gone by ten.",
        mediaHints: [],
        scopes: scopes.map(scopeFromKey),
        replyTo: null,
        boostOf: null,
        references: [],
        contentSize: 2_000,
        created,
        kickbackRate: 0,
        signature: random.bytes(64),
      }),
    );
    const bytes = encodeObject(envelope);
    return { envelope, bytes, hash: hashOf(bytes) };
  });
}

export function memoryStore(seed: number): Store {
  const random = new SeededRandom(seed);
  return createMemoryStore({ randomBytes: (length) => random.bytes(length) });
}

export class Side {
  readonly mesh: SimMesh;
  readonly store: Store;
  readonly claims: Claims;
  readonly catchUp: CatchUp;
  /** Times that each envelope came, by hex. */
  readonly came = new Map<string, number>();
  /** Scope keys of where envelopes started, as servers said, by hex. */
  readonly started = new Map<string, string>();
  readonly failures: unknown[] = [];
  server: SyncServer | null = null;
  readonly #network: SimNetwork;

  constructor(network: SimNetwork, number: number, store = memoryStore(number)) {
    this.#network = network;
    this.mesh = network.createMesh(new Uint8Array(32).fill(number));
    this.store = store;
    const { clock } = network;
    this.catchUp = new CatchUp({
      mesh: this.mesh,
      clock,
      salt: network.random.bytes(8),
      envelopes: store.envelopes,
      progress: settingsProgress(store),
      served: (peer) => this.server?.served(peer) ?? null,
      known: (hash) => store.envelopes.has(hash),
      receive: async (items, delivery) => {
        for (const { hash } of items) this.came.set(toHex(hash), (this.came.get(toHex(hash)) ?? 0) + 1);
        const envelopes = items.map(({ bytes, hash }) => ({ bytes, hash, envelope: decodeEnvelope(bytes) }));
        const asked = (envelope: PostEnvelope): boolean =>
          delivery.targets().some((target) => mayStartFor(target, envelope));
        if (!envelopes.every(({ envelope }) => asked(envelope))) throw new Error("came unasked");
        await store.commit({ envelopes });
      },
      started: async ({ hashes, place }) => {
        for (const hash of hashes) this.started.set(toHex(hash), scopeKey(place));
      },
      onFailure: (_server, error) => this.failures.push(error),
    });
    this.claims = new Claims((hash) => this.catchUp.nameOf(hash));
  }

  async start(options: { audience?: Audience; limits?: Partial<SyncServerLimits> } = {}): Promise<void> {
    await this.mesh.start();
    const { audience = EVERY_SCOPED, limits = {} } = options;
    this.server = serveSync({ mesh: this.mesh, library: this.store, audience, clock: this.#network.clock, limits });
  }

  /** Begins to catch up with the other side; the clock has to be moved by the caller. */
  async begin(server: Side, targets: readonly Target[] = [PLACE], signal?: AbortSignal): Promise<CatchingUp | null> {
    const { claims } = this;
    const request = { server: server.mesh.self, targets, claims, signal: signal ?? new AbortController().signal };
    const { clock } = this.#network;
    let begun: { catchingUp: CatchingUp | null } | { error: unknown } | null = null;
    this.catchUp.begin(request).then(
      (catchingUp) => (begun = { catchingUp }),
      (error: unknown) => (begun = { error }),
    );
    await clock.until(() => begun !== null);
    const outcome = begun as unknown as { catchingUp: CatchingUp | null } | { error: unknown };
    if ("error" in outcome) throw outcome.error;
    return outcome.catchingUp;
  }

  /** Catches up; virtual milliseconds that it took, `null` when it was left to cursors. */
  async run(server: Side, targets: readonly Target[] = [PLACE]): Promise<number | null> {
    const { clock } = this.#network;
    const started = clock.now();
    const catchingUp = await this.begin(server, targets);
    if (catchingUp === null) return null;
    let ended: { error: unknown } | "done" | null = null;
    catchingUp.done.then(
      () => (ended = "done"),
      (error: unknown) => (ended = { error }),
    );
    await clock.until(() => ended !== null, 600_000);
    const outcome = ended as unknown as { error: unknown } | "done";
    if (outcome !== "done") throw outcome.error;
    return clock.now() - started;
  }

  /** Bytes of the reconciliation on the wire, in both directions. */
  get bytes(): number {
    return this.mesh.links().reduce((sum, link) => {
      const { in: came, out } = link.protocols["/mehr/sync/1"] ?? { in: 0, out: 0 };
      return sum + came + out;
    }, 0);
  }
}
