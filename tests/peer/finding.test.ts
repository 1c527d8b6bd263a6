/** What is looked for at others: several providers at once, one that lies, one that is silent. */
import { describe, expect, it } from "vitest";
import type { EnvelopeView, FindingView } from "../../src/peer/index.ts";
import { indexKey } from "../../src/peer/finding/keys.ts";
import { encodeAnswer, encodeQuestion } from "../../src/mesh/protocols/finding/messages.ts";
import { encodeNodeId, fromHex, ObjectType, signObject, scopeFromKey, toHex, type Hash } from "../../src/wire/index.ts";
import { signEnvelope, signerOf, signProfile } from "../sim/author.ts";
import { SIM_START } from "../sim/clock.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { draftOf, Town, type Resident } from "../sim/town.ts";

const INDEX = "/mehr/index/1";
const UTRECHT = "g:europe/nl/utrecht";
const POST: Hash = new Uint8Array(32).fill(9);
const replyTo = (hash: string, text: string, scopes = [UTRECHT]) => ({ ...draftOf(text, scopes), replyTo: hash });

/** A peer of the network that is no whole peer, but answers as the test likes. */
async function stranger(town: Town, number: number): Promise<SimMesh> {
  const { publicKey } = await signerOf(number);
  const mesh = town.network.createMesh(publicKey);
  await mesh.start();
  return mesh;
}

async function settledIn(resident: Resident, home: string): Promise<Resident> {
  await resident.api.updateSettings({ home });
  return resident;
}

