/** Whoever comes late hears from those who stayed. */
import { expect, test } from "./fixtures.ts";
import { bytesOf, card, direct, linksTo, liveIn, meets, network, nodeIdOf, publish } from "./people.ts";

const PLACE = "g:europe/nl/utrecht";
const TEXT = "The market moves to the church square on Saturday. ".repeat(40).trim();

test("a newcomer gets the envelopes and the text of somebody who has left, from a neighbour who read them", async ({
  visit,
}) => {
  const [anna, behrouz] = await Promise.all([visit("/"), visit("/")]);
  await Promise.all([liveIn(anna, PLACE), liveIn(behrouz, PLACE)]);
  await Promise.all([meets(anna, PLACE), meets(behrouz, PLACE)]);
  await publish(anna, { headline: "The market moves", text: TEXT }, [PLACE]);
  await publish(anna, { headline: "Not read by anybody", text: `${TEXT} Nobody opens this.` }, [PLACE]);
  const annasId = await nodeIdOf(anna);

  await expect(card(behrouz, "Not read by anybody")).toBeVisible();
  await card(behrouz, "The market moves")
    .getByRole("link", { name: /^Read, / })
    .click();
  await expect(behrouz.locator('[data-part="text"]')).toContainText(TEXT);
  // As people leave: the page goes, and its links with it.
  await anna.goto("about:blank");
  await expect.poll(async () => linksTo(await network(behrouz), annasId)).toEqual([]);

  const chiara = await visit("/");
  await liveIn(chiara, PLACE);
  await expect(card(chiara, "The market moves")).toBeVisible();
  await expect(card(chiara, "Not read by anybody")).toBeVisible();

  await card(chiara, "The market moves")
    .getByRole("link", { name: /^Read, / })
    .click();
  await expect(chiara.locator('[data-part="text"]')).toContainText(TEXT);
  // It came from the neighbour's cache; what it is made of was checked against the author's signature on the way in.
  const got = await network(chiara);
  expect(linksTo(got, annasId)).toEqual([]);
  expect(bytesOf(got, "/mehr/store/1", "in", direct)).toBeGreaterThan(TEXT.length);
  expect(got.refused).toEqual({});
  const behrouzsId = await nodeIdOf(behrouz);
  await expect(chiara.getByText("Fetched from ")).toContainText(behrouzsId.slice(-4));

  // What nobody opened is nowhere now, and the page says so instead of waiting on.
  await chiara.goBack();
  await card(chiara, "Not read by anybody")
    .getByRole("link", { name: /^Read, / })
    .click();
  await expect(chiara.getByText("Nobody here has this post now")).toBeVisible();
});
