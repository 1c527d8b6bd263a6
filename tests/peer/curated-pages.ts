import { EMPTY_LAYOUT, inserted, linkTo, pageName } from "../../src/social/curation/index.ts";
import type { Head } from "../../src/store/port.ts";
import { createSigner, ObjectType, scopeFromKey, signObject, type CuratedEntry } from "../../src/wire/index.ts";
import { SIM_START } from "../sim/clock.ts";
import type { Resident } from "../sim/town.ts";

/** Puts so many entries into a feed at once, as another device of its curator would have done one by one. */
export async function fillCurated({ mesh, store }: Resident, feed: string, count: number): Promise<void> {
  const { seed } = (await store.key("identity")) as { seed: Uint8Array };
  const signer = await createSigner(seed);
  const key = { curator: mesh.self, name: feed };
  let layout = EMPTY_LAYOUT;
  for (let at = 0; at < count; at++) {
    const postHash = new Uint8Array(32).fill(9);
    new DataView(postHash.buffer).setUint32(0, at);
    layout = inserted(layout, { postHash, added: SIM_START + at, note: null }, 0)!;
  }
  const updated = SIM_START + count;
  const scope = scopeFromKey("g:cyberspace/commons");
  const sign = async (name: string, description: string, entries: readonly CuratedEntry[]): Promise<Head> => {
    const text = {
      curator: mesh.self,
      name,
      description,
      entries: [...entries],
      scope,
      updated,
      sequence: 50,
      kickbackRate: 0,
    };
    const { bytes, hash } = await signObject({ type: "CuratedFeed", ...text }, signer);
    const version = { type: ObjectType.CuratedFeed, owner: mesh.self, name, sequence: 50, hash, bytes };
    return { ...version, forkBytes: null, frozenUntil: 0 };
  };
  const links = layout.pages.map(({ number }) => linkTo(key, { number, updated }));
  const heads = [await sign(feed, "Everything", [...layout.first, ...links])];
  for (const { entries, number } of layout.pages) heads.push(await sign(pageName(feed, number), feed, entries));
  await store.commit({ heads });
}
