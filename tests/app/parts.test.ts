import { describe, expect, it } from "vitest";
import type { ConnectionView } from "../../src/peer/api.ts";
import { HUES, rosetteOf } from "../../src/app/components/mark/rosette.ts";
import { HEIGHT, spotsAround, WIDTH } from "../../src/app/pages/network/layout.ts";
import { inOrder, onePerPeer } from "../../src/app/pages/network/order.ts";
import { isIceUrl, isRelayUrl } from "../../src/app/pages/settings/addresses.ts";
import { commandOf, SEQUENCE_MS } from "../../src/app/shell/shortcut-keys.ts";

describe("marks", () => {
  const ids = Array.from({ length: 200 }, (_, index) => `mehr1${index.toString(36).padStart(6, "q")}`);

  it("are the same for the same address and differ between addresses", () => {
    expect(rosetteOf("mehr1abc")).toEqual(rosetteOf("mehr1abc"));
    expect(new Set(ids.map((id) => rosetteOf(id).petals)).size).toBe(ids.length);
  });

  it("use every colour and stay inside their square", () => {
    const hues = new Set(ids.map((id) => rosetteOf(id).hue));
    expect([...hues].sort((a, b) => a - b)).toEqual(Array.from({ length: HUES }, (_, index) => index));
    for (const id of ids) {
      for (const number of rosetteOf(id).petals.match(/-?\d+\.\d/g) ?? []) {
        expect(Number(number)).toBeGreaterThanOrEqual(0);
        expect(Number(number)).toBeLessThanOrEqual(48);
      }
    }
  });
});

describe("shortcuts", () => {
  it("know single keys and sequences with g", () => {
    expect(commandOf("j", 0, null).command).toBe("next");
    expect(commandOf("n", 0, null).command).toBe("write");
    expect(commandOf("/", 0, null).command).toBe("search");
    expect(commandOf("u", 0, null).command).toBe("undo");
    const lead = commandOf("g", 100, null);
    expect(lead).toEqual({ command: null, leadAt: 100 });
    expect(commandOf("n", 200, lead.leadAt)).toEqual({ command: "network", leadAt: null });
    expect(commandOf("h", 200, lead.leadAt).command).toBe("home");
    expect(commandOf("e", 200, lead.leadAt).command).toBe("explore");
  });

  it("forget a g that was long ago, and ignore other keys", () => {
    expect(commandOf("n", 101 + SEQUENCE_MS, 100).command).toBe("write");
    expect(commandOf("h", 101 + SEQUENCE_MS, 100).command).toBeNull();
    expect(commandOf("x", 0, null).command).toBeNull();
  });
});

describe("addresses of servers", () => {
  it("are wss for relays, ws on this computer only", () => {
    for (const good of ["wss://relay.example/x", "ws://localhost:8080/relay", "ws://127.0.0.1:1", "ws://[::1]/"]) {
      expect(isRelayUrl(good), good).toBe(true);
    }
    for (const bad of ["ws://relay.example", "https://relay.example", "relay.example", ""]) {
      expect(isRelayUrl(bad), bad).toBe(false);
    }
  });

  it("are stun or turn for the way through routers", () => {
    for (const good of ["stun:stun.example", "turn:turn.example:3478?transport=udp", "turns:turn.example"]) {
      expect(isIceUrl(good), good).toBe(true);
    }
    for (const bad of ["stun://stun.example", "http:stun.example", "stun:", "stun:a b"]) {
      expect(isIceUrl(bad), bad).toBe(false);
    }
  });
});

describe("the network picture", () => {
  const link = (peer: string, transport: ConnectionView["transport"], openedAt: number): ConnectionView => ({
    peer,
    name: null,
    alike: null,
    transport,
    direction: "inbound",
    openedAt,
    roundTrip: null,
    bytesIn: 0,
    bytesOut: 0,
    protocols: {},
  });

  it("keeps every dot inside", () => {
    for (const count of [1, 2, 5, 16]) {
      const spots = spotsAround(count);
      expect(spots).toHaveLength(count);
      for (const { x, y } of spots) {
        expect(x > 0 && x < WIDTH && y > 0 && y < HEIGHT).toBe(true);
      }
    }
  });

  it("shows one link for each person, the direct one before the relayed", () => {
    const links = [
      link("relay", "websocket", 1),
      link("a", "relay", 2),
      link("a", "webrtc", 4),
      link("b", "webrtc", 3),
    ];
    expect(inOrder(links).map(({ peer, transport }) => `${peer} ${transport}`)).toEqual([
      "b webrtc",
      "a webrtc",
      "a relay",
      "relay websocket",
    ]);
    expect(onePerPeer(links).map(({ peer, transport }) => `${peer} ${transport}`)).toEqual(["b webrtc", "a webrtc"]);
  });
});
