import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DESK_PATIENCE } from "../../src/rpc/broker.ts";
import { Desk } from "../../src/rpc/desk.ts";
import { CallError } from "../../src/rpc/errors.ts";
import { STOP_GRACE } from "../../src/rpc/run.ts";
import { PEER_LOCK } from "../../src/rpc/session.ts";
import { HUNG_AFTER, SILENT_AFTER } from "../../src/rpc/view.ts";
import { Origin, running, viewing, type Tab } from "./origin.ts";

let origin: Origin;
beforeEach(() => {
  origin = new Origin();
});
afterEach(() => origin.close());

/** A tab that runs the peer and others that are views of it. */
async function several(count: number): Promise<[Tab, ...Tab[]]> {
  const leader = origin.open();
  await running(leader);
  const views = Array.from({ length: count - 1 }, () => origin.open());
  for (const view of views) await viewing(view);
  return [leader, ...views];
}

/** A call of a view that has reached the peer of this tab, which does not answer. */
async function hang(tab: Tab, view: Tab, name: "words" | "createIdentity"): Promise<{ outcome: Promise<unknown> }> {
  tab.worker.peer.answers.set(name, () => new Promise(() => undefined));
  const before = tab.worker.peer.calls.length;
  const outcome = view.session.api[name]() as Promise<unknown>;
  outcome.catch(() => undefined);
  await expect.poll(() => tab.worker.peer.calls.length).toBe(before + 1);
  return { outcome };
}

describe("several tabs", () => {
  it("have one peer, and the others are views of it", async () => {
    const [leader, ...views] = await several(3);
    leader.worker.peer.answers.set("words", () => ["one"]);
    for (const view of views) {
      expect(await view.session.api.words()).toEqual(["one"]);
      expect(view.workers).toEqual([]);
      expect(view.states).toEqual(["starting", "view"]);
    }
    expect(origin.alive).toEqual([leader.worker]);
  });

  it("that open at once end with one peer", async () => {
    const tabs = Array.from({ length: 5 }, () => origin.open());
    await expect.poll(() => tabs.map((tab) => tab.state).sort()).toEqual(["running", "view", "view", "view", "view"]);
    await Promise.all(tabs.map((tab) => tab.session.api.keepWords()));
    expect(origin.alive).toHaveLength(1);
    expect(origin.alive[0]!.peer.calls).toHaveLength(5);
  });

  it("reach a peer that is still starting, and wait for it", async () => {
    const leader = origin.open();
    const view = origin.open();
    await view.session.api.keepWords();
    await viewing(view);
    expect(leader.worker.peer.calls).toEqual([{ name: "keepWords", args: [] }]);
  });

  it("free what a view had open when it goes", async () => {
    const [leader, view] = await several(2);
    await view!.session.api.watch("status", {}, () => undefined);
    expect(leader.worker.peer.openWatches).toHaveLength(1);
    view!.kill();
    await expect.poll(() => leader.worker.peer.openWatches).toEqual([]);
  });

  it("hand it over when asked, cleanly, and one after the other", async () => {
    const [one, two] = (await several(2)) as [Tab, Tab];
    await one.session.api.watch("status", {}, () => undefined);
    await two.session.takeOver();
    expect(one.worker.log.slice(1)).toEqual(["stop", "terminated"]);
    await viewing(one);
    await expect.poll(() => two.worker.peer.openWatches.length).toBe(1);
    expect(origin.alive).toEqual([two.worker]);
    await one.session.takeOver();
    await viewing(two);
    await expect.poll(() => one.worker.peer.openWatches.length).toBe(1);
    expect(origin.alive).toEqual([one.worker]);
  });

  it("give it to the one that asks, not to the next in line", async () => {
    const [one, first, second, third] = (await several(4)) as [Tab, Tab, Tab, Tab];
    await third.session.takeOver();
    for (const tab of [one, first, second]) await viewing(tab);
    expect(origin.alive).toEqual([third.worker]);
  });

  it("that ask at once end with one peer", async () => {
    const [, two, three] = (await several(3)) as [Tab, Tab, Tab];
    await Promise.allSettled([two.session.takeOver(), three.session.takeOver()]);
    await expect.poll(() => origin.tabs.map((tab) => tab.state).sort()).toEqual(["running", "view", "view"]);
    expect(origin.alive).toHaveLength(1);
  });

  it("stop asking when the signal says so", async () => {
    const one = origin.open("hangs at stop");
    await running(one);
    const two = origin.open();
    await viewing(two);
    const controller = new AbortController();
    const asking = two.session.takeOver({ signal: controller.signal });
    controller.abort();
    await expect(asking).rejects.toMatchObject({ name: "AbortError" });
    await expect.poll(() => [...one.timers.values()]).toContain(STOP_GRACE);
    one.run(STOP_GRACE);
    await running(two);
  });

  it("leave the line when closed", async () => {
    const [, two] = (await several(2)) as [Tab, Tab];
    await two.session.close();
    expect(origin.locks.waiting(PEER_LOCK)).toBe(0);
    expect(two.state).toBe("closed");
    expect(two.timers.size).toBe(0);
  });
});

