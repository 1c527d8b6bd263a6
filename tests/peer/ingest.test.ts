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

describe("what waits for the disk", () => {
  const MIB = 1_048_576;
  /** The writer does not look at the bytes, only at how many they are. */
  const arrival = (at: number, size: number) => ({
    ...first,
    hash: new Uint8Array(32).fill(at),
    bytes: new Uint8Array(size),
  });

  it("has a limit in bytes: whoever brings more waits until there is room", async () => {
    const { gates, turn, writer } = gated();
    const written = [arrival(1, 4 * MIB), arrival(2, 4 * MIB), arrival(3, MIB)].map((one) => writer.write([one]));
    for (const one of written) one.catch(() => undefined);
    await turn();
    expect([1, 2, 3].map((at) => writer.knows(new Uint8Array(32).fill(at)))).toEqual([true, true, false]);
    let room = false;
    void writer.room(1).then(() => (room = true));
    await turn();
    expect(room).toBe(false);
    gates[0]!.go(new StoreError("STORE_QUOTA", "no room"));
    await turn();
    expect(room).toBe(true);
    expect(writer.knows(new Uint8Array(32).fill(3))).toBe(true);
    gates[1]!.go(new StoreError("STORE_QUOTA", "no room"));
    expect((await Promise.allSettled(written)).map(({ status }) => status)).toEqual([
      "rejected",
      "rejected",
      "rejected",
    ]);
  });

  it("takes what is larger than the limit when nothing else waits", async () => {
    const { gates, turn, writer } = gated();
    const written = writer.write([arrival(1, 20 * MIB)]);
    written.catch(() => undefined);
    await turn();
    expect(gates).toHaveLength(1);
    gates[0]!.go(new StoreError("STORE_QUOTA", "no room"));
    await expect(written).rejects.toMatchObject({ code: "STORE_QUOTA" });
  });

  it("counts what two neighbours bring once", async () => {
    const { turn, writer } = gated();
    for (let times = 0; times < 5; times++) writer.write([arrival(1, 4 * MIB)]).catch(() => undefined);
    await turn();
    let room = false;
    void writer.room(MIB).then(() => (room = true));
    await turn();
    expect(room).toBe(true);
  });
});
