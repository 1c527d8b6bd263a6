import { expect, test } from "vitest";
import { printable } from "../../src/peer/diagnostics/console.ts";

test("errors are printed with their stack and what caused them, as text", () => {
  const cause = new RangeError("the inner one");
  const text = printable(new Error("the outer one", { cause }));
  expect(typeof text).toBe("string");
  expect(text).toMatch(/^Error: the outer one\n[\s\S]*\ncaused by RangeError: the inner one/);
});

test("objects are printed as text, and text as it is", () => {
  expect(printable({ code: "TIMEOUT", peer: "ab" })).toBe('{"code":"TIMEOUT","peer":"ab"}');
  expect(printable({ amount: 5n })).toBe('{"amount":"5"}');
  expect(printable("TIMEOUT")).toBe("TIMEOUT");
  expect(printable(undefined)).toBeUndefined();
});

test("a cause that is no error is named, too", () => {
  expect(printable(new Error("x", { cause: "gone" }))).toMatch(/caused by gone$/);
});
