/** Files of drafts and posts: kept, published, fetched, served to whoever may have them, and let go of. */
import { describe, expect, it } from "vitest";
import type { DraftAttachment, EnvelopeView, GivenDraft } from "../../src/peer/index.ts";
import { encodeNodeId, fromHex, hashOf, MAX_ATTACHMENT_BYTES, signObject, toHex } from "../../src/wire/index.ts";
import { signerOf } from "../sim/author.ts";
import { SIM_START } from "../sim/clock.ts";
import { draftOf, lastingStore, Town, type Resident } from "../sim/town.ts";
import { HTML, OGG } from "../wire/files.ts";
import { jpeg, png } from "../wire/pictures.ts";
import { Fetching } from "./profiles.ts";

const DAY = 24 * 60 * 60_000;
const PICTURE = png(640, 400);
const PHOTO = jpeg(320, 200);

async function attached(
  resident: Resident,
  bytes: Uint8Array,
  altText = "",
  type = "image/png",
): Promise<DraftAttachment> {
  const file = await resident.api.attach({ bytes, contentType: type });
  return { ...file, blurhash: null, altText, duration: null };
}

async function photos(resident: Resident, text: string, scopes?: readonly string[]): Promise<GivenDraft> {
  const attachments = [await attached(resident, PICTURE, "A square"), await attached(resident, PHOTO)];
  return { ...draftOf(text, scopes), kind: "photos", attachments };
}

const codeOf = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "none",
    (error: { code: string }) => error.code,
  );

async function marksOf(resident: Resident, id: string): Promise<readonly string[]> {
  let marks: readonly string[] = [];
  const watching = await resident.api.watch("profile", { id }, ({ value }) => (marks = value.marks));
  await watching.close();
  return marks;
}

