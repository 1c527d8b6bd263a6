import { Relation, type RelationName } from "../../mesh/protocols/finding/messages.ts";
import { concatBytes, hashOf, type Hash, type PostEnvelope } from "../../wire/index.ts";

/** The zero byte keeps a longer name from beginning like this one. */
const DOMAIN = new TextEncoder().encode("mehr/1/index\0");

/**
 * The key of the provider records of those who hold something that has this relation to `target`:
 * BLAKE3-256("mehr/1/index" 0x00 ‖ number of the relation ‖ target).
 */
export function indexKey(relation: RelationName, target: Hash): Hash {
  return hashOf(concatBytes(DOMAIN, Uint8Array.of(Relation[relation]), target));
}

/** Of up to 32 references of one envelope so many are announced: each costs its author some queries. */
const ANNOUNCED_REFERENCES = 4;

/**
 * What whoever holds this envelope has to announce so that it is found: its own hash, and what it has to do with others.
 * Nothing for what is for trusted people only.
 */
export function keysOf(hash: Hash, envelope: PostEnvelope): Hash[] {
  const { boostOf, postHash, references, replyTo, scopes } = envelope;
  if (scopes.length === 0) return [];
  return [
    hash,
    ...(postHash === null ? [] : [indexKey("post", postHash)]),
    ...(replyTo === null ? [] : [indexKey("reply", replyTo)]),
    ...(boostOf === null ? [] : [indexKey("boost", boostOf)]),
    ...references.slice(0, ANNOUNCED_REFERENCES).map((target) => indexKey("reference", target)),
  ];
}
