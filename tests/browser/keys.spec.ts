/** Keys and identities as people have them: locked, unlocked, backed up, brought back, switched, deleted. */
import { readFile } from "node:fs/promises";
import type { CDPSession, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { card, draftsOf, liveIn, linked, nodeIdOf, presentId, publish, valueOf } from "./people.ts";

const PLACE = "g:cyberspace/commons";
const PASSPHRASE = "correct horse battery";
/** A word that nothing but a draft holds. */
const SECRET = "Mithradates";

/** Argon2id takes a second or two of a processor that others use as well. */
test.describe.configure({ timeout: 180_000 });

/** Everything that IndexedDB and localStorage of this origin hold, as text. */
async function dump(page: Page): Promise<string> {
  return await page.evaluate(async () => {
    const result = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(request.error));
      });
    const hex = (bytes: Uint8Array): string =>
      [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("") + new TextDecoder("latin1").decode(bytes);
    const seen: string[] = [JSON.stringify(Object.entries(localStorage))];
    for (const { name } of await indexedDB.databases()) {
      const database = await result(indexedDB.open(name!));
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([result(all.getAllKeys()), result(all.getAll())]);
        const text = JSON.stringify([keys, values], (_, value: unknown) =>
          value instanceof Uint8Array ? hex(value) : value instanceof ArrayBuffer ? hex(new Uint8Array(value)) : value,
        );
        seen.push(`${name}/${store}: ${text}`);
      }
      database.close();
    }
    return seen.join("\n");
  });
}

async function setPassphrase(page: Page, text: string): Promise<void> {
  await page.getByRole("button", { name: "Set a passphrase" }).click();
  await page.getByLabel("New passphrase").fill(text);
  await page.getByLabel("Once more").fill(text);
  await page.getByRole("button", { name: "Encrypt" }).click();
  await expect(page.getByText("Your key and drafts are encrypted on this device.")).toBeVisible();
}

async function lockState(page: Page): Promise<string> {
  return (await valueOf(page, "lock")).state;
}

/** A device that keeps passkeys and answers without anybody touching it. */
async function withPasskeys(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return session;
}

test("a passphrase hides what is private from the disk, and gives it back", async ({ visit }) => {
  const page = await visit("/settings");
  const id = await nodeIdOf(page);
  await liveIn(page, "g:europe/nl/utrecht");
  await page.evaluate(
    (text) =>
      window.mehr.saveDraft({ id: "d1", headline: "", summary: "", text, scopes: [], replyTo: null, updated: 1 }),
    SECRET,
  );
  const before = await dump(page);
  const entropy = /"entropy":"([0-9a-f]{64})/u.exec(before)?.[1];
  const seed = /"seed":"([0-9a-f]{64})/u.exec(before)?.[1];
  expect(entropy).toBeDefined();
  expect(seed).toBeDefined();
  expect(before).toContain(SECRET);
  await setPassphrase(page, PASSPHRASE);
  const after = await dump(page);
  for (const text of [SECRET, "utrecht", entropy!, seed!]) expect(after).not.toContain(text);
  expect(await nodeIdOf(page)).toBe(id);

  // A new page has nothing in memory: it asks, wherever it was going, and goes there.
  await page.goto(new URL("/network", page.url()).href);
  await expect(page.getByRole("heading", { level: 1, name: /locked/i })).toBeVisible();
  await expect(page.getByText(SECRET)).toHaveCount(0);
  await page.getByLabel("Passphrase").fill("wrong horse battery");
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
  await expect(page.getByRole("alert")).toHaveText("That is not the passphrase.");
  expect(await lockState(page)).toBe("locked");
  await page.getByLabel("Passphrase").fill(PASSPHRASE);
  await page.getByLabel("Passphrase").press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Network" })).toBeVisible();
  expect(await nodeIdOf(page)).toBe(id);
  expect((await valueOf(page, "settings")).home).toBe("g:europe/nl/utrecht");

  // What is typed from now on is not mirrored in the clear either.
  await page.goto(new URL("/write", page.url()).href);
  await page.getByLabel("Passphrase").fill(PASSPHRASE);
  await page.getByLabel("Passphrase").press("Enter");
  await page.getByRole("textbox", { name: "Text", exact: true }).fill(`${SECRET} again`);
  await expect(page.getByText("Draft kept on this device")).toBeVisible();
  expect(await dump(page)).not.toContain(SECRET);
});

test("another tab that takes the peer over does not ask again, and locking locks all", async ({ visit }) => {
  const first = await visit("/settings");
  await setPassphrase(first, PASSPHRASE);
  const second = await first.context().newPage();
  await second.goto(first.url());
  await expect.poll(() => lockState(second)).toBe("open");
  await first.close();
  await expect.poll(() => lockState(second), { timeout: 30_000 }).toBe("open");
  const third = await second.context().newPage();
  await third.goto(second.url());
  await expect.poll(() => lockState(third)).toBe("open");
  await third.getByRole("button", { name: "Lock now" }).click();
  for (const page of [second, third]) {
    await expect(page.getByRole("heading", { level: 1, name: /locked/i })).toBeVisible();
  }
  await second.getByLabel("Passphrase").fill(PASSPHRASE);
  await second.getByLabel("Passphrase").press("Enter");
  for (const page of [second, third]) {
    await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  }
});

