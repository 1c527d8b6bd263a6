/**
 * Six peers that come and go: nobody misses an envelope, and nothing grows in those who stay. A few rounds are part of the
 * tests; `npm run soak` goes on for half an hour and watches memory, too.
 */
import { median } from "../bench/quantile.ts";
import { expect, test, until } from "./fixtures.ts";
import { network } from "./people.ts";
import { footprint, type Footprint } from "./soak/memory.ts";
import { SoakTown } from "./soak/town.ts";

/** How long to go on; 0 for the few rounds of the tests. */
const MINUTES = Number(process.env["SOAK_MINUTES"] ?? "0");
const SEED = Number(process.env["SOAK_SEED"] ?? "1");
const ROUNDS = 8;
/** Rounds between two looks at memory: a full collection stops everything for a moment. */
const LOOK_EVERY = 10;
/** Below this there is nothing to compare: the first quarter of the looks is warm-up. */
const ENOUGH_LOOKS = 12;
/** Growth from the second quarter of the looks to the last, beside what the envelopes in between take. */
const GROWTH = 1.1;
/** Bytes that one envelope may add to index, views and caches; 88 bytes of columns and some 700 of a card in a feed. */
const ENVELOPE = 2_048;

interface Look {
  readonly envelopes: number;
  readonly feet: readonly Footprint[];
}

test("six peers come and go: every envelope is everywhere, and those who stay do not grow", async ({
  browser,
  guard,
  server,
}) => {
  test.setTimeout(MINUTES * 60_000 + 240_000);
  const town = new SoakTown({ browser, server, guard, people: 6, steady: 2, seed: SEED });
  await town.settle();
  const looks: Look[] = [];
  const end = performance.now() + MINUTES * 60_000;
  for (let round = 1; round <= ROUNDS || performance.now() < end; round++) {
    await town.round();
    if (round % LOOK_EVERY !== 0 && round !== ROUNDS) continue;
    const look = { envelopes: town.published.size, feet: await Promise.all(town.steady.map(footprint)) };
    looks.push(look);
    process.stdout.write(`round ${round}, ${look.envelopes} envelopes: ${look.feet.map(line).join(" | ")}\n`);
  }
  await town.gather();

  for (const page of town.steady) {
    await until("as many connections as links", async () => {
      const view = await network(page);
      const links = view.connections.filter(({ transport }) => transport === "webrtc").length;
      return links > 0 && (await page.evaluate(() => window.openConnections())) === links;
    });
    expect((await network(page)).refused).toEqual({});
  }
  // The relay lets go of those who left, though some of them left without a word.
  await until("a relay that holds as many as are there", async () => {
    const { connections, registrations } = await server.status();
    return connections === town.people.length && registrations.peers === town.people.length;
  });
  if (looks.length >= ENOUGH_LOOKS) expectFlat(looks);
  await town.leave();
});

function expectFlat(looks: readonly Look[]): void {
  const quarter = Math.floor(looks.length / 4);
  const early = looks.slice(quarter, 2 * quarter);
  const late = looks.slice(-quarter);
  const envelopes = median(late.map((look) => look.envelopes)) - median(early.map((look) => look.envelopes));
  for (const index of looks[0]?.feet.keys() ?? []) {
    const at = (part: readonly Look[], what: keyof Footprint): number =>
      median(part.map(({ feet }) => (feet[index] as Footprint)[what]));
    for (const what of ["worker", "page"] as const) {
      const allowed = at(early, what) * GROWTH + envelopes * ENVELOPE;
      expect(at(late, what), `${what} of steady peer ${index}`).toBeLessThanOrEqual(allowed);
    }
    for (const what of ["listeners", "nodes", "connections"] as const) {
      expect(at(late, what), `${what} of steady peer ${index}`).toBeLessThanOrEqual(at(early, what) * GROWTH + 4);
    }
  }
}

function line({ worker, page, listeners, nodes, connections }: Footprint): string {
  const mebibytes = (bytes: number): string => (bytes / 1_048_576).toFixed(1);
  return `worker ${mebibytes(worker)} MiB, page ${mebibytes(page)} MiB, ${listeners} listeners, ${nodes} nodes, ${connections} connections`;
}
