import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CallError } from "../../src/rpc/errors.ts";
import { STOP_GRACE } from "../../src/rpc/run.ts";
import { PeerSession } from "../../src/rpc/session.ts";
import { Origin, running } from "./origin.ts";

let origin: Origin;
beforeEach(() => {
  origin = new Origin();
});
afterEach(() => origin.close());

describe("the only tab", () => {
  it("runs the peer, and calls made before wait for it", async () => {
    const tab = origin.open();
    const words = tab.session.api.words();
    expect(tab.state).toBe("starting");
    await words;
    await running(tab);
    expect(tab.worker.peer.calls).toEqual([{ name: "words", args: [] }]);
    expect(tab.worker.log).toEqual(["start https://mehr.example/app/"]);
    expect(tab.states).toEqual(["starting", "running"]);
  });

  it("says when the peer has been told to start, and a second tab that it is not to", async () => {
    const tab = origin.open();
    await tab.session.asked;
    expect(tab.state).toBe("starting");
    expect(origin.alive).toEqual([tab.worker]);
    const other = origin.open();
    await other.session.asked;
    expect(origin.alive).toEqual([tab.worker]);
  });

  it("tells whoever asked early that a live query cannot be opened, and nobody else", async () => {
    const tab = origin.open();
    tab.teach = (peer) =>
      peer.answers.set("watch", () => Promise.reject(new CallError("NODE_ID_INVALID", "this names nobody")));
    const early = tab.session.api.watch("profile", { id: "mehr1nobody" }, () => undefined);
    await expect(early).rejects.toMatchObject({ code: "NODE_ID_INVALID" });
    await running(tab);
    expect(tab.reported).toEqual([]);
  });

  it("closes it cleanly", async () => {
    const tab = origin.open();
    await running(tab);
    await tab.session.close();
    expect(tab.worker.log.slice(1)).toEqual(["stop", "terminated"]);
    expect(tab.state).toBe("closed");
    expect(tab.hostsOpen).toBe(0);
    expect(tab.timers.size).toBe(0);
    expect(origin.locks.held).toEqual([]);
    await expect(tab.session.api.words()).rejects.toMatchObject({ code: "PEER_CLOSED" });
    await expect(tab.session.takeOver()).rejects.toMatchObject({ code: "PEER_CLOSED" });
    await expect(tab.session.restart()).rejects.toMatchObject({ code: "PEER_CLOSED" });
  });

  it("ends a peer that does not stop", async () => {
    const tab = origin.open("hangs at stop");
    await running(tab);
    const closing = tab.session.close();
    await expect.poll(() => tab.worker.log).toContain("stop");
    expect([...tab.timers.values()]).toEqual([STOP_GRACE]);
    for (const task of tab.timers.keys()) task();
    await closing;
    expect(tab.worker.log.slice(1)).toEqual(["stop", "terminated"]);
  });

  it("closed before the peer has started leaves nothing behind", async () => {
    const tab = origin.open();
    await tab.session.close();
    expect(tab.state).toBe("closed");
    expect(origin.alive).toEqual([]);
    expect(origin.locks.held).toEqual([]);
  });
});

