/** Whoever vouched for somebody whom this person has turned away is believed less, until that is taken back. */
import { describe, expect, it } from "vitest";
import type { DoubtedView, LiveUpdate } from "../../src/peer/api.ts";
import { applyOps } from "../../src/rpc/apply.ts";
import { encodeNodeId, toHex, type Signer } from "../../src/wire/index.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { promote } from "../sim/promoting.ts";
import { hashesOf, lastingStore, Town, type Resident } from "../sim/town.ts";
import { carrier } from "./carrier.ts";

const UTRECHT = "g:europe/nl/utrecht";
const TOKYO = "g:asia/jp/tokyo";
const JAZZ = "t:music/jazz";
const MUSIC = { kind: "scope", scope: "t:music", match: "prefix" } as const;
const MINUTE = 60_000;

const idOf = ({ publicKey }: Signer): string => encodeNodeId(publicKey);

async function doubtedBy({ api }: Resident): Promise<readonly DoubtedView[]> {
  let rows: readonly DoubtedView[] = [];
  const watching = await api.watch("doubted", {}, (update: LiveUpdate<"doubted">) => {
    rows = update.kind === "rows" ? update.rows : applyOps(rows, update.ops);
  });
  await watching.close();
  return rows;
}

/** Dora reads music in Tokyo and is linked to a peer that brings what a coalition promotes, and to Emil, who reads it, too. */
async function coalition(seed: number) {
  const town = new Town({ seed });
  const store = lastingStore(seed);
  const dora = await town.arrive(store);
  while (!dora.mesh.running) await town.clock.settle();
  await dora.api.updateSettings({ home: TOKYO, topics: ["t:music"] });
  const signers = await Promise.all(Array.from({ length: 8 }, (_, at) => signerOf(60 + at)));
  const send = await carrier(town, (await signerOf(59)).publicKey, "t:music", dora);
  let number = 0;
  /** Numbers of three signers: who wrote it, who boosted it, who says so. Resolves with the hash. */
  const bring = async (by: number, boostedBy: number, issuedBy: number): Promise<string> => {
    const created = town.clock.now();
    const text = { summary: `Spam ${number}`, scopes: [UTRECHT, JAZZ], created };
    const postHash = new Uint8Array(32).fill(++number);
    const envelope = await signEnvelope(signers[by]!, { ...text, postHash });
    const pair = { booster: signers[boostedBy]!, issuer: signers[issuedBy]! };
    const { message } = await promote(envelope, JAZZ, pair, { created });
    await send(message);
    await town.clock.advance(1_000);
    return toHex(envelope.hash);
  };
  const shows = async (hash: string): Promise<boolean> => (await hashesOf(dora, MUSIC)).includes(hash);
  return { town, dora, store, signers, bring, shows };
}