describe("a tab that ends", () => {
  it("is followed by another, whose calls go on", async () => {
    const [one, two, three] = (await several(3)) as [Tab, Tab, Tab];
    const calls = [await hang(one, two, "words"), await hang(one, three, "words")];
    for (const tab of [two, three]) tab.teach = (peer) => peer.answers.set("words", () => ["again"]);
    one.kill();
    expect(await Promise.all(calls.map(({ outcome }) => outcome))).toEqual([["again"], ["again"]]);
    await expect.poll(() => [two, three].map((tab) => tab.state).sort()).toEqual(["running", "view"]);
    expect(origin.alive).toHaveLength(1);
  });

  it("takes with it the calls that must not be made twice", async () => {
    const [one, two] = (await several(2)) as [Tab, Tab];
    const call = await hang(one, two, "createIdentity");
    one.kill();
    await expect(call.outcome).rejects.toMatchObject({ code: "PEER_GONE" });
    await running(two);
    expect(two.worker.peer.calls).toEqual([]);
    await two.session.api.createIdentity();
  });

  it("leaves live queries open, as far as they had grown", async () => {
    const [one, two] = (await several(2)) as [Tab, Tab];
    const kinds: string[] = [];
    const subscription = await two.session.api.watch("feed", { feed: { kind: "home" } }, ({ kind }) =>
      kinds.push(kind),
    );
    await subscription.more();
    two.teach = (peer) => {
      peer.onWatch = ({ deliver }) => deliver({ kind: "rows", rows: [], more: true });
    };
    one.kill();
    await expect.poll(() => two.worker?.peer.openWatches).toMatchObject([{ name: "feed", grown: 1 }]);
    await expect.poll(() => kinds).toEqual(["rows"]);
    await subscription.close();
    expect(two.worker.peer.openWatches).toEqual([]);
  });

  it("hands over what the peer had remembered", async () => {
    const [one, two] = (await several(2)) as [Tab, Tab];
    one.worker.server?.remember({ key: "k" });
    await two.session.api.keepWords();
    one.kill();
    await running(two);
    expect(two.worker.remembered).toEqual({ key: "k" });
  });

  it("because its worker crashed becomes a view of the next", async () => {
    const [one, two] = (await several(2)) as [Tab, Tab];
    one.worker.crash();
    await running(two);
    await viewing(one);
    expect(one.states).toEqual(["starting", "running", "failed PEER_GONE", "starting", "view"]);
    expect(origin.alive).toEqual([two.worker]);
  });
});

describe("a peer that asks to be started anew", () => {
  it("is, in the same tab, with what it had remembered, and views follow", async () => {
    const [one, two] = (await several(2)) as [Tab, Tab];
    const call = await hang(one, two, "words");
    one.teach = (peer) => peer.answers.set("words", () => ["again"]);
    one.worker.server?.remember("of the last run");
    await two.session.api.keepWords();
    one.worker.say({ kind: "restart" });
    expect(await call.outcome).toEqual(["again"]);
    await running(one);
    await viewing(two);
    expect(one.workers.map(({ log }) => log.slice(1))).toEqual([["stop", "terminated"], []]);
    expect(one.worker.remembered).toBe("of the last run");
    for (const { states } of [one, two]) expect(states.filter((state) => state.startsWith("failed"))).toEqual([]);
  });
});