describe("what is looked for", () => {
  it("is merged from several providers, of which one lies and one is silent", async () => {
    const town = new Town({ seed: 401 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    const author = await signerOf(402);
    const reply = await signEnvelope(author, { summary: "An answer", replyTo: POST });
    await ben.store.commit({ envelopes: [reply] });
    const other = await signEnvelope(author, { summary: "Of something else", replyTo: new Uint8Array(32) });
    const [liar, silent] = [await stranger(town, 403), await stranger(town, 404)];
    liar.handle(INDEX, async (stream) => {
      while ((await stream.read()) !== null) {
        await stream.write(encodeAnswer({ kind: "page", objects: [other.bytes], next: Uint8Array.of(1) }));
      }
    });
    silent.handle(INDEX, () => new Promise(() => undefined));
    for (const mesh of [ben.mesh, liar, silent]) town.network.connect(anna.mesh, mesh);

    const began = town.clock.now();
    const found = await town.clock.finish(anna.api.find({ relation: "reply", target: toHex(POST) }));
    expect(found).toMatchObject({ found: 1, asked: 3, answered: 1, more: false });
    expect(town.clock.now() - began).toBeLessThan(13_000);
    const feed = { kind: "replies", to: toHex(POST) } as const;
    expect(await anna.api.feed({ feed, limit: 10 })).toMatchObject([{ summary: "An answer" }]);
    expect(await anna.api.envelope(toHex(other.hash))).toBeNull();
    expect(anna.mesh.reports).toMatchObject([{ peer: toHex(liar.self), code: "UNSOLICITED" }]);
    // Who was silent is left in peace for a while.
    expect(await town.clock.finish(anna.api.find({ relation: "reply", target: toHex(POST) }))).toMatchObject({
      found: 0,
      asked: 2,
    });
  });

  it("costs bounded time and work, whoever makes up pages without an end", async () => {
    const town = new Town({ seed: 405 });
    const anna = await town.arrive();
    const liar = await stranger(town, 406);
    let pages = 0;
    liar.handle(INDEX, async (stream) => {
      while ((await stream.read()) !== null) {
        pages++;
        await stream.write(encodeAnswer({ kind: "page", objects: [], next: Uint8Array.of(pages) }));
      }
    });
    town.network.connect(anna.mesh, liar);
    expect(await town.clock.finish(anna.api.find({ relation: "reply", target: toHex(POST) }))).toMatchObject({
      found: 0,
    });
    expect(pages).toBeLessThanOrEqual(4);
  });

  it("is found at a provider that the DHT names, with no link to it and none to the author", async () => {
    const town = new Town({ seed: 407 });
    const [anna, ben, cem] = [await town.arrive(), await town.arrive(), await town.arrive()];
    for (const resident of [anna, ben, cem]) await settledIn(resident, UTRECHT);
    town.network.connect(anna.mesh, ben.mesh);
    const { hash, postHash } = await anna.api.publish(draftOf("The bridge is closed", [UTRECHT]));
    await town.clock.until(async () => (await ben.api.envelope(hash)) !== null);
    // Anna moves away; Cem lives where Ben does.
    await settledIn(anna, "g:asia/ir/tehran");
    town.network.disconnect(anna.mesh, ben.mesh);
    town.network.connect(ben.mesh, cem.mesh);
    await cem.api.publish(replyTo(postHash, "Until when?"));
    await town.clock.until(() => town.network.providers.has(toHex(indexKey("reply", fromHex(postHash)))));
    town.network.disconnect(ben.mesh, cem.mesh);

    const bystander = await town.arrive();
    town.network.connect(anna.mesh, bystander.mesh);
    const feed = { kind: "replies", to: postHash } as const;
    expect(await anna.api.feed({ feed, limit: 10 })).toEqual([]);
    const rows: EnvelopeView[] = [];
    const states: FindingView[] = [];
    const replies = await anna.api.watch("feed", { feed }, (update) => {
      if (update.kind === "rows") rows.push(...update.rows);
      else for (const op of update.ops) if (op.op === "insert") rows.push(...op.rows);
    });
    const finding = await anna.api.watch("finding", { hash }, ({ value }) => states.push(value));
    await town.clock.until(() => rows.length > 0);
    expect(rows).toMatchObject([{ summary: "Until when?" }]);
    await town.clock.until(() => states.at(-1)?.state === "resting");
    expect(states.map(({ state }) => state)).toContain("looking");
    expect(states.at(-1)).toMatchObject({ looked: true, found: 1 });
    await Promise.all([replies.close(), finding.close()]);
  });

  it("goes on while a post is open, and no longer", async () => {
    const town = new Town({ seed: 408 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    const author = await signerOf(409);
    const post = await signEnvelope(author, { summary: "Opened", postHash: POST });
    await anna.store.commit({ envelopes: [post] });
    town.network.connect(anna.mesh, ben.mesh);
    const watching = await anna.api.watch("finding", { hash: toHex(post.hash) }, () => undefined);
    await town.clock.advance(5_000);
    const later = await signEnvelope(author, { summary: "Written while it was open", replyTo: POST });
    await ben.store.commit({ envelopes: [later] });
    await town.clock.until(async () => (await anna.api.envelope(toHex(later.hash))) !== null);
    await watching.close();
    const last = await signEnvelope(author, { summary: "Written after it was closed", replyTo: POST });
    await ben.store.commit({ envelopes: [last] });
    await town.clock.advance(3_600_000);
    expect(await anna.api.envelope(toHex(last.hash))).toBeNull();
  });

  it("begins with the envelope, where that is not held: by its own hash, and by that of its post", async () => {
    for (const name of ["envelope", "post"] as const) {
      const town = new Town({ seed: 410 });
      const [anna, ben] = [await town.arrive(), await town.arrive()];
      const author = await signerOf(411);
      const post = await signEnvelope(author, { summary: "From a link", postHash: POST });
      const reply = await signEnvelope(author, { summary: "Below it", replyTo: POST });
      await ben.store.commit({ envelopes: [post, reply] });
      town.network.connect(anna.mesh, ben.mesh);
      const hash = toHex(name === "envelope" ? post.hash : POST);
      const seen: (EnvelopeView | null)[] = [];
      const envelope = await anna.api.watch("envelope", { hash }, ({ value }) => seen.push(value));
      const finding = await anna.api.watch("finding", { hash }, () => undefined);
      await town.clock.until(() => seen.at(-1)?.summary === "From a link");
      await town.clock.until(async () => (await anna.api.envelope(toHex(reply.hash))) !== null);
      await Promise.all([envelope.close(), finding.close()]);
      expect(anna.mesh.reports).toEqual([]);
    }
  });

  it("gives several envelopes of one post, and shows the oldest", async () => {
    const town = new Town({ seed: 412 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    const author = await signerOf(413);
    const first = await signEnvelope(author, { summary: "One", postHash: POST, created: SIM_START - 9 });
    const second = await signEnvelope(author, { summary: "Two", postHash: POST });
    await ben.store.commit({ envelopes: [second, first] });
    town.network.connect(anna.mesh, ben.mesh);
    expect(await town.clock.finish(anna.api.find({ relation: "post", target: toHex(POST) }))).toMatchObject({
      found: 2,
    });
    expect(await anna.api.envelope(toHex(POST))).toMatchObject({ summary: "One" });
  });

  it("says when somebody has more than was taken", async () => {
    const town = new Town({ seed: 414 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    const authors = await Promise.all(Array.from({ length: 12 }, (_, at) => signerOf(420 + at)));
    const replies = [];
    for (let at = 0; at < 660; at++) {
      const text = { summary: `${at}`, replyTo: POST, created: SIM_START - at, scopes: [`${UTRECHT}/oost`] };
      replies.push(await signEnvelope(authors[at % 12]!, text));
    }
    await ben.store.commit({ envelopes: replies });
    town.network.connect(anna.mesh, ben.mesh);
    const query = { relation: "reply", target: toHex(POST) } as const;
    expect(await town.clock.finish(anna.api.find(query))).toMatchObject({ found: 512, more: true });
  });
});

describe("curated feeds", () => {
  it("that have a post are found, checked and not kept", async () => {
    const town = new Town({ seed: 440 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    const curator = await signerOf(441);
    const feed = {
      type: "CuratedFeed",
      curator: curator.publicKey,
      name: "Bridges",
      description: "All of them",
      entries: [{ postHash: POST, added: SIM_START, note: "The best one" }],
      scope: scopeFromKey(UTRECHT),
      updated: SIM_START,
      sequence: 1,
      kickbackRate: 0,
    } as const;
    const { bytes, hash } = await signObject({ ...feed, entries: [...feed.entries] }, curator);
    const head = { type: ObjectType.CuratedFeed, owner: curator.publicKey, name: "Bridges", sequence: 1, hash, bytes };
    await ben.store.commit({ heads: [{ ...head, forkBytes: null, frozenUntil: 0 }] });
    const liar = await stranger(town, 442);
    const forged = bytes.slice();
    forged[forged.length - 1]! ^= 1;
    liar.handle(INDEX, async (stream) => {
      await stream.read();
      await stream.write(encodeAnswer({ kind: "page", objects: [forged], next: null }));
    });
    town.network.connect(anna.mesh, ben.mesh);
    town.network.connect(anna.mesh, liar);
    const found = await town.clock.finish(anna.api.find({ relation: "curation", target: toHex(POST) }));
    expect(found.curations).toEqual([
      {
        curator: encodeNodeId(curator.publicKey),
        name: "Bridges",
        description: "All of them",
        note: "The best one",
        added: SIM_START,
      },
    ]);
    expect(anna.mesh.reports).toMatchObject([{ peer: toHex(liar.self), code: "SIGNATURE_INVALID" }]);
    expect(await anna.store.heads(ObjectType.CuratedFeed)).toEqual([]);
    const none = await town.clock.finish(anna.api.find({ relation: "curation", target: toHex(new Uint8Array(32)) }));
    expect(none.curations).toEqual([]);
  });
});

describe("a profile", () => {
  it("of somebody far away is asked for, also there", async () => {
    const town = new Town({ seed: 450 });
    const [anna, ben, cem] = [await town.arrive(), await town.arrive(), await town.arrive()];
    await cem.api.saveProfile({ displayName: "Cem", bio: "", scopes: [] });
    town.network.connect(anna.mesh, ben.mesh);
    const id = encodeNodeId(cem.mesh.self);
    expect(await town.clock.finish(anna.api.find({ relation: "profile", target: id }))).toMatchObject({ found: 1 });
    const watched: (string | null)[] = [];
    const profile = await anna.api.watch("profile", { id }, ({ value }) => watched.push(value.displayName));
    expect(watched).toEqual(["Cem"]);
    await profile.close();
  });

  it("that forks looks the same from both sides once they meet, and neither is lost", async () => {
    const town = new Town({ seed: 451 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    const author = await signerOf(452);
    const id = encodeNodeId(author.publicKey);
    for (const [resident, name] of [
      [anna, "Blue"],
      [ben, "Green"],
    ] as const) {
      const { bytes, hash } = await signProfile(author, name, 3);
      const head = { type: ObjectType.UserProfile, owner: author.publicKey, name: "", sequence: 3, hash, bytes };
      await resident.store.commit({ heads: [{ ...head, forkBytes: null, frozenUntil: 0 }] });
    }
    town.network.connect(anna.mesh, ben.mesh);
    for (const resident of [anna, ben]) await town.clock.finish(resident.api.find({ relation: "profile", target: id }));
    const versions: string[][] = [];
    for (const resident of [anna, ben]) {
      const watching = await resident.api.watch("profile", { id }, ({ value }) => {
        versions.push([value.displayName ?? "", ...(value.fork === null ? [] : [value.fork.displayName])]);
      });
      await watching.close();
    }
    expect(versions).toEqual([
      ["Blue", "Green"],
      ["Green", "Blue"],
    ]);
  });
});

describe("nothing is asked", () => {
  it("about what is for trusted people only: not even its hash is named", async () => {
    const town = new Town({ seed: 460 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    const questions: Uint8Array[] = [];
    ben.mesh.handle(INDEX, async (stream) => {
      for (let frame = await stream.read(); frame !== null; frame = await stream.read()) {
        questions.push(frame);
        await stream.write(encodeAnswer({ kind: "page", objects: [], next: null }));
      }
    });
    town.network.connect(anna.mesh, ben.mesh);
    const { hash, postHash } = await anna.api.publish(draftOf("Between us", []));
    const watching = await anna.api.watch("finding", { hash }, () => undefined);
    await town.clock.advance(60_000);
    for (const target of [hash, postHash]) {
      expect(await town.clock.finish(anna.api.find({ relation: "reply", target }))).toMatchObject({ asked: 0 });
    }
    await watching.close();
    expect(questions).toEqual([]);
    const keys = [...town.network.providers.keys()];
    expect(keys).not.toContain(hash);
    expect(keys).not.toContain(toHex(indexKey("post", fromHex(postHash))));
    // The same question about anything else does come, and does not name what was answered among trusted people.
    await anna.api.publish(replyTo(toHex(POST), "Between us, too", []));
    await town.clock.finish(anna.api.find({ relation: "reply", target: toHex(POST) }));
    expect(questions).toEqual([encodeQuestion({ relations: ["reply"], targets: [POST], cursor: null, held: [] })]);
  });

  it.each([
    ["a relation that there is not", { relation: "enemy", target: toHex(POST) }, "FIND_INVALID"],
    ["nothing", undefined, "FIND_INVALID"],
    ["what is no hash", { relation: "reply", target: "x" }, "HASH_INVALID"],
    ["whoever is nobody", { relation: "profile", target: "mehr1nobody" }, "NODE_ID_INVALID"],
  ])("for %s", async (_what, query, code) => {
    const anna = await new Town({ seed: 461 }).arrive();
    await expect(anna.api.find(query as never)).rejects.toMatchObject({ code });
  });
});
