/** One peer however many tabs: the second says so, can take over, and takes over by itself when the first is closed. */
import { expect, test } from "./fixtures.ts";
import { card, nodeIdOf, publish } from "./people.ts";

const PLACE = "g:cyberspace/commons";

test("a second tab says that the app is open elsewhere, and can take it over", async ({ visit, server }) => {
  const first = await visit("/");
  const id = await nodeIdOf(first);
  await publish(first, { headline: "From the first tab", text: "Hello." }, [PLACE]);
  const second = await first.context().newPage();
  await second.goto(server.url);
  await expect(second.getByRole("heading", { level: 1, name: "Mehr is open in another tab" })).toBeVisible();

  await second.getByRole("button", { name: "Use it here" }).click();
  await expect(card(second, "From the first tab")).toBeVisible();
  await expect(first.getByRole("heading", { level: 1, name: "Mehr is open in another tab" })).toBeVisible();
  expect(await nodeIdOf(second)).toBe(id);

  await second.close();
  await expect(card(first, "From the first tab")).toBeVisible();
  expect(await nodeIdOf(first)).toBe(id);
});
