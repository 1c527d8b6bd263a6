/** Who gets what is written for trusted people, and that nobody else is sent a byte of it: every frame is looked at. */
import { describe, expect, it } from "vitest";
import { encodeNodeId, fromHex, scopeFromKey, toHex } from "../../src/wire/index.ts";
import { createStoreClient, ProtocolError } from "../../src/mesh/protocols/index.ts";
import { decodeServerMessage, encodeClientMessage } from "../../src/mesh/protocols/pub/messages.ts";
import { PUB_PROTOCOL } from "../../src/mesh/protocols/pub/constants.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { draftOf, hashesOf, lastingStore, Town, type Resident } from "../sim/town.ts";

const NEIGHBOURHOOD = { kind: "trusted" } as const;
/** Longer than a summary, so that the post has to be fetched. */
const LONG = "Block party at our place this weekend, neighbours only. ".repeat(8);

const idOf = ({ mesh }: Resident): string => encodeNodeId(mesh.self);

async function arrival(town: Town, store = lastingStore(town.residents.length + 1)): Promise<Resident> {
  const resident = await town.arrive(store);
  while (!resident.mesh.running) await town.clock.settle();
  return resident;
}

async function until(town: Town, resident: Resident, hash: string): Promise<void> {
  await town.clock.until(async () => (await hashesOf(resident, NEIGHBOURHOOD)).includes(hash));
}

/** Every frame and message that holds any of these bytes: who sent it to whom. */
class Watch {
  readonly #secrets: Uint8Array[] = [];
  readonly #seen: { from: Uint8Array; to: Uint8Array; by: string; bytes: Uint8Array }[] = [];

  constructor(town: Town) {
    const note = (from: SimMesh, to: SimMesh, by: string, bytes: Uint8Array): void => {
      this.#seen.push({ from: from.self, to: to.self, by, bytes: Uint8Array.from(bytes) });
    };
    town.network.observer = {
      framed: (from, to, protocol, frame) => note(from, to, protocol, frame),
      gossiped: (from, to, message) => note(from, to, message.channel, message.bytes),
    };
  }

  /** Hashes, and the text. */
  guard(published: { hash: string; postHash: string }, text: string): void {
    this.#secrets.push(
      fromHex(published.hash),
      fromHex(published.postHash),
      new TextEncoder().encode(text.slice(0, 40)),
    );
  }

  /** `from to` by name, each pair once. */
  pairs(names: Readonly<Record<string, Resident>>): string[] {
    const nameOf = (key: Uint8Array): string =>
      Object.entries(names).find(([, { mesh }]) => toHex(mesh.self) === toHex(key))?.[0] ?? toHex(key);
    const telling = this.#seen.filter(({ bytes }) => this.#secrets.some((secret) => contains(bytes, secret)));
    return [...new Set(telling.map(({ from, to }) => `${nameOf(from)} ${nameOf(to)}`))].toSorted();
  }

  get frames(): number {
    return this.#seen.length;
  }
}

function contains(bytes: Uint8Array, part: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(Buffer.from(part));
}

/**
 * Ada and Ben trust each other, and so do Ben and Cem. Eve trusts all of them and is trusted by nobody; Dan trusts nobody.
 * Eve and Dan are linked to everybody; Ada and Cem know of each other only through Ben.
 */
async function neighbourhood(seed: number) {
  const town = new Town({ seed });
  const watch = new Watch(town);
  const [ada, ben, cem, dan, eve] = [
    await arrival(town),
    await arrival(town),
    await arrival(town),
    await arrival(town),
    await arrival(town),
  ];
  for (const other of [ada, ben, cem]) {
    town.network.connect(other.mesh, dan.mesh);
    town.network.connect(other.mesh, eve.mesh);
  }
  await ada.api.trust(idOf(ben));
  await ben.api.trust(idOf(ada));
  await ben.api.trust(idOf(cem));
  await cem.api.trust(idOf(ben));
  for (const other of [ada, ben, cem]) await eve.api.trust(idOf(other));
  for (const other of [ada, ben, cem]) await eve.api.follow(idOf(other));
  await town.clock.advance(10_000);
  return { town, watch, names: { ada, ben, cem, dan, eve } };
}

/** Whoever trusts may give, and ask. */
const ALLOWED = ["ada ben", "ben ada", "ben cem", "cem ben"];

