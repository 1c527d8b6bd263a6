/** Starter packs as links. */
import { describe, expect, it } from "vitest";
import { PACK_LIMITS, packLink, packText, readPack, type Pack } from "../../src/app/text/packs.ts";
import { encodeNodeId } from "../../src/wire/index.ts";

const idOf = (number: number): string => {
  const key = new Uint8Array(32);
  new DataView(key.buffer).setUint32(0, number);
  return encodeNodeId(key);
};

const PACK: Pack = {
  name: "Utrecht & bread",
  about: "Who bakes,\nand where",
  people: [
    { id: idOf(1), label: "Noor / the baker" },
    { id: idOf(2), label: null },
  ],
  scopes: ["g:europe/nl/utrecht", "t:food/bread"],
  curated: [{ curator: idOf(1), name: "Good loaves/2026" }],
};

describe("a starter pack", () => {
  it("says in its link what it was made of, and nothing else", () => {
    expect(readPack(packText(PACK))).toEqual(PACK);
    const link = packLink("https://mehr.example/app/", PACK);
    expect(link.startsWith("https://mehr.example/app/packs#pack=Utrecht")).toBe(true);
    expect(new URL(link).search).toBe("");
    expect(readPack(new URL(link).hash.slice(1))).toEqual(PACK);
  });

  it("takes each thing once, and passes over what is none", () => {
    const [id] = PACK.people.map((person) => person.id);
    const text = `person=${id}&person=${id}/Other&person=mehr1nobody&place=Europe/NL&place=europe/nl&place=/&topic=&feed=${id}&feed=${id}/&feed=x/y&feed=${id}/f&javascript=1`;
    expect(readPack(text)).toEqual({
      name: "",
      about: "",
      people: [{ id, label: null }],
      scopes: ["g:europe/nl"],
      curated: [{ curator: id, name: "f" }],
    });
  });

  it.each([
    ["nothing", ""],
    ["only a name", "pack=Nice"],
    ["an unknown thing", "follow=everybody"],
    ["megabytes", `place=a&${"x".repeat(40_000)}`],
  ])("is not made of %s", (_what, text) => {
    expect(readPack(text)).toBeNull();
  });

  it("has no more of each than anybody looks through, and shows no controls", () => {
    const people = Array.from({ length: 400 }, (_, at) => `person=${idOf(at)}`).join("&");
    expect(readPack(`${people}&pack=a%00b%0Ac&about=${"x".repeat(900)}`)).toMatchObject({
      name: "ab c",
      people: { length: PACK_LIMITS.people },
      about: "x".repeat(280),
    });
  });
});
