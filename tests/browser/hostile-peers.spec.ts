/**
 * Hostile peers, in Node and in a browser, over real WebRTC, against the app as people use it: no long task on its threads, nothing kept, the
 * offender shut out and the reason shown, and a friend heard as fast as ever.
 *
 * Attacks that consist of waiting for minutes run against a whole peer with a faster clock (tests/hostile).
 */
import { rm } from "node:fs/promises";
import { chromium, type Browser, type Page } from "@playwright/test";
import { decodeNodeId, encodeNodeId, fromHex } from "../../src/wire/index.ts";
import { initHash } from "../../src/hash/index.ts";
import { ATTACKS, PLACE, TOPIC, type Attack } from "../hostile/attacks.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { expect, test as base, until, type Guard } from "./fixtures.ts";
import { FLAGS } from "./flags.ts";
import { appWithAttacker, ATTACKER_PATH, HostilePage } from "./hostile-page.ts";
import { buildAttacker, HostileProcess, type Hostile } from "./hostile-process.ts";
import { meets, network, nodeIdOf, publish } from "./people.ts";
import type { Server } from "./server.ts";
import { longestTasks, type LongestTasks } from "./task-trace.ts";

declare global {
  interface Window {
    /** When this page was told of each envelope, by hash, in ms since 1970. */
    arrivals: Record<string, number>;
  }
}

/** The bounds that the attacks are held to, in ms. */
const PAGE_TASK = 50;
const WORKER_TASK = 200;
/** What arrives within this time arrives at once: below it twice the usual says nothing on a busy machine. */
const AT_ONCE = 250;
const SAMPLES = 5;
/** Ms between two posts of the friend's: a place takes 600 of one author in an hour, and the attacks take minutes. */
const BETWEEN = 500;
/** The same attacks by other means: one of each protocol, since what is received is the same. */
const IN_A_BROWSER: readonly string[] = [
  "garbage on every protocol",
  "signatures that are wrong",
  "posts whose bytes have another hash",
  "500 open streams",
  "envelopes without a scope on a channel",
  "envelopes from another town that nobody there has endorsed",
];

/** A browser of its own for the victim, whose threads alone are looked at. */
const test = base.extend<object, { victims: Browser; script: string }>({
  script: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of a fixture's needs from this pattern
    async ({}, use) => {
      await use(await buildAttacker());
    },
    { scope: "worker" },
  ],

  victims: [
    async ({ chromiumPath }, use) => {
      const browser = await chromium.launch({ executablePath: chromiumPath, args: FLAGS });
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],
});

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

/** Notes down when the page hears of each envelope of the place. */
async function listen(page: Page): Promise<void> {
  await page.evaluate(async (scope) => {
    window.arrivals = {};
    const note = (hash: string): void => void (window.arrivals[hash] ??= Date.now());
    await window.mehr.watch("feed", { feed: { kind: "scope", scope, match: "exact" }, limit: 500 }, (update) => {
      if (update.kind === "rows") for (const { hash } of update.rows) note(hash);
      if (update.kind === "diff")
        for (const op of update.ops) if (op.op === "insert") for (const { hash } of op.rows) note(hash);
    });
  }, PLACE);
}

let written = 0;

/** Milliseconds from the friend's press of the button until the victim's page shows it. */
async function delivery(friend: Page, victim: Page): Promise<number> {
  const began = Date.now();
  const { hash } = await publish(friend, { text: `Honest ${written++}` }, [PLACE]);
  const arrived = await until("an honest post at the victim", () =>
    victim.evaluate((key) => window.arrivals[key] ?? null, hash),
  );
  return arrived - began;
}

/** Valid envelopes of somebody else, of yesterday. */
async function signedByOthers(count: number): Promise<Uint8Array[]> {
  const other = await signerOf(77);
  const created = Date.now() - 86_400_000;
  const said = Array.from({ length: count }, (_, at) => signEnvelope(other, { summary: `Said ${at}`, created }));
  return (await Promise.all(said)).map(({ bytes }) => bytes);
}

interface Report extends LongestTasks {
  readonly attack: string;
  readonly usual: number;
  readonly meanwhile: number;
  readonly reason: string;
}

interface Siege {
  readonly victims: Browser;
  readonly guard: Guard;
  readonly server: Server;
  /** Opens the app of the server as somebody else. */
  readonly visit: (address: string) => Promise<Page>;
  /** A hostile peer that has done nothing yet. */
  readonly hostile: () => Promise<Hostile>;
  readonly attacks: readonly Attack[];
}

