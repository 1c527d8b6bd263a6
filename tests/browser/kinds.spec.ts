/** Posts of every kind, written with their files and read by somebody else. */
import type { Page } from "@playwright/test";
import { violationsOf } from "./axe.ts";
import { given, picture, tone, type GivenFile } from "./files.ts";
import { expect, test } from "./fixtures.ts";
import { card, goTo, linked, liveIn, meets, publish } from "./people.ts";

const COMMONS = "g:cyberspace/commons";

/** Goes to an empty composer and says what is to be written. */
async function write(page: Page, kind: string): Promise<void> {
  await page.goto(new URL("/write", page.url()).href);
  await page.getByLabel("What is it?").selectOption(kind);
}

async function attach(page: Page, files: readonly GivenFile[]): Promise<void> {
  const rows = page.locator("[data-file]");
  const before = await rows.count();
  await page.locator('input[type="file"]').setInputFiles([...files]);
  await expect(rows).toHaveCount(before + files.length);
}

async function send(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByText("Published", { exact: true })).toBeVisible();
}

test("a photo essay is kept while it is made, and opened by a neighbour with its pictures", async ({ visit }) => {
  const [anna, ben] = await Promise.all([visit("/"), visit("/")]);
  await Promise.all([linked(anna), linked(ben)]);
  await Promise.all([meets(anna, COMMONS), meets(ben, COMMONS)]);

  await write(anna, "photos");
  await anna.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(anna.getByText("Write something first.")).toBeVisible();
  await anna.getByLabel("Title").fill("By the lake");
  await expect(anna.getByText("Add a picture first.")).toBeVisible();
  const [wide, tall] = [
    await picture(anna, "DSC_1.png", [1_600, 1_000], 200),
    await picture(anna, "DSC_2.png", [700, 900], 20),
  ];
  await attach(anna, [wide, tall]);
  const field = anna.locator('input[type="file"]');
  await field.setInputFiles(given("noise.png", "image/png", "no picture at all"));
  await expect(anna.getByText(/noise\.png.? is no picture that can be used/)).toBeVisible();
  await field.setInputFiles(given("drawing.svg", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>"));
  await expect(anna.getByText(/drawing\.svg.? is no picture that can be used/)).toBeVisible();
  await field.setInputFiles(wide);
  await expect(anna.getByText(/DSC_1\.png.? is there already/)).toBeVisible();
  await expect(anna.locator("[data-file]")).toHaveCount(2);
  const [first, second] = [0, 1].map((at) => anna.getByLabel("What it shows").nth(at));
  await first!.fill("a".repeat(281));
  await expect(anna.getByText("This is longer than 280 characters.")).toBeVisible();
  await first!.fill("The lake in the morning");
  await second!.fill("The same lake, later");
  await expect(anna.getByText("This is longer than 280 characters.")).toHaveCount(0);

  // What was attached lies with the draft; a file that was removed comes back by undo.
  await anna.reload();
  await expect(anna.getByLabel("What it shows").nth(1)).toHaveValue("The same lake, later");
  await expect(anna.locator(".file-thumb img")).toHaveCount(2);
  await anna.getByRole("button", { name: /^Remove .*later/ }).click();
  await expect(anna.locator("[data-file]")).toHaveCount(1);
  await anna.getByRole("button", { name: "Undo" }).click();
  await expect(anna.getByLabel("What it shows").nth(1)).toHaveValue("The same lake, later");
  await anna.getByRole("button", { name: /^Move .*later.* up/ }).click();
  await expect(anna.getByLabel("What it shows").first()).toHaveValue("The same lake, later");
  await anna.getByText("Your share of what readers pay: 50%").click();
  await anna.getByRole("radio", { name: "75%" }).check();
  await send(anna);

  const seen = card(ben, "By the lake");
  await expect(seen).toContainText("Photo essay");
  await expect(seen).toContainText("2 pictures");
  await expect(seen.getByRole("img", { name: "The same lake, later" })).toBeVisible();
  const place = await seen.boundingBox();
  const alt = seen.getByRole("button", { name: /^ALT/ });
  await expect(alt).toHaveCount(2);
  await alt.first().click();
  const shown = ben.getByRole("dialog", { name: "What this picture shows" });
  await expect(shown.getByText("The same lake, later")).toBeVisible();
  await ben.keyboard.press("Escape");
  await expect(shown).toHaveCount(0);
  await expect(alt.first()).toBeFocused();
  await alt.nth(1).press("Enter");
  await expect(shown.getByText("The lake in the morning")).toBeVisible();
  await shown.getByRole("button", { name: "Close" }).click();
  await expect(alt.nth(1)).toBeFocused();
  expect(await seen.boundingBox()).toEqual(place);
  const strip = seen.locator("canvas").first();
  await expect
    .poll(() =>
      strip.evaluate((canvas: HTMLCanvasElement) => canvas.getContext("2d")!.getImageData(9, 9, 1, 1).data[3]),
    )
    .toBe(255);
  await seen.getByRole("link", { name: /^Read, / }).click();
  const pictures = ben.locator('[data-part="attachments"] img');
  await expect(pictures).toHaveCount(2);
  await expect(pictures.nth(1)).toHaveAccessibleName("The lake in the morning");
  await expect
    .poll(() => pictures.evaluateAll((all: HTMLImageElement[]) => all.map((each) => each.naturalWidth)))
    .toEqual([700, 1_280]);
  await expect(ben.getByText(/75% go to its author/)).toBeVisible();
  expect(await pictures.first().evaluate((image: HTMLImageElement) => image.src)).toMatch(/^blob:/);
});

test("a post takes sixteen files, and says which one was left out", async ({ visit }) => {
  const page = await visit("/write");
  await page.getByLabel("What is it?").selectOption("software");
  const files = Array.from({ length: 17 }, (_, at) =>
    given(`part-${at}.dat`, "application/octet-stream", `part ${at}`),
  );
  await page.locator('input[type="file"]').setInputFiles(files);
  await expect(page.locator("[data-file]")).toHaveCount(16);
  await expect(page.getByText(/part-16\.dat.? was left out: a post carries 16 files at most/)).toBeVisible();
  await expect(page.locator('input[type="file"]')).toBeDisabled();
  await page.getByRole("button", { name: /^Remove .*part-3/ }).click();
  await page.locator('input[type="file"]').setInputFiles(given("large.zip", "application/zip", "x".repeat(65_537)));
  await expect(page.getByText(/large\.zip.? is larger than 64 KiB/)).toBeVisible();
  await page.locator('input[type="file"]').setInputFiles(given("nothing.zip", "application/zip", ""));
  await expect(page.getByText(/nothing\.zip.? is empty/)).toBeVisible();
});

test("each kind asks for what its envelope shows, and shows it", async ({ visit }) => {
  const page = await visit("/");
  await liveIn(page, COMMONS);

  await test.step("album", async () => {
    await write(page, "album");
    await page.getByLabel("Title of the album").fill("Two tones");
    await page.getByLabel("Artist").fill("Anna and the Waves");
    await attach(page, [tone("Low.wav", 3, 220), tone("High.wav", 2, 440)]);
    await attach(page, [await picture(page, "sleeve.png", [400, 400], 300)]);
    const preview = page.locator(".composer-preview");
    await expect(preview).toContainText("Anna and the Waves");
    await expect(preview.locator(".media-list li")).toHaveText(["Low0:03", "High0:02"]);
    await expect(preview.locator(".kind-line")).toHaveText(/Album.*2 tracks.*0:05/);
    await send(page);
    await card(page, "Two tones")
      .getByRole("link", { name: /^Read, |^Two tones$/ })
      .first()
      .click();
    await page
      .getByRole("button", { name: /^Read, / })
      .or(page.locator("audio").first())
      .first()
      .waitFor();
    const players = page.locator('[data-part="attachments"] audio');
    await expect(players).toHaveCount(2);
    await expect.poll(() => players.first().evaluate((audio: HTMLAudioElement) => Math.round(audio.duration))).toBe(3);
  });

  await test.step("podcast", async () => {
    await write(page, "podcast");
    await page.getByLabel("Title of the episode").fill("On tones");
    await page.getByLabel("Show notes").fill("What a tone is, and what it is not.");
    await attach(page, [tone("Episode.wav", 4, 330)]);
    await expect(page.locator(".composer-preview .kind-line")).toHaveText(/Podcast episode.*0:04/);
    await send(page);
    await expect(card(page, "On tones")).toContainText("What a tone is");
  });

  await test.step("paper", async () => {
    await write(page, "paper");
    await page.getByLabel("Title of the paper").fill("On the news of towns");
    await page.getByLabel("Authors").fill("A. Ono, B. Pop");
    await page.getByLabel("Abstract").fill("News travels as fast as people trust each other.");
    await attach(page, [given("paper.pdf", "application/pdf", "%PDF-1.4\n%%EOF")]);
    await send(page);
    const paper = card(page, "On the news of towns");
    await expect(paper.locator(".envelope-byline")).toHaveText("A. Ono, B. Pop");
    await paper
      .getByRole("link", { name: /^Read, |^On the news/ })
      .first()
      .click();
    await expect(page.locator("iframe, embed, object")).toHaveCount(0);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    expect((await download).suggestedFilename()).toBe("paper.pdf");
  });

  await test.step("software, of which nothing runs here", async () => {
    await write(page, "software");
    await page.getByLabel("Name", { exact: true }).first().fill("Tiny game");
    await page.getByLabel("What it does").fill("A game of two keys.");
    await attach(page, [given("game.html", "text/html", "<script>window.hacked = true</script>")]);
    await attach(page, [await picture(page, "look.png", [640, 400], 120)]);
    await send(page);
    const game = card(page, "Tiny game");
    await expect(game).toContainText("Software");
    await expect(game.getByRole("img", { name: "Picture without a description" })).toBeVisible();
    await expect(game.getByRole("button", { name: /^ALT/ })).toHaveCount(0);
    await game
      .getByRole("link", { name: /^Read, |^Tiny game$/ })
      .first()
      .click();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    expect((await download).suggestedFilename()).toBe("game.bin");
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  });

  await test.step("course", async () => {
    await write(page, "course");
    await page.getByLabel("Title of the course").fill("Knots");
    await page.getByLabel("Taught by").fill("Somebody with ropes");
    const film = Buffer.alloc(500);
    film.write("\u0000\u0000\u0000\u0018ftypisom", 0, "latin1");
    await attach(page, [{ name: "The bowline.mp4", mimeType: "video/mp4", buffer: film }]);
    const lesson = page.getByLabel("Name of the lesson, and below it what it is about");
    await expect(lesson).toHaveValue("The bowline");
    await lesson.fill("The bowline\nA loop that holds, and comes off again.");
    await expect(page.locator(".composer-preview .media-title")).toHaveText("The bowline");
    await expect(page.locator(".composer-preview .media-about")).toHaveText("A loop that holds, and comes off again.");
    await expect(page.locator(".composer-preview .kind-line")).toHaveText(/Course.*1 lesson/);
    await send(page);
    await expect(card(page, "Knots").locator(".media-about")).toHaveText("A loop that holds, and comes off again.");
    await card(page, "Knots").getByRole("link", { name: "Knots" }).click();
    await expect(page.locator('[data-part="attachments"]').or(page.locator(".media-list")).first()).toContainText(
      "A loop that holds",
    );
  });

  await test.step("collection", async () => {
    const introduction = `What to do when it rains. ${"It rains here more often than not. ".repeat(12)}`.trim();
    const { postHash } = await publish(page, { headline: "Worth it", text: "A post." }, [COMMONS]);
    await publish(page, { headline: "A long walk", text: "Along the canal." }, [COMMONS]);
    await page.goto(new URL(`/write?refer=${postHash}`, page.url()).href);
    await page.getByLabel("What is it?").selectOption("collection");
    await page.getByLabel("Title").fill("For the weekend");
    await page.getByLabel("Introduction").fill(introduction);
    await page.getByRole("button", { name: "Refer to a post" }).click();
    await page.getByRole("searchbox", { name: "Words of the post, its author, or its link" }).fill("canal");
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /A long walk/ })
      .click();
    await page.keyboard.press("Escape");
    await page.getByLabel(/What you say about post 2/).fill("Bring water");
    await page.getByLabel(/What you say about post 1/).fill("The best of this week");
    await expect(page.locator(".composer-preview")).toContainText("[1] The best of this week");
    await expect(page.locator(".composer-preview .kind-line")).toHaveText(/Collection.*2 posts/);
    await send(page);
    await expect(card(page, "For the weekend")).toContainText("[1] The best of this week");
    await card(page, "For the weekend").getByRole("link", { name: "For the weekend" }).click();
    const referred = page.getByRole("region", { name: "What this refers to" }).getByRole("listitem");
    await expect(referred).toHaveText([/^1.*Worth it.*The best of this week$/s, /^2.*A long walk.*Bring water$/s]);
    // Its text is opened: neither what introduces it nor a note stands there twice.
    await expect(page.locator('[data-part="text"]')).toHaveText(introduction);
    await expect(page.locator(".envelope-summary")).toHaveCount(0);
    await expect(page.getByRole("main")).not.toContainText("[1]");
  });
});

