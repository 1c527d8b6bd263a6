/** A reader on a slow link: told of what there is, and given what is opened. */
import { expect, test } from "./fixtures.ts";
import { bytesOf, card, direct, linked, liveIn, network, nodeIdOf, publish } from "./people.ts";

/** Where both live, and so are linked. */
const HOME = "g:europe/nl/utrecht";
/** Where Anna writes: what is said at home, everybody there hears in full. */
const PLACE = "g:europe/nl/amersfoort";
/** A digest comes each minute. */
const A_MINUTE_AND_MORE = 90_000;

test("a reader who saves data gets headlines, and each post when it is opened", async ({ visit }) => {
  test.setTimeout(240_000);
  const [anna, behrouz] = await Promise.all([visit("/"), visit("/settings")]);
  await Promise.all([liveIn(anna, HOME), liveIn(behrouz, HOME)]);
  const annasId = await nodeIdOf(anna);

  // Behrouz follows Anna, and says in the settings that data is to be saved.
  await behrouz.locator("#low-data").getByRole("radio", { name: "Always" }).check();
  await expect(behrouz.locator("#low-data").getByRole("radio", { name: "Always" })).toBeChecked();
  await behrouz.evaluate(async (id) => await window.mehr.follow(id), annasId);
  await behrouz.goto(new URL("/", behrouz.url()).href);
  await Promise.all([linked(anna), linked(behrouz)]);
  await expect(behrouz.getByText("Headlines of new posts arrive once a minute.")).toBeVisible();
  await expect(behrouz.getByText("Chosen because you save data.")).toBeVisible();

  const long = "The stalls stand around the church from nine o'clock on. ".repeat(4).trim();
  for (const headline of ["The market moves", "The bakery is closed"]) {
    await publish(anna, { headline, text: `${headline}. ${long}`, summary: long }, [PLACE]);
  }
  const row = behrouz.getByRole("button", { name: "The market moves" });
  await expect(row).toBeVisible({ timeout: A_MINUTE_AND_MORE });
  await expect(behrouz.getByRole("button", { name: "The bakery is closed" })).toBeVisible();
  await expect(card(behrouz, "The market moves")).toHaveCount(0);
  const told = bytesOf(await network(behrouz), "/mehr/pub/1", "in", direct);

  await row.click();
  await expect(behrouz).toHaveURL(/\/p\/[0-9a-f]{64}$/u);
  await expect(behrouz.getByRole("heading", { name: "The market moves" })).toBeVisible();
  await behrouz.goBack();
  await expect(card(behrouz, "The market moves")).toBeVisible();
  // The other one was told of and is still with Anna.
  await expect(behrouz.getByRole("button", { name: "The bakery is closed" })).toBeVisible();
  await expect(card(behrouz, "The bakery is closed")).toHaveCount(0);
  const opened = bytesOf(await network(behrouz), "/mehr/pub/1", "in", direct);
  expect(opened - told).toBeGreaterThan(long.length);

  // With room to spare again, everything comes by itself.
  await behrouz.evaluate(async () => await window.mehr.updateSettings({ lowData: "off" }));
  await expect(behrouz.getByText("Not loaded yet")).toHaveCount(0);
  await behrouz.goto(new URL("/", behrouz.url()).href);
  await expect(card(behrouz, "The bakery is closed")).toBeVisible();
});
