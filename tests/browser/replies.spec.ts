/** Answers find their way under the post that they answer. */
import { expect, test } from "./fixtures.ts";
import { card, compose, liveIn, meets, publish } from "./people.ts";

const PLACE = "g:europe/nl/utrecht";

test("a reply appears under the post in the other browser, and leads back to it", async ({ visit }) => {
  const [anna, behrouz] = await Promise.all([visit("/"), visit("/")]);
  await Promise.all([liveIn(anna, PLACE), liveIn(behrouz, PLACE)]);
  await Promise.all([meets(anna, PLACE), meets(behrouz, PLACE)]);
  await publish(anna, { headline: "Who has a ladder?", text: "Four metres would do." }, [PLACE, "t:tools"]);

  await card(anna, "Who has a ladder?").getByRole("link", { name: "Who has a ladder?" }).click();
  const replies = anna.getByRole("region", { name: "Replies" });
  await expect(replies.getByText("No replies have reached you yet.")).toBeVisible();

  await card(behrouz, "Who has a ladder?").getByRole("link", { name: "Who has a ladder?" }).click();
  await behrouz.getByRole("button", { name: "Reply" }).click();
  await behrouz.getByRole("link", { name: "Write it with more room" }).click();
  await expect(behrouz.getByRole("heading", { level: 1, name: "Write a reply" })).toBeVisible();
  // A reply carries the scopes of what it answers.
  await expect(behrouz.getByRole("button", { name: "Remove Europe / NL / Utrecht" })).toBeVisible();
  await expect(behrouz.getByRole("button", { name: "Remove tools" })).toBeVisible();
  await compose(behrouz, { text: "I do, come by after six." });

  // The writer is back at the post, with the reply below it.
  await expect(behrouz.getByRole("heading", { level: 1, name: "Who has a ladder?" })).toBeVisible();
  await expect(behrouz.getByRole("region", { name: "Replies" }).getByRole("article")).toHaveText(
    /I do, come by after six\./,
  );

  const reply = replies.getByRole("article");
  await expect(reply).toHaveText(/I do, come by after six\./);
  await reply.getByRole("link", { name: /^Post by/ }).click();
  await expect(anna.getByText("I do, come by after six.")).toBeVisible();
  await anna.getByRole("region", { name: "What this answers" }).getByRole("link").click();
  await expect(anna.getByRole("heading", { level: 1, name: "Who has a ladder?" })).toBeVisible();
});
