/** Which answers of a thread are on the page while some branches are folded. Pure. */
import type { ThreadRow } from "../../../peer/api.ts";

type Place = Pick<ThreadRow, "hash" | "depth">;

/** The rows without what is below the folded ones. Each branch stands right after what it is a branch of. */
export function unfoldedRows<Row extends Place>(rows: readonly Row[], folded: ReadonlySet<string>): readonly Row[] {
  if (folded.size === 0) return rows;
  let hiddenBelow = Infinity;
  return rows.filter(({ depth, hash }) => {
    if (depth > hiddenBelow) return false;
    hiddenBelow = folded.has(hash) ? depth : Infinity;
    return true;
  });
}
