/**
 * What no address of pages.ts shows: pages that stand in the way of all others, what a page becomes while it is used, and dialogs.
 * axe finds nothing to complain about in either theme at 320 px, and all of it fits screens from there to 1280 px.
 */
import type { Locator, Page } from "@playwright/test";
import { CONTRAST, violationsOf } from "./axe.ts";
import { given } from "./files.ts";
import { expect, test } from "./fixtures.ts";
import { misfitsOf, NARROW } from "./looks.ts";
import { nodeIdOf, publish, valueOf } from "./people.ts";
import { openTab } from "./tabs.ts";
import { without } from "./without.ts";

const PLACE = "g:cyberspace/commons";
const PASSPHRASE = "correct horse battery";
/** No space to break at. */
const UNBROKEN = "Donaudampfschifffahrtsgesellschaftskapitaensmuetze";

const open = (page: Page, address: string) => page.goto(new URL(address, page.url()).href);
const dialog = (page: Page) => page.getByRole("dialog");

/** Once this is there: what axe says of it, light and dark, on a narrow screen, and whether it fits all others. */
async function looks(page: Page, shown: Locator): Promise<void> {
  await expect(shown).toBeVisible();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    expect(await violationsOf(page, colorScheme === "light" ? {} : CONTRAST)).toEqual([]);
  }
  expect(await misfitsOf(page)).toEqual([]);
}

test("dialogs, panels and what comes of a file have nothing that axe finds, light and dark, at 320 px", async ({
  visit,
}) => {
  const page = await visit("/", { viewport: NARROW });
  await valueOf(page, "status");
  const { hash } = await publish(page, { headline: UNBROKEN, text: "It is closed." }, [
    PLACE,
    `t:${UNBROKEN.slice(0, 32).toLowerCase()}`,
  ]);
  await publish(page, { headline: "Another", text: "Words." }, [PLACE]);

  await test.step("of a post", async () => {
    await open(page, `/p/${hash}`);
    for (const [opener, within] of [
      [/^More about this post/, "Mute this conversation"],
      ["Add to a feed", "Your note"],
      [/heard/, "It started in"],
    ] as const) {
      await page.getByRole("button", { name: opener }).first().click();
      await looks(page, dialog(page).getByText(within).first());
      if (within === "Mute this conversation") {
        await dialog(page).getByRole("button", { name: within }).click();
        await looks(page, dialog(page).getByRole("button", { name: "For a week" }));
      }
      await page.keyboard.press("Escape");
      await expect(dialog(page)).toBeHidden();
    }
    await page.getByRole("button", { name: "Reply", exact: true }).first().click();
    await looks(page, page.getByRole("textbox", { name: /^Reply to/ }));
  });

  await test.step("of the composer", async () => {
    await open(page, "/write");
    await page.getByRole("button", { name: "Refer to a post" }).click();
    await looks(page, dialog(page).getByRole("button", { name: /Another/ }));
    await page.keyboard.press("Escape");
    await page.getByLabel("What is it?").selectOption("course");
    const film = given("The bowline.mp4", "video/mp4", "\u0000\u0000\u0000\u0018ftypisom");
    await page.locator('input[type="file"]').setInputFiles(film);
    await page.getByLabel(/^Name of the lesson/).fill(`${UNBROKEN.repeat(2)}\n${UNBROKEN.repeat(2)}`);
    await looks(page, page.locator(".composer-preview .media-about"));
    await page.getByRole("button", { name: "Discard draft" }).click();
  });

  await test.step("of the search", async () => {
    await open(page, `/search?q=another`);
    for (const [part, shown] of [
      ["Person", page.getByRole("combobox", { name: "Written by" })],
      ["Topic", page.getByRole("combobox", { name: "About" })],
      ["Kind", page.getByRole("button", { name: "Album" })],
      ["Time", page.getByLabel("From")],
    ] as const) {
      await page.getByRole("button", { name: part, exact: true }).click();
      await looks(page, shown);
    }
  });

  await test.step("of what one does not want to see", async () => {
    await open(page, "/settings/mutes");
    await page.getByLabel("Words or phrases, one in each line").fill(UNBROKEN.slice(0, 48));
    await page.getByRole("button", { name: "Mute these" }).click();
    await page.getByRole("checkbox", { name: "Papers", exact: true }).check();
    await expect(page.getByRole("checkbox", { name: /^Choose .*Papers/ })).toBeVisible();
    await page.getByLabel("Choose all").check();
    await looks(page, page.getByText("2 chosen"));
  });

  await test.step("of what is read from files", async () => {
    await open(page, "/arrive");
    const items = [1, 2].map((at) => ({ id: `${at}`, title: UNBROKEN, content_text: `${UNBROKEN} ${at}` }));
    const feed = JSON.stringify({ version: "https://jsonfeed.org/version/1.1", title: UNBROKEN, items });
    await page.locator('input[type="file"]').setInputFiles(given("feed.json", "application/feed+json", feed));
    await page.getByRole("button", { name: "Choose those shown" }).click();
    await looks(page, page.locator('[data-chosen="2"]'));
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await looks(page, dialog(page).getByRole("button", { name: "Publish them" }));
    await page.keyboard.press("Escape");
    await page.locator('input[type="file"]').setInputFiles(given("letter.txt", "text/plain", "Dear all,"));
    await looks(page, page.getByRole("alert").filter({ hasText: /\S/ }).first());

    const backup = await page.evaluate(async () => {
      const draft = { headline: "Half a letter", summary: "", text: "Dear", scopes: [], replyTo: null, updated: 1 };
      await window.mehr.saveDraft({ ...draft, id: "letter" });
      const file = await window.mehr.exportBackup();
      await window.mehr.dropDraft("letter");
      return [...new Uint8Array(await file.arrayBuffer())];
    });
    await open(page, "/restore");
    const file = { name: "backup.mehr", mimeType: "application/octet-stream", buffer: Buffer.from(backup) };
    await page.getByLabel("Backup file").setInputFiles(file);
    await page.getByRole("button", { name: "Restore from this file" }).click();
    await looks(page, page.getByRole("button", { name: "Add it" }));
    await page.evaluate(
      async (name) => {
        const draft = { id: name, headline: "", summary: "", text: name, scopes: [], replyTo: null, updated: 1 };
        await window.mehr.addArrivals([{ draft, id: name, parent: null }]);
      },
      UNBROKEN.slice(0, 48),
    );
    const waiting = await page.evaluate(async () => {
      const file = await window.mehr.exportBackup();
      await window.mehr.dropArrivals();
      return [...new Uint8Array(await file.arrayBuffer())];
    });
    await page.getByLabel("Backup file").setInputFiles({ ...file, buffer: Buffer.from(waiting) });
    await page.getByRole("button", { name: "Restore from this file" }).click();
    await looks(page, page.locator("[data-merge]", { hasText: "1 post that waits to be published" }));
    await page.getByRole("button", { name: "Add it" }).click();
    await page.waitForURL(/\/$/u);
    await open(page, "/arrive");
    await page.getByRole("button", { name: "Drop it" }).click();
    await looks(page, page.getByRole("button", { name: "Drop it for good" }));
    await page.getByRole("button", { name: "Drop it for good" }).click();
    await expect(page.getByRole("button", { name: "Go on here" })).toHaveCount(0);
  });

  await test.step("of starter packs and other devices", async () => {
    await open(page, "/packs");
    await page.getByRole("checkbox", { name: /Yourself/ }).check();
    await looks(page, page.getByRole("img", { name: "QR code of the pack" }));
    await open(page, "/devices?give=1");
    const link = await page.getByLabel("The link as text").inputValue();
    await open(page, "/devices");
    await page.getByLabel("Link or code of the other device").fill(link);
    await page.getByRole("button", { name: "Bring it here" }).click();
    await looks(page, page.getByRole("heading", { name: "Become the person on the other device?" }));
  });
});

