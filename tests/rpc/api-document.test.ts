import { readFileSync } from "node:fs";
import { Script } from "node:vm";
import { describe, expect, it } from "vitest";
import type { FeedSpec, LiveName } from "../../src/peer/api.ts";
import { isRepeatable, METHOD_NAMES } from "../../src/rpc/methods.ts";
import { API_DOCUMENT, apiSections } from "./api-examples.ts";

// Records, so that a name that is added to the type does not compile here until it is listed.
const LIVE_NAMES: Record<LiveName, true> = {
  feed: true,
  feeds: true,
  curated: true,
  ownCurated: true,
  curatedBy: true,
  inclusions: true,
  drafts: true,
  following: true,
  blocked: true,
  mutes: true,
  flagged: true,
  doubted: true,
  defence: true,
  trusted: true,
  reach: true,
  envelope: true,
  profile: true,
  finding: true,
  search: true,
  named: true,
  searchIndex: true,
  identity: true,
  settings: true,
  status: true,
  network: true,
  lock: true,
  identities: true,
  hints: true,
  history: true,
  log: true,
  inbox: true,
  inboxCount: true,
  noticeCalls: true,
  noticeSettings: true,
  thread: true,
  lineage: true,
  referrers: true,
  graph: true,
  arrivals: true,
  heldArrivals: true,
  damagedArrivals: true,
  device: true,
};
const FEED_KINDS: Record<FeedSpec["kind"], true> = {
  home: true,
  people: true,
  trusted: true,
  author: true,
  scope: true,
  intersection: true,
  curated: true,
  replies: true,
};

/** The files that define the codes which calls reject with. */
const CODE_FILES = [
  "mesh/invite/errors.ts",
  "peer/errors.ts",
  "peer/live/errors.ts",
  "rpc/errors.ts",
  "social/compose.ts",
  "store/errors.ts",
];

function codesOf(file: string): string[] {
  const source = readFileSync(new URL(`../../src/${file}`, import.meta.url), "utf8");
  const union = /type \w+Code =(.*?);/s.exec(source)?.[1] ?? "";
  return [...union.matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code!);
}

const sections = apiSections();
const examples = sections.flatMap((section) => section.examples);

describe("docs/api.md", () => {
  it.each(METHOD_NAMES)("describes %s, with an example that calls it", (name) => {
    const section = sections.find(({ heading }) => heading === name);
    expect(section?.text).toContain(`\`${name}(`);
    expect(section?.examples.map(({ code }) => code).join("\n")).toContain(`mehr.${name}(`);
  });

  it("describes no call that does not exist", () => {
    const called = examples.flatMap(({ code }) => [...code.matchAll(/(?<!\/)\bmehr\.(\w+)/g)].map(([, name]) => name));
    expect(METHOD_NAMES).toEqual(expect.arrayContaining(called));
  });

  it("lists every live query and every kind of feed", () => {
    const live = sections.find(({ heading }) => heading === "watch")?.text;
    for (const name of Object.keys(LIVE_NAMES)) expect(live).toContain(`| \`${name}\``);
    const feed = sections.find(({ heading }) => heading === "feed")?.text;
    for (const kind of Object.keys(FEED_KINDS)) expect(feed).toContain(`kind: "${kind}"`);
  });

  it("names the calls that are not made again when the peer ends", () => {
    const once = METHOD_NAMES.filter((name) => name !== "watch" && !isRepeatable(name));
    const named = sections.find(({ heading }) => heading === "Tabs")?.text.match(/^`.*`\.$/m)?.[0];
    expect(named?.match(/\w+/g)?.toSorted()).toEqual(once.toSorted());
  });

  it.each(CODE_FILES)("lists the codes of src/%s", (file) => {
    const codes = codesOf(file);
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.filter((code) => !API_DOCUMENT.includes(`\`${code}\``))).toEqual([]);
  });

  it.each(examples)("$title can be read as a script", ({ title, code }) => {
    expect(() => new Script(`(async () => {${code}\n})`, { filename: title })).not.toThrow();
  });
});
