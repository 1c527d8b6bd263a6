/** The main story: what is written in one browser is read in the other, over a direct link. */
import { expect, test } from "./fixtures.ts";
import {
  bytesOf,
  card,
  compose,
  direct,
  goTo,
  linked,
  liveIn,
  meets,
  network,
  nodeIdOf,
  publish,
  valueOf,
} from "./people.ts";

const PLACE = "g:europe/nl/utrecht";
/** Some 50 kB, the same in every run: four digits and a space, ten thousand times. */
const LONG_TEXT = Array.from({ length: 10_000 }, (_, index) => `${(index * 7_919) % 10_007}`.padStart(4, "0")).join(
  " ",
);

/** What carries posts and envelopes. */
const CONTENT: ReadonlySet<string> = new Set(["/mehr/store/1", "/mehr/pub/1", "/meshsub/1.2.0"]);

test("a post is seen and read by a neighbour, and its bytes come over a direct link alone", async ({
  visit,
  server,
}) => {
  const before = (await server.status()).relayed.bytes;
  const [anna, behrouz] = await Promise.all([visit("/"), visit("/")]);
  await Promise.all([liveIn(anna, PLACE), liveIn(behrouz, PLACE)]);
  await Promise.all([meets(anna, PLACE), meets(behrouz, PLACE)]);
  // Both may have dialled at once; of two links the same one is kept on both sides.
  for (const reader of [anna, behrouz]) {
    await expect.poll(async () => (await network(reader)).connections.filter(direct).length).toBe(1);
  }

  await goTo(anna, "Write");
  await compose(anna, { headline: "The long list", text: LONG_TEXT });

  const seen = card(behrouz, "The long list");
  await expect(seen).toBeVisible();
  await seen.getByRole("link", { name: "The long list" }).click();
  await expect(behrouz.getByRole("heading", { level: 1, name: "The long list" })).toBeVisible();
  await expect(behrouz.locator('[data-part="text"]')).toHaveCount(0);
  await behrouz.getByRole("button", { name: /^Read, 50/ }).click();
  await expect(behrouz.locator('[data-part="text"] p').first()).toHaveText(LONG_TEXT);
  await expect(behrouz.getByText(/^Fetched from /)).toBeVisible();

  const [sent, got, { relayed }] = await Promise.all([network(anna), network(behrouz), server.status()]);
  // Both ends tell the same: all of the post went over the direct link between them.
  expect(bytesOf(sent, "/mehr/store/1", "out", direct)).toBeGreaterThan(LONG_TEXT.length);
  expect(bytesOf(got, "/mehr/store/1", "in", direct)).toBe(bytesOf(sent, "/mehr/store/1", "out", direct));
  for (const view of [sent, got]) {
    expect(view.connections.filter(direct)).toHaveLength(1);
    for (const link of view.connections.filter((each) => !direct(each))) {
      expect(Object.keys(link.protocols).filter((protocol) => CONTENT.has(protocol))).toEqual([]);
      // With the relay they speak of each other; with each other, through it, of nothing but how to meet.
      const others = Object.keys(link.protocols).filter((protocol) => protocol !== "/webrtc-signaling/0.0.1");
      if (link.transport === "relay") expect(others).toEqual([]);
    }
  }
  expect(sent.connections.find(direct)?.peer).toBe(await nodeIdOf(behrouz));
  // And the relay has carried less, from the first introduction on, than this one post weighs.
  expect(relayed.bytes - before).toBeLessThan(LONG_TEXT.length);
});

test("what nobody has is asked for again when somebody comes who may have it", async ({ visit }) => {
  const [anna, behrouz, clara] = await Promise.all([visit("/"), visit("/"), visit("/")]);
  await Promise.all([anna, behrouz, clara].map((person) => liveIn(person, PLACE)));
  await Promise.all([anna, behrouz, clara].map((person) => meets(person, PLACE)));
  await publish(anna, { headline: "The long list", text: LONG_TEXT }, [PLACE]);
  await expect(card(behrouz, "The long list")).toBeVisible();
  await linked(behrouz, 2);
  await anna.close();
  await expect.poll(async () => (await valueOf(behrouz, "status")).peers).toBe(1);

  await card(behrouz, "The long list").getByRole("link", { name: "The long list" }).click();
  await behrouz.getByRole("button", { name: /^Read, 50/ }).click();
  await expect(behrouz.getByRole("heading", { name: "Nobody here has this post now" })).toBeVisible();
  const back = await anna.context().newPage();
  await back.goto(anna.url());
  await expect(behrouz.locator('[data-part="text"] p').first()).toHaveText(LONG_TEXT);
});
