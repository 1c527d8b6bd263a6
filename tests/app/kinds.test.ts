/** How the page reads what envelopes of the several kinds say, and under which names files are saved. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { composeWords, durationText } from "../../src/social/kinds/words.ts";
import { splitByline } from "../../src/app/text/byline.ts";
import { fileName } from "../../src/app/text/file-name.ts";
import { splitNotes } from "../../src/app/text/notes.ts";
import { aboutOf, clockText, lengthOf, titledOf } from "../../src/app/text/kinds.ts";

describe("who made it", () => {
  it("is read as it was written", () => {
    const words = { byline: "Ana Maria", text: "Live.\n\nIn Lisbon.", ownSummary: "", notes: [] };
    const { summary } = composeWords("album", words);
    expect(splitByline("album", summary)).toEqual({ byline: "Ana Maria", rest: "Live.\n\nIn Lisbon." });
    const alone = composeWords("paper", { ...words, text: "" });
    expect(splitByline("paper", alone.text)).toEqual({ byline: "Ana Maria", rest: "" });
  });

  it("is nobody where a text begins with a dash", () => {
    expect(splitByline("text", "\u2014 said he")).toEqual({ byline: "", rest: "\u2014 said he" });
    expect(splitByline("album", "\u2014")).toEqual({ byline: "", rest: "\u2014" });
    expect(splitByline("album", "")).toEqual({ byline: "", rest: "" });
  });
});

describe("how long it lasts", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 359_999 }), (seconds) => {
        const text = durationText(seconds * 1_000);
        expect(clockText(seconds)).toBe(text);
        expect(titledOf({ altText: `Prelude (${text})` })).toEqual({ title: "Prelude", seconds });
        expect(titledOf({ altText: `(${text})` })).toEqual({ title: "", seconds });
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it.each(["Prelude", "Prelude (live)", "Op. 3 (1: 20)", "(3:2)", "3:21", ""])("is not told by %j", (altText) => {
    expect(titledOf({ altText })).toEqual({ title: altText, seconds: null });
  });

  it("is read of a name that is made to take long in no time", () => {
    const hostile = `${"(1:".repeat(90)}(1:2`;
    expect(titledOf({ altText: hostile }).seconds).toBeNull();
    expect(titledOf({ altText: `${" ".repeat(270)}(3:2` }).seconds).toBeNull();
  });

  it("is the sum of all tracks, where all of them tell", () => {
    const track = (altText: string | null) => ({ contentType: "audio/ogg", size: 1, blurhash: null, altText });
    const sleeve = { ...track("Sleeve"), contentType: "image/png" };
    expect(lengthOf([track("A (1:00)"), sleeve, track("B (0:30)")])).toBe(90);
    expect(lengthOf([track("A (1:00)"), track(null)])).toBeNull();
    expect(lengthOf([sleeve])).toBeNull();
  });
});

describe("what a lesson is about", () => {
  const film = (altText: string) => ({ contentType: "video/mp4", size: 1, blurhash: null, altText });

  it("stands below its name and how long it lasts", () => {
    const lesson = film("The bowline (3:21)\nA loop that\nholds");
    expect(titledOf(lesson)).toEqual({ title: "The bowline", seconds: 201 });
    expect(aboutOf(lesson)).toBe("A loop that holds");
    expect(lengthOf([lesson, film("Hitches (0:09)")])).toBe(210);
  });

  it("is not told of what has one line, and of nothing that is no film", () => {
    expect(aboutOf(film("The bowline (3:21)"))).toBe("");
    expect(aboutOf(film("\n \nThe bowline\n"))).toBe("");
    expect(aboutOf(undefined)).toBe("");
    const picture = { ...film("A heron\nat dusk"), contentType: "image/webp" };
    expect(aboutOf(picture)).toBe("");
    expect(titledOf(picture).title).toBe("A heron at dusk");
  });
});

describe("what a collection says of each post", () => {
  const collection = (references: number) =>
    ({ kind: "collection", references: Array.from({ length: references }, (_, at) => `${at}`) }) as const;

  it("is read as it was written, apart from what introduces it", () => {
    const notes = [
      { number: 1, note: "The best of this week" },
      { number: 12, note: "[sic] and more" },
    ];
    const words = { byline: "", text: "For the weekend.\n\nIf it rains.", ownSummary: "", notes };
    for (const written of Object.values(composeWords("collection", words))) {
      const { notes: read, rest } = splitNotes(collection(12), written);
      expect(rest).toBe(words.text);
      expect([...read].toSorted(([a], [b]) => a - b)).toEqual(notes.map(({ note, number }) => [number, note]));
    }
    const alone = composeWords("collection", { ...words, text: "" });
    expect(splitNotes(collection(12), alone.text).rest).toBe("");
  });

  it("is the last line of its number, and nothing is lost of what is no note", () => {
    const text = "[1] is where it begins.\n\n[0] none\n[3] none\n[2]none\n[1] First\r\n\r\n[2] Second\n\nThe end.";
    const { notes, rest } = splitNotes(collection(2), text);
    expect([notes.get(1), notes.get(2), notes.size]).toEqual(["First", "Second", 2]);
    expect(rest).toBe("[1] is where it begins.\n\n[0] none\n[3] none\n[2]none\n\nThe end.");
  });

  it("is nothing where a post of another kind numbers its sources", () => {
    const text = "As somebody said.\n\n[1] A book";
    expect(splitNotes({ ...collection(1), kind: "paper" }, text)).toEqual({ rest: text, notes: new Map() });
  });
});

describe("the name of a file that is saved", () => {
  it.each([
    ["Full text", "application/pdf", "Full text.pdf"],
    ["paper.pdf", "application/pdf", "paper.pdf"],
    ["invoice.pdf.exe", "application/pdf", "invoice.pdf.pdf"],
    ["game.nes", "application/octet-stream", "game.nes"],
    ["a game", "application/octet-stream", "a game.bin"],
    ["../../etc/passwd", "application/zip", "etc passwd.zip"],
    ["C:\\Windows\\x", "application/zip", "C Windows x.zip"],
    [".bashrc", "application/octet-stream", "bashrc.bin"],
    ["photo\u202egnp.exe", "image/png", "photognp.png"],
    ["invisible\u200b\u0000name", "audio/mpeg", "invisiblename.mp3"],
    ["", "audio/mpeg", "mehr.mp3"],
    ["...", "text/html", "mehr.bin"],
    ["🌍".repeat(200), "application/zip", `${"🌍".repeat(80)}.zip`],
    ["نان تازه", "application/pdf", "نان تازه.pdf"],
  ])("%j of type %s is %j", (words, type, expected) => {
    expect(fileName(words, type, "mehr")).toBe(expected);
  });
});
