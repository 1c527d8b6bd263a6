/** What makes an identity more than the one that every first visit makes: restoring another leaves it with its key. */
import { describe, expect, it } from "vitest";
import type { PeerApi } from "../../src/peer/index.ts";
import { draftOf } from "../sim/town.ts";
import { deviceMaker } from "./fleet.ts";
import { now, type Device } from "./origin.ts";

const device = deviceMaker();

async function idOf(made: Device): Promise<string> {
  return (await now(made.api, "identity", {})).id;
}

describe("the identity of a first visit", () => {
  it.each<[string, (api: PeerApi, other: string) => Promise<unknown>]>([
    ["put the welcome off", (api) => api.welcome("later")],
    ["curated something", (api) => api.saveCurated({ name: "Bread" })],
    ["trusted somebody", (api, other) => api.trust(other)],
    ["blocked somebody", (api, other) => api.block(other)],
    ["muted somebody", (api, other) => api.mute([{ target: { kind: "person", id: other } }])],
    ["kept a feed", (api) => api.saveFeed({ spec: { kind: "scope", scope: "t:bread", match: "prefix" } })],
    ["left posts to be published", (api) => api.addArrivals([{ draft: draftOf("old"), id: "1", parent: null }])],
  ])("is not given up for another once its person has %s", async (_what, act) => {
    const other = device(99);
    const words = (await (await other.start()).words()).join(" ");
    const id = await idOf(other);
    const phone = device(10);
    await phone.start();
    const first = await idOf(phone);
    await phone.clock.track(act(phone.api, id));
    await phone.anew((api) => api.restore(words));
    expect((await now(phone.api, "identities", {})).map((entry) => entry.id)).toEqual([first, id]);
  });
});
