import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFarewell } from "../../src/app/state/farewell.ts";
import { PEER_LOCK, type PeerHandle, type PeerState } from "../../src/rpc/index.ts";

/** Tabs that stand in line for the peer. */
let inLine: number;
let told: () => void;
let posted: unknown[];

class Channel {
  postMessage(message: unknown): void {
    posted.push(message);
  }
  addEventListener(_type: string, listener: () => void): void {
    told = listener;
  }
  close(): void {
    told = () => undefined;
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
  inLine = 0;
  posted = [];
  vi.stubGlobal("BroadcastChannel", Channel);
  vi.stubGlobal("reportError", (error: unknown) => expect.unreachable(String(error)));
  vi.stubGlobal("navigator", {
    locks: { query: async () => ({ pending: Array.from({ length: inLine }, () => ({ name: PEER_LOCK })) }) },
  });
  vi.stubGlobal("localStorage", { clear: () => undefined });
  vi.stubGlobal("sessionStorage", { clear: () => undefined });
  vi.stubGlobal("caches", { keys: async () => [] });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function open(state: PeerState) {
  const close = vi.fn(async () => undefined);
  const gone = vi.fn();
  const peer: Pick<PeerHandle, "state" | "close"> = { state, close };
  return { farewell: createFarewell(peer as PeerHandle, gone), close, gone };
}

describe("when everything was deleted", () => {
  it("a tab that stands in line leaves without waiting for anybody", async () => {
    inLine = 2;
    const { close, gone } = open({ kind: "running", here: false });
    told();
    await vi.advanceTimersByTimeAsync(0);
    expect(close).toHaveBeenCalledOnce();
    expect(gone).toHaveBeenCalledOnce();
  });

  it("the tab that runs the peer lets go of it when nobody stands in line any more", async () => {
    inLine = 1;
    const { farewell, close } = open({ kind: "running", here: true });
    const saying = farewell.say();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(posted).toEqual(["deleted"]);
    expect(close).not.toHaveBeenCalled();
    inLine = 0;
    await vi.advanceTimersByTimeAsync(100);
    await saying;
    expect(close).toHaveBeenCalledOnce();
  });

  it("a hidden tab, whose timers come once in a second, does not wait longer for those that sleep", async () => {
    inLine = 1;
    const { setTimeout } = globalThis;
    vi.stubGlobal("setTimeout", (task: () => void) => setTimeout(task, 1_000));
    const { farewell, gone } = open({ kind: "running", here: true });
    const saying = farewell.say();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(gone).toHaveBeenCalledOnce();
    await saying;
  });
});
