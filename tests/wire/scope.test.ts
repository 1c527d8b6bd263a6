import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Scope } from "../../src/wire/index.ts";
import {
  channelOf,
  parseScope,
  scopeFromChannel,
  scopeFromKey,
  scopeKey,
  scopeWithin,
  WireError,
} from "../../src/wire/index.ts";
import { TYPED } from "./typed-scopes.ts";

const refused = expect.objectContaining({ name: "WireError", code: "SCOPE_INVALID" }) as Error;

function attempt(text: string): Scope | null {
  try {
    return parseScope("topic", text);
  } catch (error) {
    if (error instanceof WireError && error.code === "SCOPE_INVALID") return null;
    throw error;
  }
}

describe("parseScope", () => {
  it.each(TYPED)("%s %j becomes %s", (kind, text, key) => {
    expect(scopeKey(parseScope(kind, text))).toBe(key);
  });

  it.each([
    ["nothing", ""],
    ["gaps alone", " / - / \t"],
    ["invisible characters alone", "\u200b\u2060"],
    ["a control character", "a\u0000b"],
    ["nine segments", "a/b/c/d/e/f/g/h/i"],
    ["a segment of 33 characters", "x".repeat(33)],
    ["a dot", "europe/./nl"],
    ["two dots", "europe/../nl"],
    ["a mark that would stand on the slash", "europe/\u0301nl"],
    ["a solidus that looks like a separator", "europe\u2215nl"],
    ["a fraction slash", "europe\u2044nl"],
    ["a private character", "\ue000"],
    ["an unassigned character", "\u0378"],
    ["a lone surrogate", "\ud83d"],
  ])("refuses %s", (_name, text) => {
    expect(() => parseScope("geo", text)).toThrow(refused);
  });

  it("leaves what it returns alone when given it again, for every character of the first two planes", () => {
    const changed: string[] = [];
    for (let code = 0; code < 0x20000; code++) {
      const text = `a${String.fromCodePoint(code)}b`;
      const once = attempt(text);
      if (once === null) continue;
      const key = scopeKey(once);
      if (scopeKey(parseScope("topic", key.slice(2))) !== key || scopeKey(scopeFromKey(key)) !== key)
        changed.push(text);
    }
    expect(changed).toEqual([]);
  });

  it("leaves what it returns alone when given it again, for texts", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const once = attempt(text);
        if (once !== null) expect(parseScope("topic", once.segments.join("/"))).toEqual(once);
      }),
      { seed: 20_260_101, numRuns: 2_000 },
    );
  });

  it("gives one scope for spellings that look alike", () => {
    const invisible = ["\u200b", "\u200d", "\u200e", "\u2066", "\ufeff", "\u034f", "\u061c", "\ufe0f"];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("u", "t", "r", "e", "é", "-", " ", ...invisible), { minLength: 1, maxLength: 20 }),
        (characters) => {
          const seen = characters.filter((character) => !invisible.includes(character)).join("");
          expect(attempt(characters.join(""))).toEqual(attempt(seen));
        },
      ),
      { seed: 20_260_102, numRuns: 500 },
    );
  });
});

describe("keys and channels", () => {
  it.each(TYPED)("%s %j: key and channel lead back to the scope", (kind, text) => {
    const scope = parseScope(kind, text);
    expect(scopeFromKey(scopeKey(scope))).toEqual(scope);
    expect(scopeFromChannel(channelOf(scope))).toEqual(scope);
  });

  it("channels are named as the protocol says", () => {
    expect(channelOf(parseScope("geo", "Europe/NL/Utrecht"))).toBe("mehr/1/g/europe/nl/utrecht");
    expect(channelOf(parseScope("topic", "Gaming"))).toBe("mehr/1/t/gaming");
  });

  it.each(["", "g:", "g", "x:a", "g:A", "g:a//b", "g:a/", "g:/a", "g: a", "g:a b", "g:poke\u0301mon", "g:#a"])(
    "%j is no key",
    (key) => {
      expect(() => scopeFromKey(key)).toThrow(refused);
    },
  );

  it.each(["", "mehr/1/g/", "mehr/2/g/a", "mehr/1/x/a", "g:a", "mehr/1/g/A", "/mehr/1/g/a"])(
    "%j is no channel",
    (channel) => {
      expect(() => scopeFromChannel(channel)).toThrow(refused);
    },
  );
});

describe("scopeWithin", () => {
  const within = (scope: string, ancestor: string) => scopeWithin(scopeFromKey(scope), scopeFromKey(ancestor));

  it("holds for the scope itself and everything below", () => {
    expect(within("g:europe/nl", "g:europe/nl")).toBe(true);
    expect(within("g:europe/nl/utrecht", "g:europe")).toBe(true);
  });

  it("does not hold for ancestors, siblings, the other kind, or segments that merely begin alike", () => {
    expect(within("g:europe", "g:europe/nl")).toBe(false);
    expect(within("g:europe/be", "g:europe/nl")).toBe(false);
    expect(within("t:europe/nl", "g:europe")).toBe(false);
    expect(within("g:europe-west/nl", "g:europe")).toBe(false);
  });
});