test("a passkey unlocks, and takes the place of the passphrase", async ({ guard, server, visit }) => {
  // Browsers give passkeys to names, not to addresses.
  const named = { ...server, url: server.url.replace("127.0.0.1", "localhost") };
  guard.allow(named.url);
  const page = await visit("/settings", { server: named });
  await withPasskeys(page);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByText("1 passkey unlocks it.")).toBeVisible();
  await page.getByRole("button", { name: "Lock now" }).click();
  await page.getByRole("button", { name: "Unlock with a passkey" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await page.getByRole("button", { name: "Set a passphrase" }).click();
  await page.getByLabel("New passphrase").fill(PASSPHRASE);
  await page.getByLabel("Once more").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByText("A passphrase unlocks it.")).toBeVisible();
  await page.getByRole("button", { name: "Remove passkey 1" }).click();
  await page.getByLabel("Present passphrase").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByText("1 passkey unlocks it.")).toHaveCount(0);
  await page.getByRole("button", { name: "Remove the passphrase" }).click();
  await expect(page.getByText("This is the last way to unlock.", { exact: false })).toBeVisible();
  await page.getByLabel("Present passphrase").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Remove the passphrase" }).click();
  await expect(page.getByText("Nothing is encrypted yet.", { exact: false })).toBeVisible();
});

test("a backup brings a person to another browser", async ({ visit }) => {
  const page = await visit("/settings");
  const id = await nodeIdOf(page);
  await page.evaluate(() => window.mehr.saveProfile({ displayName: "Noor", bio: "", scopes: [] }));
  await publish(page, { headline: "Kept", text: "In the backup." }, [PLACE]);
  await page.locator("#backup").getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save a backup" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^mehr-backup-\d{4}-\d\d-\d\d\.mehr$/u);
  const buffer = await readFile(await download.path());
  expect(buffer.toString("latin1")).not.toContain("In the backup.");

  const other = await visit("/restore");
  const stranger = await nodeIdOf(other);
  const file = { name: "backup.mehr", mimeType: "application/octet-stream" };
  await other.getByLabel("Backup file").setInputFiles({ ...file, buffer: Buffer.from("not a backup at all") });
  await other.getByRole("button", { name: "Restore from this file" }).click();
  await expect(other.getByText("This is no backup of Mehr.")).toBeVisible();
  await other.getByLabel("Backup file").setInputFiles({ ...file, buffer });
  await other.getByRole("button", { name: "Restore from this file" }).click();
  await expect(other.getByText("This backup is under a passphrase.", { exact: false })).toBeVisible();
  await other.getByLabel("Passphrase", { exact: true }).fill("wrong horse battery");
  await other.getByRole("button", { name: "Restore from this file" }).click();
  await expect(other.getByText("That is not the passphrase of this backup.")).toBeVisible();
  expect(await nodeIdOf(other)).toBe(stranger);
  await other.getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
  await other.getByRole("button", { name: "Restore from this file" }).click();
  await expect(card(other, "Kept")).toBeVisible();
  expect(await nodeIdOf(other)).toBe(id);
  expect((await valueOf(other, "profile", { id })).displayName).toBe("Noor");
});

test("a backup of the person who is here adds what is missing, once it was looked at", async ({ visit }) => {
  const page = await visit("/restore");
  const id = await nodeIdOf(page);
  const given = await page.evaluate(async () => {
    const draft = { headline: "Half a letter", summary: "", text: "Dear", scopes: [], replyTo: null, updated: 1 };
    await window.mehr.saveDraft({ ...draft, id: "letter" });
    await window.mehr.saveFeed({ spec: { kind: "scope", scope: "t:bread", match: "prefix" } });
    await window.mehr.updateSettings({ theme: "light" });
    const file = await window.mehr.exportBackup();
    await window.mehr.dropDraft("letter");
    await window.mehr.updateSettings({ theme: "dark" });
    return [...new Uint8Array(await file.arrayBuffer())];
  });
  const file = { name: "backup.mehr", mimeType: "application/octet-stream", buffer: Buffer.from(given) };
  await page.getByLabel("Backup file").setInputFiles(file);
  await page.getByRole("button", { name: "Restore from this file" }).click();
  await expect(page.getByRole("heading", { name: "This backup is yours" })).toBeVisible();
  await expect(page.locator("[data-merge] li")).toHaveText(["1 draft"]);
  await expect(page.getByLabel("Take its settings as well", { exact: false })).not.toBeChecked();
  // Nothing was taken yet.
  expect(await draftsOf(page)).toEqual([]);
  await page.getByRole("button", { name: "Add it" }).click();
  await page.waitForURL(/\/$/u);
  await page.goto(new URL("/write", page.url()).href);
  await expect(page.getByText("Half a letter")).toBeVisible();
  expect(await nodeIdOf(page)).toBe(id);
  expect(await valueOf(page, "settings", {})).toMatchObject({ theme: "dark" });

  await page.goto(new URL("/restore", page.url()).href);
  await page.getByLabel("Backup file").setInputFiles(file);
  await page.getByRole("button", { name: "Restore from this file" }).click();
  await expect(page.getByText("Everything in it is here already.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Add it" })).toBeDisabled();
});