test("a picture that is pasted on an empty page makes it a photo essay", async ({ visit }) => {
  const page = await visit("/");
  await goTo(page, "Write");
  const file = await picture(page, "pasted.png", [320, 200], 60);
  await page.getByRole("textbox", { name: "Text", exact: true }).evaluate(
    (area, bytes) => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([Uint8Array.from(bytes)], "pasted.png", { type: "image/png" }));
      area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    },
    [...file.buffer],
  );
  await expect(page.getByLabel("What is it?")).toHaveValue("photos");
  await expect(page.locator("[data-file]")).toHaveCount(1);
});

test("composer, cards and pages of posts with files have their names and fit 320 px, in both directions", async ({
  visit,
}) => {
  test.setTimeout(240_000);
  const page = await visit("/", { viewport: { width: 320, height: 700 }, reducedMotion: "reduce" });
  await page.waitForFunction(() => "mehr" in window);
  const found: string[] = [];
  async function look(what: string): Promise<void> {
    for (const [language, theme] of [
      ["en", "light"],
      ["fa", "dark"],
    ] as const) {
      await page.evaluate((settings) => window.mehr.updateSettings(settings), { language, theme });
      await expect(page.locator(`html[lang="${language}"][data-theme="${theme}"]`)).toBeAttached();
      found.push(...(await violationsOf(page)).map((violation) => `${what} (${theme}): ${violation}`));
      if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) {
        found.push(`${what} (${language}) is too wide`);
      }
    }
    await page.evaluate(() => window.mehr.updateSettings({ language: "en", theme: "light" }));
    await expect(page.locator('html[lang="en"][data-theme="light"]')).toBeAttached();
  }

  await write(page, "software");
  await page.getByLabel("Name", { exact: true }).first().fill("Tiny game");
  const look640 = await picture(page, "look.png", [640, 400], 120);
  await attach(page, [given("game.zip", "application/zip", "PK"), look640]);
  await page.getByLabel("What it shows").fill("How it looks");
  await page.locator("[data-file] textarea").first().fill("Donaudampfschifffahrtsgesellschaft".repeat(8));
  await page.getByText(/^Your share of what readers pay: /).click();
  await page.locator('input[type="file"]').setInputFiles(given("large.zip", "application/zip", "x".repeat(65_537)));
  await expect(page.getByText(/large\.zip.? is larger than 64 KiB/)).toBeVisible();
  await expect(page.locator(".composer-preview").getByRole("button", { name: /^ALT/ })).toBeVisible();
  await look("composer");
  await send(page);
  await write(page, "album");
  await page.getByLabel("Title of the album").fill("Two tones");
  await attach(page, [tone("a.wav", 2, 300), tone("b.wav", 1, 200)]);
  await send(page);
  await expect(card(page, "Two tones").locator(".media-list")).toBeVisible();
  await look("cards");
  for (const title of ["Two tones", "Tiny game"]) {
    await page.goto(new URL("/", page.url()).href);
    await card(page, title)
      .getByRole("link", { name: /^Read, / })
      .click();
    await expect(page.locator('[data-part="attachments"]')).toBeVisible();
    await look(title);
  }
  expect(found).toEqual([]);
});

