/** People by name, where a name stands in text. */
import { expect, it } from "vitest";
import { alikeWords } from "../../src/app/text/alike-words.ts";
import { authorOf, curatorOf, familiar, isolatedName, nameless, personName } from "../../src/app/text/people.ts";

const id = `mehr1${"a".repeat(54)}7k2p`;
const alike = { id: `mehr1${"c".repeat(58)}`, name: "Ada \u202eLane" };

it("is the name, the short address with it where the name is like another's, and the address alone where there is none", () => {
  expect(personName(familiar(id, "Ada Lane"))).toBe("Ada Lane");
  expect(personName({ id, name: "Аda Lane", alike })).toBe("Аda Lane (mehr1aaaa…7k2p)");
  expect(personName(nameless(id))).toBe("mehr1aaaa…7k2p");
  expect(personName({ id, name: "\u200b", alike })).toBe("mehr1aaaa…7k2p");
});

it("is isolated in a sentence, and nothing in it ends that", () => {
  expect(isolatedName({ id, name: "\u2069\u202eАda\nLane", alike })).toBe("\u2068Аda Lane (mehr1aaaa…7k2p)\u2069");
  expect(alikeWords(alike, undefined)).toEqual({ key: "alike.mark", slots: { name: "\u2068Ada Lane\u2069" } });
  expect(alikeWords(alike, alike.id)).toEqual({ key: "alike.own", slots: {} });
});

it("is taken from views with whom it is like", () => {
  const guard = { verdict: null, flagged: 0, alike };
  expect(authorOf({ author: id, authorName: "Аda", guard })).toEqual({ id, name: "Аda", alike });
  expect(authorOf({ author: id, authorName: "Ada", guard: null })).toEqual({ id, name: "Ada", alike: null });
  expect(curatorOf({ curator: id, curatorName: null, curatorAlike: null })).toEqual(nameless(id));
});