describe("whoever vouched for somebody who is blocked", () => {
  it("opens nothing any more, in whatever part, and that is no misdeed of whoever brings it", async () => {
    const { bring, dora, shows, signers } = await coalition(701);
    const [spammer, booster, issuer] = signers as [Signer, Signer, Signer];
    const first = await bring(0, 1, 2);
    expect(await shows(first)).toBe(true);
    expect(await doubtedBy(dora)).toEqual([]);
    await dora.api.block(idOf(spammer));
    const causes = [idOf(spammer)];
    expect((await doubtedBy(dora)).map(({ causes, id }) => ({ id, causes }))).toEqual(
      [booster, issuer].map((one) => ({ id: idOf(one), causes })),
    );
    // Another author, with either of the two.
    expect(await shows(await bring(3, 1, 4))).toBe(false);
    expect(await shows(await bring(3, 5, 2))).toBe(false);
    // Neither of them: it costs the coalition three keys more.
    expect(await shows(await bring(3, 5, 4))).toBe(true);
    expect(dora.mesh.misdeeds()).toEqual([]);
  });

  it("has what it brought before taken out of feeds and passed on to nobody, over restarts, until it is believed", async () => {
    const { bring, dora, shows, signers, store, town } = await coalition(702);
    const [spammer, booster, issuer] = signers as [Signer, Signer, Signer];
    await bring(0, 1, 2);
    const other = await bring(3, 1, 4);
    await dora.api.block(idOf(spammer));
    expect(await shows(other)).toBe(false);
    expect((await dora.api.envelope(other))?.heard.topics).toBe(false);
    expect((await dora.api.envelope(other))?.guard?.verdict?.reason.code).toBe("VOUCHER_DOUBTED");
    const author = { kind: "author", author: idOf(signers[3]!) } as const;
    expect(await hashesOf(dora, author)).toEqual([other]);

    await town.leave(dora);
    const again = await town.arrive(store);
    while (!again.mesh.running) await town.clock.settle();
    expect(await doubtedBy(again)).toHaveLength(2);
    const emil = await town.arrive();
    while (!emil.mesh.running) await town.clock.settle();
    await emil.api.updateSettings({ home: TOKYO, topics: ["t:music"] });
    town.network.connect(emil.mesh, again.mesh);
    await town.clock.advance(MINUTE);
    expect(await hashesOf(emil, MUSIC)).toEqual([]);

    // Its day is over, and it stays out all the same.
    await town.clock.advance(25 * 60 * MINUTE);
    expect(await hashesOf(again, MUSIC)).toEqual([]);
    await again.api.believe(idOf(booster));
    expect(await hashesOf(again, MUSIC)).toEqual([other]);
    expect((await doubtedBy(again)).map(({ id }) => id)).toEqual([idOf(issuer)]);
  });

  it("is believed again when the block is lifted, and not while somebody else is blocked for whom it vouched", async () => {
    const { bring, dora, shows, signers } = await coalition(703);
    const [first, second] = [signers[0]!, signers[3]!];
    await bring(0, 1, 2);
    await bring(3, 1, 2);
    const held = await bring(6, 1, 2);
    await dora.api.block(idOf(first));
    await dora.api.block(idOf(second));
    expect(await shows(held)).toBe(false);
    await dora.api.unblock(idOf(first));
    expect(await doubtedBy(dora)).toHaveLength(2);
    await dora.api.unblock(idOf(second));
    expect(await doubtedBy(dora)).toEqual([]);
    expect(await shows(held)).toBe(true);
    expect(await shows(await bring(7, 1, 2))).toBe(true);
  });

  it("is not doubted while this person follows or trusts it, and this person never doubts itself", async () => {
    const { bring, dora, shows, signers } = await coalition(704);
    const [spammer, booster, issuer] = signers as [Signer, Signer, Signer];
    const hash = await bring(0, 1, 2);
    await dora.api.boost(hash);
    await dora.api.follow(idOf(booster));
    await dora.api.block(idOf(spammer));
    expect((await doubtedBy(dora)).map(({ id }) => id)).toEqual([idOf(issuer)]);
    expect(await shows(await bring(3, 1, 4))).toBe(true);
    await dora.api.trust(idOf(issuer));
    expect(await doubtedBy(dora)).toEqual([]);
    expect(await shows(await bring(5, 1, 2))).toBe(true);
    // Trusted no more, it is doubted as before; whoever was known well when it vouched is not.
    await dora.api.distrust(idOf(issuer));
    await dora.api.unfollow(idOf(booster));
    expect((await doubtedBy(dora)).map(({ id }) => id)).toEqual([idOf(issuer)]);
  });
});