describe("a post for trusted people", () => {
  it("goes from one who trusts to the next, in full, and in no frame to anybody else", async () => {
    const { names, town, watch } = await neighbourhood(920);
    const { ada, ben, cem, dan, eve } = names;
    const published = await ada.api.publish(draftOf(LONG, []));
    watch.guard(published, LONG);
    await until(town, cem, published.hash);
    // Whoever passes it on fetches the post, too: Cem trusts nobody else who could give it.
    await town.clock.until(() => cem.store.hasObject(fromHex(published.postHash)));
    expect((await cem.api.post(published.postHash)).text).toBe(LONG.trim());
    await town.clock.advance(3_600_000);

    expect(await hashesOf(ben, NEIGHBOURHOOD)).toEqual([published.hash]);
    for (const other of [dan, eve]) {
      expect(await hashesOf(other, NEIGHBOURHOOD)).toEqual([]);
      expect(other.store.envelopes.size).toBe(0);
      expect(await other.store.hasObject(fromHex(published.postHash))).toBe(false);
    }
    expect(watch.frames).toBeGreaterThan(100);
    expect(watch.pairs(names)).toEqual(ALLOWED);
    expect([...town.network.providers.keys()]).not.toContain(published.postHash);
    for (const { faults, mesh } of Object.values(names)) {
      expect(mesh.reports).toEqual([]);
      expect(faults).toEqual([]);
    }
  });

  it("stops at once with trust, and what somebody has stays with them; trusted anew, they get the rest", async () => {
    const { names, town, watch } = await neighbourhood(921);
    const { ada, ben, cem } = names;
    const first = await ada.api.publish(draftOf("before", []));
    await until(town, cem, first.hash);
    await ada.api.distrust(idOf(ben));
    const second = await ada.api.publish(draftOf("The second, after trust has ended, is for nobody", []));
    watch.guard(second, "The second, after trust has ended, is for nobody");
    await town.clock.advance(600_000);
    expect(await hashesOf(ben, NEIGHBOURHOOD)).toEqual([first.hash]);
    expect(watch.pairs(names)).toEqual([]);
    expect(await ada.api.envelope(second.hash)).toMatchObject({ delivery: "waiting" });

    await ada.api.trust(idOf(ben));
    await until(town, cem, second.hash);
    await town.clock.advance(10_000);
    expect(await ada.api.envelope(second.hash)).toMatchObject({ delivery: "sent" });
    for (const { mesh } of Object.values(names)) expect(mesh.reports).toEqual([]);
  });

  it("is taken only from somebody whom one trusts", async () => {
    const { names, town, watch } = await neighbourhood(922);
    const { ada, ben } = names;
    const text = "Ben does not take this any more, so nobody has it";
    await ben.api.distrust(idOf(ada));
    const published = await ada.api.publish(draftOf(text, []));
    watch.guard(published, text);
    await town.clock.advance(600_000);
    expect(await hashesOf(ben, NEIGHBOURHOOD)).toEqual([]);
    expect(ben.store.envelopes.size).toBe(0);
    // What was on its way when trust ended is nobody's fault, and has come to nobody.
    expect(ben.mesh.reports).toEqual([]);
    expect(ALLOWED).toEqual(expect.arrayContaining(watch.pairs(names)));
    expect(await ada.api.envelope(published.hash)).toMatchObject({ delivery: "waiting" });
  });

  it("waits until somebody trusted is there, whoever else is, and reaches who was away", async () => {
    const town = new Town({ seed: 923 });
    const watch = new Watch(town);
    const store = lastingStore(77);
    const [ada, dan] = [await arrival(town), await arrival(town)];
    const early = await arrival(town, store);
    await early.api.trust(idOf(ada));
    await ada.api.trust(idOf(early));
    await town.clock.advance(5_000);
    await town.leave(early);
    town.network.connect(ada.mesh, dan.mesh);
    const made = [];
    for (let number = 0; number < 40; number++) {
      const text = `Number ${number} of what Ben was away for, at home`;
      const published = await ada.api.publish(draftOf(text, []));
      watch.guard(published, text);
      made.push(published.hash);
    }
    await town.clock.advance(600_000);
    expect(await ada.api.envelope(made[0]!)).toMatchObject({ delivery: "waiting" });
    const ben = await arrival(town, store);
    for (const hash of made) await until(town, ben, hash);
    await town.clock.advance(10_000);
    expect(await hashesOf(ben, NEIGHBOURHOOD)).toEqual(made.toSorted());
    for (const hash of made) expect(await ada.api.envelope(hash)).toMatchObject({ delivery: "sent" });
    expect(watch.pairs({ ada, ben, dan })).toEqual(["ada ben", "ben ada"]);
  });

  it("stays so when it is answered", async () => {
    const { names, town, watch } = await neighbourhood(924);
    const { ada, ben } = names;
    const published = await ada.api.publish(draftOf("Who brings the cake to the party at the weekend?", []));
    watch.guard(published, "Who brings the cake to the party at the weekend?");
    await until(town, ben, published.hash);
    const answer = { ...draftOf("I do.", ["g:cyberspace/commons"]), replyTo: published.postHash };
    expect((await ben.api.preview(answer)).problems).toEqual([{ field: "scopes", code: "REPLY_TOO_WIDE" }]);
    await expect(ben.api.publish(answer)).rejects.toMatchObject({ code: "REPLY_TOO_WIDE" });
    // A boost has no post: its envelope is what an answer would name.
    const boost = await ben.api.boost(published.hash);
    expect((await ben.api.preview({ ...answer, replyTo: boost })).problems).toHaveLength(1);
    const { hash } = await ben.api.publish({ ...answer, scopes: [] });
    await until(town, ada, hash);
    await town.clock.advance(600_000);
    expect(ALLOWED).toEqual(expect.arrayContaining(watch.pairs(names)));
  });

  it("stays so when it is boosted", async () => {
    const { names, town, watch } = await neighbourhood(928);
    const { ada, ben, cem } = names;
    const text = "Said to those who are trusted, and passed on by one of them";
    const published = await ada.api.publish(draftOf(text, []));
    watch.guard(published, text);
    await until(town, ben, published.hash);
    const hash = await ben.api.boost(published.hash);
    expect(await ben.api.envelope(hash)).toMatchObject({ scopes: [], delivery: "waiting" });
    await until(town, cem, hash);
    await town.clock.advance(600_000);
    expect(await ben.api.envelope(hash)).toMatchObject({ delivery: "sent" });
    expect(ALLOWED).toEqual(expect.arrayContaining(watch.pairs(names)));
  });

  it("goes to nobody who is blocked, and comes from nobody who is", async () => {
    const { names, town, watch } = await neighbourhood(925);
    const { ada, ben } = names;
    await ada.api.block(idOf(ben));
    const published = await ada.api.publish(draftOf("Ben is blocked, and nothing of this goes to him", []));
    watch.guard(published, "Ben is blocked, and nothing of this goes to him");
    await town.clock.advance(60_000);
    await ada.api.unblock(idOf(ben));
    town.network.connect(ada.mesh, ben.mesh);
    await town.clock.advance(60_000);
    expect(watch.pairs(names)).toEqual([]);
  });
});