describe("a tab that is frozen", () => {
  it("with notice lets go at once, and is a view when it thaws", async () => {
    const [one, two] = (await several(2)) as [Tab, Tab];
    const call = await hang(one, two, "words");
    one.freeze({ notice: true });
    await running(two);
    await call.outcome;
    expect(one.worker.dead).toBe(true);
    one.thaw({ notice: true });
    await viewing(one);
    expect(origin.alive).toEqual([two.worker]);
  });

  it("alone starts the peer anew when it thaws", async () => {
    const tab = origin.open();
    await running(tab);
    tab.freeze({ notice: true });
    tab.thaw({ notice: true });
    await expect.poll(() => tab.states).toEqual(["starting", "running", "starting", "running"]);
    expect(tab.workers).toHaveLength(2);
  });

  it("without notice is robbed by a view that somebody looks at", async () => {
    const [one, two] = (await several(2)) as [Tab, Tab];
    const call = await hang(one, two, "words");
    one.freeze({ notice: false });
    await origin.pass(SILENT_AFTER - 1);
    expect(two.state).toBe("view");
    await origin.pass(2);
    await expect.poll(() => two.workers.length).toBe(1);
    // Its worker waits for the one that is frozen, and not for ever.
    await expect.poll(() => two.worker.timers.size).toBe(1);
    for (const task of two.worker.timers) task();
    await running(two);
    await call.outcome;
    one.thaw({ notice: false });
    await viewing(one);
    expect(one.workers[0]!.dead).toBe(true);
    expect(origin.alive).toEqual([two.worker]);
  });

  it("is let be by a view that nobody looks at, until a call waits", async () => {
    const [one, two] = (await several(2)) as [Tab, Tab];
    two.visible = false;
    one.freeze({ notice: false });
    await origin.pass(3 * SILENT_AFTER);
    expect(two.state).toBe("view");
    const call = two.session.api.words();
    await origin.pass(SILENT_AFTER + 2);
    await expect.poll(() => two.workers.length).toBe(1);
    one.kill();
    await call;
    await running(two);
  });

  it("is noticed by a view that is looked at again", async () => {
    const [one, two] = (await several(2)) as [Tab, Tab];
    two.visible = false;
    one.freeze({ notice: false });
    await origin.pass(SILENT_AFTER);
    two.visible = true;
    two.happen("visible");
    await origin.pass(SILENT_AFTER + 1);
    await expect.poll(() => two.workers.length).toBe(1);
    one.kill();
    await running(two);
  });

  it("is robbed by one of many", async () => {
    const [one, ...views] = await several(4);
    one.freeze({ notice: false });
    await origin.pass(SILENT_AFTER + 2);
    await expect.poll(() => views.filter((view) => view.workers.some((worker) => !worker.dead)).length).toBe(1);
    one.kill();
    await expect.poll(() => views.map((view) => view.state).sort()).toEqual(["running", "view", "view"]);
    expect(origin.alive).toHaveLength(1);
  });

  it("while it was a view lets go, and connects again", async () => {
    const [one, two] = (await several(2)) as [Tab, Tab];
    await two.session.api.watch("status", {}, () => undefined);
    two.freeze({ notice: true });
    await expect.poll(() => one.worker.peer.openWatches).toEqual([]);
    expect(origin.locks.waiting(PEER_LOCK)).toBe(0);
    two.thaw({ notice: true });
    await viewing(two);
    await expect.poll(() => one.worker.peer.openWatches.length).toBe(1);
  });

  it("while it stood in line does not keep the others from the peer", async () => {
    const [one, frozen, three] = (await several(3)) as [Tab, Tab, Tab];
    frozen.freeze({ notice: false });
    one.kill();
    await origin.pass(SILENT_AFTER + 2);
    await running(three);
    frozen.thaw({ notice: false });
    await viewing(frozen);
    expect(origin.alive).toEqual([three.worker]);
  });
});

