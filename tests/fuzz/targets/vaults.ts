/** What keys and copies of everything are read from: encrypted settings, ways to unlock, and backup files. */
import { parseWaiting, type Moved } from "../../../src/peer/arriving/records.ts";
import { clearFrames, frameHead, headerOf } from "../../../src/peer/backup/format.ts";
import { readBackup } from "../../../src/peer/backup/index.ts";
import { PeerError } from "../../../src/peer/errors.ts";
import { createVault, decodePlain, encodePlain, parseVault } from "../../../src/peer/vault/index.ts";
import { concatBytes, createSigner, hashOf, signObject } from "../../../src/wire/index.ts";
import { identitySeed } from "../../../src/wire/phrase.ts";
import { signEnvelope } from "../../sim/author.ts";
import { SIM_START } from "../../sim/clock.ts";
import { cheapStretch, draftOf } from "../../sim/town.ts";
import { mutatedBytes, mutatedText, mutatedValue, oneOf } from "../mutations.ts";
import { asBytes, asValue, decoded, sameBytes, type Target } from "../target.ts";

const isPeerError = (error: unknown): boolean => error instanceof PeerError;

const VALUES: readonly unknown[] = [
  { a: 1, b: [new Uint8Array(5), -0, Number.NaN, undefined, null], c: new Map([["k", new Set([1, "x"])]]) },
  [new Date(SIM_START), 2 ** 53, 1.5, "علی", { nested: { deeply: [[[]]] } }],
  { language: "fa", topics: ["t:music/jazz"], relays: [] },
];

const plain: Target<Uint8Array> = {
  name: "peer: values as they are encrypted",
  covers: ["peer/vault/plain.ts#decodePlain"],
  share: 5_000,
  input(random) {
    const bytes = encodePlain(oneOf(random, VALUES));
    if (random.next() < 0.4) return mutatedBytes(bytes, random, encodePlain(oneOf(random, VALUES)));
    return new TextEncoder().encode(mutatedText(new TextDecoder().decode(bytes), random));
  },
  check(bytes) {
    const read = decoded(() => ({ value: decodePlain(bytes) }), isPeerError);
    if (read === undefined) return false;
    // JSON has many spellings of a value, but what is written of it is read as the same value again.
    const written = encodePlain(read.value);
    sameBytes(encodePlain(decodePlain(written)), written);
    return true;
  },
  text: asBytes,
};

const { vault: VAULT } = await createVault({ kind: "passphrase", passphrase: "correct horse battery" }, cheapStretch);

const vault: Target = {
  name: "peer: ways to unlock, as they were stored",
  covers: ["peer/vault/ways.ts#parseVault"],
  share: 3_000,
  input: (random) => mutatedValue(VAULT, random),
  check(input) {
    const read = decoded(() => parseVault(input), isPeerError);
    if (read === undefined) return false;
    if (read === null && input !== undefined) throw new Error("a vault that was there is none");
    return true;
  },
  text: asValue,
};

const ENTROPY = new Uint8Array(32).fill(6);
const signer = await createSigner(identitySeed(ENTROPY));
const ATTACHMENT = new Uint8Array(90).fill(7);
const post = await signObject(
  { type: "SocialPost", author: signer.publicKey, text: "Kept", media: [hashOf(ATTACHMENT)], links: [] },
  signer,
);
const envelope = await signEnvelope(signer, { summary: "Kept", postHash: post.hash });
const RECORDS: readonly unknown[] = [
  { kind: "identity", entropy: ENTROPY, createdAt: SIM_START, wordsKept: true },
  { kind: "setting", name: "settings", value: { language: "fa" } },
  { kind: "draft", content: draftOf("half") },
  { kind: "post", bytes: post.bytes },
  { kind: "envelope", bytes: envelope.bytes },
  { kind: "attachment", bytes: ATTACHMENT },
  { kind: "waiting", bytes: envelope.bytes, queuedAt: SIM_START },
  { kind: "arrival", draft: draftOf("old words"), id: "https://a.example/2", parent: "https://a.example/1", since: 1 },
  { kind: "arrived", names: ["0123456789abcdef"] },
];
/** Of a file without a key, which the words of its owner open. */
const OWNED: readonly unknown[] = [{ kind: "owner", id: signer.publicKey, createdAt: SIM_START }, ...RECORDS.slice(1)];

async function fileOf(records: unknown): Promise<Uint8Array> {
  const header = headerOf(null);
  const content = await clearFrames(header).write(encodePlain(records), true);
  return concatBytes(header.bytes, frameHead(content.length, true), content);
}
const FILE = await fileOf(RECORDS);

const backup: Target = {
  name: "peer: backup files",
  covers: ["peer/backup/read.ts#readBackup"],
  share: 300,
  // Whoever alters a file can compute its digests, so that most damage is done to what they are of.
  input: (random) =>
    random.next() < 0.4
      ? mutatedBytes(FILE, random, FILE)
      : { records: mutatedValue(oneOf(random, [RECORDS, OWNED]), random) },
  async check(input) {
    const built = input instanceof Uint8Array ? input : await writtenOf(input);
    if (built === null) return false;
    let begun = 0;
    const sink = {
      begin: async () => {
        begun++;
      },
      write: async (batch: { envelopes?: readonly { envelope: { author: Uint8Array } }[] }) => {
        for (const { envelope: own } of batch.envelopes ?? []) sameBytes(own.author, signer.publicKey);
      },
      blob: async (hash: Uint8Array, bytes: Uint8Array) => sameBytes(hash, hashOf(bytes)),
      arrivals: async (waiting: readonly Moved[], arrived: readonly string[]) => {
        for (const one of waiting)
          if (parseWaiting(one).since !== one.since) throw new Error("it would be read otherwise");
        if (!arrived.every((name) => /^[0-9a-f]{16}$/u.test(name))) throw new Error("no names of drafts");
      },
    };
    const entropy = (): Uint8Array => ENTROPY;
    const file = new Blob([new Uint8Array(built)]);
    const source = {
      file,
      passphrase: undefined,
      key: undefined,
      entropy,
      stretch: cheapStretch,
      now: SIM_START,
      signal: undefined,
    };
    try {
      await readBackup(source, sink);
    } catch (error) {
      if (!isPeerError(error)) throw error;
      return false;
    }
    if (begun !== 1) throw new Error(`${begun} identities`);
    return true;
  },
  text: asValue,
};

/** The file of these records, or nothing where they are no values that a file can hold. */
async function writtenOf(input: unknown): Promise<Uint8Array | null> {
  try {
    return await fileOf((input as { records: unknown }).records);
  } catch (error) {
    if (isPeerError(error)) return null;
    throw error;
  }
}

export const vaultTargets: readonly Target[] = [plain, vault, backup];