/** One victim, one friend of theirs, and one hostile peer after the other. */
async function besiege({ attacks, guard, hostile, server, victims, visit }: Siege): Promise<Report[]> {
  await initHash();
  const context = await victims.newContext();
  guard.watch(context);
  const victim = await context.newPage();
  await victim.goto(server.url);
  const friend = await visit("/");
  await Promise.all([meets(victim, PLACE), meets(friend, PLACE)]);
  await victim.evaluate(async (topic) => void (await window.mehr.updateSettings({ topics: [topic] })), TOPIC);
  await listen(victim);
  const key = decodeNodeId(await nodeIdOf(victim));
  const { postHash } = await publish(victim, { text: "Much to read. ".repeat(3_500) }, [PLACE]);
  const held = await signedByOthers(40);
  const read = async (post: Uint8Array): Promise<void> => {
    // There is no such post; what the reader says to the person is tested elsewhere.
    const asked = (hash: string): Promise<unknown> => window.mehr.post(hash).catch(() => null);
    await victim.evaluate(asked, Buffer.from(post).toString("hex"));
  };
  const reports: Report[] = [];
  for (const attack of attacks) {
    await test.step(attack.name, async () => {
      reports.push(await underAttack(attack));
    });
  }
  await context.close();
  return reports;

  async function underAttack(attack: Attack): Promise<Report> {
    const usual: number[] = [];
    const meanwhile: number[] = [];
    const at = ATTACKS.indexOf(attack);
    const attacker = await hostile();
    try {
      const id = encodeNodeId(await attacker.reach(server.relayUrl, key, new Uint8Array(32).fill(100 + at)));
      while (usual.length < SAMPLES) usual.push(await delivery(friend, victim));
      const before = (await network(victim)).storage;
      const tasks = await longestTasks(victims, victim, async () => {
        const pace = { over: false };
        const attacking = attacker
          .attack(at, { held, large: fromHex(postHash) }, read)
          .finally(() => (pace.over = true));
        while (!pace.over || meanwhile.length < SAMPLES) {
          meanwhile.push(await delivery(friend, victim));
          await friend.waitForTimeout(BETWEEN);
        }
        await attacking;
      });
      const known = expect.stringMatching(new RegExp(`^(${attack.reasons.join("|")})$`));
      // What is said of it in between is shown when it is not enough.
      const said = async (): Promise<object> => {
        const { misdeeds, refused, shutOut } = await network(victim);
        const reason = shutOut.find(({ peer }) => peer === id)?.code ?? "";
        return { reason, misdeed: misdeeds.find(({ peer }) => peer === id), refused };
      };
      await expect.poll(said).toMatchObject({ reason: known });
      const { shutOut, storage } = await network(victim);
      const feed = { kind: "author", author: id } as const;
      const kept = await victim.evaluate((query) => window.mehr.feed({ feed: query, limit: 1_000 }), feed);
      expect(kept.length).toBeLessThanOrEqual(attack.mayKeep ?? 0);
      expect(storage.objects).toBe(before.objects);
      expect(tasks.page, "the longest task of the page").toBeLessThan(PAGE_TASK);
      expect(tasks.worker, "the longest task of the worker").toBeLessThan(WORKER_TASK);
      const reason = shutOut.find(({ peer }) => peer === id)?.code ?? "";
      const report = { attack: attack.name, usual: median(usual), meanwhile: median(meanwhile), reason, ...tasks };
      expect(report.meanwhile).toBeLessThan(Math.max(AT_ONCE, 2 * report.usual));
      return report;
    } finally {
      await attacker.end();
    }
  }
}

/** What was measured goes with the report of the test. */
function attachment(reports: readonly Report[]): { body: string; contentType: string } {
  return { body: JSON.stringify(reports, null, 2), contentType: "application/json" };
}

test("a hostile peer in Node is shut out, and nobody else notices", async ({
  guard,
  script,
  server,
  victims,
  visit,
}, info) => {
  test.setTimeout(600_000);
  const attacks = ATTACKS.filter(({ slow }) => slow !== true);
  const hostile = async (): Promise<Hostile> => new HostileProcess(script);
  await info.attach("attacks", attachment(await besiege({ attacks, guard, hostile, server, victims, visit })));
});

test("so is a modified peer in a browser", async ({ guard, serve, victims, visit }, info) => {
  test.setTimeout(600_000);
  const root = await appWithAttacker();
  const server = await serve({ root });
  const attacks = ATTACKS.filter(({ name }) => IN_A_BROWSER.includes(name));
  expect(attacks).toHaveLength(IN_A_BROWSER.length);
  const hostile = async (): Promise<Hostile> => new HostilePage(await visit(ATTACKER_PATH, { server }));
  const there = (address: string): Promise<Page> => visit(address, { server });
  await info.attach("attacks", attachment(await besiege({ attacks, guard, hostile, server, victims, visit: there })));
  await rm(root, { recursive: true });
});
