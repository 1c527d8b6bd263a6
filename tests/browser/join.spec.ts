/** Two people join by the app alone, with no relay: pictures are scanned, links are sent, and what goes wrong is explained. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium, type Locator, type Page } from "@playwright/test";
import { expect, test as base } from "./fixtures.ts";
import { FLAGS } from "./flags.ts";
import { card, linked, nodeIdOf, publish } from "./people.ts";
import { pictureOf, pointsOf, read } from "./qr-codes.ts";
import { startStaticSite, type StaticSite } from "./static-site.ts";

const PLACE = "g:cyberspace/commons";

interface Fixtures {
  /** The app from a host of files that names no relay: nobody introduces anybody. */
  readonly site: StaticSite;
  readonly person: (address?: string) => Promise<Page>;
}

const test = base.extend<Fixtures>({
  site: async ({ guard }, use) => {
    const site = await startStaticSite([]);
    guard.allow(site.url);
    await use(site);
    await site.stop();
  },
  person: async ({ site, visit }, use) => {
    await use((address = "/join") => visit(address, { server: site, viewport: { width: 390, height: 844 } }));
  },
});

const shownLink = (page: Page): Locator => page.getByLabel("The link as text");
const isLinked = (page: Page): Locator => page.getByRole("heading", { name: "You are linked" });
const problem = (page: Page, code: string): Locator => page.locator(`[role="alert"][data-code="${code}"]`);

/** Opens an invitation and returns its link. */
async function invite(page: Page): Promise<string> {
  await page.getByRole("link", { name: "Make an invitation" }).click();
  await expect(shownLink(page)).toBeVisible();
  return shownLink(page).inputValue();
}

async function answer(page: Page, link: string): Promise<string> {
  await page.goto(link);
  await page.getByRole("button", { name: "Answer" }).click();
  await expect(shownLink(page)).toBeVisible();
  return shownLink(page).inputValue();
}

async function putIn(page: Page, text: string): Promise<void> {
  await page.getByLabel("Answer of the other person").fill(text);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
}

/** Gives a picture to the scanner, as somebody does whose camera is not to be used. */
async function scanPicture(page: Page, picture: Buffer): Promise<void> {
  await page.getByRole("button", { name: "Scan" }).click();
  await page
    .getByLabel("Choose a picture instead")
    .setInputFiles({ name: "code.png", mimeType: "image/png", buffer: picture });
}

test("two people join through pictures alone, and what one posts is on the other's screen", async ({
  person,
  site,
}) => {
  const [anna, behrouz] = await Promise.all([person(), person()]);
  await anna.evaluate(() => window.mehr.saveProfile({ displayName: "Anna", bio: "", scopes: [] }));
  const link = await invite(anna);
  expect(link).toContain(`${site.url}join#`);
  const picture = await pictureOf(anna);
  expect(await read(anna, picture)).toBe(link);
  await expect(anna.getByText("Good for 9 more minutes.")).toBeVisible();

  await scanPicture(behrouz, picture);
  await expect(behrouz.getByRole("heading", { name: "You are invited" })).toBeVisible();
  const id = await nodeIdOf(anna);
  await expect(behrouz.getByText(id.slice(-4))).toBeVisible();
  await behrouz.getByRole("button", { name: "Answer" }).click();
  await expect(behrouz.getByText("Waiting for")).toBeVisible();
  await scanPicture(anna, await pictureOf(behrouz));

  await Promise.all([expect(isLinked(anna)).toBeVisible(), expect(isLinked(behrouz)).toBeVisible()]);
  await expect(behrouz.getByText(/You and .?Anna.? are connected directly\./u)).toBeVisible();
  await publish(anna, { headline: "No server was asked", text: "Hello." }, [PLACE]);
  await behrouz.getByRole("link", { name: "Go to the posts" }).click();
  await expect(card(behrouz, "No server was asked")).toBeVisible();
});

