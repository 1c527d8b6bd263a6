/** The content security policy holds in the browser, and WebRTC is told of no server. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { linked } from "./people.ts";

declare global {
  interface Window {
    ran?: boolean;
    /** Directives of the policy that something ran into. */
    refused?: Set<string>;
    /** What every RTCPeerConnection of this page was made with. */
    configurations?: unknown[];
  }
}

test("what is not of the app does not run and is not loaded", async ({ visit, guard }) => {
  // Both tell of what was stopped: the browser's console, and Playwright, which sees requests before the policy does.
  guard.expectFault(/Content Security Policy/);
  guard.expectFault(/elsewhere\.invalid/);
  const page = await visit("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.evaluate(() => {
    window.refused = new Set();
    document.addEventListener("securitypolicyviolation", (event) => window.refused?.add(event.effectiveDirective));
    const add = (tag: string, properties: object): HTMLElement => {
      const element = Object.assign(document.createElement(tag), properties);
      document.body.append(element);
      return element;
    };
    add("script", { textContent: "ran = true" });
    add("script", { src: "https://elsewhere.invalid/x.js" });
    add("img", { src: "https://elsewhere.invalid/x.png" });
    add("iframe", { src: "https://elsewhere.invalid/" });
    add("link", { rel: "stylesheet", href: "https://elsewhere.invalid/x.css" });
    add("style", { textContent: "body { display: none }" });
    document.body.setAttribute("onclick", "ran = true");
    document.body.click();
    add("a", { href: "javascript:ran = true" }).click();
    fetch("https://elsewhere.invalid/").catch(() => undefined);
    // In a task of the page's own: what the test itself evaluates stands above the policy.
    setTimeout(() => Reflect.construct(Function, ["ran = true"]) as unknown);
  });
  guard.expectFault(/EvalError/);
  const refused = (): Promise<string[]> => page.evaluate(() => [...(window.refused ?? [])].toSorted());
  await expect
    .poll(refused)
    .toEqual([
      "connect-src",
      "frame-src",
      "img-src",
      "script-src",
      "script-src-attr",
      "script-src-elem",
      "style-src-elem",
    ]);
  expect(await page.evaluate(() => window.ran ?? false)).toBe(false);
  await expect(page.locator("body")).toBeVisible();
});

/** A page that writes down how its connections are made. */
async function watched(page: Page): Promise<Page> {
  await page.context().addInitScript(() => {
    window.configurations = [];
    const Real = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Real {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        window.configurations?.push(configuration?.iceServers ?? null);
      }
    };
  });
  await page.reload();
  return page;
}

test("connections are made without STUN or TURN servers unless one is set", async ({ visit }) => {
  const anna = await watched(await visit("/"));
  const behrouz = await watched(await visit("/"));
  await Promise.all([linked(anna), linked(behrouz)]);
  for (const page of [anna, behrouz]) {
    const configurations = await page.evaluate(() => window.configurations ?? []);
    expect(configurations.length).toBeGreaterThan(0);
    for (const iceServers of configurations) expect(iceServers).toEqual([]);
  }
});
