/** Files of posts for trusted people, and whoever learned their hashes. */
import { describe, expect, it } from "vitest";
import type { GivenDraft } from "../../src/peer/index.ts";
import { encodeNodeId, fromHex, hashOf, signObject } from "../../src/wire/index.ts";
import { signerOf } from "../sim/author.ts";
import { SIM_START } from "../sim/clock.ts";
import { draftOf, Town, type Resident } from "../sim/town.ts";
import { png } from "../wire/pictures.ts";
import { Fetching, holdProfile } from "./profiles.ts";

const PICTURE = png(640, 400);

async function withPicture({ api }: Resident, text: string, scopes?: readonly string[]): Promise<GivenDraft> {
  const file = await api.attach({ bytes: PICTURE, contentType: "image/png" });
  const attachments = [{ ...file, blurhash: null, altText: "", duration: null }];
  return { ...draftOf(text, scopes), kind: "photos", attachments };
}

describe("files of a post for trusted people", () => {
  it("are given to no stranger who names them, until their author does so for everybody", async () => {
    const town = new Town({ seed: 821 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    town.network.connect(anna.mesh, ben.mesh);
    const { postHash } = await anna.api.publish(await withPicture(anna, "for friends", []));
    const asked = new Fetching(ben, town);
    expect(await asked.get(anna, hashOf(PICTURE))).toBe("NOT_FOUND");
    const stranger = await signerOf(822);
    await holdProfile(anna.store, stranger, { avatar: hashOf(PICTURE) });
    const content = { type: "SocialPost" as const, author: stranger.publicKey, media: [hashOf(PICTURE)], links: [] };
    const stored = { type: 2, holding: "cache", storedAt: SIM_START } as const;
    // More than are remembered of one file.
    for (let at = 0; at < 20; at++) {
      const { bytes, hash } = await signObject({ ...content, text: `Mine ${at}` }, stranger);
      await anna.store.commit({ objects: [{ ...stored, hash, bytes }] });
      if (at === 0) expect(await asked.get(anna, hash)).toEqual(bytes);
    }
    expect(await asked.get(anna, fromHex(postHash))).toBe("NOT_FOUND");
    expect(await asked.get(anna, hashOf(PICTURE))).toBe("NOT_FOUND");
    await anna.api.trust(encodeNodeId(ben.mesh.self));
    expect(await asked.get(anna, hashOf(PICTURE))).toEqual(PICTURE);
    await anna.api.distrust(encodeNodeId(ben.mesh.self));
    await anna.api.publish({ ...(await withPicture(anna, "for everybody")), id: "public" });
    expect(await asked.get(anna, hashOf(PICTURE))).toEqual(PICTURE);
  });
});