test("links that are sent lead to a link, also when the answer is opened instead of pasted", async ({ person }) => {
  const [anna, behrouz] = await Promise.all([person(), person()]);
  const reply = await answer(behrouz, await invite(anna));
  // Where she reads her messages: another tab of the same browser.
  const other = await anna.context().newPage();
  await other.goto(reply);
  await Promise.all([expect(isLinked(other)).toBeVisible(), expect(isLinked(behrouz)).toBeVisible()]);
  await linked(anna);
});

test("codes that lead nowhere say why, and what to do", async ({ person, site }) => {
  const [anna, behrouz, cem] = await Promise.all([person(), person(), person()]);
  const link = await invite(anna);
  const code = new URL(link).hash.slice(1);

  await behrouz.goto(`${site.url}join#${code.slice(0, 60)}`);
  await expect(problem(behrouz, "INVITE_MALFORMED")).toContainText("This is not a whole code.");
  const changed = `${code.slice(0, -4)}${code.endsWith("AAAA") ? "BBBB" : "AAAA"}`;
  await behrouz.goto(`${site.url}join#${changed}`);
  await expect(problem(behrouz, "INVITE_SIGNATURE_INVALID")).toContainText("Do not use it.");
  await putIn(anna, link);
  await expect(problem(anna, "INVITE_OWN")).toContainText("This is your own code.");
  // What was put in is still there.
  await expect(anna.getByLabel("Answer of the other person")).toHaveValue(link);

  const reply = await answer(behrouz, link);
  await cem.goto(reply);
  await expect(problem(cem, "INVITE_NOT_FOR_YOU")).toContainText("This code is for somebody else.");
  await putIn(anna, reply);
  await expect(isLinked(anna)).toBeVisible();
  await cem.goto(`${site.url}join?invite=1`);
  await expect(shownLink(cem)).toBeVisible();
  await putIn(cem, reply);
  await expect(problem(cem, "INVITE_NOT_FOR_YOU")).toBeVisible();

  // Anna's page is loaded anew, which ends her invitations.
  await anna.goto(`${site.url}join?invite=1`);
  await expect(shownLink(anna)).toBeVisible();
  await putIn(anna, reply);
  await expect(problem(anna, "INVITE_UNKNOWN")).toContainText("Make a new one.");
});

test("an answer that comes after newer invitations is told to be too late", async ({ person }) => {
  const [anna, behrouz] = await Promise.all([person(), person()]);
  const reply = await answer(behrouz, await invite(anna));
  // Four are open at once.
  await anna.evaluate(async () => {
    for (let made = 0; made < 4; made++) await window.mehr.createInvite();
  });
  await putIn(anna, reply);
  await expect(problem(anna, "INVITE_EXPIRED")).toContainText("The time of this code is over.");
  await anna.getByRole("button", { name: "Make a new invitation" }).click();
  await expect(problem(anna, "INVITE_EXPIRED")).toHaveCount(0);
});

test("an invitation whose time is over says so, and the next one is a press away", async ({ person }) => {
  const page = await person();
  const link = await invite(page);
  await page.clock.setFixedTime(Date.now() + 11 * 60_000);
  await expect(page.getByRole("heading", { name: "This invitation is over" })).toBeVisible();
  // Before the time is put right, which makes the first invitation good again.
  await page.getByRole("button", { name: "Make a new invitation" }).click();
  await page.clock.setFixedTime(Date.now());
  await expect(shownLink(page)).not.toHaveValue(link);
});

