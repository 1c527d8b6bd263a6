/** How a test or a bench calls the peers in a page of the harness. */
import type { Page } from "@playwright/test";
import type { PeerCalls } from "./calls.ts";
import type { Harness } from "./page.ts";

declare global {
  interface Window {
    readonly harness: Harness;
  }
}

export const CHANNEL = "mehr/1/g/cyberspace/commons";

export async function callIn<Name extends keyof PeerCalls>(
  page: Page,
  index: number,
  name: Name,
  args: Parameters<PeerCalls[Name]>,
): Promise<ReturnType<PeerCalls[Name]>> {
  const value: unknown = await page.evaluate(
    ({ index, name, args }) =>
      // The names and arguments were checked where they were written; here they have passed through JSON.
      window.harness.call(index, { name, args } as Parameters<Harness["call"]>[1]),
    { index, name, args: args as unknown[] },
  );
  return value as ReturnType<PeerCalls[Name]>;
}
