import { describe, expect, test } from "vitest";
import { USAGE, parseArguments } from "../../src/relay/arguments.ts";

describe("the command line", () => {
  test("has defaults that are safe on any machine", () => {
    expect(parseArguments([])).toEqual({
      host: "127.0.0.1",
      port: 8080,
      cert: null,
      key: null,
      identity: null,
      root: null,
      app: true,
      publicStatus: false,
      help: false,
    });
  });

  test("takes every option that its help names", () => {
    const names = [...USAGE.matchAll(/--([a-z-]+) ([A-Z]+)?/g)].map(([, name = "", value]) => ({ name, value }));
    expect(names.length).toBeGreaterThan(7);
    for (const { name, value } of names) {
      const given = value === undefined ? [] : [value === "NUMBER" ? "1" : "x"];
      expect(() => parseArguments([`--${name}`, ...given]), name).not.toThrow();
    }
  });

  test.each([["--port", "65536"], ["--port", "x"], ["--port", "-1"], ["--port", ""], ["--prot", "80"], ["more"]])(
    "refuses %s %s in words",
    (...args) => {
      expect(() => parseArguments(args)).toThrow(expect.objectContaining({ code: "RELAY_ARGUMENT" }));
    },
  );
});
