/** Two nodes that are linked, one of which asks the index of the other: /mehr/index/1. */
import type { IndexPage } from "../../src/mesh/protocols/finding/index.ts";
import { createMemoryStore, type Store } from "../../src/store/index.ts";
import { toHex, type Signer } from "../../src/wire/index.ts";
import { signEnvelope, type EnvelopeText, type SignedEnvelope } from "../sim/author.ts";
import { VirtualClock } from "../sim/clock.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { SimNetwork } from "../sim/network.ts";

export interface IndexPair {
  readonly clock: VirtualClock;
  readonly asking: SimMesh;
  readonly serving: SimMesh;
  /** What the serving one holds. */
  readonly store: Store;
}

export async function indexPair(): Promise<IndexPair> {
  const clock = new VirtualClock();
  const network = new SimNetwork({ clock, seed: 5 });
  const asking = network.createMesh(new Uint8Array(32).fill(1));
  const serving = network.createMesh(new Uint8Array(32).fill(2));
  await Promise.all([asking.start(), serving.start()]);
  network.connect(asking, serving);
  const store = createMemoryStore({ randomBytes: (length) => network.random.bytes(length) });
  return { clock, asking, serving, store };
}

/** Puts an envelope that this one signs into a store. */
export async function holdSigned(store: Store, by: Signer, text: EnvelopeText): Promise<SignedEnvelope> {
  const signed = await signEnvelope(by, text);
  await store.commit({ envelopes: [signed] });
  return signed;
}

/** The objects of all pages, in hex. */
export const hexes = (all: readonly IndexPage[]): string[] => all.flatMap(({ objects }) => objects.map(toHex));
