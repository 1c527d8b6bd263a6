/** Rules broken on purpose: a check that nothing can set off is none. */
import { MeshError } from "../../../src/mesh/errors.ts";
import { channelOf, fromHex, scopeFromKey } from "../../../src/wire/index.ts";
import type { SimMesh } from "../mesh.ts";
import { promote } from "../promoting.ts";
import type { Inhabitant } from "./inhabitant.ts";
import type { Entry } from "./ledger.ts";

export type Mutation =
  /** Authors put what is for trusted people on their town's channel. */
  | "leak-trusted"
  /** People trust somebody outside of their circle, and are trusted, as nobody who looks on knows. */
  | "trust-strangers"
  /** Spammers put their envelopes on topic channels, and everybody passes on whatever comes. */
  | "pass-unproven"
  /** The same with a certificate of their own, for a boost of their own. */
  | "vouch-for-oneself"
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
  "trust-strangers",
  "pass-unproven",
  "vouch-for-oneself",
  "no-relays",
  "tasteless",
  "stays-split",
  "asks-nobody",
];

/** @param late the run is in its second half */
export function mutate(one: Inhabitant, mesh: SimMesh, mutations: ReadonlySet<Mutation>, late: boolean): void {
  if (mutations.has("pass-unproven") || mutations.has("vouch-for-oneself")) {
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

/** What authors who break the rules do with what they have just written. @param now milliseconds since 1970 */
export async function misbehave(
  { author, hash, kind, topics }: Entry,
  mutations: ReadonlySet<Mutation>,
  now: number,
): Promise<void> {
  if (mutations.has("leak-trusted") && kind === "trusted") await bytesOnChannels(author, hash, [author.town]);
  if (kind !== "spam") return;
  if (mutations.has("pass-unproven")) await bytesOnChannels(author, hash, topics);
  if (mutations.has("vouch-for-oneself")) await selfMadeOnChannels(author, hash, topics, now);
}

/** Everybody in a circle and somebody outside of it trust each other. */
export async function befriendStrangers(people: readonly Inhabitant[]): Promise<void> {
  for (const one of people.filter(({ character }) => character.circle !== null)) {
    const stranger = people.find(({ character }) => character.circle !== one.character.circle);
    if (stranger === undefined) continue;
    await one.api?.trust(stranger.id);
    await stranger.api?.trust(one.id);
  }
}

/** Puts an envelope of its store on channels where it has no business. */
async function bytesOnChannels(one: Inhabitant, hash: string, scopes: readonly string[]): Promise<void> {
  const [row] = await one.store.envelopes.bytes([fromHex(hash)]);
  if (row === undefined) return;
  for (const scope of scopes) await one.mesh?.publish(channelOf(scopeFromKey(scope)), row);
}

/** The same with evidence that proves nothing. */
async function selfMadeOnChannels(
  one: Inhabitant,
  hash: string,
  scopes: readonly string[],
  created: number,
): Promise<void> {
  const [bytes] = await one.store.envelopes.bytes([fromHex(hash)]);
  if (bytes === undefined) return;
  const whose = { booster: one.signer, issuer: one.signer };
  for (const scope of scopes) {
    const { message } = await promote({ bytes, hash: fromHex(hash) }, scope, whose, { created });
    await one.mesh?.publish(channelOf(scopeFromKey(scope)), message);
  }
}
