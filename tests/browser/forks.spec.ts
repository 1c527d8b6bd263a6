/** Who signs two versions of one thing with the same number is caught at it: the reader sees both, and which of them counts. */
import { expect } from "./fixtures.ts";
import { HOSTILE_PATH, publishAll, test } from "./hostile-author.ts";
import { hashOf, toHex } from "../../src/wire/index.ts";
import { card, liveIn } from "./people.ts";

const PLACE = "g:europe/nl/utrecht";

test("two versions of a profile, and of a curated feed, are shown as what they are", async ({
  hostileServer,
  visit,
  guard,
}) => {
  guard.allow(hostileServer.url);
  const reader = await visit("/", { server: hostileServer, viewport: { width: 390, height: 844 } });
  await liveIn(reader, PLACE);
  const hostile = await visit(HOSTILE_PATH, { server: hostileServer });
  const id = await publishAll(hostile, {
    relay: hostileServer.relayUrl,
    place: PLACE,
    name: "Two of me",
    bio: "Both of them sign",
    posts: [{ headline: "Only one of this", summary: null, text: "Once.", links: [], scopes: [PLACE], media: [] }],
    forks: {
      name: "Three of me",
      feed: { name: "Bridges", descriptions: ["Of stone alone", "Of steel alone"] },
    },
  });
  await expect(card(reader, "Only one of this")).toBeVisible();

  await reader.goto(`${hostileServer.url}u/${id}`);
  await expect(reader.getByText("Two different versions of this profile are going around.")).toBeVisible();
  const name = reader.getByRole("heading", { level: 1 });
  await expect(name).toContainText(/(Two|Three) of me/);
  const other = (await name.innerText()).includes("Two") ? "Three" : "Two";
  await expect(reader.getByRole("region", { name: "The other version" })).toContainText(`${other} of me`);

  await reader.goto(`${hostileServer.url}curated?by=${id}&feed=Bridges`);
  const fork = reader.locator('[data-part="fork"]');
  await expect(fork).toContainText(
    "Two different versions of this feed are going around. No change is taken for a day.",
  );
  const [here, there] = (await fork.innerText()).includes("steel") ? ["stone", "steel"] : ["steel", "stone"];
  await expect(fork).toContainText(`It says of itself: \u2068Of ${there} alone\u2069`);
  await expect(reader.getByText(`Of ${here} alone`)).toBeVisible();
  for (const [only, description] of [
    ["there", `Of ${there} alone`],
    ["here", `Of ${here} alone`],
  ] as const) {
    const entry = toHex(hashOf(new TextEncoder().encode(description)));
    const link = fork.locator(`[data-only="${only}"]`).getByRole("link", { name: entry.slice(0, 12) });
    await expect(link).toHaveAttribute("href", new RegExp(`/p/${entry}$`, "u"));
  }
});
