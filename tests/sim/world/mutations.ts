/** Rules broken on purpose: a check that nothing can set off is none. */
import { MeshError } from "../../../src/mesh/errors.ts";
import { channelOf, fromHex, scopeFromKey } from "../../../src/wire/index.ts";
import type { SimMesh } from "../mesh.ts";
import type { Inhabitant } from "./inhabitant.ts";

export type Mutation =
  /** Authors put what is for trusted people on their town's channel. */
  | "leak-trusted"
  /** Spammers put their envelopes on topic channels, and everybody passes on whatever comes. */
  | "pass-unproven"
  /** Nobody collects evidence. */
  | "no-relays"
  /** People boost garbage as if it were any post. */
  | "tasteless"
  /** The network is said to be whole again, and is not. */
  | "stays-split"
  /** Whoever comes back asks nobody for what there was. */
  | "asks-nobody";

export const MUTATIONS: readonly Mutation[] = [
  "leak-trusted",
  "pass-unproven",
  "no-relays",
  "tasteless",
  "stays-split",
  "asks-nobody",
];

/** @param late the run is in its second half */
export function mutate(one: Inhabitant, mesh: SimMesh, mutations: ReadonlySet<Mutation>, late: boolean): void {
  if (mutations.has("pass-unproven")) {
    const set = mesh.setChannelHandler.bind(mesh);
    mesh.setChannelHandler = (handler) =>
      set(async (message) => {
        await handler(message);
        return "accept";
      });
  }
  if (mutations.has("asks-nobody") && one.character.absent && late) {
    mesh.openStream = () => Promise.reject(new MeshError("PROTOCOL_UNSUPPORTED", "asks nobody"));
  }
}

/** What a peer that breaks the rules does: puts an envelope of its store on channels where it has no business. */
export async function bytesOnChannels(one: Inhabitant, hash: string, scopes: readonly string[]): Promise<void> {
  const [row] = await one.store.envelopes.bytes([fromHex(hash)]);
  if (row === undefined) return;
  for (const scope of scopes) await one.mesh?.publish(channelOf(scopeFromKey(scope)), row);
}
