/** Notices in real browsers: the inbox, what the system shows while nobody looks, and where a press on it leads. */
import type { Page, Worker } from "@playwright/test";
import { badge, giveIcon, look } from "./app-icon.ts";
import { expect, test, until } from "./fixtures.ts";
import { liveIn, meets, nodeIdOf, publish, valueOf } from "./people.ts";

test.use({ keepsApp: true });

const PLACE = "g:europe/nl/utrecht";

const inboxLink = (page: Page) => page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^Inbox/ });

function answer(page: Page, postHash: string, text: string, scopes: readonly string[] = [PLACE]) {
  return page.evaluate(
    ([to, words, where]) =>
      window.mehr.publish({
        id: crypto.randomUUID(),
        headline: "",
        summary: "",
        text: words,
        scopes: where,
        replyTo: to,
        updated: 0,
      }),
    [postHash, text, scopes] as const,
  );
}

async function named(page: Page, displayName: string): Promise<void> {
  await page.evaluate((name) => window.mehr.saveProfile({ displayName: name, bio: "", scopes: [] }), displayName);
}

/** Loads the page as the installed app, whose icon can bear a number. */
async function asInstalled(page: Page): Promise<void> {
  await giveIcon(page);
  await page.reload();
}

/** What the system shows of this person's app. */
function shown(worker: Worker): Promise<{ title: string; body: string; path: string }[]> {
  return worker.evaluate(async () => {
    const scope = self as unknown as { readonly registration: ServiceWorkerRegistration };
    const all = await scope.registration.getNotifications();
    return all.map(({ body, data, title }) => ({ title, body, path: (data as { path: string }).path }));
  });
}

async function serviceWorkerOf(page: Page): Promise<Worker> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  return page.context().serviceWorkers()[0] ?? (await page.context().waitForEvent("serviceworker"));
}

/** Nobody looks at these any more: automated browsers say of all pages at once that somebody does. */
async function lookAway(...pages: readonly [Page, ...Page[]]): Promise<void> {
  for (const page of pages) {
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setFocusEmulationEnabled", { enabled: false });
  }
  const other = await pages[0].context().newPage();
  await other.goto("about:blank");
  await other.bringToFront();
}

const calls = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    let lines = -1;
    const watching = await window.mehr.watch("noticeCalls", {}, ({ value }) => (lines = value.lines.length));
    await watching.close();
    return lines;
  });

test("answers, boosts and trust come to the inbox, count once, and are read on every tab", async ({ visit }) => {
  const [anna, behrouz] = await Promise.all([visit("/"), visit("/")]);
  await asInstalled(anna);
  await Promise.all([liveIn(anna, PLACE), liveIn(behrouz, PLACE)]);
  await Promise.all([meets(anna, PLACE), meets(behrouz, PLACE)]);
  await named(behrouz, "Behrouz");
  const post = await publish(anna, { headline: "Who has a ladder?", text: "Four metres would do." }, [PLACE]);
  await until("the post at Behrouz's", () => behrouz.evaluate((hash) => window.mehr.envelope(hash), post.hash));
  await answer(behrouz, post.postHash, "I do, come by after six.");
  await answer(behrouz, post.postHash, "Bring gloves.");
  await behrouz.evaluate((hash) => window.mehr.boost(hash), post.hash);
  const id = await nodeIdOf(anna);
  await behrouz.evaluate((anna) => window.mehr.trust(anna), id);

  await expect(inboxLink(anna)).toHaveAccessibleName("Inbox, 3 new");
  await look(anna, true);
  await expect.poll(() => badge(anna)).toBe(3);
  await look(anna, false);
  await expect.poll(() => badge(anna)).toBe("none");
  await inboxLink(anna).click();
  const lines = anna.getByRole("list", { name: "What has come" }).getByRole("listitem");
  await expect(lines).toHaveCount(3);
  await expect(lines.filter({ hasText: "answered you 2 times" })).toContainText("Bring gloves.");
  await expect(lines.filter({ hasText: "boosted your post" })).toContainText("Who has a ladder?");
  await expect(lines.filter({ hasText: "trusts you" })).toHaveCount(1);
  await expect(lines.getByText("new", { exact: true })).toHaveCount(3);
  await expect(inboxLink(anna)).toHaveAccessibleName("Inbox");

  const second = await anna.context().newPage();
  await second.goto(anna.url());
  await expect(second.getByRole("list", { name: "What has come" }).getByRole("listitem")).toHaveCount(3);
  await expect(second.getByText("new", { exact: true })).toHaveCount(0);
  await anna.close();

  // By keyboard, where it leads.
  const answered = second.getByRole("link", { name: /answered you 2 times/ });
  await answered.focus();
  await second.keyboard.press("Enter");
  await expect(second.getByRole("heading", { level: 1, name: "Who has a ladder?" })).toBeVisible();
});

