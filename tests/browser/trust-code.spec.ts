/** Trusting by a code that is scanned: from the picture on one screen to the question on the other, and to trust in one press. */
import { expect, test } from "./fixtures.ts";
import { nodeIdOf, valueOf } from "./people.ts";

test("a scanned code says whose it is and what trusting means, and one press does it", async ({ visit }) => {
  const [anna, ben] = await Promise.all([visit("/trust?add=1"), visit("/trust?add=1")]);
  const id = await nodeIdOf(ben);
  const code = ben.getByRole("img", { name: "QR code of your link" });
  await expect(code).toBeVisible();
  await code.evaluate((element) => element.scrollIntoView({ block: "center" }));

  await anna.getByRole("button", { name: "Scan" }).click();
  await anna
    .getByLabel("Choose a picture instead")
    .setInputFiles({ name: "code.png", mimeType: "image/png", buffer: await code.screenshot() });
  await expect(anna).toHaveURL(new RegExp(`/trust/${id}$`, "u"));
  await expect(anna.getByRole("heading", { name: "Do you trust this person?" })).toBeVisible();
  await expect(anna.getByText("Between the two of you everything is free.")).toBeVisible();
  await expect(anna.getByText("What they boost counts", { exact: false })).toBeVisible();
  expect((await valueOf(anna, "profile", { id })).trusted).toBe(false);
  await anna.getByRole("button", { name: /^Trust / }).click();
  await expect(anna.locator(`[data-trusted="${id}"]`)).toBeVisible();
  expect((await valueOf(anna, "profile", { id })).trusted).toBe(true);

  await anna.locator(`[data-trusted="${id}"]`).getByRole("button", { name: "Stop trusting" }).click();
  await expect(anna.locator(`[data-trusted="${id}"]`)).toHaveCount(0);
  expect((await valueOf(anna, "profile", { id })).trusted).toBe(false);
});
