/** What is typed on the way to a field. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { PATIENCE, TypedAhead } from "../../src/app/shell/typed-ahead.ts";

/** A field of words, as far as it is written to. */
function fieldOf(name: string, value = "") {
  const heard: string[] = [];
  const field = {
    value,
    selectionEnd: value.length,
    matches: (selector: string) => selector === name,
    setRangeText(text: string, from: number, to: number) {
      field.value = field.value.slice(0, from) + text + field.value.slice(to);
    },
    dispatchEvent: () => heard.push(field.value) > 0,
  };
  return { field: field as typeof field & Parameters<TypedAhead["give"]>[0], heard };
}

function typing(ahead: TypedAhead, keys: readonly string[], timeStamp = 1): boolean[] {
  return keys.map((key) => ahead.take({ key, repeat: false, timeStamp }));
}

describe("what is typed on the way to a field", () => {
  beforeAll(() => {
    vi.stubGlobal("InputEvent", Event);
    return () => vi.unstubAllGlobals();
  });

  it("stands in it when it has the focus, once", () => {
    const ahead = new TypedAhead();
    const { field, heard } = fieldOf("search", "so ");
    ahead.begin("search", 0);
    expect(ahead.take({ key: "/", repeat: true, timeStamp: 1 })).toBe(true);
    expect(ahead.take({ key: "ArrowDown", repeat: true, timeStamp: 1 })).toBe(false);
    expect(typing(ahead, ["n", "u", "j", "Backspace", "𠮷", "Enter", "ArrowLeft"])).toEqual([
      ...Array.from({ length: 6 }, () => true),
      false,
    ]);
    ahead.give(field);
    ahead.give(field);
    expect(field.value).toBe("so nu𠮷");
    expect(heard).toEqual(["so nu𠮷"]);
    expect(typing(ahead, ["n"])).toEqual([false]);
  });

  it("goes into no other field, and keys mean what they did after a while, Escape or a press elsewhere", () => {
    const ahead = new TypedAhead();
    const { field, heard } = fieldOf("text");
    ahead.begin("search", 0);
    typing(ahead, ["n"]);
    ahead.give(field);
    ahead.begin("text", 0);
    expect(typing(ahead, ["n"], PATIENCE)).toEqual([true]);
    expect(typing(ahead, ["n"], 2 * PATIENCE)).toEqual([true]);
    expect(typing(ahead, ["n"], 3 * PATIENCE + 1)).toEqual([false]);
    ahead.give(field);
    ahead.begin("text", 0);
    expect(typing(ahead, ["n", "Escape", "j"])).toEqual([true, false, false]);
    ahead.begin("text", 0);
    typing(ahead, ["n"]);
    ahead.end();
    ahead.give(field);
    ahead.begin("text", 0);
    ahead.give(field);
    expect(field.value).toBe("");
    expect(heard).toEqual([]);
  });
});
