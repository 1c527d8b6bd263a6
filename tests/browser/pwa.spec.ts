/** The app as an app: what its manifest says, installing it, links and launches, the badge on its icon. */
import type { BrowserContext, Page } from "@playwright/test";
import { badge, giveIcon, look } from "./app-icon.ts";
import { violationsOf } from "./axe.ts";
import { expect, test } from "./fixtures.ts";
import { nodeIdOf, valueOf } from "./people.ts";
import { installed } from "./versions.ts";

test.use({ keepsApp: true });

interface Picture {
  readonly src: string;
  readonly sizes: string;
}

interface Manifest {
  readonly id: string;
  readonly icons: readonly (Picture & { readonly purpose?: string })[];
  readonly screenshots: readonly (Picture & { readonly form_factor: string })[];
  readonly shortcuts: readonly { readonly url: string; readonly icons: readonly Picture[] }[];
}

declare global {
  interface Window {
    /** What was given to `setConsumer`. */
    launch?: (parameters: { readonly targetURL: string }) => void;
    prompts?: number;
  }
}

test("has a manifest that Chromium takes as it stands, with pictures as it says", async ({ visit, server }) => {
  const page = await visit("/");
  await installed(page);
  const session = await page.context().newCDPSession(page);
  const { errors, url, data } = await session.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  expect(url).toBe(`${server.url}manifest.webmanifest`);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  // A context of a test is what Chromium calls incognito, and only that stands in the way.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual([]);
  const { appId } = await session.send("Page.getAppId");
  expect(appId).toBe(server.url);

  const manifest = JSON.parse(data ?? "") as Manifest;
  const pictures = [...manifest.icons, ...manifest.screenshots, ...manifest.shortcuts.flatMap(({ icons }) => icons)];
  for (const { src, sizes } of pictures) {
    if (sizes === "any") continue;
    const real = await page.evaluate(async (address) => {
      const image = await createImageBitmap(await (await fetch(address)).blob());
      return `${image.width}x${image.height}`;
    }, src);
    expect(real, src).toBe(sizes);
  }
  expect(new Set(manifest.icons.map(({ purpose }) => purpose))).toEqual(new Set([undefined, "maskable", "monochrome"]));
  expect(new Set(manifest.screenshots.map((shot) => shot.form_factor))).toEqual(new Set(["wide", "narrow"]));
  for (const shortcut of manifest.shortcuts) {
    await page.goto(new URL(shortcut.url, server.url).href);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("heading", { name: "There is no such page" })).toHaveCount(0);
  }
});

test("opens web+mehr addresses, and says so when one leads nowhere", async ({ visit, server }) => {
  const page = await visit("/");
  const id = await nodeIdOf(page);
  const open = async (address: string): Promise<void> => {
    // An address that differs behind "#" alone would load nothing.
    await page.goto("about:blank");
    await page.goto(`${server.url}open#${encodeURIComponent(address)}`);
  };
  for (const [address, path] of [
    [`web+mehr:${id}`, `u/${id}`],
    [`web+mehr:post/${"0".repeat(64)}`, `p/${"0".repeat(64)}`],
    ["web+mehr:place/europe/nl/utrecht", "s/place/europe/nl/utrecht"],
    ["web+mehr:topic/music/jazz", "s/topic/music/jazz"],
    ["web+mehr:join/AbC-_9", "join#AbC-_9"],
  ] as const) {
    await open(address);
    await expect(page).toHaveURL(`${server.url}${path}`);
  }
  for (const hostile of [
    "web+mehr:javascript:alert(1)",
    "web+mehr://elsewhere.invalid/",
    "javascript:alert(1)",
    `web+mehr:post/${"0".repeat(63)}`,
    `web+mehr:place/\u202e${"x".repeat(40)}`,
    "x".repeat(20_000),
  ]) {
    await open(hostile);
    await expect(page.getByRole("heading", { name: "Open an address" })).toBeVisible();
    expect(page.url().startsWith(`${server.url}open#`)).toBe(true);
  }
  expect(await violationsOf(page)).toEqual([]);
});

/** Launches of an installed app, as the browser would give them to its window. */
async function catchLaunches(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const queue = { setConsumer: (consumer: Window["launch"]) => (window.launch = consumer) };
    Object.defineProperty(window, "launchQueue", { value: queue });
  });
}