describe("whoever vouches for those who vouched for somebody blocked", () => {
  it("is found out by what is refused, too, over restarts, and cleared with them", async () => {
    const { bring, dora, shows, signers, store, town } = await coalition(707);
    await bring(0, 1, 2);
    await dora.api.block(idOf(signers[0]!));
    const doubted = async (by: Resident): Promise<string[]> => (await doubtedBy(by)).map(({ id }) => id).toSorted();
    const first = [signers[1]!, signers[2]!].map(idOf).toSorted();
    expect(await doubted(dora)).toEqual(first);
    // Neither message is believed, and each says that 3 goes by the word of one of the two.
    expect(await shows(await bring(4, 1, 3))).toBe(false);
    expect(await doubted(dora)).toEqual(first);
    expect(await shows(await bring(5, 2, 3))).toBe(false);
    const all = [...first, idOf(signers[3]!)].toSorted();
    expect(await doubted(dora)).toEqual(all);
    const third = (await doubtedBy(dora)).find(({ id }) => id === idOf(signers[3]!));
    expect(third?.causes.toSorted()).toEqual(first);
    // 3 issues for two who have done nothing yet, and is not believed for what it writes itself either.
    expect(await shows(await bring(6, 7, 3))).toBe(false);
    expect(await shows(await bring(3, 6, 7))).toBe(false);
    expect(await shows(await bring(6, 7, 4))).toBe(true);

    await town.leave(dora);
    const again = await town.arrive(store);
    while (!again.mesh.running) await town.clock.settle();
    expect(await doubted(again)).toEqual(all);
    await again.api.unblock(idOf(signers[0]!));
    expect(await doubted(again)).toEqual([]);
  });

  it("is believed again when this person says so, or trusts those whom it goes by", async () => {
    const { bring, dora, shows, signers } = await coalition(708);
    await bring(0, 1, 2);
    await dora.api.block(idOf(signers[0]!));
    await bring(4, 1, 3);
    await bring(5, 2, 3);
    const isDoubted = async (): Promise<boolean> => (await doubtedBy(dora)).some(({ id }) => id === idOf(signers[3]!));
    expect(await isDoubted()).toBe(true);
    await dora.api.trust(idOf(signers[1]!));
    expect(await isDoubted()).toBe(false);
    await dora.api.distrust(idOf(signers[1]!));
    expect(await isDoubted()).toBe(true);
    await dora.api.believe(idOf(signers[3]!));
    expect(await isDoubted()).toBe(false);
    expect(await shows(await bring(6, 7, 3))).toBe(true);
  });

  it("cannot have honest people doubted by vouching for them, whatever they write under", async () => {
    const { bring, dora, shows, signers } = await coalition(709);
    const [spammer, booster, issuer] = signers as [Signer, Signer, Signer];
    await bring(0, 1, 2);
    await dora.api.block(idOf(spammer));
    // Everything here is under Utrecht's scope. The coalition boosts and certifies what the honest 3 writes, and 4 honestly does.
    await bring(3, 1, 2);
    await bring(3, 2, 1);
    expect((await doubtedBy(dora)).map(({ id }) => id).toSorted()).toEqual([booster, issuer].map(idOf).toSorted());
    expect(await shows(await bring(3, 4, 5))).toBe(true);
    expect(await shows(await bring(4, 3, 5))).toBe(true);
  });

  it("is doubted at once for whoever is blocked already", async () => {
    const { bring, dora, signers } = await coalition(710);
    await dora.api.block(idOf(signers[0]!));
    expect(await doubtedBy(dora)).toEqual([]);
    await bring(0, 1, 2);
    const causes = [idOf(signers[0]!)];
    expect((await doubtedBy(dora)).map((row) => [row.id, row.causes])).toEqual(
      [signers[1]!, signers[2]!].map((one) => [idOf(one), causes]),
    );
  });
});

describe("a post that was not worth it", () => {
  it("marks, covers or hides its author for this person alone, and has its vouchers doubted, until it is taken back", async () => {
    const { bring, dora, shows, signers } = await coalition(705);
    const spammer = signers[0]!;
    const hash = await bring(0, 1, 2);
    const next = await bring(0, 5, 6);
    await dora.api.notWorthIt(hash);
    expect((await dora.api.envelope(next))?.guard).toEqual({ verdict: null, flagged: 1, alike: null });
    expect(await shows(next)).toBe(true);
    expect(await doubtedBy(dora)).toHaveLength(4);
    await dora.api.setDefence({ flagged: "cover" });
    const reason = { code: "AUTHOR_FLAGGED", by: null };
    expect((await dora.api.envelope(next))?.guard?.verdict).toEqual({ kind: "covered", what: "post", reason });
    await dora.api.setDefence({ flagged: "hide" });
    expect(await shows(next)).toBe(false);
    // Said twice it counts once, and of two posts twice.
    await dora.api.notWorthIt(hash);
    await dora.api.notWorthIt(next);
    expect((await dora.api.envelope(next))?.guard?.flagged).toBe(2);
    await dora.api.worthIt(idOf(spammer), [hash]);
    expect(await shows(next)).toBe(false);
    await dora.api.worthIt(idOf(spammer));
    expect(await shows(next)).toBe(true);
    expect(await doubtedBy(dora)).toEqual([]);
    expect((await dora.api.envelope(next))?.guard).toBeNull();
  });

  it("is nobody's own, and has to be there", async () => {
    const { dora } = await coalition(706);
    await expect(dora.api.notWorthIt("00".repeat(32))).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(dora.api.notWorthIt("post")).rejects.toMatchObject({ code: "HASH_INVALID" });
    await expect(dora.api.worthIt("mehr1nobody")).rejects.toMatchObject({ code: "NODE_ID_INVALID" });
    const { hash } = await dora.api.publish({
      id: "own",
      headline: "",
      summary: "",
      text: "mine",
      scopes: [TOKYO],
      replyTo: null,
      updated: 0,
    });
    await expect(dora.api.notWorthIt(hash)).rejects.toMatchObject({ code: "FLAG_OWN" });
  });
});
