/** That the app names people in one way: by what knows whether a name looks like that of somebody else. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, expect, it } from "vitest";

const APP = path.resolve(import.meta.dirname, "../../src/app");
const files = new Map<string, string>();

beforeAll(async () => {
  const found = (await readdir(APP, { recursive: true })).filter(
    (file) => /\.tsx?$/u.test(file) && !file.startsWith("i18n"),
  );
  for (const file of found) files.set(file.replaceAll(path.sep, "/"), await readFile(path.join(APP, file), "utf8"));
});

const having = (pattern: RegExp): string[] =>
  [...files].flatMap(([file, text]) => (pattern.test(text) ? [file] : [])).toSorted();

it("makes names of people fit to be shown in two places, one for elements and one for text", () => {
  expect(having(/\bdisplayName\(/u)).toEqual([
    "components/identity-list/index.tsx", // one's own
    "components/person/index.tsx",
    "text/display.ts",
    "text/feeds.ts", // of people whom one follows
    "text/people.ts",
  ]);
});

it("takes the names in views of posts, curators and profiles to those two alone", () => {
  expect(having(/\b(?:author|curator)Name\b/u)).toEqual([
    "pages/graph/index.tsx", // with `authorAlike`
    "state/defending.ts", // a type
    "text/people.ts",
  ]);
  expect(having(/\.displayName\b/u)).toEqual([
    "pages/me/editor.tsx", // one's own
    "pages/me/people.tsx", // people whom one follows
    "pages/packs/maker.tsx", // and here
    "pages/packs/opened.tsx", // compared here: a pack has names of its maker's
    "pages/profile/fork.tsx", // with `alike`
    "pages/profile/profile-view.tsx", // whether there is one
    "pages/welcome/index.tsx", // one's own
    "shell/aside.tsx", // people whom one follows
    "state/feed-words.ts", // and here
  ]);
});

it("leaves the mark out only of those whom one follows or trusts, which is said where it is so", () => {
  expect(having(/\bfamiliar\(/u)).toEqual([
    "pages/me/people.tsx", // followed
    "pages/packs/maker.tsx", // followed, or oneself
    "pages/trust/index.tsx", // trusted
    "pages/trust/looks-like.tsx", // the one who is meant
    "pages/write/audience.tsx", // trusted
    "shell/aside.tsx", // followed
    "text/alike-words.ts", // the one who is meant
    "text/people.ts",
  ]);
  const bare = having(/\balike: null\b/u);
  expect(bare).toEqual(["text/people.ts"]);
});

it("has a mark in each file that puts it beside a name instead of behind it", () => {
  const beside = [...files].filter(([, text]) => /<PersonName[^>]*\sbeside\b/u.test(text));
  expect(beside.length).toBeGreaterThan(5);
  for (const [file, text] of beside) {
    // The page of a profile has it in `Standing`, a pack in the list of what is picked.
    expect(text, file).toMatch(/<(?:AlikeMark|AuthorMarks|LooksLike|Standing|PickList)\b/u);
  }
});
