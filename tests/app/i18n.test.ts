import { describe, expect, it } from "vitest";
import { arrive as arriveEn } from "../../src/app/i18n/en/arrive.ts";
import { devices as devicesEn } from "../../src/app/i18n/en/devices.ts";
import { diagnostics as diagnosticsEn } from "../../src/app/i18n/en/diagnostics.ts";
import { join as joinEn } from "../../src/app/i18n/en/join.ts";
import { mutes as mutesEn } from "../../src/app/i18n/en/mutes.ts";
import { packs as packsEn } from "../../src/app/i18n/en/packs.ts";
import { first as firstEn } from "../../src/app/i18n/en/first.ts";
import { en as commonEn } from "../../src/app/i18n/en.ts";
import { arrive as arriveFa } from "../../src/app/i18n/fa/arrive.ts";
import { devices as devicesFa } from "../../src/app/i18n/fa/devices.ts";
import { diagnostics as diagnosticsFa } from "../../src/app/i18n/fa/diagnostics.ts";
import { join as joinFa } from "../../src/app/i18n/fa/join.ts";
import { mutes as mutesFa } from "../../src/app/i18n/fa/mutes.ts";
import { packs as packsFa } from "../../src/app/i18n/fa/packs.ts";
import { first as firstFa } from "../../src/app/i18n/fa/first.ts";
import { fa as commonFa } from "../../src/app/i18n/fa.ts";
import { createFormats } from "../../src/app/i18n/formats.ts";
import { chooseLanguage, directionOf } from "../../src/app/i18n/language.ts";

const slots = (text: string) =>
  [...text.matchAll(/\{\{ (\w+) \}\}/g)].map(([, name = ""]) => name).sort((a, b) => a.localeCompare(b));

/** The words of the first screen, those of every page, and those that come with a page of their own. */
const DICTIONARIES: readonly (readonly [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>])[] =
  [
    ["first screen", firstEn, firstFa],
    ["common", commonEn, commonFa],
    ["diagnostics", diagnosticsEn, diagnosticsFa],
    ["join", joinEn, joinFa],
    ["mutes", mutesEn, mutesFa],
    ["devices", devicesEn, devicesFa],
    ["packs", packsEn, packsFa],
    ["arrive", arriveEn, arriveFa],
  ];

describe.each(DICTIONARIES)("the dictionaries: %s", (_, en, fa) => {
  it("have the same keys in the same order", () => {
    expect(Object.keys(fa)).toEqual(Object.keys(en));
  });

  it("leave the same places to fill in", () => {
    for (const [key, text] of Object.entries(en)) expect(slots(fa[key] ?? ""), key).toEqual(slots(text));
  });

  it("say everything in words, Persian ones in Persian", () => {
    for (const [key, text] of Object.entries(en)) expect(text.trim(), key).not.toBe("");
    for (const [key, text] of Object.entries(fa)) {
      if (slots(text).length > 0 && text.replace(/\{\{ \w+ \}\}/g, "").trim().length < 3) continue;
      expect(text, key).toMatch(/\p{Script=Arabic}/u);
    }
  });
});

describe("language", () => {
  it("follows the setting, else the browser, else English", () => {
    expect(chooseLanguage("fa", ["en"])).toBe("fa");
    expect(chooseLanguage("auto", ["de-DE", "fa-IR", "en"])).toBe("fa");
    expect(chooseLanguage("auto", ["de"])).toBe("en");
    expect(directionOf("fa")).toBe("rtl");
    expect(directionOf("en")).toBe("ltr");
  });
});

describe("formats", () => {
  const english = createFormats("en");
  const now = Date.UTC(2026, 5, 15, 12);

  it("tells sizes in steps of a thousand", () => {
    expect([0, 999, 1_234, 1_000_000, 3_400_000_000].map((size) => english.bytes(size))).toEqual([
      "0 bytes",
      "999 bytes",
      "1.2 kB",
      "1 MB",
      "3.4 GB",
    ]);
    // Without the Latin letters of the short units.
    expect(createFormats("fa").bytes(1_234)).toBe("۱٫۲ کیلوبایت");
  });

  it("tells how long ago, up to a week", () => {
    const ages = [0, 59_000, 60_000, 3_600_000, 86_400_000, 6 * 86_400_000];
    expect(ages.map((age) => english.ago(now - age, now))).toEqual([
      "now",
      "now",
      "1 min. ago",
      "1 hr. ago",
      "yesterday",
      "6 days ago",
    ]);
    expect(english.ago(now - 8 * 86_400_000, now)).toMatch(/^Jun \d+, 2026$/);
  });

  it("says now of a clock that runs ahead", () => {
    expect(english.ago(now + 500_000, now)).toBe("now");
  });

  it("writes Persian digits in Persian", () => {
    expect(createFormats("fa").number(1_234)).toMatch(/^[۰-۹٬]+$/);
  });
});
