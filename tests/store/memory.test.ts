import { describe, test } from "vitest";
import { createMemoryStore } from "../../src/store/index.ts";
import { acceptance } from "./acceptance.ts";
import { seededBytes } from "./envelopes.ts";

describe("the store in memory", () => {
  for (const { name, run } of acceptance) {
    test(name, async () => {
      const randomBytes = seededBytes(1);
      await run(async () => createMemoryStore({ randomBytes }));
    });
  }
});
