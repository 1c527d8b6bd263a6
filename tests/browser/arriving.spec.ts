/** Posts from other places: read in the page, looked through, drafted or published; and starter packs. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { create, gzipOf, outboxOf, tarEntry, tarOf, zipOf } from "../app/archives.ts";
import { picture } from "./files.ts";
import { expect, test } from "./fixtures.ts";
import { draftsOf, linked, meets, nodeIdOf, valueOf } from "./people.ts";

const PHONE = { viewport: { width: 390, height: 844 } } as const;
const problem = (page: Page, code: string) => page.locator(`[role="alert"][data-code="${code}"]`);

async function give(page: Page, name: string, content: string | Uint8Array): Promise<void> {
  const buffer = Buffer.from(content);
  await page.getByLabel("File", { exact: true }).or(page.getByLabel("Choose another file")).setInputFiles({
    name,
    mimeType: "application/octet-stream",
    buffer,
  });
}

const arrived = async (page: Page) =>
  (await draftsOf(page)).map(({ attachments, headline, kind, text }) => ({ attachments, headline, kind, text }));

const RSS = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Blog</title>
<item><title>On bread &amp; butter</title><link>https://blog.example/1</link>
<description>Beginning</description>
<content:encoded><![CDATA[<p>Beginning and <b>end</b>.</p><script>alert(1)</script><img src="https://tracker.example/x.png">]]></content:encoded>
<pubDate>Sat, 05 Nov 2022 10:00:00 GMT</pubDate></item>
<item><description>&lt;p&gt;Second&lt;/p&gt;</description></item></channel></rss>`;
const ATOM = `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:1</id><title>Atom one</title>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>XHTML <a href="https://b.example/l">link</a></p></div></content>
<published>2022-11-05T10:00:00Z</published></entry></feed>`;

test("feeds of three kinds become drafts of what is chosen, with their date and nothing of their markup", async ({
  visit,
}) => {
  const page = await visit("/arrive", PHONE);
  await give(page, "feed.xml", RSS);
  await expect(page.getByRole("heading", { name: "2 posts in this file" })).toBeVisible();
  // Nothing is chosen unasked.
  await expect(page.getByRole("button", { name: "Make drafts of them" })).toBeDisabled();
  await page.getByLabel(/On bread & butter/u).check();
  await page.getByRole("button", { name: "Make a draft of it" }).click();
  await expect(page.getByText("1 draft was made.")).toBeVisible();
  const [made, ...none] = await arrived(page);
  expect(none).toEqual([]);
  expect(made?.headline).toBe("On bread & butter");
  expect(made?.text).toMatch(/^Beginning and end\.\n\nFirst published on .*2022.* at https:\/\/blog\.example\/1$/u);

  await give(page, "feed.atom", ATOM);
  await expect(page.getByText("XHTML link (https://b.example/l)")).toBeVisible();
  await give(
    page,
    "feed.json",
    JSON.stringify({ version: "1.1", items: [{ id: "a", content_html: "<i>JSON</i> here" }] }),
  );
  await expect(page.getByText("JSON here")).toBeVisible();
  expect(await arrived(page)).toHaveLength(1);
});

test("what was sensitive is marked before it is taken, and what waits is named where a backup is saved", async ({
  visit,
}) => {
  const page = await visit("/arrive", PHONE);
  const pictures = { sensitive: true, attachment: [{ type: "Document" }] };
  const question = { type: "Question", content: "<p>Tea?</p>", ...pictures };
  const poll = create({ id: "https://elsewhere.example/1", ...question, oneOf: [{ name: "Yes" }, { name: "No" }] });
  await give(page, "outbox.json", outboxOf([poll, create({ id: "https://elsewhere.example/2" })]));
  const row = page.locator("[data-post]", { hasText: "Tea?" });
  await expect(row).toContainText("- Yes");
  await expect(row).toContainText("marked as sensitive");
  await page.getByRole("button", { name: "Choose those shown" }).click();
  const line = page.locator('[data-sensitive="1"]');
  await expect(line).toContainText("The topic “sensitive” is put first there");
  for (const topic of ["bread", "rain", "tea"]) {
    await page.getByLabel("Topics").fill(topic);
    await page.getByLabel("Topics").press("Enter");
  }
  await expect(line).toContainText(/There is no room for .?tea.? beside it\./u);
  await page.getByRole("button", { name: "Make drafts of them" }).click();
  await expect(page.getByText("2 drafts were made.")).toBeVisible();
  const topicsOf = (text: string) => async () =>
    (await draftsOf(page)).find((draft) => draft.text.startsWith(text))?.scopes.slice(1);
  expect(await topicsOf("Tea?\n\n- Yes\n- No")()).toEqual(["t:sensitive", "t:bread", "t:rain"]);
  expect(await topicsOf("Hello")()).toEqual(["t:bread", "t:rain", "t:tea"]);

  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByRole("button", { name: "Publish them" }).click();
  await expect(page.getByText("2 posts wait to be published.")).toBeVisible();
  for (const address of ["/settings", "/devices?give=1"]) {
    await page.goto(new URL(address, page.url()).href);
    await expect(page.locator('[data-along="2"]')).toContainText("There they are held");
  }
});

test("what waits comes along with a backup, is held where it is restored, and goes on there at one press", async ({
  visit,
}) => {
  const place = "g:cyberspace/commons";
  const page = await visit("/arrive", PHONE);
  const posts = [1, 2].map((at) =>
    create({
      id: `https://elsewhere.example/${at}`,
      content: `<p>Old words ${at}</p>`,
      published: new Date(Date.UTC(2021, 0, at)).toISOString(),
    }),
  );
  await give(page, "outbox.json", outboxOf(posts));
  await page.getByRole("button", { name: "Choose those shown" }).click();
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByRole("button", { name: "Publish them" }).click();
  await expect(page.getByText("2 posts wait to be published.")).toBeVisible();
  await page.goto(new URL("/settings", page.url()).href);
  const backup = page.locator("#backup");
  await backup.getByLabel("Put it under a passphrase").uncheck();
  const saving = page.waitForEvent("download");
  await backup.getByRole("button", { name: "Save a backup" }).click();
  const buffer = await readFile(await (await saving).path());
  const id = await nodeIdOf(page);
  await page.context().close();

  const reader = await visit("/", PHONE);
  const phone = await visit("/restore", { viewport: { width: 320, height: 700 } });
  await phone
    .getByLabel("Backup file")
    .setInputFiles({ name: "backup.mehr", mimeType: "application/octet-stream", buffer });
  await phone.getByRole("button", { name: "Restore from this file" }).click();
  await expect(phone.getByText("2 posts that waited to be published came along, and are held.")).toBeVisible();
  expect(await nodeIdOf(phone)).toBe(id);
  await phone.getByRole("link", { name: "See them" }).click();
  await expect(phone.getByRole("heading", { name: "2 posts are held back" })).toBeVisible();
  await expect(phone.getByText("If another device still publishes it", { exact: false })).toBeVisible();
  // Whose words they are is seen before the press that publishes them.
  const first = phone.locator('[data-part="held"] li');
  await expect(first).toHaveText([/Old words 1/u, /Old words 2/u]);
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await Promise.all([meets(phone, place), meets(reader, place)]);
  await expect.poll(async () => (await valueOf(phone, "history")).state, { timeout: 60_000 }).toBe("done");
  expect(await valueOf(phone, "arrivals")).toMatchObject({ state: "none", waiting: 0, held: 2, published: 0 });
  await phone.getByRole("button", { name: "Go on here" }).click();
  await expect(phone.getByRole("heading", { name: "On their way" })).toBeVisible();
  await expect(phone.locator("[data-held]")).toHaveCount(0);
  await expect(phone.locator('[data-published="2"]')).toBeVisible({ timeout: 60_000 });
  for (const at of [1, 2]) await expect(reader.getByText(`Old words ${at}`)).toHaveCount(1, { timeout: 30_000 });
});

test("an archive of 50,000 posts is read, scrolled and stopped, and its bad relatives are refused", async ({
  visit,
}) => {
  test.setTimeout(180_000);
  const page = await visit("/arrive", PHONE);
  const many = Array.from({ length: 50_000 }, (_, at) =>
    create({
      id: `https://elsewhere.example/${at}`,
      content: `<p>Number ${at} of many ${((at * 2_654_435_761) >>> 0).toString(36)}</p>`,
      published: new Date(Date.UTC(2020, 0, 1) + at * 60_000).toISOString(),
    }),
  );
  const archive = zipOf({ "outbox.json": outboxOf(many) });
  await give(page, "archive.zip", archive);
  // At once: a pointer that looks whether it holds still comes when all of it is read.
  await page.getByRole("button", { name: "Stop" }).dispatchEvent("click");
  await expect(page.getByText(/posts so far/u)).toHaveCount(0);
  await give(page, "archive.zip", archive);
  await expect(page.getByRole("heading", { name: "50,000 posts in this file" })).toBeVisible({ timeout: 90_000 });
  // The list is as long as that, the page is not.
  expect(await page.locator("[data-post]").count()).toBeLessThan(60);
  await page.getByRole("button", { name: "Choose those shown" }).click();
  await expect(page.locator('[data-chosen="50000"]')).toBeVisible();
  await page.getByRole("button", { name: "Choose none" }).click();
  await page.getByLabel("Show only those with these words").fill("Number 31415 of");
  await expect(page.locator("[data-post]")).toHaveCount(1);
  expect(await arrived(page)).toEqual([]);

  const outbox = outboxOf([create({ id: "https://elsewhere.example/1" })]);
  const bad: readonly (readonly [string, string | Uint8Array, string])[] = [
    ["climbing.zip", zipOf({ "outbox.json": outbox, "../../evil": "x" }), "ARCHIVE_PATHS"],
    ["bomb.zip", zipOf({ "outbox.json": new Uint8Array(20 * 1_048_576) }), "ARCHIVE_BOMB"],
    ["bomb.tar.gz", gzipOf(tarOf([tarEntry("a", new Uint8Array(20 * 1_048_576))])), "ARCHIVE_BOMB"],
    ["cut.zip", zipOf({ "outbox.json": outbox }).slice(0, -5), "ARCHIVE_DAMAGED"],
    ["cut.tar.gz", gzipOf(tarOf([tarEntry("outbox.json", Buffer.from(outbox))])).slice(0, -30), "ARCHIVE_DAMAGED"],
    ["other.zip", zipOf({ "tweets.js": "x" }), "ARCHIVE_FOREIGN"],
    ["feed.xml", "<rss><channel><item>", "FILE_DAMAGED"],
    ["page.html", "<html><body>No feed</body></html>", "FILE_UNKNOWN"],
    [
      "lol.xml",
      '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>',
      "FILE_ENTITIES",
    ],
    ["latin.xml", Buffer.from('<?xml version="1.0" encoding="utf-8"?><rss>\xe9</rss>', "latin1"), "FILE_ENCODING"],
    ["letter.txt", "Dear all,", "FILE_UNKNOWN"],
    ["empty.xml", "", "FILE_EMPTY"],
  ];
  for (const [name, content, code] of bad) {
    await give(page, name, content);
    await expect(problem(page, code), name).toBeVisible({ timeout: 30_000 });
  }
});

test("posts of an archive are published after one more question, threads as threads, and can be stopped", async ({
  visit,
}) => {
  const place = "g:cyberspace/commons";
  const [writer, reader] = await Promise.all([visit("/", PHONE), visit("/", PHONE)]);
  await Promise.all([meets(writer, place), meets(reader, place)]);
  await linked(writer);
  await writer.evaluate(() => history.pushState({}, "", "/arrive"));
  await writer.goto(new URL("arrive", writer.url()).href);
  await linked(writer);
  const items = Array.from({ length: 30 }, (_, at) =>
    create({
      id: `https://elsewhere.example/${at}`,
      content: `<p>Old words ${at}</p>`,
      published: new Date(Date.UTC(2021, 0, 1) + at * 60_000).toISOString(),
      inReplyTo: at === 1 ? "https://elsewhere.example/0" : null,
    }),
  );
  const tar = tarOf([
    tarEntry("media/a.png", new Uint8Array(9_000)),
    tarEntry("outbox.json", Buffer.from(outboxOf(items))),
  ]);
  await give(writer, "archive.tar.gz", gzipOf(tar));
  await writer.getByRole("button", { name: "Choose what was public and answers nobody" }).click();
  await expect(writer.locator('[data-chosen="30"]')).toBeVisible();
  await writer.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(writer.getByRole("heading", { name: "Publish 30 posts?" })).toBeVisible();
  await writer.getByRole("button", { name: "Not now" }).click();
  expect(await valueOf(writer, "arrivals", {})).toMatchObject({ waiting: 0, published: 0 });
  await writer.getByRole("button", { name: "Publish", exact: true }).click();
  await writer.getByRole("button", { name: "Publish them" }).click();
  await expect(writer.getByRole("heading", { name: "On their way" })).toBeVisible();

  const heard = () =>
    reader.evaluate(async () => {
      const feed = { kind: "scope", scope: "g:cyberspace/commons", match: "exact" } as const;
      const rows = await window.mehr.feed({ feed, limit: 100 });
      return rows.map(({ postHash, replyTo, summary }) => ({ postHash, replyTo, summary: summary?.split("\n")[0] }));
    });
  await expect.poll(async () => (await heard()).length, { timeout: 60_000 }).toBe(2);
  const [second, first] = await heard();
  expect([first?.summary, second?.summary]).toEqual(["Old words 0", "Old words 1"]);
  expect(second?.replyTo).toBe(first?.postHash);
  await writer.getByRole("button", { name: "Publish no more of them" }).click();
  await expect(writer.getByText("What waited is not published.")).toBeVisible();
  expect(await valueOf(writer, "arrivals", {})).toMatchObject({ waiting: 0 });
});

test("pictures of an archive are seen first, drawn anew, and opened with their posts; what cannot come is named", async ({
  visit,
}) => {
  const place = "g:cyberspace/commons";
  const [writer, reader] = await Promise.all([visit("/", PHONE), visit("/", PHONE)]);
  await Promise.all([meets(writer, place), meets(reader, place)]);
  await writer.goto(new URL("arrive", writer.url()).href);
  await linked(writer);
  const asked: string[] = [];
  writer.context().on("request", (request) => asked.push(request.url()));
  const wide = await picture(writer, "a.png", [2_400, 1_500], 200);
  const tall = await picture(writer, "b.png", [500, 900], 20);
  const at = (name: string) => `media_attachments/files/000/original/${name}`;
  const attachment = [
    { mediaType: "image/png", url: at("a.png"), name: "The lake in the morning" },
    {
      mediaType: "image/png",
      url: `https://files.elsewhere.example/${at("b.png")}`,
      name: `Tall ${"words ".repeat(90)}`,
    },
    { mediaType: "image/png", url: at("none.png") },
    { mediaType: "image/png", url: at("bomb.png") },
    { mediaType: "image/png", url: at("missing.png") },
    { mediaType: "image/png", url: "../../secret.png" },
    { mediaType: "video/mp4", url: at("film.mp4") },
  ];
  const outbox = outboxOf([
    create({ id: "https://elsewhere.example/1", content: "<p>By the lake</p>", attachment }),
    create({ id: "https://elsewhere.example/2", content: "", attachment: attachment.slice(1, 2) }),
  ]);
  const files = {
    [at("a.png")]: wide.buffer,
    [at("b.png")]: tall.buffer,
    [at("none.png")]: "no picture at all",
    [at("bomb.png")]: new Uint8Array(20 * 1_048_576),
    [at("film.mp4")]: new Uint8Array(70_000),
  };
  await give(writer, "archive.zip", zipOf({ "outbox.json": outbox, ...files }));
  const row = writer.locator("[data-post]", { hasText: "By the lake" });
  await expect(row.getByRole("img", { name: "The lake in the morning" })).toHaveAttribute("data-state", "drawn");
  await expect(row.locator('[data-state="broken"]')).toHaveCount(2);
  await expect(row.locator('[data-stays="FILE_MISSING"]')).toContainText("1");
  await expect(row.locator('[data-stays="FILE_ELSEWHERE"]')).toContainText("1");
  await expect(row.locator('[data-stays="ATTACHMENT_TOO_LARGE"]')).toContainText("1");
  await expect(row.getByText("A description is longer than fits: its beginning")).toBeVisible();

  await writer.getByRole("button", { name: "Choose those shown" }).click();
  await writer.getByRole("button", { name: "Make drafts of them" }).click();
  await expect(writer.getByText("2 drafts were made.")).toBeVisible();
  const leftOut = writer.locator("[data-left-out]");
  await leftOut.getByText("5 files were left out").click();
  for (const name of [at("none.png"), at("bomb.png"), at("missing.png"), "../../secret.png", at("film.mp4")]) {
    await expect(leftOut.getByText(name, { exact: true })).toBeVisible();
  }
  const made = await arrived(writer);
  expect(made.map(({ attachments, kind }) => [kind, attachments.length])).toEqual([
    ["photos", 1],
    ["photos", 2],
  ]);
  const [lake, other] = made[1]?.attachments ?? [];
  expect(lake).toMatchObject({ altText: "The lake in the morning", contentType: "image/webp" });
  expect([lake?.size, other?.size].every((size) => size !== undefined && size <= 61_440)).toBe(true);
  expect(lake?.blurhash).toMatch(/^.{28}$/u);
  expect(other?.altText).toMatch(/^Tall .{270,280}…$/u);

  // The same out of a tar, which gives its files in its own order, published.
  const tar = tarOf([
    ...Object.entries(files).map(([name, content]) => tarEntry(name, Buffer.from(content))),
    tarEntry("outbox.json", Buffer.from(outbox)),
  ]);
  await give(writer, "archive.tar", tar);
  await writer.getByLabel(/By the lake/u).check();
  await writer.getByRole("button", { name: "Publish", exact: true }).click();
  await writer.getByRole("button", { name: "Publish them" }).click();
  await expect(writer.locator('[data-published="1"]')).toBeVisible({ timeout: 60_000 });
  await reader
    .locator("article", { hasText: "By the lake" })
    .getByRole("link", { name: /^Post by/u })
    .click();
  const shown = reader.getByRole("img", { name: "The lake in the morning" }).last();
  await expect(shown).toBeVisible({ timeout: 30_000 });
  expect(asked.filter((url) => url.includes("elsewhere.example"))).toEqual([]);
});

test("pictures that a feed holds itself come along, and those on the web are not fetched", async ({ visit }) => {
  const page = await visit("/arrive", PHONE);
  const asked: string[] = [];
  page.context().on("request", (request) => asked.push(request.url()));
  const { buffer } = await picture(page, "a.png", [300, 200], 90);
  const data = `data:image/png;base64,${buffer.toString("base64")}`;
  const html = `<p>With pictures</p><img src="${data}" alt="A hill"><img src="https://tracker.example/x.png">`;
  await give(page, "feed.json", JSON.stringify({ items: [{ id: "1", content_html: html }] }));
  await expect(page.getByRole("img", { name: "A hill" })).toHaveAttribute("data-state", "drawn");
  await page.getByLabel(/With pictures/u).check();
  await page.getByRole("button", { name: "Make a draft of it" }).click();
  await expect(page.getByText("1 draft was made.")).toBeVisible();
  const [made] = await arrived(page);
  expect(made).toMatchObject({ kind: "photos", attachments: [{ altText: "A hill", contentType: "image/webp" }] });
  await page.getByText("1 file was left out").click();
  await expect(page.getByText("https://tracker.example/x.png")).toBeVisible();
  expect(asked.filter((url) => url.includes("tracker"))).toEqual([]);
});

test("a starter pack is made, looked at, and taken along in part", async ({ visit }) => {
  const [maker, friend] = await Promise.all([visit("/", PHONE), visit("/", PHONE)]);
  const friendId = await nodeIdOf(friend);
  await maker.evaluate(async (id) => {
    await window.mehr.saveProfile({ displayName: "Anna", bio: "", scopes: [] });
    await window.mehr.follow(id);
    await window.mehr.saveFeed({ spec: { kind: "scope", scope: "g:europe/nl/utrecht", match: "prefix" } });
    await window.mehr.saveFeed({ spec: { kind: "scope", scope: "t:bread", match: "prefix" } });
    await window.mehr.saveFeed({ spec: { kind: "curated", curator: id, name: "Good loaves" } });
  }, friendId);
  await maker.goto(new URL("packs", maker.url()).href);
  await maker.getByLabel("Name of the pack").fill("Utrecht for beginners");
  await expect(maker.getByText("Choose something first.")).toBeVisible();
  for (const key of ["Anna", /mehr1/u, "Utrecht", "bread", "Good loaves"]) {
    await maker.locator(".pick", { hasText: key }).last().locator("input").check();
  }
  const link = await maker.locator("textarea.code-text").inputValue();
  expect(link).toContain("/packs#pack=Utrecht%20for%20beginners");

  const asked: string[] = [];
  const newcomer = await visit("/", PHONE);
  newcomer.context().on("request", (request) => asked.push(request.url()));
  await newcomer.goto(link);
  await expect(newcomer.getByRole("heading", { name: "Utrecht for beginners" })).toBeVisible();
  const followed = () =>
    newcomer.evaluate(async () => {
      const lists = { people: 0, feeds: 0 };
      for (const [name, key] of [
        ["following", "people"],
        ["feeds", "feeds"],
      ] as const) {
        const watching = await window.mehr.watch(name, {}, (update: { kind: string; rows?: readonly unknown[] }) => {
          if (update.kind === "rows") lists[key] = update.rows?.length ?? 0;
        });
        await watching.close();
      }
      return lists;
    });
  const before = await followed();
  expect(before.people).toBe(0);
  await newcomer.locator(".pick", { hasText: "bread" }).last().locator("input").uncheck();
  await newcomer.getByRole("button", { name: "Take 4 along" }).click();
  await expect(newcomer.getByText("4 were taken along.")).toBeVisible();
  expect(await followed()).toEqual({ people: 2, feeds: before.feeds + 2 });
  expect(asked.filter((url) => url.includes("Utrecht%20for"))).toEqual([]);
  await newcomer.goto(link);
  await expect(newcomer.getByText("You have this already")).toHaveCount(4);
  await newcomer.goto(`${link.split("#")[0]}#nothing`);
  await expect(newcomer.getByRole("alert")).toContainText("There is no starter pack in this link.");
});
