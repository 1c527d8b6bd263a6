/** Assertions that need no test runner, so that the acceptance suite also runs inside a browser's page or worker. */
import { toHex } from "../../src/wire/index.ts";

export function equal(actual: unknown, expected: unknown, what = "value"): void {
  const [left, right] = [printed(actual), printed(expected)];
  if (left !== right) throw new Error(`${what}: expected ${right}, got ${left}`);
}

export function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(`does not hold: ${what}`);
}

/** The promise must reject with an error of this code. */
export async function rejects(promise: Promise<unknown>, code: string): Promise<void> {
  let outcome: unknown = "it resolved";
  try {
    await promise;
  } catch (fault) {
    outcome = typeof fault === "object" && fault !== null && "code" in fault ? fault.code : fault;
  }
  if (outcome !== code) throw new Error(`expected a rejection with ${code}, got ${String(outcome)}`);
}

function printed(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) => {
      if (part instanceof Uint8Array) return `bytes ${toHex(part)}`;
      return part === undefined ? "undefined" : part;
    }) ?? "undefined"
  );
}