test("words on another machine bring the history back from a neighbour", async ({ visit }) => {
  const reader = await visit();
  const writer = await visit();
  const id = await nodeIdOf(writer);
  await Promise.all([linked(reader), linked(writer)]);
  await writer.evaluate(() => window.mehr.saveProfile({ displayName: "Noor", bio: "Bread.", scopes: [] }));
  for (const headline of ["One", "Two", "Three"]) {
    await publish(writer, { headline, text: `${headline} ${"word ".repeat(200)}` }, [PLACE]);
  }
  for (const headline of ["One", "Two", "Three"]) await expect(card(reader, headline)).toBeVisible();
  // The reader opens them: from then on it can give them to others.
  await reader.evaluate(async (author) => {
    for (const row of await window.mehr.feed({ feed: { kind: "author", author }, limit: 10 })) {
      await window.mehr.post(row.postHash!);
    }
  }, id);
  const words = (await writer.evaluate(() => window.mehr.words())).join(" ");
  await writer.context().close();

  const other = await visit("/restore");
  await other.getByLabel("The 24 words").fill(words);
  await other.getByRole("button", { name: "Restore", exact: true }).click();
  await expect(other.getByRole("heading", { name: "Bringing back what you wrote" })).toBeVisible();
  await linked(other);
  await expect.poll(async () => (await valueOf(other, "history")).state, { timeout: 60_000 }).toBe("done");
  expect(await valueOf(other, "history")).toMatchObject({ envelopes: 3, posts: 3, missing: 0 });
  await expect(other.getByRole("heading", { name: "Bringing back what you wrote" })).toHaveCount(0);
  for (const headline of ["One", "Two", "Three"]) await expect(card(other, headline)).toBeVisible();
  expect(await valueOf(other, "profile", { id })).toMatchObject({ displayName: "Noor", bio: "Bread.", own: true });
});

test("two identities are switched in one press, in all tabs", async ({ visit }) => {
  const page = await visit("/me");
  const first = await nodeIdOf(page);
  await page.evaluate(() => window.mehr.saveProfile({ displayName: "Noor", bio: "", scopes: [] }));
  await publish(page, { headline: "By Noor", text: "First." }, [PLACE]);
  const tab = await page.context().newPage();
  await tab.goto(page.url());
  await expect(tab.getByRole("heading", { level: 1, name: "Noor" })).toBeVisible();
  await page.getByRole("link", { name: "Identities" }).click();
  await page.getByRole("button", { name: "New identity" }).click();
  // The page has loaded itself anew when the other one is said to be in use.
  await expect(page.getByRole("button", { name: "Switch to Noor" })).toBeVisible();
  const second = await nodeIdOf(page);
  expect(second).not.toBe(first);
  await expect.poll(() => presentId(tab)).toBe(second);
  await expect(tab.getByRole("heading", { level: 1, name: "Noor" })).toHaveCount(0);
  await page.goto(new URL("/me?identities=1", page.url()).href);
  await page.getByRole("button", { name: "Switch to Noor" }).click();
  await expect.poll(() => presentId(page)).toBe(first);
  await expect(tab.getByRole("heading", { level: 1, name: "Noor" })).toBeVisible();
  await page.getByRole("button", { name: /^Remove Without a name yet/u }).click();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByRole("button", { name: /^Switch to/u })).toHaveCount(0);
  const names = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  expect(new Set(names)).toEqual(new Set(["mehr", "mehr-registry"]));
});

test.describe("where the app is kept", () => {
  test.use({ keepsApp: true });

  test("deleting everything leaves nothing, in any tab, and says so", async ({ visit }) => {
    const page = await visit("/settings");
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await setPassphrase(page, PASSPHRASE);
    const tab = await page.context().newPage();
    await tab.goto(page.url());
    await expect.poll(() => lockState(tab)).toBe("open");
    await tab.getByLabel("Type “delete” to confirm").fill("delete");
    await tab.getByRole("button", { name: "Delete everything" }).click();
    for (const one of [page, tab]) {
      await expect(one.getByRole("heading", { level: 1, name: "Everything is deleted" })).toBeVisible();
    }
    const left = () =>
      tab.evaluate(async () => ({
        databases: (await indexedDB.databases()).map(({ name }) => name),
        caches: await caches.keys(),
        local: Object.entries(localStorage),
        session: Object.entries(sessionStorage),
      }));
    await expect.poll(left).toEqual({ databases: [], caches: [], local: [], session: [] });
    await tab.getByRole("button", { name: "Start anew" }).click();
    await expect(tab.getByRole("heading", { level: 2, name: "Welcome to Mehr" })).toBeVisible();
    expect(await lockState(tab)).toBe("none");
  });
});
