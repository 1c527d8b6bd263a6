/** What is sought, to and from the address of the page. */
import { describe, expect, it } from "vitest";
import {
  addressOf,
  dayOf,
  NOTHING,
  queryOf,
  readAddress,
  type Sought,
  isDay,
} from "../../src/app/pages/search/address.ts";

const ID = `mehr1${"q".repeat(58)}`;
const ALL: Sought = {
  text: "bridge",
  author: ID,
  scope: "g:europe/nl",
  kind: "paper",
  from: "2024-02-29",
  to: "2024-03-01",
};

describe("the address of a search", () => {
  it("carries everything that is sought, and nothing that is not", () => {
    expect(readAddress(addressOf(ALL) as Record<string, string>)).toEqual(ALL);
    expect(Object.values(addressOf(NOTHING)).every((value) => value === null)).toBe(true);
    expect(readAddress({})).toEqual(NOTHING);
    expect(queryOf(NOTHING)).toBeNull();
    expect(queryOf({ ...NOTHING, text: "  " })).toBeNull();
  });

  it("leaves out what no search can be", () => {
    const broken = { q: "x", by: "anna", in: "europe", kind: "poem", from: "2023-02-29", to: "tomorrow" };
    expect(readAddress(broken)).toEqual({ ...NOTHING, text: "x" });
    expect(readAddress({ from: "1969-12-01" }).from).toBeNull();
    expect(readAddress({ from: "0085-12-01" }).from).toBeNull();
  });

  it("is of no day while the year of one is being typed", () => {
    const typed = ["0002", "0020", "0202", "2024"].map((year) => `${year}-01-02`);
    expect(typed.map(isDay)).toEqual([false, false, false, true]);
    expect(isDay("")).toBe(false);
  });

  it("counts whole days, as they are here", () => {
    const query = queryOf({ ...NOTHING, from: "2024-03-31", to: "2024-03-31" });
    const [since, until] = [query?.since ?? 0, query?.until ?? 0];
    expect(dayOf(since)).toBe("2024-03-31");
    expect(dayOf(since - 1)).toBe("2024-03-30");
    expect(dayOf(until)).toBe("2024-03-31");
    expect(dayOf(until + 1)).toBe("2024-04-01");
  });
});
