/** A peer that signs whatever it is told to: valid objects with content that our own composer would never make. */
import { systemClock } from "../../../src/mesh/protocols/clock.ts";
import { installRtc } from "../../../src/mesh/rtc/shim.ts";
import { createMemoryStore, type WriteBatch } from "../../../src/store/index.ts";
import {
  channelOf,
  createSigner,
  encodeNodeId,
  ObjectType,
  scopeFromKey,
  signObject,
  type Signer,
} from "../../../src/wire/index.ts";
import type { HostileAuthor, HostilePost, StartAuthor } from "./messages.ts";

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
  await store.commit(await profileOf(author, signer));
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

async function profileOf({ name, bio, place }: HostileAuthor, signer: Signer): Promise<WriteBatch> {
  const { bytes, hash, object } = await signObject(
    {
      type: "UserProfile",
      nodeId: signer.publicKey,
      displayName: name,
      bio,
      avatar: null,
      scopes: [scopeFromKey(place)],
      claims: [],
      sequence: 1,
    },
    signer,
  );
  const { nodeId: owner, sequence } = object;
  const type = ObjectType.UserProfile;
  return { heads: [{ type, owner, name: "", sequence, hash, bytes, forkBytes: null, frozenUntil: 0 }] };
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
