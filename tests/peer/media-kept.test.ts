/** Files of drafts on a device: sealed with an identity, taken along by a backup, and there again after a start. */
import { describe, expect, it } from "vitest";
import type { GivenDraft, PeerApi } from "../../src/peer/index.ts";
import { fromHex } from "../../src/wire/index.ts";
import { draftOf } from "../sim/town.ts";
import { png } from "../wire/pictures.ts";
import { deviceMaker } from "./fleet.ts";
import { now } from "./origin.ts";

const device = deviceMaker();

const KEPT = png(128, 128);
const SENT = png(64, 64);

async function attached(api: PeerApi, bytes: Uint8Array): Promise<Required<GivenDraft>["attachments"][number]> {
  return { ...(await api.attach({ bytes, contentType: "image/png" })), blurhash: null, altText: "", duration: null };
}

/** A draft with one picture, and a post with another. @returns names of the two, and of the post */
async function written(api: PeerApi): Promise<{ kept: string; sent: string; postHash: string }> {
  const kept = await attached(api, KEPT);
  await api.saveDraft({ ...draftOf("half"), kind: "photos", attachments: [kept] });
  const sent = await attached(api, SENT);
  const { postHash } = await api.publish({ ...draftOf("whole"), id: "whole", kind: "photos", attachments: [sent] });
  return { kept: kept.hash, sent: sent.hash, postHash };
}

describe("files of drafts and posts", () => {
  it.each([undefined, "correct horse"])("come along with a backup (passphrase: %s)", async (passphrase) => {
    const options = passphrase === undefined ? {} : { passphrase };
    const made = device(61);
    const { kept, postHash, sent } = await written(await made.start());
    const file = await made.api.exportBackup(options);
    await made.stop();
    const other = device(62);
    await other.start();
    await other.anew((api) => api.restoreBackup(file, options));
    const { api } = other;
    expect(await api.attachment({ hash: kept })).toEqual(KEPT);
    expect(await api.attachment({ hash: sent, post: postHash })).toEqual(SENT);
    const [draft] = await now(api, "drafts", {});
    expect(await api.preview(draft!)).toMatchObject({ problems: [] });
    await api.publish(draft!);
  });

  it("of posts, and own curated feeds, come out of a locked store with the words", async () => {
    const made = device(64);
    const { postHash, sent } = await written(await made.start());
    await made.api.saveCurated({ name: "Bread" });
    const words = (await made.api.words()).join(" ");
    await made.anew((api) => api.protect({ kind: "passphrase", passphrase: "correct horse" }, null));
    await made.anew((api) => api.lock());
    await made.anew((api) => api.restore(words));
    expect(await made.api.attachment({ hash: sent, post: postHash })).toEqual(SENT);
    expect(await now(made.api, "ownCurated", {})).toMatchObject([{ name: "Bread" }]);
    const { key } = (await now(made.api, "identities", {})).find(({ current }) => current)!;
    await made.stop();
    const store = await made.disk(key);
    await store.collect();
    expect(await store.blobs.read(fromHex(sent))).toEqual(SENT);
    await store.close();
  });

  it("of drafts are sealed with the identity, and opened with it", async () => {
    const made = device(63);
    const { kept } = await written(await made.start());
    await made.anew((api) => api.protect({ kind: "passphrase", passphrase: "correct horse" }, null));
    expect(await made.api.attachment({ hash: kept })).toEqual(KEPT);
    const later = await attached(made.api, png(32, 32));
    expect(await made.api.attachment({ hash: later.hash })).toEqual(png(32, 32));
    await made.stop();
    const store = await made.disk();
    const names = [...(await store.allSettings()).keys()];
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => name.includes("attachment"))).toEqual([]);
    await store.close();
  });
});