describe("a file of a draft", () => {
  it("is kept from one run to the next, and known by what it is", async () => {
    const town = new Town({ seed: 801 });
    const store = lastingStore(801);
    const anna = await town.arrive(store);
    const file = await anna.api.attach({ bytes: PICTURE, contentType: "text/html" });
    expect(file).toEqual({ hash: toHex(hashOf(PICTURE)), size: PICTURE.length, contentType: "image/png" });
    await anna.api.saveDraft({
      ...draftOf("later"),
      kind: "photos",
      attachments: [{ ...file, blurhash: null, altText: "", duration: null }],
    });
    await town.leave(anna);
    const again = await town.arrive(store);
    await town.clock.advance(3 * DAY);
    expect(await again.api.attachment({ hash: file.hash })).toEqual(PICTURE);
    expect(again.faults).toEqual([]);
  });

  it("goes a day after no draft names it any more, so that a discarded draft can come back", async () => {
    const town = new Town({ seed: 802 });
    const anna = await town.arrive();
    const draft = await photos(anna, "first");
    const [kept, removed] = draft.attachments!;
    await anna.api.saveDraft(draft);
    await anna.api.saveDraft({ ...draft, attachments: [kept!] });
    await anna.api.saveDraft({ ...draft, id: "another", attachments: [kept!] });
    await anna.api.dropDraft(draft.id);
    await town.clock.advance(DAY / 2);
    expect(await anna.api.preview(draft)).toMatchObject({ problems: [] });
    await town.clock.advance(DAY);
    expect(await codeOf(anna.api.attachment({ hash: removed!.hash }))).toBe("NOT_FOUND");
    expect(await anna.api.attachment({ hash: kept!.hash })).toEqual(PICTURE);
    await anna.api.dropDraft("another");
    await town.clock.advance(2 * DAY);
    expect([...(await anna.store.allSettings()).keys()].filter((name) => name.startsWith("attachment:"))).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ["no file", null, "ATTACHMENT_INVALID"],
    ["nothing in it", { bytes: new Uint8Array(0), contentType: "image/png" }, "ATTACHMENT_INVALID"],
    ["no type", { bytes: PICTURE }, "ATTACHMENT_INVALID"],
    [
      "too many bytes",
      { bytes: new Uint8Array(MAX_ATTACHMENT_BYTES + 1), contentType: "audio/ogg" },
      "ATTACHMENT_TOO_LARGE",
    ],
  ])("is refused where it has %s", async (_what, file, code) => {
    const anna = await new Town({ seed: 803 }).arrive();
    expect(await codeOf(anna.api.attach(file as Parameters<typeof anna.api.attach>[0]))).toBe(code);
  });

  it("of the largest size is taken", async () => {
    const anna = await new Town({ seed: 804 }).arrive();
    const bytes = new Uint8Array(MAX_ATTACHMENT_BYTES).fill(7);
    expect(await anna.api.attach({ bytes, contentType: "application/zip" })).toMatchObject({
      contentType: "application/zip",
    });
  });

  it("that is not here is a problem of the draft, and what is said of one is not believed", async () => {
    const anna = await new Town({ seed: 805 }).arrive();
    const file = await attached(anna, OGG, "Hum", "audio/ogg");
    const lie = { ...file, size: 3, contentType: "image/png" };
    const podcast = { ...draftOf("notes"), kind: "podcast", attachments: [lie] } as const;
    const { hash } = await anna.api.publish(podcast);
    expect((await anna.api.envelope(hash))?.media).toMatchObject([{ size: OGG.length, contentType: "audio/ogg" }]);
    const gone = { ...podcast, id: "gone", attachments: [file, { ...file, hash: "ab".repeat(32) }] };
    expect((await anna.api.preview(gone)).problems).toContainEqual({
      field: "attachments",
      code: "ATTACHMENT_MISSING",
      at: 1,
    });
    expect(await codeOf(anna.api.publish(gone))).toBe("ATTACHMENT_MISSING");
    expect((await anna.store.usage()).blobs).toBe(1);
  });

  it("is no way to learn what of others lies here", async () => {
    const anna = await new Town({ seed: 806 }).arrive();
    await anna.store.blobs.put(hashOf(PHOTO), [PHOTO]);
    expect(await codeOf(anna.api.attachment({ hash: toHex(hashOf(PHOTO)) }))).toBe("NOT_FOUND");
  });

  it("that a backup has put among the blobs becomes one of drafts", async () => {
    const town = new Town({ seed: 807 });
    const anna = await town.arrive();
    await anna.store.blobs.put(hashOf(PHOTO), [PHOTO]);
    const hash = toHex(hashOf(PHOTO));
    const file = { hash, size: PHOTO.length, contentType: "image/jpeg", blurhash: null, altText: "", duration: null };
    await anna.api.saveDraft({ ...draftOf("restored"), kind: "photos", attachments: [file] });
    expect(await anna.api.attachment({ hash })).toEqual(PHOTO);
    await town.clock.advance(DAY);
    expect((await anna.store.usage()).blobs).toBe(0);
    expect(await anna.api.attachment({ hash })).toEqual(PHOTO);
  });
});

describe("a draft", () => {
  it.each<[string, Partial<GivenDraft>]>([
    ["of an unknown kind", { kind: "film" as "text" }],
    ["with a share of more than everything", { kickbackRate: 256 }],
    ["with half a share", { kickbackRate: 0.5 }],
    [
      "with a type that is none",
      {
        attachments: [
          { hash: "ab".repeat(32), contentType: "x", size: 1, blurhash: null, altText: "", duration: null },
        ],
      },
    ],
    [
      "with a blurhash of hostile length",
      {
        attachments: [
          {
            hash: "ab".repeat(32),
            contentType: "image/png",
            size: 1,
            blurhash: "L".repeat(65),
            altText: "",
            duration: null,
          },
        ],
      },
    ],
  ])("%s is refused", async (_what, fields) => {
    const anna = await new Town({ seed: 808 }).arrive();
    expect(await codeOf(anna.api.saveDraft({ ...draftOf("x"), ...fields }))).toBe("DRAFT_INVALID");
  });

  it("of an earlier version is whole when it is read", async () => {
    const anna = await new Town({ seed: 809 }).arrive();
    const old = draftOf("old");
    await anna.store.commit({ draftsPut: [{ id: old.id, updated: 0, content: old }] });
    let rows: readonly unknown[] = [];
    const watching = await anna.api.watch("drafts", {}, (update) => {
      if (update.kind === "rows") ({ rows } = update);
    });
    await watching.close();
    expect(rows).toEqual([
      { ...old, references: [], kind: "text", byline: "", attachments: [], notes: [], kickbackRate: 128 },
    ]);
  });
});