test("the system tells of what comes while nobody looks, and a press leads there in the open tab", async ({
  visit,
}) => {
  const [anna, behrouz] = await Promise.all([visit("/inbox/settings", { permissions: ["notifications"] }), visit("/")]);
  await Promise.all([liveIn(anna, PLACE), liveIn(behrouz, PLACE)]);
  await Promise.all([meets(anna, PLACE), meets(behrouz, PLACE)]);
  await named(behrouz, "Behrouz");
  const worker = await serviceWorkerOf(anna);
  const post = await publish(anna, { headline: "Who has a ladder?", text: "Four metres would do." }, [PLACE]);
  await until("the post at Behrouz's", () => behrouz.evaluate((hash) => window.mehr.envelope(hash), post.hash));

  const choice = anna.getByRole("checkbox", { name: "Tell me while Mehr is not in front" });
  await expect(choice).not.toBeChecked();
  await choice.click();
  await expect(choice).toBeChecked();

  // In front: it is in the inbox, and nowhere else.
  await answer(behrouz, post.postHash, "While you look.");
  await expect(inboxLink(anna)).toHaveAccessibleName("Inbox, 1 new");
  await expect.poll(() => calls(anna)).toBe(0);
  expect(await shown(worker)).toEqual([]);

  await lookAway(anna);
  const reply = await answer(behrouz, post.postHash, "While you look away.");
  await expect.poll(() => shown(worker)).toMatchObject([{ body: "While you look away.", path: `/p/${reply.hash}` }]);
  expect((await shown(worker))[0]?.title).toMatch(/Behrouz.* answered you$/u);

  // As the browser says it: a press of a person gives the page the front as well.
  await worker.evaluate(async () => {
    const scope = self as unknown as { readonly registration: ServiceWorkerRegistration } & EventTarget;
    const [notification] = await scope.registration.getNotifications();
    const Pressed = (self as unknown as { readonly NotificationEvent: new (type: string, init: object) => Event })
      .NotificationEvent;
    scope.dispatchEvent(new Pressed("notificationclick", { notification }));
  });
  await expect(anna).toHaveURL(new RegExp(`/p/${reply.hash}$`));
  await expect(anna.getByText("While you look away.").first()).toBeVisible();
  await expect.poll(() => shown(worker)).toEqual([]);
});

test("of somebody whose name looks like one's own the system tells the address, and says so", async ({ visit }) => {
  const [anna, other] = await Promise.all([visit("/inbox/settings", { permissions: ["notifications"] }), visit("/")]);
  await Promise.all([liveIn(anna, PLACE), liveIn(other, PLACE)]);
  await Promise.all([meets(anna, PLACE), meets(other, PLACE)]);
  await named(anna, "Anna Lane");
  // A Cyrillic letter.
  await named(other, "Аnna Lane");
  const id = await nodeIdOf(other);
  const worker = await serviceWorkerOf(anna);
  await anna.getByRole("checkbox", { name: "Tell me while Mehr is not in front" }).click();
  const post = await publish(anna, { headline: "Who has a ladder?", text: "Four metres would do." }, [PLACE]);
  await until("the post at the other's", () => other.evaluate((hash) => window.mehr.envelope(hash), post.hash));
  await expect.poll(async () => (await valueOf(anna, "profile", { id })).displayName).toBe("Аnna Lane");
  await lookAway(anna);
  await answer(other, post.postHash, "Take mine.");
  await expect.poll(() => shown(worker)).toMatchObject([{ body: "Has a name that looks like yours\nTake mine." }]);
  expect((await shown(worker))[0]?.title).toContain(`Аnna Lane (${id.slice(0, 9)}…${id.slice(-4)})`);
});

test("words for trusted people stay off the lock screen, and quiet hours are quiet", async ({ visit }) => {
  const [anna, behrouz] = await Promise.all([visit("/inbox/settings", { permissions: ["notifications"] }), visit("/")]);
  await Promise.all([liveIn(anna, PLACE), liveIn(behrouz, PLACE)]);
  await Promise.all([meets(anna, PLACE), meets(behrouz, PLACE)]);
  const [annaId, behrouzId] = await Promise.all([nodeIdOf(anna), nodeIdOf(behrouz)]);
  await anna.evaluate((id) => window.mehr.trust(id), behrouzId);
  await behrouz.evaluate((id) => window.mehr.trust(id), annaId);
  const worker = await serviceWorkerOf(anna);
  await anna.getByRole("checkbox", { name: "Tell me while Mehr is not in front" }).click();
  await expect(anna.getByRole("checkbox", { name: /Also show words/ })).not.toBeChecked();
  const post = await publish(anna, { headline: "The party", text: "On Saturday, and only you know of it." }, []);
  await until("the post at Behrouz's", () => behrouz.evaluate((hash) => window.mehr.envelope(hash), post.hash));
  await lookAway(anna);

  await answer(behrouz, post.postHash, "The key lies under the flower pot", []);
  await expect.poll(() => shown(worker)).toHaveLength(1);
  expect(JSON.stringify(await shown(worker))).not.toMatch(/flower pot|The party/);
  expect((await shown(worker))[0]?.body).toBe("Open Mehr to read it.");

  await anna.evaluate(() => window.mehr.readNotices({ until: Number.MAX_SAFE_INTEGER }));
  await expect.poll(() => shown(worker)).toEqual([]);
  await anna.evaluate(() => {
    const now = new Date().getHours() * 60 + new Date().getMinutes();
    return window.mehr.updateNotices({ quiet: { from: (now + 1_439) % 1_440, to: (now + 60) % 1_440 } });
  });
  await answer(behrouz, post.postHash, "In the quiet", []);
  await expect(inboxLink(anna)).toHaveAccessibleName("Inbox, 1 new");
  await expect.poll(() => calls(anna)).toBe(0);
  expect(await shown(worker)).toEqual([]);
});

