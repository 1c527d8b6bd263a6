/** Threads, lines of answers, references and graphs, from what a peer holds and what comes in while somebody looks. */
import { describe, expect, it } from "vitest";
import type { GraphView, LineageView, ListOp, ThreadRow } from "../../src/peer/index.ts";
import { decodeEnvelope, encodeNodeId, toHex, type Hash, type Signer } from "../../src/wire/index.ts";
import { signEnvelope, signerOf, type EnvelopeText, type SignedEnvelope } from "../sim/author.ts";
import { SIM_START } from "../sim/clock.ts";
import { draftOf, Town, type Resident } from "../sim/town.ts";

/** The hash of a post that nobody needs to have. */
const named = (number: number): Hash => new Uint8Array(32).fill(number);

/** Signs envelopes that arrive in the order in which they are made. */
class Desk {
  readonly #resident: Resident;
  #made = 0;

  constructor(resident: Resident) {
    this.#resident = resident;
  }

  async write(author: Signer, text: EnvelopeText & { readonly postHash: Hash }): Promise<SignedEnvelope> {
    this.#made += 1;
    const signed = await signEnvelope(author, { created: SIM_START + this.#made, ...text });
    await this.#resident.store.commit({ envelopes: [signed] });
    return signed;
  }
}

class Rows<Row> {
  rows: Row[] = [];
  more = false;

  readonly take = (
    update:
      | { kind: "rows"; rows: readonly Row[]; more: boolean }
      | { kind: "diff"; ops: readonly ListOp<Row>[]; more: boolean },
  ): void => {
    this.more = update.more;
    if (update.kind === "rows") this.rows = [...update.rows];
    else
      for (const op of update.ops) {
        if (op.op === "insert") this.rows.splice(op.at, 0, ...op.rows);
        else if (op.op === "remove") this.rows.splice(op.at, op.count);
        else this.rows[op.at] = op.row;
      }
  };
}

const saying = (rows: readonly ThreadRow[]): string[] =>
  rows.map(({ depth, envelope }) => `${depth} ${envelope?.summary ?? "-"}`);

async function lineageOf(resident: Resident, hash: Hash): Promise<LineageView> {
  const values: LineageView[] = [];
  const watching = await resident.api.watch("lineage", { hash: toHex(hash) }, ({ value }) => values.push(value));
  await watching.close();
  return values[0]!;
}

async function graphOf(resident: Resident, hash: Hash, limit?: number): Promise<GraphView> {
  const values: GraphView[] = [];
  const params = limit === undefined ? { hash: toHex(hash) } : { hash: toHex(hash), limit };
  const watching = await resident.api.watch("graph", params, ({ value }) => values.push(value));
  await watching.close();
  return values[0]!;
}

/** Each edge as `from kind to`, by titles. */
const ties = ({ edges, nodes }: GraphView): string[] =>
  edges.map(({ from, kind, to }) => `${nodes[from]!.title} ${kind} ${nodes[to]!.title}`).toSorted();

describe("a thread", () => {
  it("is the same by either hash, grows while it is open, and tells each card of its answers", async () => {
    const town = new Town({ seed: 501 });
    const anna = await town.arrive();
    const desk = new Desk(anna);
    const author = await signerOf(502);
    const root = await desk.write(author, { summary: "Root", postHash: named(1) });
    const first = await desk.write(author, { summary: "First", postHash: named(2), replyTo: named(1) });
    await desk.write(author, { summary: "Second", postHash: named(3), replyTo: root.hash });
    await desk.write(author, { summary: "Of first", postHash: named(4), replyTo: named(2) });
    const seen = new Rows<ThreadRow>();
    const byPost = await anna.api.watch("thread", { hash: toHex(named(1)) }, seen.take);
    expect(saying(seen.rows)).toEqual(["1 First", "2 Of first", "1 Second"]);
    expect(seen.rows[0]).toMatchObject({ parent: toHex(root.hash), replies: 1, below: 1 });
    expect(await anna.api.envelope(toHex(root.hash))).toMatchObject({ replies: 2, referencedBy: 0 });
    await byPost.close();

    const byEnvelope = await anna.api.watch("thread", { hash: toHex(root.hash) }, seen.take);
    await desk.write(author, { summary: "Of first, too", postHash: named(5), replyTo: first.hash });
    await town.clock.until(() => seen.rows.length === 4);
    expect(saying(seen.rows)).toEqual(["1 First", "2 Of first", "2 Of first, too", "1 Second"]);
    await byEnvelope.close();
  });

  it("comes in pages, and no deeper than asked", async () => {
    const town = new Town({ seed: 503 });
    const anna = await town.arrive();
    const desk = new Desk(anna);
    const author = await signerOf(504);
    await desk.write(author, { summary: "0", postHash: named(1) });
    for (let at = 1; at <= 70; at += 1) {
      await desk.write(author, { summary: `${at}`, postHash: named(at + 1), replyTo: named(at) });
    }
    const seen = new Rows<ThreadRow>();
    const watching = await anna.api.watch("thread", { hash: toHex(named(1)), limit: 40 }, seen.take);
    expect([seen.rows.length, seen.more]).toEqual([40, true]);
    await watching.more();
    expect([seen.rows.length, seen.more]).toEqual([64, false]);
    expect(seen.rows.at(-1)).toMatchObject({ depth: 64, deeper: true, below: 1 });
    await watching.close();
    const deeper = await anna.api.watch("thread", { hash: toHex(named(1)), limit: 500, levels: 128 }, seen.take);
    expect(seen.rows.at(-1)).toMatchObject({ depth: 70, deeper: false, below: 0 });
    await deeper.close();
  });

  it("ends where envelopes answer each other in a circle", async () => {
    const town = new Town({ seed: 505 });
    const anna = await town.arrive();
    const desk = new Desk(anna);
    const author = await signerOf(506);
    const one = await desk.write(author, { summary: "One", postHash: named(1), replyTo: named(2) });
    await desk.write(author, { summary: "Two", postHash: named(2), replyTo: named(3) });
    await desk.write(author, { summary: "Three", postHash: named(3), replyTo: named(1) });
    await desk.write(author, { summary: "Itself", postHash: named(4), replyTo: named(4) });
    const seen = new Rows<ThreadRow>();
    const watching = await anna.api.watch("thread", { hash: toHex(one.hash) }, seen.take);
    expect(saying(seen.rows)).toEqual(["1 Three", "2 Two"]);
    await watching.close();
    expect(await lineageOf(anna, one.hash)).toMatchObject({ missing: null, more: true });
    expect((await lineageOf(anna, one.hash)).above.map(({ envelope }) => envelope?.summary)).toEqual(["Three", "Two"]);
    const itself = await lineageOf(anna, named(4));
    expect(itself).toEqual({ above: [], missing: null, more: true });
    expect(ties(await graphOf(anna, one.hash))).toEqual(["One reply Two", "Three reply One", "Two reply Three"]);
  });

  it("keeps the place of somebody who is blocked where others have answered, and no other", async () => {
    const town = new Town({ seed: 507 });
    const anna = await town.arrive();
    const desk = new Desk(anna);
    const [author, mallory] = [await signerOf(508), await signerOf(509)];
    await desk.write(author, { summary: "Root", postHash: named(1) });
    await desk.write(mallory, { summary: "Spam", postHash: named(2), replyTo: named(1) });
    await desk.write(mallory, { summary: "Bait", postHash: named(3), replyTo: named(1), references: [named(1)] });
    const answer = await desk.write(author, { summary: "Stop it", postHash: named(4), replyTo: named(3) });
    const seen = new Rows<ThreadRow>();
    const watching = await anna.api.watch("thread", { hash: toHex(named(1)) }, seen.take);
    expect(seen.rows).toHaveLength(3);
    await anna.api.block(encodeNodeId(mallory.publicKey));
    await town.clock.until(() => seen.rows.length === 2);
    expect(saying(seen.rows)).toEqual(["1 -", "2 Stop it"]);
    await watching.close();
    expect(await anna.api.envelope(toHex(named(1)))).toMatchObject({ replies: 0, referencedBy: 0 });
    const { above } = await lineageOf(anna, answer.hash);
    expect(above.map(({ envelope }) => envelope?.summary ?? null)).toEqual(["Root", null]);
    expect(ties(await graphOf(anna, named(1)))).toEqual([]);
  });

  it("marks what is muted in a thread and in a graph, and leaves it out of what refers to a post", async () => {
    const town = new Town({ seed: 517 });
    const anna = await town.arrive();
    const desk = new Desk(anna);
    const author = await signerOf(518);
    await desk.write(author, { summary: "Root", postHash: named(1) });
    await desk.write(author, { summary: "About football", postHash: named(2), replyTo: named(1) });
    for (const [at, summary] of ["Football again", "A walk", "Football results"].entries()) {
      await desk.write(author, { summary, postHash: named(3 + at), references: [named(1)] });
    }
    await anna.api.mute([{ target: { kind: "word", word: "football", whole: true } }]);
    const thread = new Rows<ThreadRow>();
    const referrers = new Rows<{ readonly summary: string | null }>();
    const hash = toHex(named(1));
    const watching = [
      await anna.api.watch("thread", { hash }, thread.take),
      await anna.api.watch("referrers", { hash, limit: 1 }, referrers.take),
    ];
    expect(thread.rows).toMatchObject([{ envelope: { guard: { verdict: { kind: "hidden" } } } }]);
    expect(referrers.rows.map(({ summary }) => summary)).toEqual(["A walk"]);
    const { nodes } = await graphOf(anna, named(1));
    expect(nodes.filter(({ muted }) => muted)).toHaveLength(3);
    expect(nodes.filter(({ title }) => title !== "").map(({ title }) => title)).toEqual(["Root", "A walk"]);
    await anna.api.mute([{ target: { kind: "word", word: "walk", whole: true }, how: "cover" }]);
    const covered = await graphOf(anna, named(1));
    expect(covered.nodes.filter(({ muted }) => !muted).map(({ title }) => title)).toEqual(["Root"]);
    expect(JSON.stringify(covered)).not.toContain("walk");
    await Promise.all(watching.map((open) => open.close()));
  });

  it("says what is missing above a post, and shows it when it has been found", async () => {
    const town = new Town({ seed: 510 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    const author = await signerOf(511);
    // Of a place that neither of them reads: nothing but the search brings it.
    const scopes = ["g:asia/ir/tehran"];
    const top = await signEnvelope(author, { summary: "Top", postHash: named(1), scopes });
    const middle = await signEnvelope(author, { summary: "Middle", postHash: named(2), replyTo: named(1), scopes });
    const answer = await signEnvelope(author, { summary: "Answer", postHash: named(3), replyTo: named(2), scopes });
    await anna.store.commit({ envelopes: [answer] });
    await ben.store.commit({ envelopes: [top, middle] });
    const values: LineageView[] = [];
    const watching = await anna.api.watch("lineage", { hash: toHex(answer.hash) }, ({ value }) => values.push(value));
    expect(values).toEqual([{ above: [], missing: toHex(named(2)), more: false }]);
    town.network.connect(anna.mesh, ben.mesh);
    const searches = [];
    for (const number of [2, 1]) {
      searches.push(await anna.api.watch("finding", { hash: toHex(named(number)) }, () => undefined));
      await town.clock.until(() => values.at(-1)?.above[0]?.hash === toHex(number === 2 ? middle.hash : top.hash));
    }
    expect(values.at(-1)).toMatchObject({
      above: [{ envelope: { summary: "Top" } }, { envelope: { summary: "Middle" } }],
      missing: null,
    });
    await Promise.all([watching, ...searches].map((open) => open.close()));
  });
});

describe("answers to answers", () => {
  it("are asked of neighbours while a post is open, some each round; none that are for trusted people only", async () => {
    const town = new Town({ seed: 520 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    const author = await signerOf(521);
    const scopes = ["g:asia/ir/tehran"];
    const text = (summary: string, number: number, replyTo: number) =>
      signEnvelope(author, { summary, postHash: named(number), replyTo: named(replyTo), scopes });
    const root = await signEnvelope(author, { summary: "Root", postHash: named(1), scopes });
    const chain = await Promise.all([text("One", 2, 1), text("Two", 3, 2), text("Three", 4, 3)]);
    const among = await signEnvelope(author, {
      summary: "Among us",
      postHash: named(5),
      replyTo: named(2),
      scopes: [],
    });
    await anna.store.commit({ envelopes: [root, among] });
    await ben.store.commit({ envelopes: chain });
    town.network.connect(anna.mesh, ben.mesh);
    const frames: string[] = [];
    town.network.observer = {
      framed: (from, _to, _protocol, frame) => {
        if (from === anna.mesh) frames.push(toHex(frame));
      },
      gossiped: () => undefined,
    };
    const seen = new Rows<ThreadRow>();
    const thread = await anna.api.watch("thread", { hash: toHex(root.hash) }, seen.take);
    const finding = await anna.api.watch("finding", { hash: toHex(root.hash) }, () => undefined);
    await town.clock.until(() => saying(seen.rows).includes("3 Three"));
    expect(saying(seen.rows).toSorted()).toEqual(["1 One", "2 Among us", "2 Two", "3 Three"]);
    await town.clock.advance(600_000);
    for (const secret of [among.hash, named(5)])
      expect(frames.some((frame) => frame.includes(toHex(secret)))).toBe(false);
    await Promise.all([thread.close(), finding.close()]);
  });
});

describe("references", () => {
  it("are published with a draft, and lead back from what they name, by post or by envelope", async () => {
    const town = new Town({ seed: 512 });
    const anna = await town.arrive();
    const first = await anna.api.publish(draftOf("The first word"));
    const second = await anna.api.publish({ ...draftOf("Another one"), references: [first.postHash] });
    const third = await anna.api.publish({
      ...draftOf("And a third"),
      references: [first.hash, second.postHash, "0".repeat(64)],
    });
    const [bytes] = await anna.store.envelopes.bytes([new Uint8Array(Buffer.from(third.hash, "hex"))]);
    expect(decodeEnvelope(bytes!).references.map(toHex)).toEqual([first.hash, second.postHash, "0".repeat(64)]);
    expect(await anna.api.envelope(first.hash)).toMatchObject({ referencedBy: 2, replies: 0 });
    const seen = new Rows<{ readonly summary: string | null }>();
    const watching = await anna.api.watch("referrers", { hash: first.postHash }, seen.take);
    expect(seen.rows.map(({ summary }) => summary ?? "").toSorted()).toEqual(["And a third", "Another one"]);
    await watching.close();
    const graph = await graphOf(anna, new Uint8Array(Buffer.from(first.hash, "hex")));
    expect(ties(graph)).toEqual([
      "And a third reference ",
      "And a third reference Another one",
      "And a third reference The first word",
      "Another one reference The first word",
    ]);
    expect(graph.nodes.at(-1)).toMatchObject({ hash: "0".repeat(64), author: null, steps: 2 });
    expect(graph.more).toBe(false);
  });

  it("to what is for trusted people only are refused before everybody", async () => {
    const town = new Town({ seed: 513 });
    const anna = await town.arrive();
    const closed = await anna.api.publish(draftOf("Among us", []));
    const open = { ...draftOf("Look at this"), references: [closed.postHash] };
    expect((await anna.api.preview(open)).problems).toEqual([{ field: "references", code: "REFERENCE_TOO_WIDE" }]);
    await expect(anna.api.publish(open)).rejects.toMatchObject({ code: "REFERENCE_TOO_WIDE" });
    await anna.api.publish({ ...open, id: "among us", scopes: [] });
  });

  it("are kept with a draft, and drafts without any are drafts", async () => {
    const town = new Town({ seed: 514 });
    const anna = await town.arrive();
    await anna.store.commit({ draftsPut: [{ id: "old", updated: 0, content: { ...draftOf("Old"), id: "old" } }] });
    await anna.api.saveDraft({ ...draftOf("New"), references: ["ab".repeat(32)], updated: 1 });
    const seen = new Rows<{ readonly references: readonly string[] }>();
    const watching = await anna.api.watch("drafts", {}, seen.take);
    expect(seen.rows.map(({ references }) => references)).toEqual([["ab".repeat(32)], []]);
    await watching.close();
    await expect(anna.api.saveDraft({ ...draftOf("No"), references: ["ab"] })).rejects.toMatchObject({
      code: "DRAFT_INVALID",
    });
  });

  it("make a graph of as many posts as were asked for, the nearest first, however many there are", async () => {
    const town = new Town({ seed: 515 });
    const anna = await town.arrive();
    const author = await signerOf(516);
    const hub = await signEnvelope(author, { summary: "Hub", postHash: named(1) });
    const envelopes = [hub];
    for (let at = 0; at < 60; at += 1) {
      const postHash = new Uint8Array(32);
      postHash.set([2, at]);
      const references = [named(1), named(200 - at)];
      envelopes.push(await signEnvelope(author, { summary: `${at}`, postHash, references, created: SIM_START + at }));
    }
    await anna.store.commit({ envelopes });
    const graph = await graphOf(anna, hub.hash, 40);
    expect([graph.nodes.length, graph.more]).toEqual([40, true]);
    expect(graph.nodes.slice(0, 3).map(({ steps, title }) => `${steps} ${title}`)).toEqual(["0 Hub", "1 59", "1 58"]);
    const whole = await graphOf(anna, hub.hash, 500);
    expect([whole.nodes.length, whole.edges.length, whole.more]).toEqual([121, 120, false]);
  });
});
