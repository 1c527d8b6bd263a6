import { encodeNodeId, toHex } from "../../wire/index.ts";
import type { PeerCore } from "../core.ts";
import type { TrustedView } from "./api.ts";

/** Whom this person trusts, in the order in which that began. */
export async function trustedViews(core: Pick<PeerCore, "exchange" | "profiles" | "trust">): Promise<TrustedView[]> {
  const { profiles, trust } = core;
  const linked = new Set((core.exchange()?.mesh.peers() ?? []).map(toHex));
  const all = trust.all();
  await profiles.load(all.map(({ key }) => key));
  return all.map(({ key, since }) => ({
    id: encodeNodeId(key),
    name: profiles.nameOf(key),
    since,
    linked: linked.has(toHex(key)),
  }));
}
