/** What certificates and their evidence may take of the disk. */
import { expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import { Intake } from "../../src/social/index.ts";
import { channelOf, encodePromoted, scopeFromKey, signObject, toHex, type Hash } from "../../src/wire/index.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { SIM_START } from "../sim/clock.ts";
import { signCertificate } from "../sim/promoting.ts";

await initHash();

const JAZZ = scopeFromKey("t:music/jazz");
const POST = new Uint8Array(32).fill(7);

const share = (bytes: number) => ({ envelopes: { perSecond: 0, burst: 100 }, bytes: { perSecond: 0, burst: bytes } });

it("has bounds, whoever the author is; what carries several is counted once", async () => {
  const [author, curator, relay] = [await signerOf(1), await signerOf(2), await signerOf(3)];
  const envelope = await signEnvelope(author, { scopes: ["g:europe/nl/utrecht", "t:music/jazz"] });
  const feed = (name: string, posts: readonly Hash[]) =>
    signObject(
      {
        type: "CuratedFeed",
        curator: curator.publicKey,
        name,
        description: "",
        entries: posts.map((postHash) => ({ postHash, added: SIM_START, note: null })),
        scope: JAZZ,
        updated: SIM_START,
        sequence: 1,
        kickbackRate: 0,
      },
      curator,
    );
  const short = await feed("Short", [POST]);
  const long = await feed("Long", [POST, ...Array.from({ length: 40 }, (_, at) => new Uint8Array(32).fill(100 + at))]);
  const shares = { author: share(1_500), neighbour: share(1_000_000), all: share(1_000_000) };
  let held = false;
  const intake = new Intake({
    known: () => held,
    followed: () => true,
    evidence: async ([named]) => [toHex(named ?? POST) === toHex(short.hash) ? short.bytes : long.bytes],
    evidenceLimits: { heard: shares, asked: shares },
  });
  const outcomes: string[] = [];
  for (const [at, { hash }] of [short, short, short, long].entries()) {
    const text = { envelope: envelope.hash, scope: "t:music/jazz", kind: "curation", evidence: [hash] } as const;
    const { bytes } = await signCertificate(relay, { ...text, created: SIM_START - at });
    const message = encodePromoted({ certificate: bytes, envelope: envelope.bytes, evidence: [] });
    const source = { kind: "channel", channel: channelOf(JAZZ), from: relay.publicKey } as const;
    const { code, kind } = await intake.check(message, source, SIM_START);
    held ||= kind === "envelope";
    outcomes.push(`${kind} ${code}`);
  }
  expect(outcomes).toEqual([
    "envelope ACCEPTED",
    "certificate ACCEPTED",
    "certificate ACCEPTED",
    "none STORAGE_EXCEEDED",
  ]);
});
