/** Whether what waits here was published by another device of this person: the own history says so, and nothing else. */
import type { EnvelopeRow } from "../../store/port.ts";
import { decodeEnvelope, equalBytes, scopeKey, toHex, type Hash } from "../../wire/index.ts";
import type { Draft } from "../api.ts";
import type { PeerCore } from "../core.ts";
import type { Foreseen } from "../publisher.ts";

/** Own envelopes of one post that are looked at in one go; hardly any post has two. */
const PAGE = 50;
/** As many digits as names of drafts have. */
const DIGITS = 16;

/** An own envelope that stands in the history in place of one that waits. */
export interface Standing {
  readonly hash: string;
  readonly postHash: string;
}

export function shortHash(hash: string): string {
  return hash.slice(0, DIGITS);
}

/**
 * The earliest own envelope that says what this draft would say, in the same places and to the same post, and is none of those
 * that are taken. A post has neither headline nor place, so that it is the same post is not enough.
 * @param since the earliest date that it may have, in ms since 1970
 * @param taken short hashes
 */
export async function standing(
  { identity, publisher, store }: Pick<PeerCore, "identity" | "publisher" | "store">,
  draft: Draft,
  since: number,
  taken: readonly string[],
): Promise<Standing | null> {
  const foreseen = await publisher.foresee(draft);
  if (foreseen === null) return null;
  const own = { kind: "authors", authors: [identity.key] } as const;
  const filter = {
    kind: "every",
    of: [{ kind: "relation", relation: "post", target: foreseen.postHash }, own],
  } as const;
  const used = new Set(taken);
  let earliest: Hash | null = null;
  let before: EnvelopeRow | undefined;
  for (;;) {
    const page = store.envelopes.query({ filter, limit: PAGE, ...(before === undefined ? {} : { before }) });
    const rows = page.filter(({ created, hash }) => created >= since && !used.has(shortHash(toHex(hash))));
    const found = await store.envelopes.bytes(rows.map(({ hash }) => hash));
    for (const [at, { hash }] of rows.entries()) {
      const bytes = found[at];
      if (bytes !== undefined && isSame(decodeEnvelope(bytes), foreseen)) earliest = hash;
    }
    before = page.at(-1);
    if (page.length < PAGE || before === undefined || before.created < since) break;
  }
  return earliest === null ? null : { hash: toHex(earliest), postHash: toHex(foreseen.postHash) };
}

type Said = Omit<Foreseen, "postHash">;

function isSame(one: Said, other: Said): boolean {
  const [scopes, others] = [one.scopes, other.scopes].map((each) => each.map(scopeKey).join("\n"));
  if (one.headline !== other.headline || one.summary !== other.summary || scopes !== others) return false;
  if (one.replyTo === null || other.replyTo === null) return one.replyTo === other.replyTo;
  return equalBytes(one.replyTo, other.replyTo);
}
