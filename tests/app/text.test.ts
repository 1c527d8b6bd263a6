import { describe, expect, it } from "vitest";
import { displayLine, displayName, displayText, repeatsSummary, shortId } from "../../src/app/text/display.ts";
import { paragraphsOf, safeHref, splitLinks } from "../../src/app/text/links.ts";

describe("text from strangers", () => {
  it("keeps ordinary marks and cuts floods of them", () => {
    expect(displayText("Việt Nam")).toBe("Việt Nam");
    const flooded = displayText(`Z${"\u0301".repeat(10_000)} algo`);
    expect(flooded).toBe(`Z${"\u0301".repeat(4)} algo`);
  });

  it("drops controls, but keeps tabs and line feeds", () => {
    expect(displayText("a\u0000b\u001bc\td\r\ne\u0085f")).toBe("abc\td\nef");
  });

  it("makes one line of a headline", () => {
    expect(displayLine("  a\n\n b\u2028c ")).toBe("a b c");
  });

  it("leaves nothing in a line that turns or ends what stands around it, and keeps the marks of direction", () => {
    // Ends the isolate of its label, and turns the rest of the sentence around.
    expect(displayLine("Ada\u2069\u202e (txt.exe")).toBe("Ada (txt.exe");
    expect(displayLine("\u2067سلام\u2069 \u202bدنیا\u202c")).toBe("سلام دنیا");
    expect(displayLine("C++\u200e و \u200fمهر")).toBe("C++\u200e و \u200fمهر");
  });

  it("takes a name that nobody can see for none", () => {
    expect(displayName(" \u200b\u2060\u202e\u00ad\u3164 ")).toBe("");
    expect(displayName(null)).toBe("");
    expect(displayName("می\u200cروم")).toBe("می\u200cروم");
  });

  it("shortens an address to both its ends", () => {
    expect(shortId("mehr1qqqqwertyuiopasdfgh7k2p")).toBe("mehr1qqqq…7k2p");
    expect(shortId("mehr1short")).toBe("mehr1short");
  });

  it("knows a summary that was taken from the text", () => {
    expect(repeatsSummary("One two\n\nthree four", "One two three…")).toBe(true);
    expect(repeatsSummary("One two three", "Something else")).toBe(false);
    expect(repeatsSummary("One", "…")).toBe(false);
    expect(repeatsSummary(null, "One")).toBe(false);
  });
});

describe("links", () => {
  it("follows http and https only", () => {
    expect(safeHref("https://example.org/a")).toBe("https://example.org/a");
    expect(safeHref("http://example.org")).toBe("http://example.org/");
    for (const bad of [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      " javascript:alert(1)",
      "data:text/html,<script>alert(1)</script>",
      "vbscript:x",
      "file:///etc/passwd",
      "blob:https://example.org/1",
      "//example.org",
      "example.org",
      "",
    ]) {
      expect(safeHref(bad), bad).toBeNull();
    }
  });

  it("refuses addresses that pretend to be others", () => {
    expect(safeHref("https://bank.example@evil.example/")).toBeNull();
  });

  it("finds addresses and gives the line back whole", () => {
    const line = "See https://example.org/a_(b)?x=1. Or (http://example.com), never javascript:alert(1)!";
    const parts = splitLinks(line);
    expect(parts.map((part) => part.text).join("")).toBe(line);
    expect(parts.filter((part) => part.kind === "link").map((part) => part.text)).toEqual([
      "https://example.org/a_(b)?x=1",
      "http://example.com",
    ]);
  });

  it("ends an address before a mark that turns the direction of text", () => {
    const [link] = splitLinks("https://example.org/\u202egpj.exe");
    expect(link).toEqual({ kind: "link", text: "https://example.org/", href: "https://example.org/" });
  });

  it("splits paragraphs and lines", () => {
    expect(paragraphsOf("\n\na\nb\n \n\nc\n")).toEqual([["a", "b"], ["c"]]);
    expect(paragraphsOf(" \n \n")).toEqual([]);
  });
});
