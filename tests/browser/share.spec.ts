/** What other apps share: a form that the browser posts to the address of shares, taken by the service worker. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { draftsOf, liveIn } from "./people.ts";
import { installed } from "./versions.ts";

test.use({ keepsApp: true });

interface Parts {
  readonly title?: string;
  readonly text?: string;
  readonly url?: string;
  readonly files?: readonly {
    readonly name: string;
    readonly type: string;
    readonly body: string | readonly number[];
  }[];
}

const text = (page: Page) => page.getByRole("textbox", { name: "Text", exact: true });

/** Posts as a browser does for a share: a navigation, from outside of the app, with the fields of the manifest. */
async function share(page: Page, url: string, parts: Parts): Promise<void> {
  await page.goto("about:blank");
  await page.evaluate(
    ([action, { title, text, url: link, files = [] }]) => {
      const form = document.createElement("form");
      Object.assign(form, { method: "post", enctype: "multipart/form-data", action });
      for (const [name, value] of Object.entries({ title, text, url: link })) {
        if (value === undefined) continue;
        const field = document.createElement("textarea");
        Object.assign(field, { name, value });
        form.append(field);
      }
      const transfer = new DataTransfer();
      for (const { name, type, body } of files) {
        const content = typeof body === "string" ? body : Uint8Array.from(body);
        transfer.items.add(new File([content], name, { type }));
      }
      const picker = document.createElement("input");
      Object.assign(picker, { type: "file", name: "files", multiple: true, files: transfer.files });
      form.append(picker);
      document.body.append(form);
      form.submit();
    },
    [`${url}share`, parts] as const,
  );
  await page.waitForURL(/\/write/);
}

/** The app, installed, and gone from the page again. */
async function ready(page: Page): Promise<Page> {
  await installed(page);
  await liveIn(page, "g:europe/nl/utrecht");
  return page;
}

const waiting = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    let amount = 0;
    for (const name of await caches.keys()) {
      if (name.startsWith("mehr shares ")) amount += (await (await caches.open(name)).keys()).length;
    }
    return amount;
  });

test("opens the composer with title, text, address and the words of files, and says what was left out", async ({
  visit,
  server,
}) => {
  const page = await ready(await visit("/"));
  await share(page, server.url, {
    title: "Owls in the park",
    text: "Two of them.",
    url: "https://example.org/owls",
    files: [
      { name: "notes.txt", type: "text/plain", body: "دو جغد" },
      { name: "owl.png", type: "image/png", body: [0x89, 0x50, 0, 0] },
    ],
  });
  await expect(page.getByLabel("Headline")).toHaveValue("Owls in the park");
  await expect(text(page)).toHaveValue("Two of them.\n\nhttps://example.org/owls\n\nnotes.txt\n\nدو جغد");
  await expect(page.getByText("Left out: \u2068owl.png\u2069.")).toBeVisible();
  await expect(page.getByText("Utrecht").first()).toBeVisible();

  // It is a draft, and no longer a share: loading the page anew goes on with it and makes no second one.
  await expect.poll(() => waiting(page)).toBe(0);
  await text(page).fill("Three of them.");
  await page.reload();
  await expect(text(page)).toHaveValue("Three of them.");
  await expect(page.getByRole("heading", { name: "Drafts" })).toHaveCount(0);

  // Nothing was published by being shared.
  await page.goto(server.url);
  await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();
});

test("leaves what was being written among the drafts, and opens what is shared beside it", async ({
  visit,
  server,
}) => {
  const page = await ready(await visit("/write"));
  await text(page).fill("Begun before");
  await share(page, server.url, { text: "Shared meanwhile" });
  await expect(text(page)).toHaveValue("Shared meanwhile");
  await page.getByRole("button", { name: "Begun before" }).click();
  await expect(text(page)).toHaveValue("Begun before");
});

test("keeps a share over a page that never opens, without any network", async ({ ownProcess, serve }) => {
  const server = await serve();
  const own = await ownProcess();
  const first = await own.context.newPage();
  await first.goto(server.url);
  await ready(first);
  await server.stop();
  // The page is gone before it can take the share up: its scripts never run.
  const lost = await own.context.newPage();
  await lost.route(/\/write\?shared=/, (route) => route.abort());
  await lost.goto("about:blank");
  await lost.evaluate((action) => {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", enctype: "multipart/form-data", action });
    const field = document.createElement("input");
    Object.assign(field, { name: "text", value: "Heard on the ferry" });
    form.append(field);
    document.body.append(form);
    form.submit();
  }, `${server.url}share`);
  await expect.poll(() => waiting(first)).toBe(1);
  const again = await (await own.relaunch()).newPage();
  await again.goto(`${server.url}settings`);
  await expect.poll(async () => (await draftsOf(again)).map(({ text }) => text)).toEqual(["Heard on the ferry"]);
  await expect.poll(() => waiting(again)).toBe(0);
});

test("says plainly what it cannot take", async ({ visit, server }) => {
  const page = await ready(await visit("/"));
  await share(page, server.url, { text: "x".repeat(1_000_001) });
  await expect(page.getByRole("alert")).toContainText("It is too large.");
  await share(page, server.url, { title: "" });
  await expect(page.getByRole("alert")).toContainText("There was nothing in it.");
  await share(page, server.url, { files: [{ name: "owl.png", type: "image/png", body: [0x89, 0x50, 0, 0] }] });
  await expect(page.getByText("Left out: \u2068owl.png\u2069.")).toBeVisible();
  await expect(text(page)).toHaveValue("");
  // Reasons that nobody gave, and shares that are not there.
  await page.goto(`${server.url}write?refused=${encodeURIComponent("<b>x</b>")}`);
  await expect(page.getByRole("alert")).toContainText("It could not be read.");
  await page.goto(`${server.url}write?shared=${"0".repeat(8)}`);
  await expect(page.getByRole("heading", { name: "This was taken up already" })).toBeVisible();
  await page.goto(`${server.url}share`);
  await expect(page).toHaveURL(`${server.url}write`);
  await expect(text(page)).toBeVisible();
});
