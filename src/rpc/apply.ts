import type { ListOp } from "../peer/api.ts";

/**
 * A list after the changes of a live query's diff. Rows that did not change are the same objects as before, so what
 * is shown for them stays. The list that is passed in is left as it is.
 * @throws RangeError when the changes are not of this list
 */
export function applyOps<Row>(rows: readonly Row[], ops: readonly ListOp<Row>[]): readonly Row[] {
  if (ops.length === 0) return rows;
  const next = [...rows];
  for (const op of ops) {
    const reach = op.op === "insert" ? op.at : op.op === "remove" ? op.at + op.count : op.at + 1;
    if (op.at < 0 || reach > next.length) throw new RangeError(`a list of ${next.length} rows has no place ${op.at}`);
    if (op.op === "insert") next.splice(op.at, 0, ...op.rows);
    else if (op.op === "remove") next.splice(op.at, op.count);
    else next[op.at] = op.row;
  }
  return next;
}
