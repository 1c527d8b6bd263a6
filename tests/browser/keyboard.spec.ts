/** Everything by keyboard alone, and the focus always where one would look for it. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { card, valueOf } from "./people.ts";

/** Presses Tab until the element with this role and name has the focus. */
async function tabTo(page: Page, role: "button" | "link" | "textbox" | "combobox", name: string): Promise<void> {
  const target = page.getByRole(role, { name, exact: true });
  await expect(target).toBeVisible();
  await expect
    .poll(
      async () => {
        if (await target.evaluate((element) => element === document.activeElement)) return true;
        await page.keyboard.press("Tab");
        return false;
      },
      { intervals: [0] },
    )
    .toBe(true);
}

test("a newcomer sets up, writes, reads and goes back without a pointer, in under a minute", async ({ visit }) => {
  const page = await visit("/");
  const begun = performance.now();
  await tabTo(page, "link", "Set up");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "What should people call you?" })).toBeVisible();
  await tabTo(page, "textbox", "Name");
  await page.keyboard.type("Anna");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Where is home?" })).toBeFocused();
  await tabTo(page, "combobox", "Home place");
  await page.keyboard.type("Europe/NL/Utrecht");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Remove Europe / NL / Utrecht" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "What do you like to read about?" })).toBeFocused();
  await tabTo(page, "combobox", "Topics");
  await page.keyboard.type("gardening,music/jazz,");
  await expect(page.getByRole("button", { name: "Remove music / jazz" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Your 24 words" })).toBeFocused();
  await expect(page.getByRole("list", { name: "Your 24 words, in order" }).getByRole("listitem")).toHaveCount(24);
  await tabTo(page, "button", "I have kept them");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Utrecht" })).toBeVisible();
  expect(performance.now() - begun).toBeLessThan(60_000);
  expect(await valueOf(page, "identity")).toMatchObject({ welcomed: "yes", wordsKept: true });
  expect(await valueOf(page, "settings")).toMatchObject({
    home: "g:europe/nl/utrecht",
    topics: ["t:gardening", "t:music/jazz"],
  });

  await page.keyboard.press("n");
  await expect(page.getByRole("textbox", { name: "Text", exact: true })).toBeFocused();
  await page.keyboard.type("The first tomatoes are ripe.");
  await page.keyboard.press("Shift+Tab");
  await expect(page.getByLabel("Headline")).toBeFocused();
  await page.keyboard.type("Tomatoes");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Published", { exact: true })).toBeVisible();
  await expect(card(page, "Tomatoes")).toBeVisible();

  await page.keyboard.press("j");
  await expect(card(page, "Tomatoes")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Tomatoes" })).toBeVisible();
  await tabTo(page, "button", "Back");
  await page.keyboard.press("Enter");
  await expect(card(page, "Tomatoes")).toBeVisible();
});

test("a change of page moves the focus to it, and says which page it is", async ({ visit }) => {
  const page = await visit("/");
  for (const [link, title] of [
    ["Explore", "Explore"],
    ["Inbox", "Inbox"],
    ["Network", "Network"],
    ["Settings", "Settings"],
    ["Profile", "Profile"],
    ["Write", "Write"],
  ] as const) {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: link, exact: true }).click();
    // The composer goes one step further: one went there to type.
    const target =
      title === "Write"
        ? page.getByRole("textbox", { name: "Text", exact: true })
        : page.getByRole("main", { name: title });
    await expect(target).toBeFocused();
    await expect(page).toHaveTitle(new RegExp(title));
  }
});

test("the shortcuts explain themselves, and do nothing where one types", async ({ visit }) => {
  const page = await visit("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  await expect(page).toHaveURL(/\/network$/);
  // What follows is for the text, whether its page is there already or not.
  await page.keyboard.type("nn?gh/");
  await expect(page.getByRole("textbox", { name: "Text", exact: true })).toBeFocused();
  await page.keyboard.type(" j");
  await expect(page).toHaveURL(/\/write$/);
  await expect(page.getByRole("textbox", { name: "Text", exact: true })).toHaveValue("n?gh/ j");
});

test("every control that shows only a picture has a name", async ({ visit }) => {
  const page = await visit("/", { viewport: { width: 800, height: 700 } });
  for (const address of ["/", "/settings", "/write", "/me"]) {
    await page.goto(new URL(address, page.url()).href);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    for (const control of await page.locator("button:visible, a:visible").all()) {
      if ((await control.innerText()).trim() !== "") continue;
      await expect(control).toHaveAccessibleName(/\p{L}/u);
    }
  }
});