describe("a post with pictures", () => {
  it("reaches a reader who opens it, and is passed on by that reader", async () => {
    const town = new Town({ seed: 811 });
    const [anna, ben, cem] = [await town.arrive(), await town.arrive(), await town.arrive()];
    town.network.connect(anna.mesh, ben.mesh);
    const { hash, postHash } = await anna.api.publish(await photos(anna, "Look"));
    let seen: EnvelopeView | null = null;
    await town.clock.until(async () => (seen = await ben.api.envelope(hash)) !== null);
    const envelope = seen as unknown as EnvelopeView;
    expect(envelope).toMatchObject({
      kind: "photos",
      kickbackRate: 128,
      media: [{ altText: "A square" }, { altText: null }],
    });
    const post = await town.clock.finish(ben.api.post(postHash));
    expect(post.media).toEqual([PICTURE, PHOTO].map((bytes) => toHex(hashOf(bytes))));
    expect(envelope.contentSize).toBe(post.size + PICTURE.length + PHOTO.length);
    for (const [at, bytes] of [PICTURE, PHOTO].entries()) {
      expect(await town.clock.finish(ben.api.attachment({ hash: post.media[at]!, post: postHash }))).toEqual(bytes);
    }
    expect(await marksOf(ben, encodeNodeId(anna.mesh.self))).toEqual([]);
    // Anna leaves; Cem has it from Ben.
    await town.leave(anna);
    town.network.connect(ben.mesh, cem.mesh);
    await town.clock.until(async () => (await cem.api.envelope(hash)) !== null);
    await town.clock.finish(cem.api.post(postHash));
    expect(await town.clock.finish(cem.api.attachment({ hash: post.media[0]!, post: postHash }))).toEqual(PICTURE);
  });

  it("takes its files from the draft, unless another draft has them as well", async () => {
    const anna = await new Town({ seed: 812 }).arrive();
    const draft = await photos(anna, "once");
    await anna.api.saveDraft(draft);
    await anna.api.saveDraft({ ...draft, id: "twice", attachments: draft.attachments!.slice(0, 1) });
    await anna.api.publish(draft);
    const kept = [...(await anna.store.allSettings()).keys()].filter((name) => name.startsWith("attachment:"));
    expect(kept).toEqual([`attachment:${draft.attachments![0]!.hash}`]);
    expect((await anna.store.usage()).blobs).toBe(2);
    expect(await anna.store.drafts()).toHaveLength(1);
  });

  it("keeps a file that was only cached before", async () => {
    const anna = await new Town({ seed: 831 }).arrive();
    const draft = await photos(anna, "of mine now");
    await anna.store.blobs.put(hashOf(PICTURE), [PICTURE], undefined, "cache");
    await anna.api.publish(draft);
    await anna.store.collect();
    expect(await anna.store.blobs.read(hashOf(PICTURE))).toEqual(PICTURE);
  });

  it("that cannot be stored leaves its draft as it was, and no files behind", async () => {
    const anna = await new Town({ seed: 813 }).arrive();
    const draft = await photos(anna, "no room");
    await anna.api.saveDraft(draft);
    const { commit } = anna.store;
    anna.store.commit = async (batch, options) => {
      if (batch.envelopes !== undefined) throw Object.assign(new Error("full"), { code: "STORE_QUOTA" });
      await commit.call(anna.store, batch, options);
    };
    expect(await codeOf(anna.api.publish(draft))).toBe("STORE_QUOTA");
    anna.store.commit = commit;
    expect((await anna.store.usage()).blobs).toBe(0);
    expect(await anna.store.drafts()).toHaveLength(1);
    expect(await anna.api.publish(draft)).toMatchObject({ hash: expect.any(String) });
  });

  it("for trusted people keeps its files to them, and a draft keeps them to itself", async () => {
    const town = new Town({ seed: 814 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    town.network.connect(anna.mesh, ben.mesh);
    const draft = await photos(anna, "for friends", []);
    const asked = new Fetching(ben, town);
    const picture = fromHex(draft.attachments![0]!.hash);
    expect(await asked.get(anna, picture)).toBe("NOT_FOUND");
    await anna.api.publish(draft);
    expect(await asked.get(anna, picture)).toBe("NOT_FOUND");
    await anna.api.trust(encodeNodeId(ben.mesh.self));
    expect(await asked.get(anna, picture)).toEqual(PICTURE);
    await anna.api.distrust(encodeNodeId(ben.mesh.self));
    expect(await asked.get(anna, picture)).toBe("NOT_FOUND");
  });

  it("of somebody who is blocked is given to nobody", async () => {
    const town = new Town({ seed: 815 });
    const [anna, ben, cem] = [await town.arrive(), await town.arrive(), await town.arrive()];
    town.network.connect(anna.mesh, ben.mesh);
    const { hash, postHash } = await anna.api.publish(await photos(anna, "Look"));
    await town.clock.until(async () => (await ben.api.envelope(hash)) !== null);
    const { media } = await town.clock.finish(ben.api.post(postHash));
    await town.clock.finish(ben.api.attachment({ hash: media[0]!, post: postHash }));
    town.network.connect(ben.mesh, cem.mesh);
    const asked = new Fetching(cem, town);
    expect(await asked.get(ben, fromHex(media[0]!))).toEqual(PICTURE);
    await ben.api.block(encodeNodeId(anna.mesh.self));
    expect(await asked.get(ben, fromHex(media[0]!))).toBe("NOT_FOUND");
    expect(await codeOf(ben.api.attachment({ hash: media[0]!, post: postHash }))).toBe("AUTHOR_BLOCKED");
  });

  it("whose envelope lies about the size of a file marks its author, and nobody else", async () => {
    const town = new Town({ seed: 816 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    town.network.connect(anna.mesh, ben.mesh);
    const liar = await signerOf(817);
    const content = {
      type: "SocialPost" as const,
      author: liar.publicKey,
      text: "Small!",
      media: [hashOf(PICTURE)],
      links: [],
    };
    const post = await signObject(content, liar);
    const hint = { contentType: "image/png", size: 10, blurhash: "L".repeat(64), altText: null };
    const envelope = await signObject(
      {
        type: "PostEnvelope",
        postHash: post.hash,
        author: liar.publicKey,
        headline: null,
        summary: "Small!",
        mediaHints: [hint],
        scopes: [{ kind: "geo", segments: ["cyberspace", "commons"] }],
        replyTo: null,
        boostOf: null,
        references: [],
        contentSize: post.bytes.length + 10,
        created: SIM_START,
        kickbackRate: 0,
      },
      liar,
    );
    const stored = { type: 2, holding: "cache", storedAt: SIM_START } as const;
    await anna.store.blobs.put(hashOf(PICTURE), [PICTURE], undefined, "cache");
    await anna.store.commit({ objects: [{ ...stored, hash: post.hash, bytes: post.bytes }] });
    for (const { store } of [anna, ben]) {
      await store.commit({ envelopes: [{ hash: envelope.hash, bytes: envelope.bytes, envelope: envelope.object }] });
    }
    const postHash = toHex(post.hash);
    await town.clock.finish(ben.api.post(postHash));
    expect(await marksOf(ben, encodeNodeId(liar.publicKey))).toEqual([]);
    await town.clock.finish(ben.api.attachment({ hash: toHex(hashOf(PICTURE)), post: postHash }));
    expect(await marksOf(ben, encodeNodeId(liar.publicKey))).toEqual(["SIZE_MISMATCH"]);
    expect(ben.mesh.reports).toEqual([]);
  });

  it("gives only what it names, with a code where nobody has it", async () => {
    const town = new Town({ seed: 818 });
    const anna = await town.arrive();
    const { postHash } = await anna.api.publish(await photos(anna, "Look"));
    const other = await anna.api.attach({ bytes: HTML, contentType: "text/html" });
    expect(other.contentType).toBe("application/octet-stream");
    expect(await codeOf(anna.api.attachment({ hash: other.hash, post: postHash }))).toBe("NOT_FOUND");
    await anna.store.blobs.remove(hashOf(PICTURE));
    const lost = anna.api.attachment({ hash: toHex(hashOf(PICTURE)), post: postHash });
    expect(await codeOf(town.clock.finish(lost))).toBe("OFFLINE");
    const signal = AbortSignal.abort();
    expect(await codeOf(anna.api.attachment({ hash: toHex(hashOf(PHOTO)), post: postHash, signal }))).not.toBe("none");
  });
});
