import { describe, expect, it } from "vitest";
import { parseDraft } from "../../src/peer/drafts.ts";
import { SHARE_LIMITS, type Share } from "../../src/rpc/shares.ts";
import { draftOfShare, leftOutOf } from "../../src/app/state/shared-draft.ts";

const share = (parts: Partial<Share>): Share => ({ id: "s1", title: "", text: "", url: "", files: [], ...parts });
const file = (name: string, text: string | null) => ({ name, type: "", size: 1, text });
const wordsOf = (parts: Partial<Share>): [string, string] => {
  const { headline, text } = draftOfShare(share(parts), [], 7);
  return [headline, text];
};

describe("a share as a draft", () => {
  it("has its id, the scopes given and the time", () => {
    expect(draftOfShare(share({ text: "Owls" }), ["g:europe/nl"], 7)).toEqual({
      id: "s1",
      headline: "",
      summary: "",
      text: "Owls",
      scopes: ["g:europe/nl"],
      replyTo: null,
      references: [],
      kind: "text",
      byline: "",
      attachments: [],
      notes: [],
      kickbackRate: 128,
      updated: 7,
    });
  });

  it("takes the title for a headline where there is a text, and a short line", () => {
    expect(wordsOf({ title: "Owls", url: "https://example.org/" })).toEqual(["Owls", "https://example.org/"]);
    expect(wordsOf({ title: "Owls" })).toEqual(["", "Owls"]);
    const long = "جغدها ".repeat(30).trim();
    expect(wordsOf({ title: long, text: "Two" })).toEqual(["", `${long}\n\nTwo`]);
    expect(wordsOf({ title: "🦉".repeat(100), text: "Two" })[0]).toHaveLength(200);
    expect(wordsOf({ title: "Two\nlines", text: "of it" })).toEqual(["", "Two\nlines\n\nof it"]);
  });

  it("says nothing twice", () => {
    expect(wordsOf({ text: "See https://example.org/", url: "https://example.org/" })[1]).toBe(
      "See https://example.org/",
    );
    expect(wordsOf({ title: "Owls", text: "Owls", url: "https://example.org/" })).toEqual([
      "",
      "Owls\n\nhttps://example.org/",
    ]);
  });

  it("has the text of files, named where there is more than that", () => {
    expect(wordsOf({ files: [file("owls.txt", "Two")] })[1]).toBe("Two");
    expect(wordsOf({ text: "Look", files: [file("owls.txt", "Two")] })[1]).toBe("Look\n\nowls.txt\n\nTwo");
    const files = [file("a.txt", "A"), file("owl.png", null), file("b.txt", "B"), file("empty.txt", "")];
    expect(wordsOf({ files })[1]).toBe("a.txt\n\nA\n\nb.txt\n\nB");
    expect(leftOutOf(share({ files }))).toEqual(["owl.png"]);
  });

  it("holds as much as may be shared", () => {
    const { characters, files, nameCharacters } = SHARE_LIMITS;
    const each = Math.floor(characters / files) - 1;
    const sent = Array.from({ length: files }, () => file("n".repeat(nameCharacters), "x".repeat(each)));
    const rest = (characters - files * each) / 2 - 8;
    const draft = draftOfShare(
      share({ files: sent, title: "t".repeat(rest), text: "y".repeat(rest), url: "https://a.nl/" }),
      [],
      7,
    );
    expect(draft.text.length).toBeGreaterThan(characters);
    expect(parseDraft(draft)).toEqual(draft);
  });
});
