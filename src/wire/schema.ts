/** What every object type has in common: a numbered array of fields with its signature, or signatures, at the end. */
import { equalBytes } from "./bytes.ts";
import type { CborReader, CborWriter } from "./cbor.ts";
import { WireError } from "./errors.ts";
import type { Field, Fields } from "./fields.ts";
import { signature } from "./fields.ts";
import type { NodeKey, WireObject } from "./types.ts";

/** Who has to sign an object, and what stands there so far. */
export interface SignatureSlot {
  readonly key: NodeKey;
  readonly signature: Uint8Array | null;
}

export interface Schema<T extends WireObject> {
  readonly name: T["type"];
  readonly maxBytes: number;
  /** Elements of the array, type number and signatures included. */
  readonly elements: number;
  /** Reads everything after the type number. */
  read(from: CborReader): T;
  /** Writes everything after the type number. */
  write(to: CborWriter, object: T): void;
  /** @throws WireError of the rule that the object breaks */
  check(object: T): void;
  /** Canonical bytes that the signatures cover, cut from those of the whole object. */
  signedPart(bytes: Uint8Array, object: T): Uint8Array;
  /** @throws WireError `PARTIES_UNKNOWN` where the object does not carry its parties' keys and `parties` lacks them */
  slots(object: T, parties: readonly NodeKey[]): SignatureSlot[];
  /** The object with `value` as the signature of `key`. @throws WireError `SIGNER_MISMATCH` when `key` is nobody in it */
  withSignature(unsigned: object, key: NodeKey, value: Uint8Array): T;
}

interface Description<T extends WireObject, Body> {
  readonly name: T["type"];
  readonly maxBytes: number;
  /** In wire order. */
  readonly fields: Fields<Body>;
  readonly check?: (object: T) => void;
}

type Single = Extract<WireObject, { signature: Uint8Array }>;

function body<T extends WireObject, Body>({ name, fields }: Description<T, Body>) {
  const parts = (Object.keys(fields) as (keyof Body & string)[]).map((key) => ({
    key,
    field: fields[key] as Field<unknown>,
  }));
  return {
    count: parts.length,
    read(from: CborReader): Record<string, unknown> {
      const object: Record<string, unknown> = { type: name };
      for (const part of parts) object[part.key] = part.field.read(from, part.key);
      return object;
    },
    write(to: CborWriter, object: T): void {
      const values = object as unknown as Record<string, unknown>;
      for (const part of parts) part.field.write(to, values[part.key], part.key);
    },
  };
}

/** The array without its last element: its head counts one fewer. Every object has fewer than 24 elements, so heads take one byte. */
function withoutLast(bytes: Uint8Array, lastElementBytes: number): Uint8Array {
  // A copy also of Node's Buffer, whose own `slice` shares memory with the original.
  const part = Uint8Array.from(bytes.subarray(0, bytes.length - lastElementBytes));
  part[0] = (part[0] as number) - 1;
  return part;
}

/** Head of two bytes and 64 of content. */
const SIGNATURE_ELEMENT_BYTES = 66;

/** An object that one key signs: the last element is the signature. */
export function signedByOne<T extends Single>(
  description: Description<T, Omit<T, "type" | "signature">> & { readonly signer: keyof T & string },
): Schema<T> {
  const { name, maxBytes, signer } = description;
  const fields = body(description);
  const signerOf = (object: object) => (object as Record<string, unknown>)[signer] as NodeKey;
  return {
    name,
    maxBytes,
    elements: fields.count + 2,
    read(from) {
      const object = fields.read(from);
      object["signature"] = signature.read(from, "signature");
      return object as unknown as T;
    },
    write(to, object) {
      fields.write(to, object);
      signature.write(to, object.signature, "signature");
    },
    check: (object) => description.check?.(object),
    signedPart: (bytes) => withoutLast(bytes, SIGNATURE_ELEMENT_BYTES),
    slots: (object) => [{ key: signerOf(object), signature: object.signature }],
    withSignature(unsigned, key, value) {
      if (!equalBytes(signerOf(unsigned), key)) throw new WireError("SIGNER_MISMATCH", signer, "not the signer's key");
      return { ...unsigned, signature: value } as T;
    },
  };
}

interface Party<T> {
  readonly key: keyof T & string;
  readonly signature: keyof T & string;
}

/** An object that two keys sign: the last element is the array of both signatures, null where one is still due. */
export function signedByTwo<T extends WireObject, SignatureNames extends keyof T>(
  description: Description<T, Omit<T, "type" | SignatureNames>> & { readonly parties: readonly [Party<T>, Party<T>] },
): Schema<T> {
  const { name, maxBytes, parties } = description;
  const fields = body(description);
  const valueOf = (object: object, key: string) => (object as Record<string, unknown>)[key] as Uint8Array | null;
  return {
    name,
    maxBytes,
    elements: fields.count + 2,
    read(from) {
      const object = fields.read(from);
      if (from.array("signatures") !== parties.length) {
        throw new WireError("FIELD_COUNT", "signatures", `not ${parties.length} signatures`);
      }
      for (const party of parties) {
        object[party.signature] = from.skipNull() ? null : signature.read(from, party.signature);
      }
      return object as unknown as T;
    },
    write(to, object) {
      fields.write(to, object);
      to.array(parties.length);
      for (const party of parties) {
        const value = valueOf(object, party.signature);
        if (value === null) to.null();
        else signature.write(to, value, party.signature);
      }
    },
    check(object) {
      const [first, second] = parties;
      if (equalBytes(valueOf(object, first.key) as NodeKey, valueOf(object, second.key) as NodeKey)) {
        throw new WireError("PARTIES_SAME", second.key, `the same as ${first.key}`);
      }
      if (parties.every((party) => valueOf(object, party.signature) === null)) {
        throw new WireError("SIGNATURE_MISSING", "signatures", "nobody has signed");
      }
      description.check?.(object);
    },
    signedPart(bytes, object) {
      let length = 1;
      for (const party of parties) length += valueOf(object, party.signature) === null ? 1 : SIGNATURE_ELEMENT_BYTES;
      return withoutLast(bytes, length);
    },
    slots: (object) =>
      parties.map((party) => ({
        key: valueOf(object, party.key) as NodeKey,
        signature: valueOf(object, party.signature),
      })),
    withSignature(unsigned, key, value) {
      const party = parties.find((candidate) => equalBytes(valueOf(unsigned, candidate.key) as NodeKey, key));
      if (party === undefined) throw new WireError("SIGNER_MISMATCH", "signatures", "not a party's key");
      return { ...unsigned, [party.signature]: value } as unknown as T;
    },
  };
}
