/** Envelopes made from small numbers, the same at every run. Signatures are filler: a store does not verify. */
import {
  encodeObject,
  hashOf,
  type Hash,
  type NodeKey,
  type PostEnvelope,
  scopeFromKey,
} from "../../src/wire/index.ts";
import type { NewEnvelope } from "../../src/store/index.ts";

/** 32 bytes that stand for the number. */
export function bytes32(kind: string, number: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new TextEncoder().encodeInto(kind, bytes);
  new DataView(bytes.buffer).setUint32(28, number);
  return bytes;
}

export function authorOf(number: number): NodeKey {
  return bytes32("author", number);
}

export interface EnvelopeIdea {
  /** Makes it another envelope than all with another number. */
  readonly id: number;
  readonly author?: number;
  readonly created?: number;
  /** Scope keys, such as `g:europe/nl`. */
  readonly scopes?: readonly string[];
  readonly replyTo?: Hash | null;
  readonly boostOf?: Hash | null;
  readonly references?: readonly Hash[];
  readonly postHash?: Hash;
  /** Characters of the summary, at most 280. */
  readonly length?: number;
}

export function envelope(idea: EnvelopeIdea): NewEnvelope {
  const isBoost = idea.boostOf !== undefined && idea.boostOf !== null;
  const content: PostEnvelope = {
    type: "PostEnvelope",
    postHash: isBoost ? null : (idea.postHash ?? bytes32("post", idea.id)),
    author: authorOf(idea.author ?? 0),
    headline: `Envelope ${idea.id}`,
    summary: isBoost ? null : "x".repeat(idea.length ?? 40),
    mediaHints: [],
    scopes: (idea.scopes ?? []).map((key) => scopeFromKey(key)),
    replyTo: idea.replyTo ?? null,
    boostOf: idea.boostOf ?? null,
    references: [...(idea.references ?? [])],
    contentSize: isBoost ? 0 : 100,
    created: idea.created ?? 1_700_000_000_000 + idea.id,
    kickbackRate: 0,
    signature: new Uint8Array(64).fill(idea.id & 0xff),
  };
  const bytes = encodeObject(content);
  return { hash: hashOf(bytes), bytes, envelope: content };
}

export function envelopes(count: number, idea: (id: number) => Omit<EnvelopeIdea, "id"> = () => ({})): NewEnvelope[] {
  return Array.from({ length: count }, (_, id) => envelope({ id, ...idea(id) }));
}

/** Repeatable "random" bytes: a linear congruential generator is enough to tell two stores apart. */
export function seededBytes(seed: number): (length: number) => Uint8Array {
  let state = seed >>> 0;
  return (length) =>
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
}