test("goes where a launch leads without a reload, and keeps what is being written", async ({ visit, server }) => {
  const page = await visit("/");
  await catchLaunches(page.context());
  await page.goto(`${server.url}write`);
  const launch = (path: string): Promise<void> =>
    page.evaluate((targetURL) => window.launch?.({ targetURL }), new URL(path, server.url).href);
  await page.evaluate(() => document.body.setAttribute("data-loaded-once", ""));
  // The launch that opened this window is told as well, and is done already.
  await launch("write");
  await page.getByRole("textbox", { name: "Text", exact: true }).fill("Half a thought");
  await launch("explore");
  await expect(page.getByRole("heading", { level: 1, name: "Explore" })).toBeVisible();
  await launch("https://elsewhere.invalid/");
  await launch("write");
  await expect(page.getByRole("textbox", { name: "Text", exact: true })).toHaveValue("Half a thought");

  // Words that nothing keeps hold the page, until the person says otherwise.
  await launch("me?edit=1");
  await page.getByLabel("About you").fill("Gardener, and");
  await launch("explore");
  await expect(page.getByRole("heading", { name: "Mehr was asked to open something else" })).toBeVisible();
  await page.getByRole("button", { name: "Stay here" }).click();
  await expect(page.getByLabel("About you")).toHaveValue("Gardener, and");
  await launch("explore");
  await page.getByRole("button", { name: "Open it", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Explore" })).toBeVisible();
  await expect(page.locator("[data-loaded-once]")).toHaveCount(1);
});

/** Chromium offers installation to nobody who drives it; the event is its own. */
async function offerInstallation(page: Page, outcome: "accepted" | "dismissed"): Promise<void> {
  await page.evaluate((answer) => {
    const event = new Event("beforeinstallprompt", { cancelable: true });
    window.prompts = 0;
    Object.assign(event, {
      prompt: () => {
        window.prompts = (window.prompts ?? 0) + 1;
        return Promise.resolve({ outcome: answer });
      },
    });
    window.dispatchEvent(event);
    if (!event.defaultPrevented) throw new Error("the browser would show a bar of its own");
  }, outcome);
}

test("offers to be installed once it has been of use, and not again when told so", async ({ visit }) => {
  const page = await visit("/");
  const offer = page.getByRole("heading", { name: "Keep Mehr at hand" });
  const home = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Home", exact: true });
  await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();
  await offerInstallation(page, "dismissed");
  await expect(offer).toHaveCount(0);

  await page.goto(new URL("write", page.url()).href);
  await offerInstallation(page, "dismissed");
  await page.getByRole("textbox", { name: "Text", exact: true }).fill("Here I am.");
  await expect(offer).toHaveCount(0);
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(offer).toBeVisible();
  await page.getByRole("button", { name: "Install", exact: true }).click();
  expect(await page.evaluate(() => window.prompts)).toBe(1);
  await expect(offer).toHaveCount(0);
  await page.reload();
  await offerInstallation(page, "accepted");
  await home.click();
  await expect(page.getByText("Here I am.")).toBeVisible();
  await expect(offer).toHaveCount(0);

  // Whoever looks for it finds it in the settings, and after that nothing is offered any more.
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings", exact: true }).click();
  await page.getByRole("button", { name: "Install", exact: true }).click();
  expect(await page.evaluate(() => window.prompts)).toBe(1);
  await page.evaluate(() => window.dispatchEvent(new Event("appinstalled")));
  await expect(page.getByText("Mehr runs as an app of its own here.")).toBeVisible();
});

test("comes back to somebody on the second day with an offer", async ({ visit }) => {
  const page = await visit("/");
  await page.clock.setFixedTime(Date.now() + 86_400_000);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();
  await offerInstallation(page, "accepted");
  const offer = page.getByRole("heading", { name: "Keep Mehr at hand" });
  await expect(offer).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole("button", { name: "Not now" }).click();
  await expect(offer).toHaveCount(0);
});

test("tells in words how to install where the browser has no prompt", async ({ visit }) => {
  const page = await visit("/");
  await page.addInitScript(() => Object.defineProperty(navigator, "standalone", { value: false }));
  await page.clock.setFixedTime(Date.now() + 86_400_000);
  await page.reload();
  await expect(page.getByText("Add to Home Screen")).toBeVisible();
  await expect(page.getByRole("button", { name: "Install", exact: true })).toHaveCount(0);
});

test("shows on its icon how many own posts wait while nobody looks", async ({ visit, server }) => {
  const page = await visit("/");
  await giveIcon(page);
  await page.goto(`${server.url}settings`);
  await page.evaluate(() =>
    window.mehr.publish({
      id: "w",
      headline: "",
      summary: "",
      text: "Nobody is there yet.",
      scopes: ["g:europe/nl/utrecht"],
      replyTo: null,
      updated: 1,
    }),
  );
  await expect.poll(async () => (await valueOf(page, "status")).waiting).toBe(1);
  await expect.poll(() => badge(page)).toBe("none");
  await look(page, true);
  await expect.poll(() => badge(page)).toBe(1);
  await look(page, false);
  await expect.poll(() => badge(page)).toBe("none");

  const choice = page.getByRole("checkbox", { name: /Show on the icon/ });
  await choice.uncheck();
  await look(page, true);
  await page.evaluate(() => Promise.resolve());
  expect(await badge(page)).toBe("none");
  await look(page, false);
  await page.reload();
  await expect(choice).not.toBeChecked();
});
