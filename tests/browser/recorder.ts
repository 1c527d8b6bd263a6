/** A copy of the app that keeps whatever reaches a peer over data channels, for stories about what must never reach it. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "@playwright/test";
import { expect } from "./fixtures.ts";
import { copyOfApp } from "./versions.ts";

/** Goes in front of the peer's worker. */
const RECORDER = `
const heard = (self.heard = []);
const { get } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data");
Object.defineProperty(MessageEvent.prototype, "data", {
  configurable: true,
  get() {
    const data = get.call(this);
    if (data instanceof ArrayBuffer) heard.push(new Uint8Array(data.slice(0)));
    return data;
  },
});
`;

/** The folder of such a copy; `removeApps` takes it away. */
export async function recordingApp(): Promise<string> {
  const folder = await copyOfApp();
  const assets = path.join(folder, "assets");
  const script = (await readdir(assets)).find((name) => /^peer-.*\.js$/.test(name)) ?? "";
  await writeFile(path.join(assets, script), RECORDER + (await readFile(path.join(assets, script), "utf8")));
  return folder;
}

export const hexOf = (text: string): string => Buffer.from(text).toString("hex");

/** Which of these byte strings, in hex, stand in anything that came in. */
export async function heard(page: Page, hexes: readonly string[]): Promise<boolean[]> {
  const found = await Promise.all(
    page.workers().map((worker) =>
      worker.evaluate((wanted) => {
        const chunks = (self as unknown as { heard?: Uint8Array[] }).heard;
        if (chunks === undefined) return null;
        const all = chunks.map((chunk) => Array.from(chunk, (byte) => byte.toString(16).padStart(2, "0")).join(""));
        return wanted.map((hex) => all.some((text) => text.includes(hex)));
      }, hexes),
    ),
  );
  const recorded = found.filter((one) => one !== null);
  expect(recorded).toHaveLength(1);
  return recorded[0]!;
}
