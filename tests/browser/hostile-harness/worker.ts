/** A peer that signs whatever it is told to: valid objects with content that our own composer would never make. */
import { systemClock } from "../../../src/mesh/protocols/clock.ts";
import { installRtc } from "../../../src/mesh/rtc/shim.ts";
import { createMemoryStore, type WriteBatch } from "../../../src/store/index.ts";
import {
  channelOf,
  createSigner,
  encodeNodeId,
  hashOf,
  ObjectType,
  scopeFromKey,
  signObject,
  type Signer,
} from "../../../src/wire/index.ts";
import type { HostileAuthor, HostileForks, HostilePost, StartAuthor } from "./messages.ts";

const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

self.addEventListener("message", ({ data }: MessageEvent<StartAuthor>) => void publishAll(data).catch(reportError), {
  once: true,
});

async function publishAll({ author, rtc }: StartAuthor): Promise<void> {
  const bridge = installRtc(rtc, { mode: "auto" });
  // After `installRtc`: @libp2p/webrtc looks for RTCPeerConnection when it is loaded.
  const { createMesh } = await import("../../../src/mesh/index.ts");
  const { EVERY_SCOPED, servePub, serveStore } = await import("../../../src/mesh/protocols/index.ts");
  const seed = randomBytes(32);
  const signer = await createSigner(seed);
  const mesh = await createMesh({
    seed,
    relays: [author.relay],
    policy: { allowLocal: true },
    rtc: bridge,
    random: Math.random,
  });
  const store = createMemoryStore({ randomBytes });
  await store.commit(await profilesOf(author, signer));
  if (author.forks !== undefined) await store.commit(await feedsOf(author.forks, author.place, signer));
  const envelopes: Uint8Array[] = [];
  for (const post of author.posts) {
    const { commit, bytes } = await publication(post, signer);
    await store.commit(commit);
    envelopes.push(bytes);
  }
  serveStore({ mesh, library: store, clock: systemClock });
  servePub({ mesh, library: store, audience: EVERY_SCOPED, clock: systemClock });
  const channel = channelOf(scopeFromKey(author.place));
  mesh.setChannelHandler(async () => "ignore");
  mesh.join(channel);
  let done = false;
  mesh.on("changed", () => {
    if (done || mesh.channelPeers(channel).length === 0) return;
    done = true;
    void Promise.all(envelopes.map((bytes) => mesh.publish(channel, bytes))).then(() =>
      self.postMessage(encodeNodeId(signer.publicKey)),
    );
  });
  await mesh.start();
}

async function profilesOf({ forks, name, bio, place }: HostileAuthor, signer: Signer): Promise<WriteBatch> {
  const signed = (displayName: string) =>
    signObject(
      {
        type: "UserProfile",
        nodeId: signer.publicKey,
        displayName,
        bio,
        avatar: null,
        scopes: [scopeFromKey(place)],
        claims: [],
        sequence: 1,
      },
      signer,
    );
  const { bytes, hash, object } = await signed(name);
  const forkBytes = forks === undefined ? null : (await signed(forks.name)).bytes;
  const { nodeId: owner, sequence } = object;
  return {
    heads: [{ type: ObjectType.UserProfile, owner, name: "", sequence, hash, bytes, forkBytes, frozenUntil: 0 }],
  };
}

async function feedsOf({ feed }: HostileForks, place: string, signer: Signer): Promise<WriteBatch> {
  const updated = Date.now();
  // Each version has an entry of its own, of a post that nobody has.
  const signed = (description: string) =>
    signObject(
      {
        type: "CuratedFeed",
        curator: signer.publicKey,
        name: feed.name,
        description,
        entries: [{ postHash: hashOf(new TextEncoder().encode(description)), added: updated, note: null }],
        scope: scopeFromKey(place),
        updated,
        sequence: 1,
        kickbackRate: 0,
      },
      signer,
    );
  const [first, second] = feed.descriptions;
  const [{ bytes, hash, object }, other] = await Promise.all([signed(first), signed(second)]);
  const { curator: owner, name, sequence } = object;
  const head = { type: ObjectType.CuratedFeed, owner, name, sequence, hash, bytes, forkBytes: other.bytes };
  return { heads: [{ ...head, frozenUntil: 0 }] };
}

async function publication(
  { headline, links, media, scopes, summary, text }: HostilePost,
  signer: Signer,
): Promise<{ commit: WriteBatch; bytes: Uint8Array }> {
  const post = await signObject(
    { type: "SocialPost", author: signer.publicKey, text, media: [], links: [...links] },
    signer,
  );
  const envelope = await signObject(
    {
      type: "PostEnvelope",
      postHash: post.hash,
      author: signer.publicKey,
      headline,
      summary,
      mediaHints: [...media],
      scopes: scopes.map(scopeFromKey),
      replyTo: null,
      boostOf: null,
      references: [],
      contentSize: post.bytes.length + media.reduce((sum, { size }) => sum + size, 0),
      created: Date.now(),
      kickbackRate: 128,
    },
    signer,
  );
  const { bytes, hash } = envelope;
  const held = { hash: post.hash, type: ObjectType.SocialPost, bytes: post.bytes, holding: "own" as const };
  return {
    commit: { objects: [{ ...held, storedAt: Date.now() }], envelopes: [{ hash, bytes, envelope: envelope.object }] },
    bytes,
  };
}
