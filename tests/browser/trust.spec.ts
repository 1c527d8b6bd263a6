/** Trusted people, as they meet: codes are exchanged, something is written for them, and nobody else is sent a byte of it. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { compose, goTo, meets, nodeIdOf, publish, valueOf } from "./people.ts";
import { heard, hexOf, recordingApp } from "./recorder.ts";
import { removeApps } from "./versions.ts";

const PLACE = "g:cyberspace/commons";
/** Longer than a summary, so that the post is fetched, too. */
const SECRET = "The party is at our place on Saturday, and only you know of it. ".repeat(7).trim();
const OPEN = "The market opens at nine on Saturday, as everybody may know";

const folders: string[] = [];
test.afterEach(() => removeApps(folders.splice(0)));

const trustedFeed = (page: Page) =>
  page.evaluate(() =>
    window.mehr.feed({ feed: { kind: "trusted" }, limit: 9 }).then((rows) => rows.map((row) => row.hash)),
  );

test("a post for trusted people is on their screens, and in nothing that anybody else received", async ({
  serve,
  visit,
}) => {
  test.setTimeout(240_000);
  const folder = await recordingApp();
  folders.push(folder);
  const server = await serve({ root: folder });
  const anna = await visit("/", { server });
  const ben = await visit("/", { server });
  const reader = await visit("/", { server });
  await Promise.all([meets(anna, PLACE, 2), meets(ben, PLACE, 2), meets(reader, PLACE, 2)]);
  await anna.evaluate(() => window.mehr.saveProfile({ displayName: "Anna", bio: "", scopes: [] }));
  await ben.evaluate(() => window.mehr.saveProfile({ displayName: "Ben", bio: "", scopes: [] }));
  const [annaId, benId] = [await nodeIdOf(anna), await nodeIdOf(ben)];
  await expect.poll(async () => (await valueOf(anna, "profile", { id: benId })).displayName).toBe("Ben");
  await expect.poll(async () => (await valueOf(ben, "profile", { id: annaId })).displayName).toBe("Anna");
  // Whoever follows Anna and trusts her is not trusted by her for that.
  await reader.evaluate((id) => Promise.all([window.mehr.follow(id), window.mehr.trust(id)]), annaId);

  // Ben shows his code; Anna puts in what it says, and is asked before anything happens.
  await ben.getByRole("link", { name: "Trust somebody" }).click();
  await expect(ben.getByRole("img", { name: "QR code of your link" })).toBeVisible();
  await anna.getByRole("link", { name: "Trust somebody" }).click();
  await anna.getByLabel("Link or address").fill(new URL(`trust/${benId}`, ben.url()).href);
  await anna.getByRole("button", { name: "Go on" }).click();
  await expect(anna.getByRole("heading", { name: "Do you trust this person?" })).toBeVisible();
  expect((await valueOf(anna, "profile", { id: benId })).trusted).toBe(false);
  await anna.getByRole("button", { name: /^Trust .*Ben/ }).click();
  await expect(anna.getByRole("heading", { name: "Neighbourhood", level: 1 })).toBeVisible();
  await expect(anna.locator(`[data-trusted="${benId}"]`)).toContainText("connected");

  // Ben decides for himself, from her profile.
  await ben.goto(new URL(`/u/${annaId}`, ben.url()).href);
  await ben.getByRole("button", { name: "Trust", exact: true }).click();
  await expect(ben.getByRole("button", { name: "Stop trusting" })).toBeVisible();

  await anna.getByRole("link", { name: "Write to them" }).click();
  await expect(anna.getByRole("radio", { name: "Trusted people only" })).toBeChecked();
  await anna.getByRole("textbox", { name: "Text", exact: true }).fill(SECRET);
  await expect(anna.getByText("Only for the 1 person you trust")).toBeVisible();
  await compose(anna, { headline: "Party on Saturday", text: SECRET });

  await ben.goto(new URL("/trust", ben.url()).href);
  const card = ben.getByRole("feed").getByRole("article", { name: "Party on Saturday" });
  await expect(card).toContainText("trusted people only");
  await card.getByRole("link", { name: "Party on Saturday" }).click();
  await expect(ben.getByRole("article")).toContainText("only you know of it. The party is at our place on Saturday", {
    useInnerText: true,
  });
  // It is answered in the same circle, and says so.
  await ben.getByRole("button", { name: "Reply" }).click();
  await expect(ben.getByText("What you answer is for trusted people only, and so is the answer.")).toBeVisible();
  await ben.getByRole("textbox", { name: /^Reply to/ }).fill("I bring the cake, and nobody else hears of it");
  await ben.getByRole("button", { name: "Send reply" }).click();
  await expect(ben.getByText("Reply sent")).toBeVisible();
  await goTo(anna, "Home");
  await expect.poll(async () => (await trustedFeed(anna)).length).toBe(2);

  // Anna says something to everybody, so that the reader has got all that she gave before.
  const open = await publish(anna, { text: OPEN }, [PLACE]);
  await expect(reader.getByText(OPEN)).toBeVisible();
  expect(await trustedFeed(reader)).toEqual([]);
  const hashes = await trustedFeed(anna);
  const posts = await anna.evaluate(
    (all) => Promise.all(all.map(async (hash) => (await window.mehr.envelope(hash))?.postHash ?? "")),
    hashes,
  );
  const secrets = [
    hexOf("Party on Saturday"),
    hexOf("only you know of it"),
    hexOf("I bring the cake"),
    ...hashes,
    ...posts,
  ];
  expect(await heard(reader, [hexOf(OPEN), open.postHash, ...secrets])).toEqual([
    true,
    true,
    ...secrets.map(() => false),
  ]);

  // Trust ends at once; what Ben has stays with him.
  await anna.goto(new URL("/trust", anna.url()).href);
  await anna.locator(`[data-trusted="${benId}"]`).getByRole("button", { name: "Stop trusting" }).click();
  await expect(anna.getByText("What they have stays with them.")).toBeVisible();
  const later = await publish(anna, { text: "For nobody any more" }, []);
  const last = await publish(anna, { text: "And this is for all again" }, [PLACE]);
  await expect.poll(() => ben.evaluate((hash) => window.mehr.envelope(hash), last.hash)).not.toBeNull();
  expect(await ben.evaluate((hash) => window.mehr.envelope(hash), later.hash)).toBeNull();
  expect((await trustedFeed(ben)).toSorted()).toEqual(hashes.toSorted());
});

test("a link asks and does nothing else, and says so where it is none", async ({ visit }) => {
  const anna = await visit("/");
  const own = await nodeIdOf(anna);
  const stranger = "mehr16adfsqvzky9t042tlmfujeq88g8wzuhnm2nzxfd0qgdx3ac82ydqvaml7r";
  await anna.goto(new URL(`/open#${encodeURIComponent(`web+mehr:trust/${stranger}`)}`, anna.url()).href);
  await expect(anna.getByRole("heading", { name: "Do you trust this person?" })).toBeVisible();
  await expect(anna.getByText("They see what you write for trusted people")).toBeVisible();
  await anna.getByRole("link", { name: "Not now" }).click();
  expect((await valueOf(anna, "profile", { id: stranger })).trusted).toBe(false);
  await anna.goto(new URL(`/trust/${own}`, anna.url()).href);
  await expect(anna.getByRole("heading", { name: "This is your own code" })).toBeVisible();
  await anna.goto(new URL("/trust/mehr1nobody", anna.url()).href);
  await expect(anna.getByRole("heading", { name: "This is no address" })).toBeVisible();
});
