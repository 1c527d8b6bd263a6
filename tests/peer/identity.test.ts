/** The own key on a disk whose reads fail. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { OwnIdentity } from "../../src/peer/identity.ts";
import { failReads } from "../store/failing-reads.ts";
import { seededBytes } from "../store/envelopes.ts";
import { IdbFixture } from "../store/idb-fixture.ts";

const ports = { now: () => 1_700_000_000_000, randomBytes: seededBytes(11) };
let fixture: IdbFixture;

beforeEach(() => {
  fixture = new IdbFixture();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await fixture.close();
});

test("the identity stays the same when the browser fails to read it once", async () => {
  const { key } = await OwnIdentity.open(await fixture.open(), ports);
  const store = await fixture.open();
  failReads("keys", (number) => number === 0);
  expect((await OwnIdentity.open(store, ports)).key).toEqual(key);
  vi.restoreAllMocks();
  expect((await OwnIdentity.open(await fixture.open(), ports)).key).toEqual(key);
});

test("no new identity is made when the reads go on failing", async () => {
  const { key } = await OwnIdentity.open(await fixture.open(), ports);
  const store = await fixture.open();
  failReads("keys", (number) => number % 2 === 0);
  await expect(OwnIdentity.open(store, ports)).rejects.toMatchObject({ code: "STORE_FAILED" });
  vi.restoreAllMocks();
  expect((await OwnIdentity.open(store, ports)).key).toEqual(key);
});
