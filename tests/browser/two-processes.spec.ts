/** The main story in short, between two browser processes that share nothing but the relay. */
import { expect, test } from "./fixtures.ts";
import { bytesOf, card, compose, direct, goTo, meets, network } from "./people.ts";

test("a post goes from one browser process to another", async ({ ownProcess, server }) => {
  const pages = await Promise.all(
    [ownProcess(), ownProcess()].map(async (starting) => {
      const { context } = await starting;
      const page = await context.newPage();
      await page.goto(server.url);
      return page;
    }),
  );
  const [anna, behrouz] = pages;
  if (anna === undefined || behrouz === undefined) throw new Error("two processes make two pages");
  await Promise.all(pages.map((page) => meets(page, "g:cyberspace/commons")));

  await goTo(anna, "Write");
  const text = "A letter from one machine to another, so to speak. ".repeat(20).trim();
  await compose(anna, { headline: "From here to there", text });
  await card(behrouz, "From here to there")
    .getByRole("link", { name: /^Read, / })
    .click();
  await expect(behrouz.locator('[data-part="text"]')).toContainText(text);
  expect(bytesOf(await network(behrouz), "/mehr/store/1", "in", direct)).toBeGreaterThan(text.length);
});
