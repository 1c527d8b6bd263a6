/**
 * What the console of a worker is given: text. A console keeps its last thousand messages with all that hangs on them, and
 * on the stack of a failed dial hangs its connection with all its streams (a fifth of a worker's growth in half an hour).
 */
export function printable(detail: unknown): unknown {
  if (!(detail instanceof Error)) return typeof detail === "object" ? JSON.stringify(detail, plain) : detail;
  const { cause, message, name, stack } = detail;
  const own = stack ?? `${name}: ${message}`;
  return cause === undefined ? own : `${own}\ncaused by ${String(printable(cause))}`;
}

/** JSON knows no bigint. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
