import { describe, expect, it } from "vitest";
import { afterVisit, type InstallMemory, isOffered, readMemory, STAY_AWAY } from "../../src/app/state/install-offer.ts";

const NOW = Date.UTC(2026, 5, 15);
const first = afterVisit(null, "2026-06-15");

describe("the offer to install", () => {
  it("is not made to newcomers", () => {
    expect(isOffered(first, NOW)).toBe(false);
    expect(isOffered(afterVisit(first, "2026-06-15"), NOW)).toBe(false);
  });

  it("is made to who has posted, or has come back on another day", () => {
    expect(isOffered({ ...first, posted: true }, NOW)).toBe(true);
    expect(isOffered(afterVisit(first, "2026-06-16"), NOW)).toBe(true);
    // A clock that was set back is another day, too.
    expect(isOffered(afterVisit(first, "2026-06-14"), NOW)).toBe(true);
  });

  it("stays away for half a year when it was turned down", () => {
    const dismissed: InstallMemory = { ...first, posted: true, returned: true, dismissedAt: NOW };
    expect(isOffered(dismissed, NOW + STAY_AWAY - 1)).toBe(false);
    expect(isOffered(dismissed, NOW - 86_400_000)).toBe(false);
    expect(isOffered(dismissed, NOW + STAY_AWAY)).toBe(true);
  });

  it("begins anew where what was remembered cannot be read", () => {
    expect(readMemory(JSON.stringify(first))).toEqual(first);
    for (const text of [null, "", "null", "{}", "[1]", '{"firstDay":1}', "{"]) expect(readMemory(text)).toBeNull();
  });
});
