import { apiSections } from "../rpc/api-examples.ts";
import { expect, test } from "./fixtures.ts";

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
      await page.evaluate(`(async () => {${code}\n})()`);
      expect(complaints, title).toEqual([]);
    });
  }
});
