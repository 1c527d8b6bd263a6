import { describe, expect, it } from "vitest";
import { codeIn, linkOf } from "../../src/app/pages/join/codes.ts";

describe("codes of invites", () => {
  it("lie behind the # of a link, where no server sees them", () => {
    expect(linkOf("https://mehr.example/app/", "aB-_9")).toBe("https://mehr.example/app/join#aB-_9");
  });

  it("are found in links, bare, and with what a mail program puts in between", () => {
    expect(codeIn("https://mehr.example/join#aB-_9")).toBe("aB-_9");
    expect(codeIn("  aB-\n _9 ")).toBe("aB-_9");
  });

  it("are not made of anything else", () => {
    for (const text of ["", "#", "two words!", "https://mehr.example/join", "a".repeat(5_000)]) {
      expect(codeIn(text)).toBeNull();
    }
  });
});
