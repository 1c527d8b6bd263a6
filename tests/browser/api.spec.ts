import { apiSections } from "../rpc/api-examples.ts";
import { expect, test } from "./fixtures.ts";

/** After these the page of the app loads itself anew: another identity runs, or none until it is unlocked. */
const LOADING = ["lock", "createIdentity", "switchIdentity"];

/** docs/api.md, run in the real app: every example in the order of the document, by a newcomer without another peer. */
test("every example of docs/api.md runs", async ({ visit }) => {
  const page = await visit();
  /** What did not hold: `console.assert` is how the examples say what does. */
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "assert") complaints.push(message.text());
  });
  await page.waitForFunction(() => "mehr" in window);
  for (const { title, code } of apiSections().flatMap((section) => section.examples)) {
    await test.step(title, async () => {
      const reload = LOADING.some((call) => title.startsWith(`${call},`)) ? page.waitForEvent("load") : null;
      await page.evaluate(`(async () => {${code}\n})()`);
      await reload;
      await page.waitForFunction(() => "mehr" in window);
      expect(complaints, title).toEqual([]);
    });
  }
});
