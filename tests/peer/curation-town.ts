/** The town that the stories of curated feeds take place in, and what they ask of who lives there. */
import { afterEach } from "vitest";
import type { CuratedView, OwnCuratedView } from "../../src/peer/index.ts";
import { encodeNodeId, fromHex } from "../../src/wire/index.ts";
import { draftOf, Town, type Resident } from "../sim/town.ts";
import { now } from "./origin.ts";

/** The feed that most of them are about. */
export const NAME = "Bridges";
export const MINUTE = 60_000;

export const idOf = ({ mesh }: Resident): string => encodeNodeId(mesh.self);

export const specOf = (curator: Resident, name = NAME) => ({ kind: "curated", curator: idOf(curator), name }) as const;

export const curatedOf = (at: Resident, curator: Resident, name = NAME): Promise<CuratedView> =>
  now(at.api, "curated", { curator: idOf(curator), name });

/** What somebody curates; with a post, also whether each of these feeds includes it. */
export const ownOf = (at: Resident, post?: string): Promise<readonly OwnCuratedView[]> =>
  now(at.api, "ownCurated", post === undefined ? {} : { post });

/** Towns of the tests of a file: everybody leaves them after each test. */
export function townsOfTests() {
  const towns: Town[] = [];
  afterEach(async () => {
    for (const town of towns.splice(0)) for (const resident of town.residents.slice()) await town.leave(resident);
  });

  const found = (seed: number): Town => {
    const town = new Town({ seed });
    towns.push(town);
    return town;
  };

  /** Anna writes, Ben curates, Carol reads; all linked. */
  const story = async (seed: number) => {
    const town = found(seed);
    const [anna, ben, carol] = [await town.arrive(), await town.arrive(), await town.arrive()];
    town.network.connectAll();
    await town.clock.advance(MINUTE);
    const write = async (text: string, by = anna): Promise<{ hash: string; postHash: string }> => {
      const made = await town.clock.track(by.api.publish(draftOf(text)));
      await town.clock.until(() => town.residents.every(({ store }) => store.envelopes.has(fromHex(made.hash))));
      return made;
    };
    return { town, anna, ben, carol, write };
  };

  return { found, story };
}
