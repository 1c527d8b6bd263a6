import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { en } from "../../src/app/i18n/en.ts";
import { reasonKey } from "../../src/app/text/reasons.ts";

/** Codes that sources name as something that peers do. */
function codesIn(path: string, pattern: RegExp): string[] {
  const source = readFileSync(new URL(`../../src/${path}`, import.meta.url), "utf8");
  return [...(pattern.exec(source)?.[0] ?? "").matchAll(/\b[A-Z]+(?:_[A-Z]+)*\b(?=:| ?\||"|;)/g)].map(([code]) => code);
}

const misdeeds = codesIn("mesh/misdeeds.ts", /(?<=WEIGHTS)[^}]*}/);
const refusals = codesIn("social/outcomes.ts", /export type IntakeCode =[^;]*;/).filter((code) => code !== "ACCEPTED");

describe("reasons in words", () => {
  it("are found in the sources", () => {
    expect(misdeeds).toContain("FLOODING");
    expect(refusals).toContain("RATE_EXCEEDED");
  });

  it.each([...new Set([...misdeeds, ...refusals, "UNSCOPED_ON_CHANNEL", "WRONG_CHANNEL", "NOT_PROMOTED"])])(
    "%s has a sentence of its own",
    (code) => {
      expect(reasonKey(code)).not.toBe("reason.other");
      expect(en[reasonKey(code)]).toMatch(/\.$/);
    },
  );

  it("what the wire refuses for its form has one sentence", () => {
    expect(["NOT_CANONICAL", "TRAILING_BYTES", "SCOPE_COUNT", "toString"].map(reasonKey)).toEqual(
      Array.from({ length: 4 }, () => "reason.other"),
    );
  });
});