describe("somebody who is not trusted", () => {
  it("learns nothing by asking for it, guessing hashes or following, and a breach is one that sends it unasked", async () => {
    const { names, town, watch } = await neighbourhood(926);
    const { ada, ben, dan } = names;
    const published = await ada.api.publish(draftOf(LONG, []));
    watch.guard(published, LONG);
    await until(town, ben, published.hash);

    // The target of trusted people, by hand, with what else may be had.
    const stream = await town.clock.finish(dan.mesh.openStream(ada.mesh.self, PUB_PROTOCOL));
    const subscriptions = [
      { target: { kind: "trusted" }, mode: "push", since: 0 },
      { target: { kind: "node", key: ada.mesh.self }, mode: "push", since: 0 },
      { target: { kind: "scope", scope: scopeFromKey("g:cyberspace"), match: "prefix" }, mode: "pullhint", since: 0 },
    ] as const;
    await town.clock.finish(
      stream.write(encodeClientMessage({ kind: "subscribe", generation: 1, epoch: null, subscriptions })),
    );
    const kinds: string[] = [];
    while (kinds.at(-1) !== "caughtUp") {
      kinds.push(decodeServerMessage((await town.clock.finish(stream.read())) as Uint8Array).kind);
    }
    expect(kinds).not.toContain("have");
    const fetch = encodeClientMessage({ kind: "fetch", id: 1, hashes: [fromHex(published.hash)] });
    await town.clock.finish(stream.write(fetch));
    expect(decodeServerMessage((await town.clock.finish(stream.read())) as Uint8Array)).toMatchObject({
      kind: "fetched",
      envelopes: [],
    });

    const client = createStoreClient({ mesh: dan.mesh, clock: town.clock });
    const hashes = [fromHex(published.hash), fromHex(published.postHash)];
    for (const server of [ada, ben]) {
      expect(await town.clock.finish(client.has(server.mesh.self, hashes))).toEqual([false, false]);
      for (const hash of hashes) {
        await expect(town.clock.finish(client.get(server.mesh.self, hash))).rejects.toThrow(ProtocolError);
      }
    }
    client.stop();

    // Dan sent those hashes himself; nobody sent them to him.
    expect(watch.pairs(names).filter((pair) => pair.endsWith(" dan") || pair.endsWith(" eve"))).toEqual([]);
    expect(ada.mesh.reports).toEqual([]);
  });

  it("is reported when it sends such a post to somebody who did not ask", async () => {
    const town = new Town({ seed: 927 });
    const [ada, dan] = [await arrival(town), await arrival(town)];
    await dan.api.trust(idOf(ada));
    await town.clock.advance(5_000);
    const { bytes, hash } = await signEnvelope(await signerOf(3), { scopes: [], created: town.clock.now() });
    await dan.mesh.publish("mehr/1/g/cyberspace/commons", bytes);
    await town.clock.advance(1_000);
    expect(ada.mesh.reports.map(({ code }) => code)).toEqual(["UNSCOPED_ON_CHANNEL"]);
    expect(ada.store.envelopes.has(hash)).toBe(false);
  });
});