test("files are covered by a box beside them, which goes with the topics and says when it cannot", async ({
  visit,
}) => {
  const page = await visit("/");
  await liveIn(page, COMMONS);
  await write(page, "photos");
  const box = page.getByRole("checkbox", { name: "Cover these files: they may be disturbing" });
  await expect(box).toHaveCount(0);
  await attach(page, [await picture(page, "a.png", [400, 300], 200)]);
  const chips = page
    .locator(".scope-field")
    .filter({ has: page.getByLabel("Topics") })
    .locator(".chip");
  const type = async (topic: string): Promise<void> => {
    await page.getByLabel("Topics").fill(topic);
    await page.getByLabel("Topics").press("Enter");
  };
  await box.check();
  await expect(chips).toHaveText(["sensitive"]);
  await box.uncheck();
  await expect(chips).toHaveCount(0);
  for (const topic of ["art/nsfw", "bread"]) await type(topic);
  await expect(box).toBeChecked();
  await box.uncheck();
  await expect(chips).toHaveText(["bread"]);
  await box.check();
  await expect(chips).toHaveText(["bread", "art / nsfw"]);
  await box.uncheck();
  for (const topic of ["tea", "rain"]) await type(topic);
  await expect(chips).toHaveText(["bread", "tea", "rain"]);
  await expect(box).toHaveAccessibleDescription(/^Three topics are there already/u);
  await box.press("Space");
  await expect(box).not.toBeChecked();
  await expect(chips).toHaveText(["bread", "tea", "rain"]);
  await page.getByRole("radio", { name: "Trusted people only" }).check();
  await expect(box).toHaveAccessibleDescription(/^Only people you trust get this post/u);
  await box.press("Space");
  await expect(box).not.toBeChecked();
  await page.getByRole("radio", { name: "A place or topic" }).check();
  await expect(chips).toHaveText(["bread", "tea", "rain"]);
  expect(await violationsOf(page, { within: ".composer" })).toEqual([]);
});