describe("a peer that is busy", () => {
  it("is not robbed while its page lives, unless it hangs", async () => {
    const [one, two] = (await several(2)) as [Tab, Tab];
    one.worker.context.freeze();
    await origin.pass(HUNG_AFTER - 2);
    expect(two.state).toBe("view");
    one.worker.context.thaw();
    await origin.pass(2);
    one.worker.context.freeze();
    await origin.pass(HUNG_AFTER + 2);
    await viewing(one).catch(() => undefined);
    await expect.poll(() => two.state).toBe("running");
    await viewing(one);
    expect(origin.alive).toEqual([two.worker]);
  });

  it("is not robbed by a page that slept itself", async () => {
    const [one, two] = (await several(2)) as [Tab, Tab];
    one.worker.context.freeze();
    for (let nap = 0; nap < 2 * SILENT_AFTER; nap++) {
      origin.now += 60_000;
      await origin.pass(1);
    }
    expect(two.state).toBe("view");
    one.worker.context.thaw();
    await two.session.api.keepWords();
  });
});

describe("a browser in which no port gets to another tab", () => {
  it("says that the peer is elsewhere, and can take it over", async () => {
    origin.desk = null;
    const one = origin.open();
    await running(one);
    const two = origin.open();
    await expect.poll(() => two.state).toBe("elsewhere");
    await expect(two.session.api.words()).rejects.toMatchObject({ code: "PEER_ELSEWHERE" });
    await expect(two.session.restart()).rejects.toMatchObject({ code: "PEER_ELSEWHERE" });
    await two.session.takeOver();
    expect(two.state).toBe("running");
    await expect.poll(() => one.state).toBe("elsewhere");
    two.kill();
    await running(one);
  });

  it("asks again where the desk forgot in the midst of it, which is nobody's fault", async () => {
    const one = origin.open();
    await running(one);
    const desk = new Desk();
    let forgotten = 0;
    origin.desk = { receive: (message) => (message.kind === "collect-port" ? ++forgotten > 0 : desk.receive(message)) };
    const two = origin.open();
    await expect.poll(() => forgotten).toBe(1);
    one.run(DESK_PATIENCE);
    origin.desk = desk;
    await origin.pass(6);
    await viewing(two);
    expect(one.reported).toEqual([]);
  });

  it("has a view again once a port gets through, and says so when the next does not", async () => {
    const { desk } = origin;
    const [one, two] = (await several(2)) as [Tab, Tab];
    origin.desk = null;
    const three = origin.open();
    await expect.poll(() => three.state).toBe("elsewhere");
    origin.desk = desk;
    one.kill();
    await running(two);
    await viewing(three);
    expect(await three.session.api.words()).toEqual(await two.session.api.words());
    origin.desk = null;
    two.worker.say({ kind: "restart" });
    await expect.poll(() => three.states.slice(-2)).toEqual(["starting", "elsewhere"]);
    await expect(three.session.api.words()).rejects.toMatchObject({ code: "PEER_ELSEWHERE" });
  });

  it("takes it from a tab that shows no life there, too", async () => {
    origin.desk = null;
    const one = origin.open();
    await running(one);
    const two = origin.open();
    await expect.poll(() => two.state).toBe("elsewhere");
    await origin.pass(2 * SILENT_AFTER);
    expect(two.state).toBe("elsewhere");
    one.freeze({ notice: false });
    await origin.pass(SILENT_AFTER + 2);
    await expect.poll(() => two.workers.length).toBe(1);
    one.kill();
    await running(two);
  });
});

describe("peers that cannot start", () => {
  it("fail in every tab, and all go on when one can", async () => {
    const tabs = [origin.open("cannot start"), origin.open("cannot start")] as const;
    for (const tab of tabs) await expect.poll(() => tab.state).toBe("failed STORE_NEWER");
    await expect(tabs[0].session.api.words()).rejects.toBeInstanceOf(CallError);
    tabs[1].behaviour = "runs";
    await tabs[1].session.restart();
    await viewing(tabs[0]);
    expect(origin.alive).toEqual([tabs[1].worker]);
  });
});
