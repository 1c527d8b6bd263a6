/** Signed objects for tests, the same on every run. */
import {
  createSigner,
  postSize,
  scopeFromKey,
  signObject,
  type Hash,
  type MediaHint,
  type PostEnvelope,
  type Signer,
  type UserProfile,
} from "../../src/wire/index.ts";
import { SIM_START } from "./clock.ts";

export interface SignedEnvelope {
  readonly envelope: PostEnvelope;
  readonly bytes: Uint8Array;
  readonly hash: Hash;
}

export interface EnvelopeText {
  readonly summary?: string;
  readonly headline?: string | null;
  /** Scope keys; the commons by default. */
  readonly scopes?: readonly string[];
  readonly created?: number;
  readonly replyTo?: Hash | null;
  readonly postHash?: Hash;
  readonly references?: readonly Hash[];
  readonly mediaHints?: readonly MediaHint[];
}

export const COMMONS = "g:cyberspace/commons";

export async function signerOf(number: number): Promise<Signer> {
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(0, number + 1);
  return createSigner(seed);
}

export async function signEnvelope(signer: Signer, text: EnvelopeText = {}): Promise<SignedEnvelope> {
  const summary = text.summary ?? "Hello";
  const { object, bytes, hash } = await signObject(
    {
      type: "PostEnvelope",
      author: signer.publicKey,
      postHash: text.postHash ?? new Uint8Array(32).fill(7),
      headline: text.headline ?? null,
      summary,
      mediaHints: [...(text.mediaHints ?? [])],
      scopes: (text.scopes ?? [COMMONS]).map(scopeFromKey),
      replyTo: text.replyTo ?? null,
      boostOf: null,
      references: [...(text.references ?? [])],
      contentSize: postSize(summary),
      created: text.created ?? SIM_START,
      kickbackRate: 128,
    },
    signer,
  );
  return { envelope: object, bytes, hash };
}

export interface SignedProfile {
  readonly profile: UserProfile;
  readonly bytes: Uint8Array;
  readonly hash: Hash;
}

export async function signProfile(signer: Signer, displayName: string, sequence = 1): Promise<SignedProfile> {
  const { object, bytes, hash } = await signObject(
    {
      type: "UserProfile",
      nodeId: signer.publicKey,
      displayName,
      bio: null,
      avatar: null,
      scopes: [],
      claims: [],
      sequence,
    },
    signer,
  );
  return { profile: object, bytes, hash };
}
