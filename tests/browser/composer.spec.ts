/** What is typed is kept. */
import { expect, test } from "./fixtures.ts";
import { draftsOf, goTo } from "./people.ts";

test("a draft survives a reload in the middle of a word, and a browser that was ended", async ({
  ownProcess,
  server,
}) => {
  const own = await ownProcess();
  const page = await own.context.newPage();
  await page.goto(new URL("write", server.url).href);
  await page.getByLabel("Headline").fill("An unfinished");
  await page.getByRole("textbox", { name: "Text", exact: true }).pressSequentially("It was a dark and stor");
  // At once: before the pause after which a draft is stored.
  await page.reload();
  const text = page.getByRole("textbox", { name: "Text", exact: true });
  await expect(text).toHaveValue("It was a dark and stor");
  await expect(page.getByLabel("Headline")).toHaveValue("An unfinished");
  await text.press("End");
  await text.pressSequentially("my night");
  // A browser that ends may not have written down yet what it was given last.
  await expect
    .poll(async () => (await draftsOf(page)).map((draft) => draft.text))
    .toEqual(["It was a dark and stormy night"]);

  const again = await (await own.relaunch()).newPage();
  await again.goto(server.url);
  await goTo(again, "Write");
  await expect(again.getByRole("textbox", { name: "Text", exact: true })).toHaveValue("It was a dark and stormy night");
  await again.getByRole("button", { name: "Publish", exact: true }).click();
  // What the composer shows of it is an article, too.
  await expect(again.getByText("Published", { exact: true })).toBeVisible();
  await expect(again.getByRole("article", { name: "An unfinished" })).toBeVisible();
  await goTo(again, "Write");
  await expect(again.getByRole("textbox", { name: "Text", exact: true })).toHaveValue("");
});

test("a discarded draft comes back by undo, and the meter tells what fits a radio frame", async ({ visit }) => {
  const page = await visit("/write");
  const text = page.getByRole("textbox", { name: "Text", exact: true });
  await text.fill("A short note.");
  await expect(page.getByText(/^Fits one radio frame, \d+ bytes left$/)).toBeVisible();
  await page.getByRole("button", { name: "Discard draft" }).click();
  await expect(text).toHaveValue("");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(text).toHaveValue("A short note.");
  await page.getByLabel("Headline").fill("A headline that takes its room, ".repeat(3).trim());
  await text.fill("A longer note. ".repeat(60));
  await expect(page.getByText(/too large for one radio frame/)).toBeVisible();
  await expect(page.getByText(/^Starts in .?Commons.?\. /)).toBeVisible();
  await page.getByRole("button", { name: "Remove Cyberspace / Commons" }).click();
  await expect(
    page.getByText("For trusted people only, and you trust nobody yet: it stays on this device until you do."),
  ).toBeVisible();
});

test("a place goes with the post from wherever it is published, and what is none keeps it here", async ({ visit }) => {
  const page = await visit("/write");
  await page.getByRole("textbox", { name: "Text", exact: true }).fill("The ferry sails again.");
  const places = page.getByRole("combobox", { name: "Place", exact: true });
  await places.fill("a/b/c/d/e/f/g/h/i");
  await places.press("Control+Enter");
  await expect(places).toHaveAttribute("aria-invalid", "true");
  await expect(places).toBeFocused();
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(places).toBeFocused();
  await expect(places).toHaveValue("a/b/c/d/e/f/g/h/i");

  await places.fill("Europe/NL/Utrecht");
  await places.press("Control+Enter");
  await expect(page.getByText("Published", { exact: true })).toBeVisible();
  const post = page.getByRole("article").filter({ hasText: "The ferry sails again." });
  await expect(post.getByText("Utrecht")).toBeVisible();
});
