/** A peer of the product on the product's store in the browser's IndexedDB. Only its network is written here: strangers' envelopes. */
import type { Mesh } from "../../../src/mesh/port.ts";
import { systemClock } from "../../../src/mesh/protocols/clock.ts";
import { startPeer } from "../../../src/peer/peer.ts";
import type { PeerApi } from "../../../src/peer/index.ts";
import { openIdbStore, type Store, StoreError } from "../../../src/store/index.ts";
import {
  createSigner,
  decodeEnvelope,
  encodeNodeId,
  hashOf,
  ObjectType,
  toHex,
  type NodeKey,
} from "../../../src/wire/index.ts";
import { COMMONS, signEnvelope } from "../../sim/author.ts";
import type { Answer, Ask, Filled, Look } from "./messages.ts";

type Handler = Parameters<Mesh["setChannelHandler"]>[0];

/** Fewer than the rules let an author say in an hour. */
const EACH_SAYS = 3;
const CHANNEL = "mehr/1/g/cyberspace/commons";

const faults: string[] = [];
const note = (context: string, error: unknown): void => void faults.push(`${context}: ${String(error)}`);
const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** Nobody is there to talk to, but channels are heard. */
function quietMesh(self: NodeKey, hear: (handler: Handler) => void): Mesh {
  const nothing = (): void => undefined;
  const none = (): never[] => [];
  const refuse = (): Promise<never> => Promise.reject(new Error("nobody is there"));
  return {
    self,
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    join: nothing,
    leave: nothing,
    channels: none,
    channelPeers: none,
    eagerPeers: none,
    publish: () => Promise.resolve([]),
    setChannelHandler: hear,
    openStream: refuse,
    handle: nothing,
    peers: none,
    links: none,
    relays: none,
    connect: refuse,
    createInvite: refuse,
    answerInvite: refuse,
    acceptAnswer: refuse,
    readInvite: refuse,
    setIntroduce: nothing,
    reconnect: nothing,
    report: nothing,
    charge: nothing,
    setBlocked: nothing,
    setWanted: nothing,
    pardon: nothing,
    shutOut: none,
    misdeeds: none,
    provide: () => Promise.resolve(),
    async *findProviders() {},
    on: () => nothing,
  };
}

interface Running {
  readonly store: Store;
  readonly api: PeerApi;
  readonly self: Promise<NodeKey>;
  readonly handler: Promise<Handler>;
}

async function begin(): Promise<Running> {
  const onFault = (fault: unknown): void => note("store", fault);
  const store = await openIdbStore({ name: "troubled", now: systemClock.now, randomBytes, onFault });
  const handler = Promise.withResolvers<Handler>();
  const self = Promise.withResolvers<NodeKey>();
  const { api } = await startPeer({
    store,
    clock: systemClock,
    random: Math.random,
    randomBytes,
    estimates: null,
    hashing: { outboard: () => Promise.reject(new Error("no files here")), close: () => undefined },
    stretch: () => Promise.reject(new Error("no passphrase here")),
    createMesh: async (seed) => {
      const { publicKey } = await createSigner(seed);
      self.resolve(publicKey);
      return quietMesh(publicKey, handler.resolve);
    },
    log: note,
  });
  return { store, api: api as unknown as PeerApi, self: self.promise, handler: handler.promise };
}

const running = begin();

async function ingest(seed: number): Promise<void> {
  const hear = await (await running).handler;
  for (let number = 0; ; number += 1) {
    // As from a network: each message is a task, and others have their turn between.
    await new Promise((resolve) => setTimeout(resolve));
    const signer = await createSigner(crypto.getRandomValues(new Uint8Array(32)));
    for (let at = 0; at < EACH_SAYS; at += 1) {
      const { bytes } = await signEnvelope(signer, {
        summary: `${seed} ${number} ${at}`,
        created: Date.now(),
        scopes: [COMMONS],
      });
      await hear({ channel: CHANNEL, bytes, from: signer.publicKey });
    }
  }
}