test("pages that stand in the way of all others have nothing that axe finds, light and dark, at 320 px", async ({
  browser,
  guard,
  server,
  visit,
}) => {
  await test.step("identities, the lock, and what is left when everything was deleted", async () => {
    const page = await visit("/me?identities=1", { viewport: NARROW });
    await nodeIdOf(page);
    await page.evaluate((name) => window.mehr.saveProfile({ displayName: name, bio: "", scopes: [] }), UNBROKEN);
    await page.getByRole("button", { name: "New identity" }).click();
    await looks(page, page.getByRole("button", { name: `Switch to ${UNBROKEN}` }));
    await page.getByRole("button", { name: new RegExp(`^Remove ${UNBROKEN}`) }).click();
    await looks(page, page.getByRole("button", { name: "Remove", exact: true }));
    await page.evaluate((passphrase) => window.mehr.protect({ kind: "passphrase", passphrase }, null), PASSPHRASE);
    await open(page, "/network");
    await looks(page, page.getByRole("button", { name: "Unlock", exact: true }));
    await page.getByLabel("Passphrase").fill("wrong horse battery");
    await page.getByRole("button", { name: "Unlock", exact: true }).click();
    await looks(page, page.getByText("That is not the passphrase."));
    await page.getByLabel("Passphrase").fill(PASSPHRASE);
    await page.getByLabel("Passphrase").press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: "Network" })).toBeVisible();
    await open(page, "/settings");
    await page.getByLabel("Passphrase").fill(PASSPHRASE);
    await page.getByLabel("Passphrase").press("Enter");
    await page.getByLabel("Type “delete” to confirm").fill("delete");
    await page.getByRole("button", { name: "Delete everything" }).click();
    await looks(page, page.getByRole("heading", { level: 1, name: "Everything is deleted" }));
  });

  await test.step("a tab where another one has the app", async () => {
    const context = await browser.newContext({ viewport: NARROW });
    guard.watch(context);
    await without(context, "SharedWorker", "serviceWorker");
    await nodeIdOf(await openTab(context, server.url));
    const second = await openTab(context, server.url);
    await looks(second, second.getByRole("heading", { level: 1, name: "Mehr is open in another tab" }));
    await context.close();
  });
});