test("the camera reads the code from a screen, and a refused one leaves other ways", async ({
  chromiumPath,
  person,
  site,
}) => {
  const anna = await person();
  const link = await invite(anna);
  const folder = await mkdtemp(path.join(tmpdir(), "mehr-camera-"));
  const film = path.join(folder, "code.y4m");
  await writeFile(film, filmOf(await pointsOf(anna, await pictureOf(anna))));
  const phone = await chromium.launch({
    executablePath: chromiumPath,
    args: [...FLAGS, "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${film}`],
  });
  try {
    const context = await phone.newContext();
    const page = await context.newPage();
    await page.goto(`${site.url}join`);
    await page.getByRole("button", { name: "Scan" }).click();
    await expect(page.getByText("The browser may not use the camera.")).toBeVisible();
    await page.keyboard.press("Escape");
    await context.grantPermissions(["camera"]);
    await page.getByRole("button", { name: "Scan" }).click();
    await expect(page.getByRole("heading", { name: "You are invited" })).toBeVisible();
    expect(new URL(page.url()).hash).toBe(new URL(link).hash);
    // The camera is on only while somebody scans.
    await expect(page.locator("video")).toHaveCount(0);
  } finally {
    await phone.close();
    await rm(folder, { recursive: true });
  }
});

/** A film of one picture in the middle of a white screen of 1280 by 960, as YUV4MPEG2. */
function filmOf({ data, height, width }: { data: Uint8Array; height: number; width: number }): Buffer {
  const [wide, high] = [1_280, 960];
  const light = new Uint8Array(wide * high).fill(235);
  const scale = 2;
  const [left, top] = [(wide - width * scale) >> 1, (high - height * scale) >> 1];
  for (let y = 0; y < height * scale; y++) {
    for (let x = 0; x < width * scale; x++) {
      const green = data[(Math.floor(y / scale) * width + Math.floor(x / scale)) * 4 + 1] ?? 0;
      light[(top + y) * wide + left + x] = 16 + Math.round((green * 219) / 255);
    }
  }
  const grey = new Uint8Array((wide * high) / 2).fill(128);
  const frame = Buffer.concat([Buffer.from("FRAME\n"), light, grey]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${wide} H${high} F10:1 Ip A1:1 C420\n`), frame, frame]);
}

test("a picture without a code says so", async ({ person }) => {
  const page = await person();
  await scanPicture(page, await page.screenshot());
  await expect(page.getByText("There is no code in this picture that can be read.")).toBeVisible();
});

test.describe("where the app is kept", () => {
  test.use({ keepsApp: true });

  test("an invitation can be opened at the first visit and without a network, and its code is told to no server", async ({
    person,
  }) => {
    const anna = await person();
    const link = await invite(anna);
    const behrouz = await person("/join");
    const asked: string[] = [];
    behrouz.context().on("request", (request) => asked.push(request.url()));
    await behrouz.evaluate(() => navigator.serviceWorker.ready);
    await behrouz.context().setOffline(true);
    await behrouz.goto(link);
    await behrouz.reload();
    await expect(behrouz.getByRole("heading", { name: "You are invited" })).toBeVisible();
    const code = new URL(link).hash.slice(1);
    expect(asked.filter((url) => url.replace(/#.*$/, "").includes(code))).toEqual([]);
  });
});

test("works in Persian and by keyboard alone", async ({ person }) => {
  const [anna, behrouz] = await Promise.all([person(), person()]);
  await behrouz.evaluate(() => window.mehr.updateSettings({ language: "fa" }));
  const link = await invite(anna);
  await behrouz.getByLabel("پیوند یا کد").focus();
  await behrouz.keyboard.insertText(link);
  await behrouz.keyboard.press("Tab");
  await behrouz.keyboard.press("Enter");
  const button = behrouz.getByRole("button", { name: "پاسخ دادن" });
  await expect(button).toBeVisible();
  for (let pressed = 0; pressed < 20 && !(await button.evaluate((e) => e === document.activeElement)); pressed++) {
    await behrouz.keyboard.press("Tab");
  }
  await behrouz.keyboard.press("Enter");
  const reply = await behrouz.getByLabel("پیوند به صورت متن").inputValue();
  await anna.getByLabel("Answer of the other person").focus();
  await anna.keyboard.insertText(reply);
  await anna.keyboard.press("Tab");
  await anna.keyboard.press("Enter");
  await expect(behrouz.getByRole("heading", { name: "به هم وصل شدید" })).toBeVisible();
});
