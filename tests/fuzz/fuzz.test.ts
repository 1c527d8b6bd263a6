/**
 * Mutated inputs against every decoder and every end of a protocol (`targets/`, gathered in `registry.ts`).
 *
 * A run is 200,000 inputs; `FUZZ_ITERATIONS` sets another number and `FUZZ_SEED` another beginning. Each input follows from
 * the seed, its target and its number alone. A failure names all three and the input in hexadecimal; either of these
 * makes it again:
 *
 * ```
 * FUZZ_TARGET="wire: envelopes" FUZZ_SEED=1 FUZZ_AT=4711 npm run fuzz
 * FUZZ_TARGET="wire: envelopes" FUZZ_INPUT=8e01... npm run fuzz
 * ```
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SeededRandom } from "../sim/random.ts";
import { targets } from "./registry.ts";
import { StepCounter } from "./steps.ts";
import { Watchdog } from "./watchdog.ts";

const ITERATIONS = Number(process.env["FUZZ_ITERATIONS"] ?? 200_000);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_121);
const ONLY = process.env["FUZZ_TARGET"];
const INPUT = process.env["FUZZ_INPUT"];
const AT = process.env["FUZZ_AT"];
const AGAIN = INPUT !== undefined || AT !== undefined;
/** Digits of an input in a failure's message: sessions are whole conversations, and their number says as much. */
const SHOWN = 4_000;

/** The shares are those of a run of so many. */
const SHARES = 200_000;
/** Inputs between two looks at the counters, which take some milliseconds. */
const BATCH = 500;
/**
 * Blocks of code that one input may run on average: the dearest target needs 12,000 (measured), and a loop that grows with the
 * square of its input would need millions.
 */
const STEPS = 60_000;

const steps = new StepCounter();
const dog = new Watchdog(
  targets.map(({ name }) => name),
  SEED,
);
const table: { target: string; inputs: number; accepted: number; steps: number }[] = [];

beforeAll(() => steps.start());
afterAll(async () => {
  steps.stop();
  await dog.end();
  const rows = table.map(
    ({ accepted, inputs, steps: used, target }) =>
      `${String(inputs).padStart(8)} ${String(accepted).padStart(8)} ${String(Math.round(used / inputs)).padStart(8)}  ${target}`,
  );
  const sum = table.reduce((total, { inputs }) => total + inputs, 0);
  const heading = "  inputs accepted    steps  target";
  process.stdout.write(`\n${[heading, ...rows].join("\n")}\n${String(sum).padStart(8)} inputs in all, seed ${SEED}\n`);
});

/** A stream of its own for each input: any of them can be made again without those before it. */
function randomOf(target: number, index: number): SeededRandom {
  return new SeededRandom((SEED + Math.imul(target + 1, 0x9e37_79b1) + Math.imul(index, 0x85eb_ca77)) >>> 0);
}

describe.skipIf(AGAIN)("nothing crashes, hangs, or is accepted in two spellings", () => {
  for (const [at, target] of targets.entries()) {
    if (ONLY !== undefined && ONLY !== target.name) continue;
    const count = Math.ceil((target.share * ITERATIONS) / SHARES);
    it(`${target.name}: ${count} inputs`, { timeout: 600_000 }, async () => {
      let accepted = 0;
      let used = 0;
      steps.take();
      for (let index = 0; index < count; index++) {
        dog.at(at, index);
        const input = target.input(randomOf(at, index));
        try {
          if (await target.check(input)) accepted++;
        } catch (cause) {
          const text = target.text.write(input);
          const spelling = text.length > SHOWN ? `${text.slice(0, SHOWN)}... (${text.length} digits)` : text;
          const where = `FUZZ_TARGET="${target.name}" FUZZ_SEED=${SEED} FUZZ_AT=${index}`;
          const reason = cause instanceof Error ? cause.message : String(cause);
          throw new Error(`${reason}; again with ${where}; input ${spelling}`, { cause });
        }
        if (index % BATCH !== BATCH - 1 && index !== count - 1) continue;
        const batch = steps.take();
        used += batch;
        expect(batch, `steps of the inputs up to ${index}`).toBeLessThan(STEPS * BATCH);
      }
      table.push({ target: target.name, inputs: count, accepted, steps: used });
    });
  }
});

describe.runIf(AGAIN)("an input that is made again", () => {
  it("passes", async () => {
    const at = targets.findIndex(({ name }) => name === ONLY);
    const target = targets[at];
    if (target === undefined) throw new Error(`FUZZ_TARGET is one of: ${targets.map(({ name }) => name).join(", ")}`);
    await target.check(INPUT === undefined ? target.input(randomOf(at, Number(AT))) : target.text.read(INPUT));
  });
});
