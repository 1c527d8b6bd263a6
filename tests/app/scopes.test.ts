import { describe, expect, it } from "vitest";
import {
  ancestorsOf,
  kindOf,
  scopeHref,
  scopeLabel,
  scopeName,
  scopeOfPath,
  scopePath,
} from "../../src/app/text/scopes.ts";

describe("scopes as people read them", () => {
  it("writes places with capitals and topics as they are", () => {
    expect(scopePath("g:europe/nl/new amsterdam")).toBe("Europe / NL / New Amsterdam");
    expect(scopePath("t:music/jazz")).toBe("music / jazz");
    expect(scopeName("g:ایران/تهران")).toBe("تهران");
    expect(kindOf("t:music")).toBe("topic");
  });

  it("labels a topic with its path while that is short", () => {
    expect(scopeLabel("t:music/early")).toBe("music / early");
    expect(scopeLabel("t:engineering/bridges/inspection")).toBe("inspection");
    expect(scopeLabel("g:europe/nl/utrecht")).toBe("Utrecht");
  });

  it("names the scopes around one", () => {
    expect(ancestorsOf("g:europe/nl/utrecht")).toEqual(["g:europe", "g:europe/nl"]);
    expect(ancestorsOf("t:books")).toEqual([]);
  });

  it("goes to a path and back, whatever the segments hold", () => {
    for (const scope of ["g:europe/nl/utrecht", "t:c#/100% done?", "t:کتاب/شعر", "g:a b/é"]) {
      const [, , kind = "", ...segments] = scopeHref(scope).split("/");
      expect(scopeOfPath(kind, segments.map(decodeURIComponent)), scope).toBe(scope);
    }
  });

  it("refuses paths that name no scope", () => {
    expect(scopeOfPath("planet", ["x"])).toBeNull();
    expect(scopeOfPath("place", [""])).toBeNull();
  });
});
