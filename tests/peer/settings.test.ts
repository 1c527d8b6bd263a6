import { describe, expect, it } from "vitest";
import type { Draft } from "../../src/peer/api.ts";
import { Following } from "../../src/peer/following.ts";
import { OwnIdentity } from "../../src/peer/identity.ts";
import { rememberedPeers } from "../../src/peer/peer-memory.ts";
import { DEFAULT_SETTINGS, loadSettings, parseSettingsPatch, saveSettings } from "../../src/peer/settings.ts";
import { encodeNodeId, toHex } from "../../src/wire/index.ts";
import { identitySeed } from "../../src/wire/phrase.ts";
import { signerOf } from "../sim/author.ts";
import { draftOf, lastingStore, Town } from "../sim/town.ts";

const UTRECHT = "g:europe/nl/utrecht";

const ports = { now: () => 1_700_000_000_000, randomBytes: (length: number) => new Uint8Array(length).fill(3) };

function refusalOf(patch: unknown): string {
  try {
    parseSettingsPatch(patch);
  } catch (error) {
    return error instanceof Error && "code" in error ? `${String(error.code)} ${error.message}` : String(error);
  }
  return "taken";
}

describe("stored settings", () => {
  it.each([
    ["nothing", undefined],
    ["null", null],
    ["text", "dark"],
    ["a list", [1, 2]],
    ["only nonsense", { theme: "purple", home: "t:not/a/place", relays: "all", iceServers: [{}] }],
  ])("are the defaults when %s is stored", async (_what, stored) => {
    const store = lastingStore(60);
    await store.commit({ settings: { settings: stored } });
    expect(await loadSettings(store)).toEqual(DEFAULT_SETTINGS);
  });

  it("keep what this version understands beside what it does not", async () => {
    const store = lastingStore(61);
    const stored = { home: UTRECHT, theme: "purple", language: "fa", density: "of another version", topics: undefined };
    await store.commit({ settings: { settings: stored } });
    expect(await loadSettings(store)).toEqual({ ...DEFAULT_SETTINGS, home: UTRECHT, language: "fa" });
  });

  it("come back as they were saved", async () => {
    const store = lastingStore(62);
    const settings = {
      language: "fa",
      theme: "dark",
      home: UTRECHT,
      topics: ["t:gaming/pokemon"],
      relays: ["wss://relay.example/"],
      iceServers: [{ urls: "turn:turn.example", username: "u", credential: "c" }],
      lockAfter: 15,
      introduce: "auto",
      relay: "off",
      lowData: "on",
    } as const;
    await saveSettings(store, settings);
    expect(await loadSettings(store)).toEqual(settings);
  });
});

describe("a change of settings", () => {
  it.each([
    ["an unknown one", { colour: "red" }, "colour"],
    ["a place that is a topic", { home: "t:gaming" }, "home"],
    ["a place in no normal form", { home: "g:Europe" }, "home"],
    ["too many topics", { topics: Array(65).fill("t:a") }, "topics"],
    ["a relay by http", { relays: ["https://relay.example/"] }, "relays.0"],
    ["a script", { relays: ["javascript:alert(1)"] }, "relays.0"],
    ["an ICE server that is a page", { iceServers: [{ urls: "https://stun.example" }] }, "iceServers.0.urls"],
    ["a field too many", { iceServers: [{ urls: "stun:a", extra: 1 }] }, "iceServers.0.extra"],
    ["no object", "dark", "settings"],
  ])("is refused with the field that is wrong: %s", (_what, patch, field) => {
    expect(refusalOf(patch)).toMatch(new RegExp(`^SETTING_INVALID ${field}: `, "u"));
  });

  it("leaves alone what it names without a value", () => {
    expect(parseSettingsPatch({ relays: undefined, theme: "dark" })).toEqual({ theme: "dark" });
  });

  it("is not lost to another one at the same time", async () => {
    const store = lastingStore(63);
    const { api } = await new Town({ seed: 63 }).arrive(store);
    await Promise.all([
      api.updateSettings({ theme: "dark" }),
      api.updateSettings({ home: UTRECHT }),
      api.updateSettings({ language: "fa" }),
    ]);
    const expected = { ...DEFAULT_SETTINGS, theme: "dark", home: UTRECHT, language: "fa" };
    expect(await loadSettings(store)).toEqual(expected);
  });
});

describe("whom a person follows", () => {
  it("is all of those who were followed at the same time", async () => {
    const store = lastingStore(64);
    const { api } = await new Town({ seed: 64 }).arrive(store);
    const ids = (await Promise.all([1, 2, 3].map(signerOf))).map(({ publicKey }) => encodeNodeId(publicKey));
    await Promise.all(ids.map((id) => api.follow(id)));
    expect((await Following.open(store)).keys().map(encodeNodeId)).toEqual(ids);
    await Promise.all(ids.slice(0, 2).map((id) => api.unfollow(id)));
    expect((await Following.open(store)).keys().map(encodeNodeId)).toEqual(ids.slice(2));
  });

  it("is what can be read of a damaged list", async () => {
    const store = lastingStore(65);
    const id = encodeNodeId((await signerOf(1)).publicKey);
    await store.commit({ settings: { following: ["mehr1typo", 7, null, id, `${id.slice(0, -1)}x`] } });
    expect((await Following.open(store)).keys().map(encodeNodeId)).toEqual([id]);
  });
});