describe("a peer that fails", () => {
  it("says why it could not start, and is started anew", async () => {
    const tab = origin.open("cannot start");
    const early = expect(tab.session.api.words()).rejects.toMatchObject({ code: "STORE_NEWER" });
    await expect.poll(() => tab.session.state).toEqual({ kind: "failed", code: "STORE_NEWER" });
    await early;
    await expect(tab.session.api.words()).rejects.toMatchObject({ code: "STORE_NEWER" });
    expect(tab.worker.dead).toBe(true);
    expect(tab.hostsOpen).toBe(0);
    await expect(tab.session.restart()).rejects.toMatchObject({ code: "STORE_NEWER" });
    tab.behaviour = "runs";
    await tab.session.restart();
    expect(tab.state).toBe("running");
    await tab.session.api.words();
  });

  it("whose script does not load is WORKER_UNAVAILABLE", async () => {
    const tab = origin.open("does not load");
    await expect(tab.session.api.words()).rejects.toMatchObject({ code: "WORKER_UNAVAILABLE" });
    await expect.poll(() => tab.session.state).toEqual({ kind: "failed", code: "WORKER_UNAVAILABLE" });
  });

  it("and crashes rejects what is under way", async () => {
    const tab = origin.open();
    await running(tab);
    tab.worker.peer.answers.set("words", () => new Promise(() => undefined));
    const call = expect(tab.session.api.words()).rejects.toMatchObject({ code: "PEER_GONE" });
    await expect.poll(() => tab.worker.peer.calls.length).toBe(1);
    tab.worker.crash();
    await call;
    await expect.poll(() => tab.session.state).toEqual({ kind: "failed", code: "PEER_GONE" });
    await tab.session.restart();
    await tab.session.api.words();
  });

  it("survives an uncaught exception somewhere in it, and that is reported", async () => {
    const tab = origin.open();
    await running(tab);
    tab.worker.emit("error", { message: "Uncaught TypeError" });
    await tab.session.api.words();
    expect(tab.state).toBe("running");
    expect(tab.reported.splice(0)).toMatchObject([{ code: "INTERNAL" }]);
  });
});

describe("a page without Web Locks", () => {
  it("has no peer, and says why", async () => {
    const reported: unknown[] = [];
    const session = new PeerSession(
      {
        locks: { request: () => Promise.reject(new CallError("INSECURE_CONTEXT", "no locks")) },
        tabs: { postMessage: () => undefined, addEventListener: () => undefined, close: () => undefined },
        broker: {
          offer: () => expect.unreachable("another tab was asked"),
          receive: () => () => undefined,
          close: () => undefined,
        },
        life: { visible: () => true, on: () => () => undefined },
        now: () => 0,
        name: "tab",
        spawn: () => expect.unreachable("a worker was started"),
        attachRtc: () => expect.unreachable("a worker was started"),
        after: () => () => undefined,
        report: (error) => reported.push(error),
      },
      { site: "http://mehr.example/" },
    );
    await expect(session.api.words()).rejects.toMatchObject({ code: "INSECURE_CONTEXT" });
    expect(session.state).toEqual({ kind: "failed", code: "INSECURE_CONTEXT" });
    await session.close();
    expect(session.state).toEqual({ kind: "closed" });
    expect(reported).toEqual([]);
  });
});

describe("live queries over a restart", () => {
  it("are opened again, as far as they had grown, and end when closed", async () => {
    const tab = origin.open();
    await running(tab);
    const kinds: string[] = [];
    tab.teach = (peer) => {
      peer.onWatch = ({ deliver }) => deliver({ kind: "rows", rows: [], more: true });
      peer.onMore = ({ deliver }) => deliver({ kind: "diff", ops: [], more: true });
    };
    tab.teach(tab.worker.peer);
    const subscription = await tab.session.api.watch("feed", { feed: { kind: "home" } }, ({ kind }) =>
      kinds.push(kind),
    );
    await subscription.more();
    expect(kinds).toEqual(["rows", "diff"]);
    await tab.session.restart();
    await expect.poll(() => kinds).toEqual(["rows", "diff", "rows", "diff"]);
    expect(tab.worker.peer.watches).toMatchObject([{ name: "feed", params: { feed: { kind: "home" } }, grown: 1 }]);
    await subscription.close();
    expect(tab.worker.peer.openWatches).toEqual([]);
    await tab.session.restart();
    await tab.session.api.words();
    expect(tab.worker.peer.watches).toEqual([]);
  });

  it("that the peer refused are not opened again", async () => {
    const tab = origin.open();
    await running(tab);
    tab.worker.peer.answers.set("watch", () => {
      throw new CallError("SCOPE_INVALID", "no scope");
    });
    await expect(tab.session.api.watch("status", {}, () => undefined)).rejects.toMatchObject({ code: "SCOPE_INVALID" });
    await tab.session.restart();
    await tab.session.api.words();
    expect(tab.worker.peer.watches).toEqual([]);
  });
});
