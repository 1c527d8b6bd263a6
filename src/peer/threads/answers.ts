import type { ThreadPost } from "../../social/index.ts";
import type { EnvelopeIndex, EnvelopeRow } from "../../store/port.ts";
import { toHex } from "../../wire/index.ts";

/** Answers of one thread that are put in order: some megabytes, and more than anybody reads. */
const MOST_ANSWERS = 20_000;

/** An envelope of a thread, as far as the index knows it: nothing of it is read from the disk. */
export interface Answer extends ThreadPost {
  readonly row: EnvelopeRow;
}

/**
 * What answers `root`, and what answers that; each once, so circles end. The root is the first of them.
 * @param levels one more than these is found: it tells where there are further ones
 */
export function answersTo(envelopes: Pick<EnvelopeIndex, "answers">, root: EnvelopeRow, levels: number): Answer[] {
  const known = new Set<string>();
  const found: Answer[] = [];
  /** Rows whose answers are asked for next, with what they answer. */
  let level: { readonly row: EnvelopeRow; readonly replyTo: string | null }[] = [{ row: root, replyTo: null }];
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: typeof level = [];
    for (const { replyTo, row } of level) {
      const key = toHex(row.hash);
      if (known.has(key) || found.length >= MOST_ANSWERS) continue;
      known.add(key);
      const room = MOST_ANSWERS - found.length - next.length;
      const answers = envelopes.answers(row.hash, room);
      const post = answers?.post ?? null;
      found.push({ key, post, author: toHex(row.author), replyTo, created: row.created, arrived: row.seq, row });
      if (depth > levels || answers === undefined) continue;
      for (const answer of answers.toEnvelope) next.push({ row: answer, replyTo: key });
      for (const answer of answers.toPost) next.push({ row: answer, replyTo: post });
    }
    level = next;
  }
  return found;
}
