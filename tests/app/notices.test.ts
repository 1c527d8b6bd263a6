/** Notices as people read them: words, where they lead, what of them may stand on a lock screen, and quiet hours. */
import { describe, expect, it } from "vitest";
import type { NoticeView } from "../../src/peer/api.ts";
import { resolveTemplate, translator } from "@solid-primitives/i18n";
import { en } from "../../src/app/i18n/en.ts";
import { first } from "../../src/app/i18n/en/first.ts";
import { fa } from "../../src/app/i18n/fa.ts";
import { first as firstFa } from "../../src/app/i18n/fa/first.ts";
import { clockOf, isQuietAt, minutesOf, noticeHref, noticeWords, whoWords } from "../../src/app/text/notices.ts";
import { isolatedName } from "../../src/app/text/people.ts";
import { noticesOf } from "../../src/app/text/system-notices.ts";

const number = String;
const ada = { id: `mehr1${"a".repeat(58)}`, name: "Ada", avatar: null, alike: null };
const ben = { id: `mehr1${"b".repeat(58)}`, name: null, avatar: null, alike: null };
const VIEW: NoticeView = {
  id: "r:x:y",
  kind: "reply",
  people: [ada],
  peopleCount: 1,
  count: 1,
  unread: 1,
  post: { hash: "1".repeat(64), title: "The bridge" },
  feed: null,
  latest: "2".repeat(64),
  excerpt: "Until when?",
  cover: null,
  private: false,
  at: 0,
  seq: 1,
};

describe("the words of a notice", () => {
  it("name one, two, or some and how many more", () => {
    expect(whoWords({ people: [ada], peopleCount: 1 }, number)).toEqual({ text: isolatedName(ada) });
    expect(whoWords({ people: [ada, ben], peopleCount: 2 }, number)).toMatchObject({ key: "inbox.two" });
    expect(whoWords({ people: [ada, ben, ada], peopleCount: 3 }, number)).toMatchObject({ key: "inbox.others_one" });
    expect(whoWords({ people: [ada, ben, ada], peopleCount: 9 }, number)).toMatchObject({
      key: "inbox.others_other",
      slots: { count: "7" },
    });
  });

  it("are there for every kind and number", () => {
    for (const kind of ["reply", "reference", "boost", "curated", "trust", "several"] as const) {
      for (const [count, peopleCount] of [
        [1, 1],
        [4, 1],
        [4, 4],
      ] as const) {
        const { key } = noticeWords({ kind, count, peopleCount, feed: null }, "Ada", number);
        expect(Object.keys(en)).toContain(key);
      }
    }
  });

  it("keep a name from turning the sentence around, or breaking it into lines", () => {
    expect(isolatedName({ ...ada, name: "\u202eadA\nx" })).toBe("\u2068adA x\u2069");
    expect(isolatedName(ben)).toContain("mehr1bbbb");
  });
});

describe("where a notice leads", () => {
  it("is the answer itself while it is one, else the post; the person for trust and for several things", () => {
    expect(noticeHref(VIEW)).toBe(`/p/${VIEW.latest}`);
    expect(noticeHref({ ...VIEW, count: 3 })).toBe(`/p/${VIEW.post?.hash}`);
    expect(noticeHref({ ...VIEW, kind: "boost", latest: null })).toBe(`/p/${VIEW.post?.hash}`);
    expect(noticeHref({ ...VIEW, kind: "trust", post: null })).toBe(`/trust/${ada.id}`);
    expect(noticeHref({ ...VIEW, kind: "several" })).toBe(`/u/${ada.id}`);
    expect(noticeHref({ ...VIEW, kind: "curated", feed: { id: "curated-1", name: "Rivers" } })).toBe("/f/curated-1");
    expect(noticeHref({ ...VIEW, kind: "curated" })).toBe(`/p/${VIEW.latest}`);
  });
});

describe("quiet hours", () => {
  it("goes over midnight where it ends earlier than it begins, and is never where both are one", () => {
    const night = { from: 1_320, to: 420 };
    expect([0, 419, 420, 1_319, 1_320, 1_439].map((minute) => isQuietAt(night, minute))).toEqual([
      true,
      true,
      false,
      false,
      true,
      true,
    ]);
    expect([719, 720, 779, 780].map((minute) => isQuietAt({ from: 720, to: 780 }, minute))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isQuietAt({ from: 300, to: 300 }, 300)).toBe(false);
  });

  it("are read from what a field for times gives, and nothing else", () => {
    expect([0, 75, 1_439].map(clockOf)).toEqual(["00:00", "01:15", "23:59"]);
    expect(["00:00", "23:59", "24:00", "", "7:00", "12:60"].map(minutesOf)).toEqual([0, 1_439, null, null, null, null]);
  });
});

describe("what the system shows", () => {
  const words = (language: "en" | "fa") => ({
    language: () => language,
    number,
    t: translator(() => (language === "en" ? { ...first, ...en } : { ...firstFa, ...fa }), resolveTemplate),
  });
  const alike = { id: `mehr1${"c".repeat(58)}`, name: "Ada" };
  const other = { ...ada, name: "Аda", alike };

  it("has the name alone of somebody who cannot be taken for another", () => {
    const [shown] = noticesOf([VIEW], words("en"), true, undefined);
    expect(shown).toMatchObject({ title: "\u2068Ada\u2069 answered you", body: "Until when?" });
  });

  it("has the address with a name that looks like another's, and says whose", () => {
    const line = { ...VIEW, people: [other] };
    const [shown] = noticesOf([line], words("en"), true, undefined);
    expect(shown?.title).toBe(`\u2068Аda (mehr1aaaa…aaaa)\u2069 answered you`);
    expect(shown?.body).toBe("Not the \u2068Ada\u2069 you know\nUntil when?");
    const [own] = noticesOf([line], words("en"), true, alike.id);
    expect(own?.body).toBe("Has a name that looks like yours\nUntil when?");
    const [persian] = noticesOf([line], words("fa"), true, undefined);
    expect(persian?.title).toContain("(mehr1aaaa…aaaa)");
    expect(persian?.body).toMatch(/^آن \u2068Ada\u2069 که می‌شناسید نیست\n/u);
  });

  it("says it also where the words are not to be seen, and where there are none", () => {
    const line = { ...VIEW, people: [ada, other], peopleCount: 2, private: true };
    expect(noticesOf([line], words("en"), false, undefined)[0]?.body).toBe(
      "Not the \u2068Ada\u2069 you know\nOpen Mehr to read it.",
    );
    const trust = { ...VIEW, kind: "trust" as const, people: [other], post: null, latest: null, excerpt: null };
    expect(noticesOf([trust], words("en"), true, undefined)[0]?.body).toBe("Not the \u2068Ada\u2069 you know");
  });
});
