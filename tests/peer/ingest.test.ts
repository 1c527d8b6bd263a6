import { describe, expect, it } from "vitest";
import { EnvelopeWriter } from "../../src/peer/ingest.ts";
import { StoreError } from "../../src/store/errors.ts";
import { toHex } from "../../src/wire/index.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { lastingStore } from "../sim/town.ts";

const author = await signerOf(100);
const ARRIVALS = await Promise.all(
  [0, 1, 2].map(async (at) => ({
    ...(await signEnvelope(author, { summary: `${at}` })),
    from: null,
    channel: null,
  })),
);

/** A store whose commits wait until they are let go, one after the other. */
function gated() {
  const store = lastingStore(100);
  const commit = store.commit.bind(store);
  const gates: { sizes: number; go: (error?: Error) => void }[] = [];
  store.commit = async (batch, options) => {
    await new Promise<void>((resolve, reject) => {
      const go = (error?: Error): void => (error === undefined ? resolve() : reject(error));
      gates.push({ sizes: batch.envelopes?.length ?? 0, go });
    });
    await commit(batch, options);
  };
  const stored: string[] = [];
  const writer = new EnvelopeWriter(store, (arrivals) => stored.push(...arrivals.map(({ hash }) => toHex(hash))));
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { store, gates, stored, writer, turn };
}

const [first, second, third] = ARRIVALS as [(typeof ARRIVALS)[0], (typeof ARRIVALS)[0], (typeof ARRIVALS)[0]];

describe("writing what arrives", () => {
  it("puts into one transaction what comes together and what comes during another", async () => {
    const { gates, stored, turn, writer } = gated();
    const written = [writer.write([first])];
    await turn();
    written.push(writer.write([second]), writer.write([third]), writer.write([third]));
    expect(writer.knows(third.hash)).toBe(true);
    gates[0]!.go();
    await turn();
    gates[1]!.go();
    await Promise.all(written);
    expect(gates.map(({ sizes }) => sizes)).toEqual([1, 2]);
    expect(stored).toEqual([first, second, third].map(({ hash }) => toHex(hash)));
  });

  it("fails for those whose batch failed, and for nobody else", async () => {
    const { gates, store, turn, writer } = gated();
    const failing = expect(writer.write([first])).rejects.toMatchObject({ code: "STORE_QUOTA" });
    await turn();
    const next = writer.write([second]);
    gates[0]!.go(new StoreError("STORE_QUOTA", "no room"));
    await failing;
    await turn();
    gates[1]!.go();
    await next;
    expect(store.envelopes.has(second.hash)).toBe(true);
    // Known would mean that no neighbour is asked for it any more.
    expect(writer.knows(first.hash)).toBe(false);
  });
});
