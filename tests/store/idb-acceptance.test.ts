import { afterEach, describe, expect, test } from "vitest";
import { acceptance } from "./acceptance.ts";
import { IdbFixture } from "./idb-fixture.ts";

let fixtures: IdbFixture[] = [];

afterEach(async () => {
  for (const fixture of fixtures) {
    await fixture.close();
    expect(fixture.faults).toEqual([]);
  }
  fixtures = [];
});

describe("the store in IndexedDB", () => {
  for (const { name, run } of acceptance) {
    test(name, async () => {
      await run(() => {
        const fixture = new IdbFixture();
        fixtures.push(fixture);
        return fixture.open();
      });
    });
  }
});
