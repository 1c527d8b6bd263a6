/** A post that refers to one of one's own is told like an answer: once, as its own kind, and not where that is turned off. */
import { afterEach, expect, it } from "vitest";
import type { NoticeCalls } from "../../src/peer/index.ts";
import { draftOf, Town, type Resident } from "../sim/town.ts";
import { inboxOf } from "./watched.ts";

const towns: Town[] = [];
afterEach(async () => {
  for (const town of towns.splice(0)) for (const resident of town.residents.slice()) await town.leave(resident);
});

async function callsOf({ api }: Resident): Promise<NoticeCalls["lines"]> {
  let lines: NoticeCalls["lines"] = [];
  const watching = await api.watch("noticeCalls", {}, ({ value }) => (lines = value.lines));
  await watching.close();
  return lines;
}

it("tells of posts that refer to an own one, together, and leads to the latest", async () => {
  const town = new Town({ seed: 830 });
  towns.push(town);
  const [anna, ben] = [await town.arrive(), await town.arrive()];
  town.network.connectAll();
  await town.clock.advance(5_000);
  await ben.api.saveProfile({ displayName: "Ben", bio: "", scopes: [] });
  const { hash, postHash } = await anna.api.publish(draftOf("The bridge is closed"));
  const refer = (text: string, to: string) => ben.api.publish({ ...draftOf(text), references: [to] });
  await town.clock.until(async () => (await ben.api.envelope(hash)) !== null);
  // By its post, and by its envelope.
  await refer("How to get across", postHash);
  const latest = await refer("The ferry is full", hash);
  await town.clock.until(async () => (await inboxOf(anna))[0]?.count === 2);
  const line = {
    kind: "reference",
    count: 2,
    unread: 2,
    peopleCount: 1,
    post: { hash, title: "The bridge is closed" },
  };
  expect(await inboxOf(anna)).toMatchObject([{ ...line, latest: latest.hash, excerpt: "The ferry is full" }]);
  expect(await callsOf(anna)).toMatchObject([line]);

  await anna.api.updateNotices({ off: ["reference"] });
  expect(await inboxOf(anna)).toEqual([]);
  expect(await callsOf(anna)).toEqual([]);
  await anna.api.updateNotices({ off: [] });
  expect(await inboxOf(anna)).toMatchObject([line]);
  expect([anna.faults, ben.faults]).toEqual([[], []]);
});
