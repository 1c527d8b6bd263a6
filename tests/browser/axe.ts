/** What axe finds to complain about. */
import type { Page } from "@playwright/test";
import axe, { type RunOptions } from "axe-core";

export interface Scope {
  /** Names of the only rules to look at; default: all. */
  readonly rules?: string[];
  /** CSS selector of the only part to look at; default: the whole page. */
  readonly within?: string;
}

/** Where colours are all that has changed. */
export const CONTRAST: Scope = { rules: ["color-contrast"] };

/**
 * A line for each rule that the page breaks, with the elements that break it; empty when all is well. Axe stays in the page for the
 * next time (to read its half a megabyte takes longer than many a page needs to be looked at), and describes no element that keeps a rule.
 */
export async function violationsOf(page: Page, { rules, within }: Scope = {}): Promise<string[]> {
  if (page.frames().length > 1) throw new Error("axe would see one frame of several");
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  return await page.evaluate(
    async ({ only, part }) => {
      const options: RunOptions = { resultTypes: ["violations"] };
      if (only !== undefined) options.runOnly = { type: "rule", values: only };
      const { violations } = await window.axe.run(part ?? document, options);
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    },
    { only: rules, part: within },
  );
}

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}