/** Of each: not small, so that a small quota is soon full. */
const FETCHED_BYTES = 40_000;

async function fill(): Promise<Filled> {
  const { store } = await running;
  const before = (await store.usage()).objects;
  for (let stored = 0; ; stored += 1) {
    const bytes = crypto.getRandomValues(new Uint8Array(FETCHED_BYTES));
    const object = {
      hash: hashOf(bytes),
      type: ObjectType.MediaManifest,
      bytes,
      holding: "cache",
      storedAt: Date.now(),
    } as const;
    let code: string | null = null;
    try {
      await store.commit({ objects: [object] });
    } catch (error) {
      code = error instanceof StoreError ? error.code : String(error);
    }
    const { collected, objects } = await store.usage();
    if (code !== null || collected.objects > 0) return { stored, held: objects - before, code };
  }
}

async function look(): Promise<Look> {
  const { api, store, self } = await running;
  const key = await self;
  const wrong = [...faults];
  const drafts: Record<string, string> = {};
  const watching = await api.watch("drafts", {}, (update) => {
    if (update.kind === "rows") for (const draft of update.rows) drafts[draft.id] = draft.text;
  });
  await watching.close();
  const outbox = await store.outbox();
  const rows = store.envelopes.query({ filter: { kind: "all" }, limit: Infinity });
  const contents = await store.envelopes.bytes(rows.map(({ hash }) => hash));
  const own: string[] = [];
  for (const [at, row] of rows.entries()) {
    const bytes = contents[at];
    if (bytes === undefined || toHex(hashOf(bytes)) !== toHex(row.hash)) {
      wrong.push(`envelope ${toHex(row.hash)} is not whole`);
      continue;
    }
    if (toHex(row.author) !== toHex(key)) continue;
    own.push(toHex(row.hash));
    const { postHash } = decodeEnvelope(bytes);
    const post = postHash === null ? undefined : await store.object(postHash);
    if (post === undefined) wrong.push(`the post of ${toHex(row.hash)} is missing`);
    else if (toHex(hashOf(post.bytes)) !== toHex(post.hash)) wrong.push("a post is not what it was");
    const entry = outbox.find(({ hash }) => toHex(hash) === toHex(row.hash));
    if (entry === undefined) wrong.push(`${toHex(row.hash)} does not wait to be sent`);
    else if (toHex(entry.bytes) !== toHex(bytes)) wrong.push("what waits to be sent is not what was written");
  }
  for (const { hash } of outbox) {
    if (!store.envelopes.has(hash)) wrong.push(`${toHex(hash)} waits to be sent, but is not held`);
  }
  for (const damage of await store.damaged()) wrong.push(`damaged: ${damage.what}, ${damage.reason}`);
  const { collectable, objects } = await store.usage();
  const isOnlyOwn = collectable.objects === 0;
  if (isOnlyOwn && objects !== own.length)
    wrong.push(`${objects} posts of ${own.length} own envelopes by ${encodeNodeId(key)}`);
  return { drafts, own, outbox: outbox.map(({ hash }) => toHex(hash)), envelopes: rows.length, faults: wrong };
}

async function answer(ask: Ask): Promise<unknown> {
  const { api } = await running;
  switch (ask.kind) {
    case "save":
    case "publish": {
      const draft = {
        id: ask.draft,
        headline: "",
        summary: "",
        text: ask.text,
        scopes: [COMMONS],
        replyTo: null,
        updated: Date.now(),
      };
      return ask.kind === "save" ? await api.saveDraft(draft) : (await api.publish(draft)).hash;
    }
    case "ingest":
      ingest(ask.seed).catch((error: unknown) => note("ingest", error));
      return null;
    case "fill":
      return await fill();
    case "look":
      return await look();
  }
}

self.addEventListener("message", ({ data }: MessageEvent<Ask>) => {
  answer(data).then(
    (value) => self.postMessage({ id: data.id, value, error: null } satisfies Answer),
    (error: unknown) => self.postMessage({ id: data.id, value: null, error: String(error) } satisfies Answer),
  );
});
