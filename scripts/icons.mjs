/**
 * Draws the PNG icons of the manifest from SVG files: those that the app shows
 * lie in public/icons, the others in scripts/icons, in the Chromium that the tests use.
 * The PNGs are committed; run this after a change of the drawings: `node scripts/icons.mjs`.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { CHROMIUM_FLAGS, findChromium } from "./chromium.mjs";

const folder = new URL("../public/icons/", import.meta.url);
const drawings = new URL("icons/", import.meta.url);

const ICONS = [
  { from: "mehr.svg", to: "mehr-192.png", size: 192 },
  { from: "mehr.svg", to: "mehr-512.png", size: 512 },
  { from: "mehr-maskable.svg", to: "mehr-maskable-192.png", size: 192 },
  { from: "mehr-maskable.svg", to: "mehr-maskable-512.png", size: 512 },
  { from: "mehr-maskable.svg", to: "apple-touch-icon.png", size: 180 },
  { folder: drawings, from: "mehr-monochrome.svg", to: "mehr-monochrome-512.png", size: 512 },
  { folder: drawings, from: "shortcut-write.svg", to: "shortcut-write-96.png", size: 96 },
  { folder: drawings, from: "shortcut-home.svg", to: "shortcut-home-96.png", size: 96 },
  { folder: drawings, from: "shortcut-explore.svg", to: "shortcut-explore-96.png", size: 96 },
];

const browser = await chromium.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
try {
  for (const { folder: source = folder, from, to, size } of ICONS) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const svg = await readFile(new URL(from, source), "utf8");
    await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px}</style>${svg}`);
    await page.screenshot({ path: fileURLToPath(new URL(to, folder)), omitBackground: true });
    await page.close();
  }
} finally {
  await browser.close();
}
