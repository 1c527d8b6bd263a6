import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeObject, encodeObject, LIMITS, ObjectType } from "../../src/wire/index.ts";
import { anyObject } from "./arbitraries.ts";
import { plain, plainBytes, recoded } from "./plain.ts";

const options = { seed: 20_260_103, numRuns: 1_000 };

/** Random texts may add up to more than an envelope holds; those are for the limits' tests. */
const small = anyObject.filter((object) => plainBytes(plain(object)).length <= LIMITS.envelopeBytes);

describe("any object", () => {
  it("comes back as it was", () => {
    fc.assert(
      fc.property(small, (object) => {
        expect(decodeObject(encodeObject(object))).toEqual(object);
      }),
      options,
    );
  });

  it("stands on the wire as a general encoder writes it, and means the same to a general decoder", () => {
    fc.assert(
      fc.property(small, (object) => {
        const bytes = encodeObject(object);
        expect(bytes).toEqual(plainBytes(plain(object)));
        expect(recoded(bytes)).toEqual(bytes);
      }),
      options,
    );
  });

  it("is any of the ten types in these runs", () => {
    const seen = new Set(fc.sample(small, options).map((object) => object.type));
    expect([...seen].toSorted()).toEqual(Object.keys(ObjectType).toSorted());
  });
});
