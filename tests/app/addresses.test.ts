import { describe, expect, it } from "vitest";
import { targetOfAddress } from "../../src/app/text/addresses.ts";
import { encodeNodeId } from "../../src/wire/index.ts";

const NODE = encodeNodeId(new Uint8Array(32).fill(7));
const HASH = "0123456789abcdef".repeat(4);

const pathOf = (address: string): string | null => {
  const target = targetOfAddress(address);
  return "path" in target ? target.path : null;
};

describe("web+mehr: addresses", () => {
  it("lead to people, posts, places, topics and invites", () => {
    expect(pathOf(`web+mehr:${NODE}`)).toBe(`/u/${NODE}`);
    expect(pathOf(`web+mehr:post/${HASH}`)).toBe(`/p/${HASH}`);
    expect(pathOf("web+mehr:place/europe/nl/utrecht")).toBe("/s/place/europe/nl/utrecht");
    expect(pathOf("web+mehr:topic/music/jazz")).toBe("/s/topic/music/jazz");
    expect(pathOf("web+mehr:join/AbC-_9")).toBe("/join#AbC-_9");
    expect(pathOf(`web+mehr:trust/${NODE}`)).toBe(`/trust/${NODE}`);
  });

  it("are forgiven what programs and people do to them", () => {
    expect(pathOf(`  WEB+MEHR://${NODE.toUpperCase()}/ `)).toBe(`/u/${NODE}`);
    expect(pathOf("web+mehr:topic/%D9%85%D9%88%D8%B3%DB%8C%D9%82%DB%8C")).toBe(
      `/s/topic/${encodeURIComponent("موسیقی")}`,
    );
    expect(pathOf("web+mehr:place/Europe/NL/Utrecht")).toBe("/s/place/europe/nl/utrecht");
  });

  it("lead to pages of the app and nowhere else, whatever they say", () => {
    const hostile = [
      "web+mehr:javascript:alert(1)",
      "web+mehr:////elsewhere.invalid/x",
      "web+mehr:post/../../settings",
      `web+mehr:post/${HASH.toUpperCase()}`,
      `web+mehr:post/${HASH}/x`,
      "web+mehr:post/",
      "web+mehr:place/",
      "web+mehr:place/a/b/c/d/e/f/g/h/i",
      `web+mehr:place/${"x".repeat(33)}`,
      "web+mehr:place/%00",
      "web+mehr:place/%",
      "web+mehr:topic/%E2%81%84",
      "web+mehr:mehr1nobody",
      "web+mehr:trust/mehr1nobody",
      "web+mehr:trust/",
      `web+mehr:trust/${NODE}/yes`,
      `web+mehr:${NODE}?x#y`,
      "web+mehr:join/a b",
      `web+mehr:join/${"x".repeat(3_500)}`,
      "https://elsewhere.invalid/",
      "javascript:alert(1)",
      `web+mehr:${"x".repeat(5_000)}`,
      "web+mehr:wallet/1",
      "web+mehr:",
      "",
    ];
    for (const address of hostile) expect(pathOf(address), address.slice(0, 60)).toBeNull();
  });

  it("say what is wrong with them", () => {
    const problemOf = (address: string): unknown => (targetOfAddress(address) as { problem?: unknown }).problem;
    expect(problemOf("")).toBe("empty");
    expect(problemOf("web+mehr://")).toBe("empty");
    expect(problemOf(`web+mehr:place/${"x".repeat(5_000)}`)).toBe("too-long");
    expect(problemOf("web+mehr:wallet/1")).toBe("unknown");
    expect(problemOf("mailto:anna@example.org")).toBe("malformed");
  });
});
