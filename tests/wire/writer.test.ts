import { describe, expect, it } from "vitest";
import { CborWriter } from "../../src/wire/cbor.ts";

function written(writer: CborWriter, ...values: readonly number[]): number[] {
  writer.array(values.length);
  for (const value of values) writer.uint("value", value, 1_000);
  return [...writer.finish()];
}

describe("writing one object after the other in the same room", () => {
  it("gives copies that later ones leave alone", () => {
    const first = new CborWriter();
    first.bytes("key", new Uint8Array(32).fill(7), 32, 32);
    const bytes = first.finish();
    expect(written(new CborWriter(), 1, 2)).toEqual([0x82, 1, 2]);
    expect(bytes).toEqual(Uint8Array.of(0x58, 32, ...new Uint8Array(32).fill(7)));
  });

  it("keeps two that are written at once apart", () => {
    const [one, other] = [new CborWriter(), new CborWriter()];
    one.array(2);
    other.array(1);
    one.uint("value", 1, 9);
    other.uint("value", 3, 9);
    one.uint("value", 2, 9);
    expect([...other.finish()]).toEqual([0x81, 3]);
    expect(written(new CborWriter(), 5, 6)).toEqual([0x82, 5, 6]);
    expect([...one.finish()]).toEqual([0x82, 1, 2]);
  });

  it("begins anew after the end, and after what could not be written", () => {
    const writer = new CborWriter();
    expect(written(writer, 1)).toEqual([0x81, 1]);
    const another = new CborWriter();
    expect(() => another.uint("value", -1, 9)).toThrow(expect.objectContaining({ code: "NUMBER_RANGE" }) as Error);
    expect(written(writer, 2, 3)).toEqual([0x82, 2, 3]);
    expect(written(new CborWriter(), 4)).toEqual([0x81, 4]);
  });

  it("grows, and leaves nothing of what was larger in what comes after", () => {
    const large = new CborWriter();
    large.bytes("blob", new Uint8Array(200_000).fill(9), 0, 1_000_000);
    expect(large.finish()).toHaveLength(200_005);
    const middle = new CborWriter();
    middle.bytes("blob", new Uint8Array(5_000).fill(9), 0, 10_000);
    expect(middle.finish()).toHaveLength(5_003);
    expect(written(new CborWriter(), 1)).toEqual([0x81, 1]);
  });
});
