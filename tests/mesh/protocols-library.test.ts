/** What is for trusted people only, as far as it can be told from what is held. */
import { beforeEach, expect, test } from "vitest";
import { isForTrusted, isKnownPrivately } from "../../src/mesh/protocols/index.ts";
import { initHash } from "../../src/hash/index.ts";
import type { Store } from "../../src/store/port.ts";
import { createMemoryStore } from "../../src/store/index.ts";
import { COMMONS, signEnvelope, signerOf } from "../sim/author.ts";

const UNKNOWN = new Uint8Array(32).fill(9);

let store: Store;
beforeEach(async () => {
  await initHash();
  store = createMemoryStore({ randomBytes: (length) => new Uint8Array(length) });
});

async function held(fields: Parameters<typeof signEnvelope>[1]): Promise<Uint8Array> {
  const signed = await signEnvelope(await signerOf(1), fields);
  await store.commit({ envelopes: [signed] });
  return signed.hash;
}

test("an envelope without scopes is, one with a scope is not", async () => {
  const hidden = await held({ summary: "For you", scopes: [] });
  const open = await held({ summary: "For all", scopes: [COMMONS] });
  expect([isForTrusted(store, hidden), isForTrusted(store, open)]).toEqual([true, false]);
});

test("what is not held and that nothing mentions is not", () => {
  expect(isKnownPrivately(store, UNKNOWN)).toBe(false);
});

test("what only answers for trusted people mention is, until somebody mentions it in public", async () => {
  await held({ summary: "I think so, too", scopes: [], replyTo: UNKNOWN });
  expect(isKnownPrivately(store, UNKNOWN)).toBe(true);
  await held({ summary: "See this", scopes: [COMMONS], replyTo: UNKNOWN });
  expect(isKnownPrivately(store, UNKNOWN)).toBe(false);
});
