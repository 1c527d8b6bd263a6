import { encodeNodeId, toHex } from "../../wire/index.ts";
import type { PeerCore } from "../core.ts";
import type { TrustedView } from "./api.ts";

/** Whom this person trusts, in the order in which that began. */
export async function trustedViews({
  exchange,
  profiles,
  trust,
}: Pick<PeerCore, "exchange" | "profiles" | "trust">): Promise<TrustedView[]> {
  const linked = new Set((exchange()?.mesh.peers() ?? []).map(toHex));
  const all = trust.all();
  await profiles.load(all.map(({ key }) => key));
  return all.map(({ key, since }) => ({
    id: encodeNodeId(key),
    name: profiles.nameOf(key),
    since,
    linked: linked.has(toHex(key)),
  }));
}
