/** Whole peers that save bytes: what they are told, what they fetch, and what becomes of a neighbour that lies. */
import { describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import type { HintsView, IdentityApi, NodeId } from "../../src/peer/index.ts";
import { PUB_PROTOCOL } from "../../src/mesh/protocols/index.ts";
import { decodeClientMessage, encodeServerMessage } from "../../src/mesh/protocols/pub/messages.ts";
import type { FrameStream } from "../../src/mesh/port.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { draftOf, hashesOf, Town, type Resident } from "../sim/town.ts";

await initHash();

const HOME = { kind: "home" } as const;
const TOKYO = "g:asia/jp/tokyo/shibuya";

async function idOf({ api }: Resident): Promise<NodeId> {
  const found: NodeId[] = [];
  const watch = await api.watch("identity", {}, (update) => {
    if (update.kind === "value") found.push(update.value.id);
  });
  await watch.close();
  return found[0] as NodeId;
}

async function hintsOf(api: IdentityApi): Promise<HintsView> {
  const found: HintsView[] = [];
  const watch = await api.watch("hints", { feed: HOME }, (update) => {
    if (update.kind === "value") found.push(update.value);
  });
  await watch.close();
  return found.at(-1) as HintsView;
}

async function town(): Promise<{ town: Town; alice: Resident; bob: Resident }> {
  const made = new Town({ seed: 11 });
  const alice = await made.arrive();
  const bob = await made.arrive();
  await alice.api.updateSettings({ home: TOKYO });
  await bob.api.updateSettings({ lowData: "on" });
  await bob.api.follow(await idOf(alice));
  made.network.connectAll();
  await made.clock.advance(5_000);
  return { town: made, alice, bob };
}

const bytesFrom = (from: Resident, to: Resident): number =>
  to.mesh.links().find(({ peer }) => peer === from.mesh.self)?.bytesIn ?? 0;

describe("a person who saves data", () => {
  it("is told headlines once a minute, and gets a post when it is opened", async () => {
    const { alice, bob, town: made } = await town();
    const draft = { ...draftOf("The market is open again", [TOKYO]), headline: "Market" };
    const { hash } = await made.clock.track(alice.api.publish(draft));
    await made.clock.track(alice.api.publish(draftOf("Without a headline", [TOKYO])));
    await made.clock.advance(10_000);
    expect((await hintsOf(bob.api)).headlines).toEqual([]);
    await made.clock.advance(60_000);
    const view = await hintsOf(bob.api);
    expect(view).toMatchObject({ mode: "digest", by: "setting", more: 0 });
    expect(view.headlines.map(({ headline }) => headline)).toEqual([null, "Market"]);
    expect(await hashesOf(bob)).toEqual([]);

    const loading = bob.api.loadHints({ feed: HOME, hashes: [hash] });
    await made.clock.advance(5_000);
    expect(await loading).toEqual({ held: 1, missing: 0 });
    expect(await hashesOf(bob)).toEqual([hash]);
    expect((await hintsOf(bob.api)).headlines.map(({ headline }) => headline)).toEqual([null]);
    const rest = bob.api.loadHints({ feed: HOME });
    await made.clock.advance(5_000);
    expect(await rest).toEqual({ held: 1, missing: 0 });
    expect((await hintsOf(bob.api)).headlines).toEqual([]);
    expect(bob.faults).toEqual([]);
  });

  it("is not told headlines with a word that it has muted to hide, and has those covered that it has muted to cover", async () => {
    const { alice, bob, town: made } = await town();
    const publish = async (headline: string, text: string): Promise<string> =>
      (await made.clock.track(alice.api.publish({ ...draftOf(text, [TOKYO]), headline }))).hash;
    const market = await publish("Market", "The market is open again");
    const final = await publish("Who won the FINAL?", "All about it");
    const other = await publish("Finally spring", "Blossoms");
    await made.clock.advance(70_000);
    const told = async (): Promise<[string | null, string | null][]> =>
      (await hintsOf(bob.api)).headlines.map(({ headline, muted }) => [headline, muted]);
    expect(await told()).toEqual([
      ["Finally spring", null],
      ["Who won the FINAL?", null],
      ["Market", null],
    ]);

    const seen: HintsView[] = [];
    const watch = await bob.api.watch("hints", { feed: HOME }, (update) => {
      if (update.kind === "value") seen.push(update.value);
    });
    const word = { kind: "word", word: "final", whole: true } as const;
    await bob.api.mute([{ target: word, how: "cover" }]);
    await made.clock.advance(1_000);
    expect(seen.at(-1)?.headlines.map(({ muted }) => muted)).toEqual([null, "final", null]);
    await bob.api.mute([{ target: word, how: "hide" }]);
    await made.clock.advance(1_000);
    expect(seen.at(-1)).toMatchObject({ more: 0, headlines: [{ hash: other }, { hash: market }] });
    await watch.close();

    // What is hidden is not fetched with the rest, and there again when the mute is gone.
    const loading = bob.api.loadHints({ feed: HOME });
    await made.clock.advance(5_000);
    expect(await loading).toEqual({ held: 2, missing: 0 });
    expect(await told()).toEqual([]);
    await bob.api.unmute(["word final"]);
    expect(await told()).toEqual([["Who won the FINAL?", null]]);
    const asked = bob.api.loadHints({ feed: HOME, hashes: [final] });
    await made.clock.advance(5_000);
    expect(await asked).toEqual({ held: 1, missing: 0 });
    expect(bob.faults).toEqual([]);
  });

  it("gets everything in full again once it need not save, what was only told of included", async () => {
    const { alice, bob, town: made } = await town();
    const { hash } = await made.clock.track(alice.api.publish(draftOf("Nobody opened this", [TOKYO])));
    await made.clock.advance(90_000);
    expect(await hashesOf(bob)).toEqual([]);
    await bob.api.updateSettings({ lowData: "off" });
    await made.clock.advance(10_000);
    expect(await hashesOf(bob)).toEqual([hash]);
    expect(await hintsOf(bob.api)).toMatchObject({ mode: "push", headlines: [], more: 0 });
  });

  it("keeps what it was told over a restart, and says so when nobody is there to load it from", async () => {
    const { alice, bob, town: made } = await town();
    await made.clock.track(alice.api.publish({ ...draftOf("Told before", [TOKYO]), headline: "Before" }));
    await made.clock.advance(90_000);
    bob.store.close = () => Promise.resolve();
    await made.leave(bob);
    const again = await made.arrive(bob.store);
    const view = await hintsOf(again.api);
    expect(view.headlines.map(({ headline }) => headline)).toEqual(["Before"]);
    await expect(again.api.loadHints({ feed: HOME })).rejects.toMatchObject({ code: "OFFLINE" });
    // Still known: the one who told of it may come back.
    expect((await hintsOf(again.api)).headlines).toHaveLength(1);
  });

  it("costs less than a feed in full", async () => {
    const { alice, bob, town: made } = await town();
    const carol = await made.arrive();
    await carol.api.follow(await idOf(alice));
    made.network.connectAll();
    await made.clock.advance(5_000);
    const before = [bob, carol].map((each) => bytesFrom(alice, each));
    for (let at = 0; at < 20; at++) {
      await made.clock.track(alice.api.publish(draftOf(`Number ${at}: ${"word ".repeat(40)}`, [TOKYO])));
    }
    await made.clock.advance(120_000);
    const [saved, full] = [bob, carol].map((each, at) => bytesFrom(alice, each) - (before[at] as number));
    expect(await hashesOf(carol)).toHaveLength(20);
    expect(saved as number).toBeLessThan((full as number) / 4);
  });

  it("shows what the post says where a digest says something else, and whoever lied answers for it", async () => {
    const made = new Town({ seed: 12 });
    const bob = await made.arrive();
    const author = await signerOf(77);
    const { encodeNodeId } = await import("../../src/wire/index.ts");
    await bob.api.updateSettings({ lowData: "on" });
    await bob.api.follow(encodeNodeId(author.publicKey));
    const liar = made.network.createMesh(new Uint8Array(32).fill(66));
    await liar.start();
    const posts = await Promise.all(
      ["Rain tomorrow", "Bakery closed"].map((headline) =>
        signEnvelope(author, { headline, summary: headline, scopes: [TOKYO], created: made.clock.now() }),
      ),
    );
    liar.handle(PUB_PROTOCOL, async (stream: FrameStream) => {
      for (let frame = await stream.read(); frame !== null; frame = await stream.read()) {
        const message = decodeClientMessage(frame);
        if (message.kind === "subscribe") {
          const { generation } = message;
          const at = message.subscriptions.findIndex(
            ({ target }) => target.kind === "node" && target.key[0] === author.publicKey[0],
          );
          await stream.write(encodeServerMessage({ kind: "welcome", generation, epoch: new Uint8Array(8) }));
          const items = posts.map(({ hash }) => ({ hash, at: [at], headline: "FREE MONEY" }));
          await stream.write(encodeServerMessage({ kind: "told", mode: "digest", generation, cursor: 1, items }));
        } else if (message.kind === "fetch") {
          const asked = new Set(message.hashes.map(String));
          const envelopes = posts.filter(({ hash }) => asked.has(String(hash))).map(({ bytes }) => bytes);
          await stream.write(encodeServerMessage({ kind: "fetched", id: message.id, last: true, envelopes }));
        }
      }
    });
    made.network.connect(bob.mesh, liar);
    await made.clock.advance(5_000);
    expect((await hintsOf(bob.api)).headlines.map(({ headline }) => headline)).toEqual(["FREE MONEY", "FREE MONEY"]);
    const loading = bob.api.loadHints({ feed: HOME });
    await made.clock.advance(10_000);
    expect(await loading).toEqual({ held: 2, missing: 0 });
    const rows = await bob.api.feed({ feed: HOME, limit: 10 });
    expect(rows.map(({ headline }) => headline ?? "").toSorted((a, b) => a.localeCompare(b))).toEqual([
      "Bakery closed",
      "Rain tomorrow",
    ]);
    expect(bob.mesh.reports.map(({ code }) => code)).toEqual(["FALSE_HEADLINE", "FALSE_HEADLINE"]);
    // Two are enough to be shut out.
    expect(bob.mesh.peers()).toEqual([]);
  });
});