describe("the stored identity", () => {
  const entropy = new Uint8Array(32).fill(9);

  it("is not replaced when it cannot be read", async () => {
    const store = lastingStore(66);
    const stored = { entropy: new Uint8Array(31), seed: new Uint8Array(32) };
    await store.commit({ keys: { identity: stored } });
    await expect(OwnIdentity.open(store, ports)).rejects.toMatchObject({ code: "IDENTITY_DAMAGED" });
    expect(await store.key("identity")).toEqual(stored);
  });

  it("needs no more than its entropy", async () => {
    const store = lastingStore(67);
    await store.commit({ keys: { identity: { entropy, welcomed: "perhaps" } } });
    const identity = await OwnIdentity.open(store, ports);
    expect(toHex(identity.seed)).toBe(toHex(identitySeed(entropy)));
    expect(identity.view()).toMatchObject({ wordsKept: false, welcomed: "no" });
  });

  it("notes both of two things said at the same time", async () => {
    const store = lastingStore(68);
    const { api } = await new Town({ seed: 68 }).arrive(store);
    await Promise.all([api.keepWords(), api.welcome("yes")]);
    expect((await OwnIdentity.open(store, ports)).view()).toMatchObject({ wordsKept: true, welcomed: "yes" });
  });
});

describe("remembered peers", () => {
  it("are keys, whatever else is stored", async () => {
    const store = lastingStore(69);
    const key = new Uint8Array(32).fill(1);
    await store.commit({ settings: { "mesh:peers": [key, "text", new Uint8Array(31), null] } });
    expect(await rememberedPeers(store).load()).toEqual([key]);
    await store.commit({ settings: { "mesh:peers": "nonsense" } });
    expect(await rememberedPeers(store).load()).toEqual([]);
  });
});

describe("drafts", () => {
  it("are 500 at most, but those that exist can still be changed", async () => {
    const store = lastingStore(70);
    const { api } = await new Town({ seed: 70 }).arrive(store);
    const draft = (number: number) => ({ ...draftOf(`draft ${number}`), id: `${number}` });
    for (let number = 0; number < 500; number++) await api.saveDraft(draft(number));
    await expect(api.saveDraft(draft(500))).rejects.toMatchObject({ code: "DRAFT_INVALID" });
    await api.saveDraft({ ...draft(499), text: "changed" });
    await api.dropDraft("0");
    await api.saveDraft(draft(500));
    const ids = (await store.drafts()).map(({ id }) => Number(id)).sort((a, b) => a - b);
    expect(ids).toEqual(Array.from({ length: 500 }, (_, at) => at + 1));
  });

  it("keep a million characters, and no more", async () => {
    const store = lastingStore(71);
    const { api } = await new Town({ seed: 71 }).arrive(store);
    await api.saveDraft({ ...draftOf("long"), text: "x".repeat(1_000_000) });
    await expect(api.saveDraft({ ...draftOf("long"), text: "x".repeat(1_000_001) })).rejects.toMatchObject({
      code: "DRAFT_INVALID",
      message: expect.stringMatching(/^text: /u),
    });
    expect((await store.drafts()).map(({ content }) => (content as Draft).text.length)).toEqual([1_000_000]);
  });

  it.each([
    ["without an id", { ...draftOf("x"), id: "" }],
    ["with a field too many", { ...draftOf("x"), html: "<b>" }],
    ["that answers no hash", { ...draftOf("x"), replyTo: "somebody" }],
    ["from no time", { ...draftOf("x"), updated: Number.POSITIVE_INFINITY }],
    ["with too many scopes", draftOf("x", Array(17).fill("t:a"))],
  ])("are refused %s", async (_what, draft) => {
    const store = lastingStore(72);
    const { api } = await new Town({ seed: 72 }).arrive(store);
    await expect(api.saveDraft(draft)).rejects.toMatchObject({ code: "DRAFT_INVALID" });
    expect(await store.drafts()).toEqual([]);
  });

  it("that cannot be read are left out of the list", async () => {
    const store = lastingStore(73);
    await store.commit({ draftsPut: [{ id: "odd", updated: 9, content: { text: 1 } }] });
    const { api } = await new Town({ seed: 73 }).arrive(store);
    await api.saveDraft(draftOf("good"));
    const seen: unknown[] = [];
    const watching = await api.watch("drafts", {}, (update) => seen.push(update));
    await watching.close();
    expect(seen).toMatchObject([{ kind: "rows", rows: [{ text: "good" }] }]);
  });
});
