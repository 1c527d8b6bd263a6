/** What belongs to a post is found by whoever opens it; a picture travels with the profile that names it. */
import { expect, test } from "./fixtures.ts";
import { card, linked, liveIn, meets, nodeIdOf, publish, valueOf } from "./people.ts";

const UTRECHT = "g:europe/nl/utrecht";
const TEHRAN = "g:asia/ir/tehran";

test("a reader who follows nobody finds the post of a link, an answer to it, and the picture of its author", async ({
  visit,
}) => {
  const [anna, cem, reader] = await Promise.all([visit("/"), visit("/"), visit("/")]);
  await Promise.all([linked(anna, 2), linked(cem, 2), linked(reader, 2)]);
  await Promise.all([liveIn(anna, UTRECHT), liveIn(cem, UTRECHT), liveIn(reader, TEHRAN)]);
  await Promise.all([meets(anna, UTRECHT), meets(cem, UTRECHT)]);

  // A photograph of 640 by 400 pixels becomes a small square.
  await anna.goto(new URL("me?edit=1", anna.url()).href);
  const photograph = await anna.evaluate(async () => {
    const canvas = new OffscreenCanvas(640, 400);
    const context = canvas.getContext("2d")!;
    const sky = context.createLinearGradient(0, 0, 640, 400);
    sky.addColorStop(0, "#f2b233");
    sky.addColorStop(1, "#3f6a95");
    context.fillStyle = sky;
    context.fillRect(0, 0, 640, 400);
    const blob = await canvas.convertToBlob({ type: "image/png" });
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  await anna.getByLabel("Name", { exact: true }).fill("Anna");
  const file = anna.locator('input[type="file"]');
  await file.setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") });
  await expect(anna.getByRole("alert")).toHaveText(/not a picture that can be used/);
  await file.setInputFiles({ name: "sky.png", mimeType: "image/png", buffer: Buffer.from(photograph) });
  await expect(anna.locator(".picture-field img.mark")).toBeVisible();
  await expect(anna.getByRole("alert")).toHaveCount(0);
  await anna.getByRole("button", { name: "Save" }).click();
  await expect(anna.locator(".profile-mark img.mark")).toBeVisible();
  const id = await nodeIdOf(anna);
  // The mark shows what was chosen before it is signed.
  await expect.poll(async () => (await valueOf(anna, "profile", { id })).avatar).not.toBeNull();
  const { avatar } = await valueOf(anna, "profile", { id });
  const sent = await anna.evaluate(async (key) => {
    const picture = await window.mehr.avatar(key);
    return picture === null ? null : { type: picture.type, size: picture.bytes.length, hash: picture.hash };
  }, id);
  expect(sent).toMatchObject({ type: "image/webp", hash: avatar });
  expect(sent!.size).toBeLessThanOrEqual(32_768);

  const { hash, postHash } = await publish(anna, { headline: "The bridge is closed", text: "Until when?" }, [UTRECHT]);
  await expect(card(cem, "The bridge is closed")).toBeVisible();
  await cem.evaluate(
    ([target, scope]) =>
      window.mehr.publish({
        id: crypto.randomUUID(),
        headline: "",
        summary: "",
        text: "Until Friday, says the sign.",
        scopes: [scope],
        replyTo: target,
        updated: 0,
      }),
    [postHash, UTRECHT] as const,
  );

  expect(await reader.evaluate((key) => window.mehr.envelope(key), hash)).toBeNull();
  await reader.goto(new URL(`p/${hash}`, reader.url()).href);
  await expect(reader.getByRole("heading", { level: 1, name: "The bridge is closed" })).toBeVisible({
    timeout: 30_000,
  });
  await expect(reader.getByRole("region", { name: "Replies" }).getByRole("article")).toHaveText(
    /Until Friday, says the sign\./,
    { timeout: 60_000 },
  );
  const author = reader.locator('[data-mode="page"] img.mark');
  await expect(author).toBeVisible({ timeout: 30_000 });
  // Its place is there before it is decoded.
  await expect
    .poll(() => author.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]))
    .toEqual([288, 288]);
  expect(await author.getAttribute("src")).toMatch(/^blob:/);
  expect(await reader.evaluate(() => window.mehr.feed({ feed: { kind: "people" }, limit: 10 }))).toEqual([]);
});

test("a reply that is opened by its link brings what it answers, which nobody has to ask for", async ({ visit }) => {
  const [anna, reader] = await Promise.all([visit("/"), visit("/")]);
  await Promise.all([linked(anna), linked(reader)]);
  await Promise.all([liveIn(anna, UTRECHT), liveIn(reader, TEHRAN)]);
  const root = await publish(anna, { headline: "Who has a ladder?", text: "Four metres would do." }, [UTRECHT]);
  const reply = await anna.evaluate(
    ([target, scope]) =>
      window.mehr.publish({
        id: crypto.randomUUID(),
        headline: "",
        summary: "",
        text: "I do, come by after six.",
        scopes: [scope],
        replyTo: target,
        updated: 0,
      }),
    [root.postHash, UTRECHT] as const,
  );

  const held = (hash: string) => reader.evaluate((key) => window.mehr.envelope(key), hash);
  expect([await held(root.hash), await held(reply.hash)]).toEqual([null, null]);
  await reader.goto(new URL(`p/${reply.hash}`, reader.url()).href);
  await expect(reader.locator('article[data-mode="page"]')).toContainText("I do, come by after six.", {
    timeout: 30_000,
  });
  await expect(
    reader.getByRole("region", { name: "What this answers" }).getByRole("link", { name: /Who has a ladder\?/ }),
  ).toBeVisible({ timeout: 60_000 });
});

test("a picture that browsers cannot decode gives way to the mark", async ({ visit }) => {
  const page = await visit("/");
  const id = await nodeIdOf(page);
  await page.evaluate(async () => {
    // The head of a PNG of 64 by 64 pixels, and noise where its pixels should be.
    const head = [
      137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 64, 0, 0, 0, 64, 8, 6, 0, 0, 0,
    ];
    const avatar = Uint8Array.from([...head, ...Array.from({ length: 400 }, (_, at) => (at * 37) % 256)]);
    await window.mehr.saveProfile({ displayName: "Noise", bio: "", scopes: [], avatar });
  });
  await page.goto(new URL(`u/${id}`, page.url()).href);
  await expect(page.getByRole("heading", { level: 1, name: "Noise" })).toBeVisible();
  await expect(page.locator(".profile-mark svg.mark")).toBeVisible();
  await expect(page.locator(".profile-mark img")).toHaveCount(0);
});
