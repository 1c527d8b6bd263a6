import type { IntakeOptions } from "../../social/index.ts";
import type { Store } from "../../store/port.ts";
import {
  decodeObject,
  equalBytes,
  ObjectType,
  toHex,
  verifyEncoded,
  WireError,
  type Hash,
  type IdentityClaim,
  type NodeKey,
} from "../../wire/index.ts";
import type { ClaimView } from "./api.ts";

/** What this person claims and is held here, in the order of the profile. @param now milliseconds since 1970 */
export async function claimsOf(
  store: Store,
  owner: NodeKey,
  hashes: readonly Hash[],
  now: number,
): Promise<ClaimView[]> {
  const held = await Promise.all(hashes.map((hash) => store.object(hash)));
  return held.flatMap((object, at): ClaimView[] => {
    const claim = object?.type === ObjectType.IdentityClaim ? claimIn(object.bytes, owner) : null;
    if (claim === null || (claim.expires !== null && claim.expires <= now)) return [];
    const { created, expires, kind, subject } = claim;
    return [{ hash: toHex(hashes[at] as Hash), kind, subject, created, expires }];
  });
}

/** Keeps a claim that was fetched, if it is what the profile says: a claim, by its owner, signed. */
export async function keepClaim(
  store: Store,
  owner: NodeKey,
  hash: Hash,
  bytes: Uint8Array,
  { now, verify = verifyEncoded }: { readonly now: number; readonly verify: IntakeOptions["verify"] | undefined },
): Promise<void> {
  const claim = claimIn(bytes, owner);
  if (claim === null || !(await verify(claim, bytes))) return;
  await store.commit({
    objects: [{ hash, type: ObjectType.IdentityClaim, bytes, holding: "cache", storedAt: now }],
  });
}

function claimIn(bytes: Uint8Array, owner: NodeKey): IdentityClaim | null {
  try {
    const object = decodeObject(bytes);
    return object.type === "IdentityClaim" && equalBytes(object.nodeId, owner) ? object : null;
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}
