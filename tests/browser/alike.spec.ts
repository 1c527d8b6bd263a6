/** A name that looks like that of somebody else is marked wherever it stands; where words stand alone they have the address. */
import type { Locator } from "@playwright/test";
import { violationsOf } from "./axe.ts";
import { expect, test, until } from "./fixtures.ts";
import { card, meets, nodeIdOf, publish } from "./people.ts";

const PLACE = "g:cyberspace/commons";
const MARK = "Not the \u2068Ada Lane\u2069 you know";

test("somebody with the name of a person who is followed is told apart on cards, in sentences, in lists and on the map", async ({
  visit,
}) => {
  const [anna, ada, other] = await Promise.all([visit("/"), visit("/"), visit("/")]);
  await Promise.all([anna, ada, other].map((page) => meets(page, PLACE, 2)));
  await ada.evaluate(() => window.mehr.saveProfile({ displayName: "Ada Lane", bio: "", scopes: [] }));
  // A Cyrillic letter, and an override that would turn the line around.
  await other.evaluate(() => window.mehr.saveProfile({ displayName: "\u202eАda\u2069 Lane", bio: "", scopes: [] }));
  const [adaId, id] = await Promise.all([nodeIdOf(ada), nodeIdOf(other)]);
  const short = `${id.slice(0, 9)}…${id.slice(-4)}`;
  const at = (path: string): string => new URL(path, anna.url()).href;
  /** It says so here, and nothing is wrong with how. */
  const marked = async (place: Locator): Promise<void> => {
    await expect(place.getByText(MARK).first()).toBeVisible();
    expect(await violationsOf(anna)).toEqual([]);
  };
  await anna.evaluate((key) => window.mehr.follow(key), adaId);
  await publish(ada, { headline: "By Ada", text: "Herself." }, [PLACE]);
  await expect(card(anna, "By Ada")).toBeVisible();
  const post = await publish(anna, { headline: "Who has a ladder?", text: "Four metres would do." }, [PLACE]);
  await until("the post at the other's", () => other.evaluate((hash) => window.mehr.envelope(hash), post.hash));

  await test.step("on a card, and not on that of the one who is meant", async () => {
    await publish(other, { headline: "By another", text: "Not her." }, [PLACE]);
    await marked(card(anna, "By another"));
    await expect(card(anna, "By another").locator(".envelope-author")).toHaveText("Аda Lane");
    await expect(card(anna, "By Ada").getByText("Ada Lane")).toBeVisible();
    await expect(card(anna, "By Ada").getByText(MARK)).toHaveCount(0);
  });

  await test.step("above what was boosted", async () => {
    await other.evaluate((hash) => window.mehr.boost(hash), post.hash);
    const boosted = anna.locator(".boosted").filter({ hasText: "Who has a ladder?" });
    await expect(boosted.locator(".boosted-by")).toHaveText(`\u2068Аda Lane (${short})\u2069 boosted`);
    await marked(boosted);
  });

  await test.step("on the sheet that says who has chosen a post", async () => {
    await other.evaluate(
      async ([scope, hash]) => {
        await window.mehr.saveCurated({ name: "Tools", description: "", scope });
        await window.mehr.curate({ feed: "Tools", post: hash, note: "" });
      },
      [PLACE, post.postHash] as const,
    );
    await anna.evaluate(
      (curator) => window.mehr.saveFeed({ spec: { kind: "curated", curator, name: "Tools" } }).then(() => undefined),
      id,
    );
    await anna.goto(at(`/p/${post.hash}`));
    await anna.getByRole("button", { name: /1 curator/u }).click();
    const sheet = anna.getByRole("dialog");
    await expect(sheet.getByRole("link", { name: "Tools" })).toContainText(`Аda Lane (${short})`);
    await marked(sheet);
    await anna.keyboard.press("Escape");
  });

  await test.step("in a thread, in the picture of what hangs together, and in the inbox", async () => {
    await other.evaluate(
      ([to, place]) =>
        window.mehr.publish({
          id: crypto.randomUUID(),
          headline: "",
          summary: "",
          text: "Take mine.",
          scopes: [place],
          replyTo: to,
          updated: 0,
        }),
      [post.postHash, PLACE] as const,
    );
    await marked(anna.getByRole("article").filter({ hasText: "Take mine." }));
    await anna.goto(at(`/p/${post.hash}/graph`));
    await marked(anna.locator(".graph-list"));
    await anna.goto(at("/inbox"));
    const line = anna.locator('[data-notice="reply"]');
    await expect(line).toContainText(`Аda Lane (${short})`);
    await marked(line);
  });

  await test.step("in what is found by name, and in the field that finds people", async () => {
    await anna.goto(at("/search?q=lane"));
    await marked(anna.locator('[data-named="person"]').filter({ hasText: short }));
    await anna.goto(at("/search?q=tools"));
    await marked(anna.locator('[data-named="feed"]'));
    await expect(anna.locator('[data-named="feed"]')).toContainText(`Аda Lane (${short})`);
    await anna.locator(".search-part").first().click();
    await anna.getByRole("combobox").fill("аda");
    await marked(anna.getByRole("option").filter({ hasText: short }));
  });

  await test.step("among the links, and on their picture", async () => {
    await anna.goto(at("/network"));
    await marked(anna.locator(`tr[data-peer="${id}"]`).first());
    await expect(anna.locator(`tr[data-peer="${adaId}"]`).first().getByText(MARK)).toHaveCount(0);
    // The picture has room for a name or an address.
    await expect(anna.locator(".orbit text").filter({ hasText: short })).toHaveCount(1);
    await expect(anna.locator(".orbit text").filter({ hasText: "Ada Lane" })).toHaveCount(1);
  });

  await test.step("in what is said when somebody is muted or blocked, and in the lists of those", async () => {
    await anna.goto(at(`/u/${id}`));
    await anna.getByRole("button", { name: "Mute", exact: true }).click();
    await expect(anna.getByText(`Muted: \u2068Аda Lane (${short})\u2069`)).toBeVisible();
    await anna.goto(at("/settings/mutes"));
    await marked(anna.locator("[data-part=muted]"));
    await anna.evaluate((key) => window.mehr.block(key), id);
    await anna.goto(at("/settings"));
    await marked(anna.locator(`[data-blocked="${id}"]`));
  });
});
