/** Whose word is told of how far a post is heard: boosts by trusted people apart, by name, and readers by their receipts. */
import { afterEach, expect, it } from "vitest";
import { encodeNodeId, encodePromoted, fromHex, toHex, type Signer } from "../../src/wire/index.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { promote, signBoost, signCertificate, signReceipt } from "../sim/promoting.ts";
import { lastingStore, Town } from "../sim/town.ts";
import { carrier } from "./carrier.ts";
import { now } from "./origin.ts";
import { holdProfile } from "./profiles.ts";
import { reachOf } from "./watched.ts";

const POST = new Uint8Array(32).fill(7);
const JAZZ = "t:music/jazz";
const LIVE = "t:music/live";

const towns: Town[] = [];
afterEach(async () => {
  for (const town of towns.splice(0)) for (const resident of town.residents.slice()) await town.leave(resident);
});

const signers = (...numbers: number[]): Promise<Signer[]> => Promise.all(numbers.map(signerOf));
const idOf = ({ publicKey }: Signer): string => encodeNodeId(publicKey);

it("counts boosts by people whom this person trusts and names those people, not strangers", async () => {
  const town = new Town({ seed: 901 });
  towns.push(town);
  const store = lastingStore(901);
  const anna = await town.arrive(store);
  const [author, ada, ben, stranger] = (await signers(1, 2, 3, 4)) as [Signer, Signer, Signer, Signer];
  await holdProfile(store, ada, { displayName: "Ada" });
  const post = await signEnvelope(author, { postHash: POST });
  const hash = toHex(post.hash);
  const created = town.clock.now();
  const boosts = [
    await signBoost(stranger, post.hash, { created: created - 4_000 }),
    await signBoost(ada, post.hash, { created: created - 3_000 }),
    // The same person again, of the post instead of its envelope: still one.
    await signBoost(ada, POST, { created: created - 2_000 }),
    await signBoost(ben, post.hash, { created: created - 1_000 }),
  ];
  await store.commit({ envelopes: [post, ...boosts] });

  const heard = async () => (await anna.api.envelope(hash))?.heard;
  expect(await heard()).toMatchObject({ boosts: 3, trustedBoosts: 0 });
  expect(await reachOf(anna, hash)).toMatchObject({ boosts: 3, trustedBoosts: 0, trustedBoosters: [] });

  await anna.api.trust(idOf(ada));
  const named = { id: idOf(ada), name: "Ada", own: false, trusted: true };
  expect(await heard()).toMatchObject({ boosts: 3, trustedBoosts: 1 });
  expect(await reachOf(anna, hash)).toMatchObject({ boosts: 3, trustedBoosts: 1, trustedBoosters: [named] });

  // Who boosted last first.
  await anna.api.trust(idOf(ben));
  expect(await reachOf(anna, hash)).toMatchObject({
    boosts: 3,
    trustedBoosts: 2,
    trustedBoosters: [{ id: idOf(ben), name: null }, named],
  });
});

it("counts each reader once whose receipt is the evidence of a certificate, and nobody who boosted", async () => {
  const town = new Town({ seed: 902 });
  towns.push(town);
  const dora = await town.arrive(lastingStore(902));
  while (!dora.mesh.running) await town.clock.settle();
  await dora.api.updateSettings({ home: "g:asia/jp/tokyo", topics: ["t:music"] });
  const [author, relay, booster, ...readers] = (await signers(91, 92, 93, 94, 95, 96, 97)) as [
    Signer,
    Signer,
    Signer,
    ...Signer[],
  ];
  const send = await carrier(town, relay.publicKey, "t:music", dora);

  const created = town.clock.now();
  const scopes = ["g:europe/nl/utrecht", JAZZ, LIVE];
  const post = await signEnvelope(author, { postHash: POST, scopes, created });
  const hash = toHex(post.hash);
  const readIn = async (scope: string, by: readonly Signer[]): Promise<void> => {
    const given = { author, provider: relay };
    const receipts = await Promise.all(by.map((reader) => signReceipt(reader, given, { object: POST, created })));
    const evidence = receipts.map((one) => one.hash);
    const certificate = await signCertificate(relay, {
      envelope: post.hash,
      scope,
      kind: "receipts",
      evidence,
      created,
    });
    const items = receipts.map(({ bytes }) => bytes);
    await send(encodePromoted({ certificate: certificate.bytes, envelope: post.bytes, evidence: items }));
  };

  await readIn(JAZZ, readers.slice(0, 3));
  await town.clock.until(() => dora.store.envelopes.has(fromHex(hash)));
  const first = await reachOf(dora, hash);
  expect(first).toMatchObject({ readers: 3, boosts: 0, topics: true });
  expect(first?.steps).toMatchObject([{ scope: JAZZ, evidence: "receipts", count: 3 }]);

  // Two of these and another one.
  await readIn(LIVE, readers.slice(1, 4));
  await town.clock.until(async () => (await reachOf(dora, hash))?.steps.length === 2);
  expect((await reachOf(dora, hash))?.readers).toBe(4);

  const { message } = await promote(post, JAZZ, { booster, issuer: relay }, { created });
  await send(message);
  await town.clock.until(async () => (await reachOf(dora, hash))?.steps.length === 3);
  expect(await reachOf(dora, hash)).toMatchObject({ readers: 4, trustedBoosts: 0, trustedBoosters: [] });

  // Whoever boosted and whoever says so are told with whom their names look like.
  await dora.api.saveProfile({ displayName: "Dora", bio: "", scopes: [] });
  // With a Cyrillic letter, and with other gaps.
  await holdProfile(dora.store, booster, { displayName: "Dоra" });
  await holdProfile(dora.store, relay, { displayName: "D.o.r.a" });
  const alike = { id: (await now(dora.api, "identity", {})).id, name: "Dora" };
  const boosted = async () => (await reachOf(dora, hash))?.steps.find(({ evidence }) => evidence === "boost");
  await town.clock.until(async () => (await boosted())?.issuer.alike?.name === "Dora");
  expect(await boosted()).toMatchObject({
    who: [{ id: idOf(booster), name: "Dоra", alike }],
    issuer: { id: idOf(relay), name: "D.o.r.a", alike },
  });
  expect(dora.mesh.misdeeds()).toEqual([]);
});
