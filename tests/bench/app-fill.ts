/**
 * Fills the store of a profile before the app opens it. Runs in a worker of the app's origin and writes with the code of the
 * store, because fetching so much from other peers would take longer than everything that is measured.
 */
import { OwnIdentity } from "../../src/peer/identity.ts";
import { openIdbStore, type Head, type NewEnvelope } from "../../src/store/index.ts";
import {
  createSigner,
  hashOf,
  ObjectType,
  scopeFromKey,
  signObject,
  type Hash,
  type Signer,
} from "../../src/wire/index.ts";
import { seededBytes } from "./material.ts";
import type { BenchContext } from "./types.ts";

/** The database of the app (workers/peer.ts). */
const DATABASE = "mehr";
const BATCH = 1_000;
const DAY = 86_400_000;

export interface FillArgs {
  readonly envelopes: number;
  readonly authors: number;
  /** Scope key of the place where every tenth envelope was posted; the others are spread over forty places. */
  readonly home: string;
  /** Whether all of them were posted at `home`. */
  readonly together?: boolean;
  /** Whether each refers to one or two that were written before it, mostly of late. */
  readonly connected?: boolean;
  /** A tenth that this store does not have: the newest ones, or every tenth. The same arguments make the same envelopes. */
  readonly lacking?: Lacking;
  /** Milliseconds since 1970. The envelopes are of the ninety days before. */
  readonly now: number;
}

export type Lacking = "newest" | "scattered";

export interface Filled {
  readonly envelopes: number;
  /** Of the envelopes themselves. */
  readonly bytes: number;
  readonly milliseconds: number;
}

/** Every envelope is signed as it should be: other peers that get it from this store believe it. */
export async function fill(args: FillArgs, context: BenchContext): Promise<Filled> {
  const started = context.now();
  const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  const store = await openIdbStore({ name: DATABASE, now: () => args.now, randomBytes });
  // Whoever has envelopes has opened the app before, and is somebody.
  await OwnIdentity.open(store, { now: () => args.now, randomBytes });
  const seeds = seededBytes(32 * args.authors);
  const signers = await Promise.all(
    Array.from({ length: args.authors }, (_, index) => createSigner(seeds.slice(32 * index, 32 * index + 32))),
  );
  await store.commit({ heads: await Promise.all(signers.map((signer, index) => profile(signer, index))) });
  for (let from = 0; from < args.envelopes; from += BATCH) {
    const length = Math.min(BATCH, args.envelopes - from);
    const numbers = Array.from({ length }, (_, offset) => from + offset).filter((number) => !lacks(args, number));
    await store.commit({ envelopes: await Promise.all(numbers.map((number) => envelope(args, signers, number))) });
  }
  const { envelopes, envelopeBytes } = await store.usage();
  await store.close();
  return { envelopes, bytes: envelopeBytes, milliseconds: context.now() - started };
}

function lacks({ envelopes, lacking }: FillArgs, number: number): boolean {
  if (lacking === "newest") return number >= envelopes * 0.9;
  return lacking === "scattered" && number % 10 === 3;
}

async function profile(signer: Signer, index: number): Promise<Head> {
  const { object, bytes, hash } = await signObject(
    {
      type: "UserProfile",
      nodeId: signer.publicKey,
      displayName: `Neighbour ${index}`,
      bio: null,
      avatar: null,
      scopes: [],
      claims: [],
      sequence: 1,
    },
    signer,
  );
  const { nodeId: owner, sequence } = object;
  return { type: ObjectType.UserProfile, owner, name: "", sequence, hash, bytes, forkBytes: null, frozenUntil: 0 };
}

function postOf(index: number): Hash {
  return hashOf(new TextEncoder().encode(`post ${index}`));
}

/** Numbers of one or two earlier ones, the same at each call. */
function earlierThan(index: number): number[] {
  if (index === 0) return [];
  const near = index - 1 - ((index * 7) % Math.min(index, 12));
  const far = (index * 31) % index;
  return index % 3 === 0 && far !== near ? [near, far] : [near];
}

/** About 330 bytes, of which the two keys and hashes are 160. */
async function envelope(args: FillArgs, signers: readonly Signer[], index: number): Promise<NewEnvelope> {
  const signer = signers[(index * 7) % signers.length] as Signer;
  const place = args.together === true || index % 10 === 0 ? args.home : `g:europe/nl/town-${index % 40}`;
  const age = ((args.envelopes - index) / args.envelopes) * 90 * DAY;
  const { object, bytes, hash } = await signObject(
    {
      type: "PostEnvelope",
      postHash: postOf(index),
      author: signer.publicKey,
      headline: `What was seen at the market on day ${index}`,
      summary: "Rain in the morning, sun after noon. The stalls were open and the bread was gone by ten.",
      mediaHints: [],
      scopes: [place, `t:topic-${index % 50}`].map((key) => scopeFromKey(key)),
      replyTo: null,
      boostOf: null,
      references: args.connected === true ? earlierThan(index).map(postOf) : [],
      contentSize: 2_000,
      created: Math.floor(args.now - age),
      kickbackRate: 0,
    },
    signer,
  );
  return { envelope: object, bytes, hash };
}
