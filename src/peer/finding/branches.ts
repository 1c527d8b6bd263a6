import type { EnvelopeRow, Store } from "../../store/port.ts";
import { decodeEnvelope, toHex, type Hash } from "../../wire/index.ts";

/** Answers of one thread that are gone through for one round, at most. */
const SCANNED = 1_024;

/**
 * Names of answers to which there may be further answers, from the top of the thread down: of each its own hash, then that
 * of its post. What is for trusted people only is named to nobody.
 * @param targets by which the post at the top is named
 * @param asked what was asked about before, and is left out
 * @param most names in all
 */
export async function branchesOf(
  { envelopes }: Pick<Store, "envelopes">,
  targets: readonly Hash[],
  asked: ReadonlySet<string>,
  most: number,
): Promise<Hash[]> {
  const seen = new Set(targets.map(toHex));
  const names: Hash[] = [];
  let edge: readonly Hash[] = targets;
  let room = SCANNED;
  while (edge.length > 0 && names.length < most && room > 0) {
    const rows: EnvelopeRow[] = [];
    for (const target of edge) {
      const filter = { kind: "relation", relation: "reply", target } as const;
      rows.push(...envelopes.query({ filter, limit: room - rows.length }));
      if (rows.length >= room) break;
    }
    room -= rows.length;
    const next: Hash[] = [];
    for (const [at, bytes] of (await envelopes.bytes(rows.map(({ hash }) => hash))).entries()) {
      if (bytes === undefined) continue;
      const { postHash, scopes } = decodeEnvelope(bytes);
      if (scopes.length === 0) continue;
      for (const name of [rows[at]!.hash, ...(postHash === null ? [] : [postHash])]) {
        const key = toHex(name);
        if (seen.has(key)) continue;
        seen.add(key);
        next.push(name);
        if (!asked.has(key)) names.push(name);
      }
    }
    edge = next;
  }
  return names.slice(0, most);
}
