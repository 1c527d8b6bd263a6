import { describe, expect, it } from "vitest";
import { modeFor, qualityOf, thriftiest, type Circumstances, type Mode } from "../../src/social/index.ts";
import { scopeFromKey } from "../../src/wire/index.ts";

const scope = (key: string, match: "exact" | "prefix") => ({ kind: "scope", scope: scopeFromKey(key), match }) as const;
const circumstances = (given: Partial<Circumstances>): Circumstances => ({
  quality: "good",
  metered: false,
  lowData: "auto",
  ...given,
});

describe("the mode of a subscription", () => {
  // The seed's own examples (Subscriptions, Geographic Feed and Interest Feed).
  it.each<[string, "exact" | "prefix", Mode]>([
    ["g:north-america/us/oregon/portland/hawthorne", "exact", "push"],
    ["g:north-america/us/oregon/portland", "prefix", "digest"],
    ["g:north-america/us/oregon", "prefix", "pullhint"],
    ["t:gaming/pokemon", "prefix", "digest"],
    ["t:gaming/pokemon/competitive", "exact", "push"],
    ["t:science", "prefix", "pullhint"],
  ])("on a fair link is the seed's for %s, %s", (key, match, mode) => {
    expect(modeFor(scope(key, match), "auto", circumstances({ quality: "fair" }))).toBe(mode);
  });

  it("is push on good links, but for whole countries", () => {
    const modes = ["g:a/b/c/d", "g:a/b/c", "g:a/b", "g:a", "t:science"].map((key) =>
      modeFor(scope(key, "prefix"), "auto", circumstances({})),
    );
    expect(modes).toEqual(["push", "push", "digest", "digest", "push"]);
  });

  it("saves where the link is poor or metered, or the person says so", () => {
    for (const saving of [{ quality: "poor" }, { metered: true }, { lowData: "on" }] as const) {
      const given = circumstances(saving);
      expect(modeFor(scope("g:a/b/c/d/e", "exact"), "auto", given)).toBe("digest");
      expect(modeFor(scope("t:gaming/pokemon", "prefix"), "auto", given)).toBe("pullhint");
      expect(modeFor({ kind: "node" }, "auto", given)).toBe("digest");
    }
  });

  it("does not save where the person says never, and is what a feed asks for", () => {
    const poor = circumstances({ quality: "poor", metered: true, lowData: "off" });
    expect(modeFor(scope("t:science", "prefix"), "auto", poor)).toBe("push");
    expect(modeFor({ kind: "node" }, "pullhint", circumstances({}))).toBe("pullhint");
    expect(modeFor(scope("t:science", "prefix"), "push", circumstances({ lowData: "on" }))).toBe("push");
  });

  it("is always push for versions of objects and for what trusted people write", () => {
    for (const kind of ["key", "trusted"] as const) {
      expect(modeFor({ kind }, "pullhint", circumstances({ lowData: "on" }))).toBe("push");
    }
  });

  it("goes by the middle one of at least two round trips", () => {
    expect(qualityOf([])).toBe("good");
    expect(qualityOf([5_000])).toBe("good");
    expect(qualityOf([20, 40, 5_000])).toBe("good");
    expect(qualityOf([20, 400, 5_000])).toBe("fair");
    expect(qualityOf([700, 20, 900])).toBe("poor");
  });

  it("is the thriftiest of several", () => {
    expect(thriftiest([])).toBe("push");
    expect(thriftiest(["push", "pullhint", "digest"])).toBe("pullhint");
  });
});
