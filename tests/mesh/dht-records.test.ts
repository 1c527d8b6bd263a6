import { describe, expect, test } from "vitest";
import { ProviderRecords } from "../../src/mesh/dht/records.ts";

type Key = Parameters<ProviderRecords["has"]>[0];

/** What the library passes is a class of its own; the records only ask for its text. */
const key = (hash: string, provider: string): Key => ({ toString: () => `/dht/provider/${hash}/${provider}` }) as Key;
const value = new Uint8Array([1]);
const records = (maxRecords = 100, maxRecordsOfOne = 10): ProviderRecords =>
  new ProviderRecords({ maxRecords, maxRecordsOfOne, self: "me" });
const providersOf = (store: ProviderRecords, hash: string): string[] =>
  [...store.query({ prefix: `/dht/provider/${hash}` })].map((pair) => pair.key.toString().split("/").at(-1) ?? "");

describe("provider records", () => {
  test("are found by what they are for, and in all", () => {
    const store = records();
    store.put(key("x", "a"), value);
    store.put(key("x", "b"), value);
    store.put(key("xy", "c"), value);
    expect(providersOf(store, "x").toSorted()).toEqual(["a", "b"]);
    expect([...store.query({ prefix: "/dht/provider" })]).toHaveLength(3);
    expect(store.get(key("x", "a"))).toEqual(value);
    expect(store.has(key("x", "c"))).toBe(false);
    expect(() => store.get(key("x", "c"))).toThrow(expect.objectContaining({ name: "NotFoundError" }));
  });

  test.each([
    ["a record of another kind", "/dht/record/x/a", 1],
    ["a key that its sender made long", `/dht/provider/${"x".repeat(200)}/a`, 1],
    ["a value that is no time", "/dht/provider/x/a", 17],
    ["a public key", "/pk/x", 40],
  ])("are nothing else: %s is refused", (_, text, size) => {
    const store = records();
    const refused = (): Key => store.put({ toString: () => text } as Key, new Uint8Array(size));
    expect(refused).toThrow(expect.objectContaining({ name: "InvalidParametersError" }));
    expect(store.size).toBe(0);
  });

  test("are counted once however often they are renewed", () => {
    const store = records();
    for (let time = 0; time < 50; time++) store.put(key("x", "a"), new Uint8Array([time]));
    expect(store.size).toBe(1);
    expect(store.get(key("x", "a"))).toEqual(new Uint8Array([49]));
    store.delete(key("x", "a"));
    expect(store.size).toBe(0);
    expect(providersOf(store, "x")).toEqual([]);
  });

  test("of one provider do not push out those of others", () => {
    const store = records();
    store.put(key("x", "honest"), value);
    for (let at = 0; at < 1_000; at++) store.put(key(`spam ${at}`, "greedy"), value);
    expect(store.size).toBe(11);
    expect(providersOf(store, "x")).toEqual(["honest"]);
    expect(providersOf(store, "spam 999")).toEqual(["greedy"]);
  });

  test("of many providers take bounded room, and own ones stay", () => {
    const store = records();
    store.put(key("mine", "me"), value);
    for (let at = 0; at < 1_000; at++) store.put(key("x", `peer ${at}`), value);
    expect(store.size).toBe(100);
    expect(providersOf(store, "mine")).toEqual(["me"]);
    expect(providersOf(store, "x")).toContain("peer 999");
  });

  test("may be deleted while they are listed", () => {
    const store = records();
    for (let at = 0; at < 10; at++) store.put(key("x", `peer ${at}`), value);
    for (const pair of store.query({ prefix: "/dht/provider/x" })) store.delete(pair.key);
    expect(store.size).toBe(0);
  });
});
