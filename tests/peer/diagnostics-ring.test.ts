import { describe, expect, it } from "vitest";
import { admit, faultName } from "../../src/peer/diagnostics/fields.ts";
import { LogRing, RING_LIMITS } from "../../src/peer/diagnostics/index.ts";
import { encodeNodeId, toHex } from "../../src/wire/index.ts";

function ringAt(limits = RING_LIMITS) {
  const clock = { now: 1_000 };
  return { clock, ring: new LogRing({ now: () => clock.now, limits }) };
}

describe("the log ring", () => {
  it("tells the newest first, by level and room", () => {
    const { clock, ring } = ringAt();
    ring.add("peer_started", { took: 12.4, envelopes: 3 });
    clock.now = 2_000;
    ring.add("dial_failed", { error: new Error("secret") });
    ring.add("store_failed", { error: new Error("secret") });
    expect(ring.entries().map(({ event }) => event)).toEqual(["store_failed", "dial_failed", "peer_started"]);
    expect(ring.entries({ level: "warn" }).map(({ event }) => event)).toEqual(["store_failed"]);
    expect(ring.entries({ room: "mesh" })).toEqual([
      expect.objectContaining({ event: "dial_failed", time: 2_000, level: "debug", fields: { error: "Error" } }),
    ]);
    expect(ring.entries({ limit: 1 })).toHaveLength(1);
    expect(ring.entries().at(-1)?.fields).toEqual({ took: 12, envelopes: 3 });
  });

  it("counts what is said again within a minute, and writes it down again later", () => {
    const { clock, ring } = ringAt();
    for (let time = 0; time < 50; time++) {
      clock.now = 1_000 + time * 100;
      ring.add("dial_failed", { error: new Error("again") });
    }
    expect(ring.entries()).toEqual([expect.objectContaining({ times: 50, time: 1_000, last: 5_900 })]);
    clock.now += 60_001;
    ring.add("dial_failed", { error: new Error("again") });
    expect(ring.entries().map(({ times }) => times)).toEqual([1, 50]);
  });

  it("is bounded in entries and bytes, and crowds of details do not push out what matters", () => {
    const { ring } = ringAt({ debug: 20, other: 30, bytes: 100_000 });
    ring.add("store_failed", { error: new TypeError("first") });
    for (let at = 0; at < 500; at++) ring.add("relay_failed", { error: { at } });
    for (let at = 0; at < 500; at++) ring.add("misdeed", { code: `CODE_${at % 100}`, peer: key(at) });
    expect(ring.entries()).toHaveLength(21);
    expect(ring.entries().at(-1)?.event).toBe("store_failed");
    for (let at = 0; at < 500; at++) ring.add("link_opened", { peer: key(at), transport: "webrtc" });
    expect(ring.entries()).toHaveLength(50);

    const small = ringAt({ debug: 1_000, other: 1_000, bytes: 2_000 }).ring;
    for (let at = 0; at < 500; at++) small.add("link_opened", { peer: key(at), transport: "webrtc" });
    expect(JSON.stringify(small.entries()).length).toBeLessThan(2_200);
    expect(small.entries()[0]?.fields).toMatchObject({ peer: encodeNodeId(key(499)).slice(0, 11) });
  });

  it("takes entries of an earlier life before its own, and nothing that is none", () => {
    const before = ringAt();
    before.ring.add("peer_started", { took: 1, envelopes: 0 });
    before.ring.add("link_opened", { peer: key(1), transport: "relay", direction: "inbound" });
    const { ring } = ringAt();
    ring.add("store_opened", { took: 1, envelopes: 0 });
    const [kept] = before.ring.entries();
    ring.restore([
      ...structuredClone(before.ring.entries()),
      null,
      "text",
      { ...kept, event: "unheard_of" },
      { ...kept, fields: { text: "what a person wrote" } },
      { ...kept, level: "loud" },
    ]);
    expect(ring.entries().map(({ event, seq }) => [event, seq])).toEqual([
      ["store_opened", 3],
      ["link_opened", 2],
      ["peer_started", 1],
    ]);
    ring.restore(undefined);
    expect(ring.entries()).toHaveLength(3);
  });

  it("gives out what nobody can change, restored or counted again, too", () => {
    const { ring } = ringAt();
    ring.add("network_left", {});
    ring.add("network_left", {});
    ring.restore(structuredClone(ring.entries()));
    ring.add("peer_started", { took: 1, envelopes: 0 });
    expect(ring.entries()).toHaveLength(3);
    for (const entry of ring.entries()) {
      expect(Object.isFrozen(entry)).toBe(true);
      expect(Object.isFrozen(entry.fields)).toBe(true);
    }
  });

  it("tells who listens, until they stop", () => {
    const { ring } = ringAt();
    const heard: (string | null)[] = [];
    const stop = ring.onChanged((entry) => heard.push(entry === null ? null : `${entry.event} ${entry.times}`));
    ring.add("network_left", {});
    ring.add("network_left", {});
    ring.clear();
    stop();
    ring.add("network_left", {});
    expect(heard).toEqual(["network_left 1", "network_left 2", null]);
  });
});

describe("a field of the log", () => {
  const text = "the quiet words of a person";
  const seed = Uint8Array.from({ length: 32 }, (_, at) => at + 1);
  const smuggled = [
    text,
    toHex(seed),
    text.toUpperCase().replaceAll(" ", "_"),
    seed,
    { text },
    [text],
    "ws://10.0.0.1/",
  ];

  it.each(["count", "bytes", "ms", "flag", "protocol", "frames"] as const)("of the kind %s takes no text", (kind) => {
    for (const value of smuggled) expect(admit(kind, value)).toBeNull();
  });

  it("names errors by class and code, with their causes, and never by their words", () => {
    const cause = Object.assign(new Error(text), { name: text });
    const error = Object.assign(new TypeError(text, { cause }), { code: "STORE_QUOTA" });
    expect(faultName(error)).toBe("TypeError STORE_QUOTA < Error");
    expect(faultName(Object.assign(new RangeError(text), { code: text }))).toBe("RangeError");
    expect(faultName(text)).toBe("no error");
    expect(faultName(new DOMException(text, "QuotaExceededError"))).toBe("QuotaExceededError");
  });

  it("names codes, calls, classes and words only as they are known to be", () => {
    for (const value of smuggled.slice(0, 2)) expect(admit("code", value)).toBe("OTHER");
    expect(admit("code", encodeNodeId(seed).toUpperCase())).toBe("OTHER");
    expect(admit("code", "NODE_ID_INVALID")).toBe("NODE_ID_INVALID");
    expect(admit("call", text)).toBe("other");
    expect(admit("class", text)).toBe("Error");
    expect(admit({ oneOf: ["webrtc"] }, text)).toBe("other");
  });

  it("names peers by the beginning of their id, and nothing else so", () => {
    const id = encodeNodeId(seed);
    const prefix = id.slice(0, 11);
    expect([seed, toHex(seed), id].map((peer) => admit("peer", peer))).toEqual([prefix, prefix, prefix]);
    expect([text, seed.subarray(1), "mehr1x"].map((peer) => admit("peer", peer))).toEqual([null, null, null]);
  });

  it("tells where in the app's scripts, and of no other address", () => {
    const frames = ["assets/index-a1.js:1:2", "http://10.0.0.1/x.js:1:2", `p/${text}.js:1:1`, "assets/b.js?x=1:1:1"];
    expect(admit("frames", frames)).toBe("assets/index-a1.js:1:2");
  });
});

function key(at: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, at * 7_919);
  return bytes;
}
