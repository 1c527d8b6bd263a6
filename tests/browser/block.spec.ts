/** Blocking somebody, as a person does it: from the profile, with a way back in the notice and in the settings. */
import { expect, test } from "./fixtures.ts";
import { goTo, meets, publish } from "./people.ts";

const PLACE = "g:cyberspace/commons";

test("a blocked person is gone at once, and comes back by undo or from the settings", async ({ visit }) => {
  const anna = await visit("/");
  const ben = await visit("/");
  await Promise.all([meets(anna, PLACE), meets(ben, PLACE)]);
  await ben.evaluate(() => window.mehr.saveProfile({ displayName: "Ben", bio: "", scopes: [] }));
  await publish(ben, { text: "Somebody will not want to read this" }, [PLACE]);
  await anna.getByRole("link", { name: "Ben", exact: true }).first().click();
  await expect(anna.getByRole("heading", { name: "Ben" })).toBeVisible();
  await expect(anna.getByText("Somebody will not want to read this")).toBeVisible();

  await anna.getByRole("button", { name: "Block", exact: true }).click();
  await expect(anna.getByText("Somebody will not want to read this")).toBeHidden();
  await expect(anna.getByText("You have blocked this person.")).toBeVisible();
  await anna.getByRole("button", { name: "Undo" }).click();
  await expect(anna.getByText("Somebody will not want to read this")).toBeVisible();

  await anna.getByRole("button", { name: "Block", exact: true }).click();
  await expect(anna.getByText("You have blocked this person.")).toBeVisible();
  await anna.getByRole("link", { name: "Settings" }).click();
  const row = anna.getByRole("listitem").filter({ has: anna.getByRole("link", { name: "Ben" }) });
  await row.getByRole("button", { name: "Unblock" }).click();
  await expect(anna.getByText("You have blocked nobody.")).toBeVisible();
  await goTo(anna, "Home");
  await expect(anna.getByText("Somebody will not want to read this")).toBeVisible();
});