test("of several tabs one calls, and none once more when it takes over from another", async ({ visit }) => {
  const [anna, behrouz] = await Promise.all([visit("/inbox/settings", { permissions: ["notifications"] }), visit("/")]);
  await Promise.all([liveIn(anna, PLACE), liveIn(behrouz, PLACE)]);
  await Promise.all([meets(anna, PLACE), meets(behrouz, PLACE)]);
  await anna.getByRole("checkbox", { name: "Tell me while Mehr is not in front" }).click();
  const second = await anna.context().newPage();
  await second.goto(anna.url());
  await expect(second.getByRole("checkbox", { name: "Tell me while Mehr is not in front" })).toBeChecked();
  const post = await publish(anna, { headline: "Who has a ladder?", text: "Four metres would do." }, [PLACE]);
  await until("the post at Behrouz's", () => behrouz.evaluate((hash) => window.mehr.envelope(hash), post.hash));
  const worker = await serviceWorkerOf(anna);
  await worker.evaluate(() => {
    const { registration } = self as unknown as { readonly registration: ServiceWorkerRegistration };
    const show = registration.showNotification.bind(registration);
    const bodies: (string | undefined)[] = [];
    Object.assign(self, { bodies });
    registration.showNotification = (title, options) => {
      bodies.push(options?.body);
      return show(title, options);
    };
  });
  const called = (): Promise<string[]> =>
    worker.evaluate(() => (self as unknown as { readonly bodies: string[] }).bodies);
  await lookAway(anna, second);

  await answer(behrouz, post.postHash, "With both tabs open");
  await expect.poll(called).toEqual(["With both tabs open"]);
  await expect.poll(() => calls(second)).toBe(0);
  await anna.close();
  await meets(second, PLACE);
  await answer(behrouz, post.postHash, "With the other one");
  await expect.poll(called).toEqual(["With both tabs open", "With the other one"]);
});

test("locking takes back what the system shows", async ({ visit }) => {
  const page = await visit("/", { permissions: ["notifications"] });
  const worker = await serviceWorkerOf(page);
  await page.waitForFunction(() => "mehr" in window);
  await page.evaluate(() => window.mehr.protect({ kind: "passphrase", passphrase: "a long enough one" }, null));
  // The peer has started anew; what the page watches is open again by the time this is answered.
  await valueOf(page, "inboxCount");
  await worker.evaluate(async () => {
    const { registration } = self as unknown as { readonly registration: ServiceWorkerRegistration };
    await registration.showNotification("Somebody answered you", { body: "words", data: { path: "/inbox" } });
  });
  expect(await shown(worker)).toHaveLength(1);
  await page.evaluate(() => window.mehr.lock());
  await expect(page.getByLabel("Passphrase")).toBeVisible();
  await expect.poll(() => shown(worker)).toEqual([]);
});

test("what one is told of is chosen by keyboard, and kept; nothing asks for a permission unasked", async ({
  visit,
}) => {
  const page = await visit("/inbox");
  await expect(page.getByText("Nothing yet")).toBeVisible();
  expect(await page.evaluate(() => Notification.permission)).not.toBe("granted");
  await page.getByRole("link", { name: "What I am told of" }).focus();
  await page.keyboard.press("Enter");
  const boosts = page.getByRole("checkbox", { name: "Boosts of my posts" });
  await expect(boosts).toBeChecked();
  await boosts.focus();
  await page.keyboard.press("Space");
  await expect(boosts).not.toBeChecked();
  const hours = page.getByRole("checkbox", { name: "Do not call me at certain hours" });
  await hours.focus();
  await page.keyboard.press("Space");
  await expect(page.getByLabel("From")).toHaveValue("22:00");
  await page.getByLabel("Until").fill("06:30");
  await page.reload();
  await expect(boosts).not.toBeChecked();
  await expect(page.getByLabel("Until")).toHaveValue("06:30");
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await expect(page).toHaveURL(/\/inbox$/);
});
