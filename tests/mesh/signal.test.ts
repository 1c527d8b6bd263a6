import { beforeEach, describe, expect, test } from "vitest";
import { codeHash, decodeHalf, expiryAfter, type Offer } from "../../src/mesh/invite/index.ts";
import { equalBytes } from "../../src/wire/index.ts";
import { signed, SignalTown, someSession, type Neighbour } from "./signal-town.ts";

const SECOND = 1_000;

let town: SignalTown;
let caller: Neighbour;
let between: Neighbour;
let target: Neighbour;

beforeEach(async () => {
  town = new SignalTown();
  [caller, between, target] = [await town.arrive(), await town.arrive(), await town.arrive()];
  town.network.connect(caller.mesh, between.mesh);
  town.network.connect(between.mesh, target.mesh);
});

const linked = (a: Neighbour, b: Neighbour): boolean => town.network.link(a.mesh, b.mesh) !== undefined;

function offerOf(from: Neighbour, to: Neighbour, lifetime = 60 * SECOND): Offer {
  return {
    kind: "offer",
    from: from.mesh.self,
    to: to.mesh.self,
    expiresAt: expiryAfter(town.clock.now(), lifetime),
    session: someSession("actpass"),
  };
}

describe("a peer that wants another one", () => {
  test("is linked to it by way of a neighbour that knows both", async () => {
    expect(await town.refusal(caller, target.mesh.self)).toBe("LINKED");
    expect(linked(caller, target)).toBe(true);
    expect(target.signalled).toEqual([caller.mesh.self]);
    await town.clock.advance(SECOND);
    expect(town.network.endpoints.open).toBe(0);
    expect([caller, between, target].flatMap(({ mesh }) => [...mesh.reports, ...mesh.failures])).toEqual([]);
  });

  test("asks those that named it first", async () => {
    for (let count = 0; count < 6; count++) {
      const other = await town.arrive();
      town.network.connect(caller.mesh, other.mesh);
    }
    caller.signalling.named(between.mesh.self, [target.mesh.self]);
    expect(await town.refusal(caller, target.mesh.self)).toBe("LINKED");
    const asked = caller.mesh.links().filter(({ protocols }) => "/mehr/signal/1" in protocols);
    expect(asked.map(({ peer }) => peer)).toEqual([between.mesh.self]);
  });

  test("asks others when the first ones know no way", async () => {
    const ignorant = await town.arrive();
    town.network.connect(caller.mesh, ignorant.mesh);
    caller.signalling.named(ignorant.mesh.self, [target.mesh.self]);
    expect(await town.refusal(caller, target.mesh.self)).toBe("LINKED");
  });

  test("does not ask that one for itself when it has become a neighbour meanwhile", async () => {
    town.network.connect(caller.mesh, target.mesh);
    town.network.disconnect(caller.mesh, between.mesh);
    expect(await town.refusal(caller, target.mesh.self)).toBe("UNREACHABLE: null");
    expect(target.mesh.reports).toEqual([]);
  });

  test("makes no connection before everybody has agreed", async () => {
    target.mind.admits = false;
    expect(await town.refusal(caller, target.mesh.self)).toBe("REFUSED");
    between.mind.willing = false;
    expect(await town.refusal(caller, target.mesh.self)).toBe("UNWILLING");
    expect(town.network.endpoints.made.size).toBe(0);
  });

  test("has nobody to ask without a neighbour", async () => {
    const alone = await town.arrive();
    expect(alone.signalling.canDial()).toBe(false);
    expect(await town.refusal(alone, target.mesh.self)).toBe("UNREACHABLE: null");
  });

  test("is told that the neighbour does not know the other one, or that it is the one asked", async () => {
    const stranger = await town.arrive();
    expect(await town.refusal(caller, stranger.mesh.self)).toBe("NOT_LINKED");
  });

  test("gives up when it is told to, and lets go of its connection", async () => {
    const controller = new AbortController();
    town.play(target, async (line) => {
      await line.hear();
      await line.say({ kind: "ready" });
      await line.hear();
      controller.abort(new Error("given up"));
      await line.hear();
    });
    await expect(town.soon(caller.signalling.dial(target.mesh.self, controller.signal))).rejects.toThrow("given up");
    await town.clock.advance(60 * SECOND);
    expect(town.network.endpoints.open).toBe(0);
  });

  test("does not wait for ever: not for silence, nor for an answer that leads nowhere", async () => {
    town.play(target, async (line) => void (await line.hear()));
    expect(await town.refusal(caller, target.mesh.self)).toBe("FAILED");
    town.play(target, async (line) => {
      await line.hear();
      await line.say({ kind: "ready" });
      const offer = await line.hear();
      if (offer?.kind !== "offer") throw new Error("no offer");
      const { from: to, expiresAt } = decodeHalf(offer.code);
      const from = target.mesh.self;
      const session = someSession("active");
      const answer = { kind: "answer", from, to, offer: codeHash(offer.code), expiresAt, session } as const;
      await line.say({ kind: "answer", code: await town.clock.track(signed(answer, target.signer)) });
    });
    const since = town.clock.now();
    expect(await town.refusal(caller, target.mesh.self)).toBe("TIMEOUT");
    expect(town.clock.now() - since).toBeLessThan(20 * SECOND);
    expect(town.network.endpoints.open).toBe(0);
  });

  test("stops asking a neighbour whose promises come to nothing", async () => {
    town.play(between, async (line) => {
      await line.hear();
      await line.say({ kind: "ready" });
      await line.hear();
    });
    for (let count = 0; count < 6; count++) await town.refusal(caller, target.mesh.self);
    expect([...town.network.endpoints.made.values()]).toEqual([3]);
    await town.clock.advance(60 * SECOND);
    await town.refusal(caller, target.mesh.self);
    expect([...town.network.endpoints.made.values()]).toEqual([4]);
  });
});

describe("two peers that dial each other at once", () => {
  test("let the one go first that is to", async () => {
    target.mind.goesFirst = true;
    expect(await town.refusal(caller, target.mesh.self)).toBe("DIALLING");
    expect(caller.signalling.isSignalling(target.mesh.self)).toBe(true);
    expect(town.network.endpoints.made.size).toBe(0);
    expect(await town.refusal(target, caller.mesh.self)).toBe("LINKED");
    await town.clock.advance(6 * SECOND);
    expect(caller.signalling.isSignalling(target.mesh.self)).toBe(false);
  });

  test("know while they are being dialled", async () => {
    const dial = caller.signalling.dial(target.mesh.self, new AbortController().signal);
    await town.clock.until(() => target.signalled.length > 0);
    expect(target.signalling.isSignalling(caller.mesh.self)).toBe(true);
    await town.soon(dial);
    await town.clock.advance(SECOND);
    expect(target.signalling.isSignalling(caller.mesh.self)).toBe(false);
  });
});

describe("a neighbour in between", () => {
  test("passes on so much for one and for all, and says when it is enough", async () => {
    const stranger = await town.arrive();
    const said: string[] = [];
    for (let count = 0; count < 30; count++) said.push(await town.refusal(caller, stranger.mesh.self));
    expect(said.filter((code) => code === "NOT_LINKED").length).toBeGreaterThanOrEqual(24);
    expect(said.at(-1)).toBe("BUSY");
    // Others are not made to wait for it.
    const other = await town.arrive();
    town.network.connect(other.mesh, between.mesh);
    expect(await town.refusal(other, target.mesh.self)).toBe("LINKED");
    await town.clock.advance(60 * SECOND);
    expect(await town.refusal(caller, target.mesh.self)).toBe("LINKED");
  });

  test("has a few calls of one neighbour under way and no more", async () => {
    town.play(target, async (line) => {
      await line.hear();
      await line.hear();
    });
    const lines = [];
    for (let count = 0; count < 8; count++) {
      const line = await town.line(caller, between);
      await line.say({ kind: "ask", to: target.mesh.self });
      lines.push(line);
    }
    const [last, ...earlier] = lines.toReversed();
    expect(await last?.next()).toEqual({ kind: "refused", code: "BUSY" });
    // The first six end when the other side has been silent for too long.
    expect(await earlier.at(-1)?.next()).toEqual({ kind: "refused", code: "FAILED" });
  });

  test("carries nothing but the caller's own offer to whom it asked for", async () => {
    const other = await town.arrive();
    town.network.connect(between.mesh, other.mesh);
    const offers = [
      (asker: Neighbour) => signed({ ...offerOf(asker, target), to: null }, asker.signer),
      (asker: Neighbour) => signed(offerOf(asker, other), asker.signer),
      () => signed(offerOf(other, target), other.signer),
      async () => new Uint8Array(300).fill(3),
    ];
    for (const offer of offers) {
      // Two such offers and a neighbour is shut out.
      const asker = await town.arrive();
      town.network.connect(asker.mesh, between.mesh);
      const line = await town.line(asker, between);
      await line.say({ kind: "ask", to: target.mesh.self });
      expect(await line.next()).toEqual({ kind: "ready" });
      await line.say({ kind: "offer", code: await offer(asker) });
      expect(await line.next()).toBe("reset");
    }
    expect(between.mesh.reports.map(({ code }) => code)).toEqual(["VIOLATION", "VIOLATION", "VIOLATION", "MALFORMED"]);
    expect(target.mesh.reports).toEqual([]);
    expect(town.network.endpoints.made.size).toBe(0);
  });

  test("does not pass on an answer that is not bound to the offer and both peers", async () => {
    const other = await town.arrive();
    const mistakes = [{ offer: codeHash(new Uint8Array(4)) }, { to: other.mesh.self }, { from: other.mesh.self }];
    for (const mistake of mistakes) {
      town.play(target, async (line) => {
        await line.hear();
        await line.say({ kind: "ready" });
        const offer = await line.hear();
        if (offer?.kind !== "offer") throw new Error("no offer");
        const { from: to, expiresAt } = decodeHalf(offer.code);
        const own = {
          from: target.mesh.self,
          to,
          offer: codeHash(offer.code),
          expiresAt,
          session: someSession("active"),
        };
        const code = await town.clock.track(signed({ kind: "answer", ...own, ...mistake }, target.signer));
        await line.say({ kind: "answer", code });
      });
      expect(await town.refusal(caller, target.mesh.self)).toBe("FAILED");
      await town.clock.advance(60 * SECOND);
    }
    expect(between.mesh.reports.map(({ code }) => code)).toEqual(["VIOLATION", "VIOLATION", "VIOLATION"]);
    // What its neighbour's neighbour does is not the neighbour's fault.
    expect(caller.mesh.reports).toEqual([]);
  });

  test("is not asked for itself or for the asker", async () => {
    for (const to of [caller.mesh.self, between.mesh.self]) {
      const line = await town.line(caller, between);
      await line.say({ kind: "ask", to });
      expect(await line.next()).toBe("reset");
    }
    expect(between.mesh.reports.map(({ code }) => code)).toEqual(["VIOLATION", "VIOLATION"]);
  });

  test("refuses what is out of turn, and what is no message", async () => {
    for (const message of [{ kind: "ready" }, { kind: "offer", code: new Uint8Array(9) }] as const) {
      const line = await town.line(caller, between);
      await line.say(message);
      expect(await line.next()).toBe("reset");
      // Twice in a moment would be one too many.
      await town.clock.advance(60 * SECOND);
    }
    const line = await town.line(caller, between);
    await line.stream.write(new Uint8Array(600));
    expect(await line.next()).toBe("reset");
    expect(between.mesh.reports.map(({ code }) => code)).toEqual(["VIOLATION", "VIOLATION", "MALFORMED"]);
  });
});

describe("a peer that is wanted", () => {
  /** The test plays the neighbour. */
  async function knock(from: Neighbour, code: Uint8Array): Promise<unknown> {
    const line = await town.line(between, target);
    await line.say({ kind: "knock", from: from.mesh.self });
    expect(await line.next()).toEqual({ kind: "ready" });
    await line.say({ kind: "offer", code });
    return await line.next();
  }

  test("believes no offer but the caller's own, signed, to this peer, of this hour", async () => {
    expect(await knock(caller, await signed(offerOf(caller, target), between.signer))).toEqual({
      kind: "refused",
      code: "FAILED",
    });
    for (const age of [-3_600, 3_600]) {
      expect(await knock(caller, await signed(offerOf(caller, target, age * SECOND), caller.signer))).toEqual({
        kind: "refused",
        code: "REFUSED",
      });
    }
    expect(target.mesh.reports).toEqual([]);
    expect(await knock(caller, await signed(offerOf(caller, between), caller.signer))).toBe("reset");
    expect(await knock(caller, await signed(offerOf(between, target), between.signer))).toBe("reset");
    expect(target.mesh.reports.map(({ code }) => code)).toEqual(["VIOLATION", "VIOLATION"]);
    expect(town.network.endpoints.made.size).toBe(0);
    expect(linked(caller, target)).toBe(false);
  });

  test("lets go of a connection that nobody uses", async () => {
    const answer = await knock(caller, await signed(offerOf(caller, target), caller.signer));
    expect(answer).toMatchObject({ kind: "answer" });
    expect(town.network.endpoints.open).toBe(1);
    await town.clock.advance(15 * SECOND);
    expect(town.network.endpoints.open).toBe(0);
    expect(target.signalling.isSignalling(caller.mesh.self)).toBe(false);
  });

  test("makes connections no faster than its budget for one neighbour, from whomever the offers are", async () => {
    let answered = 0;
    for (let count = 0; count < 30; count++) {
      const stranger = await town.arrive();
      const line = await town.line(between, target);
      await line.say({ kind: "knock", from: stranger.mesh.self });
      if (((await line.next()) as { kind: string }).kind !== "ready") continue;
      await line.say({ kind: "offer", code: await signed(offerOf(stranger, target), stranger.signer) });
      expect(await line.next()).toMatchObject({ kind: "answer" });
      answered += 1;
      // Six wait at once; each is given up after twelve seconds.
      if (answered % 6 === 0) await town.clock.advance(13 * SECOND);
    }
    expect(answered).toBeGreaterThanOrEqual(16);
    expect(answered).toBeLessThanOrEqual(20);
  });

  test("takes one call of a peer at a time", async () => {
    const lines = [await town.line(between, target), await town.line(between, target)];
    for (const line of lines) await line.say({ kind: "knock", from: caller.mesh.self });
    expect(await lines[0]?.next()).toEqual({ kind: "ready" });
    expect(await lines[1]?.next()).toEqual({ kind: "refused", code: "REFUSED" });
  });

  test("is not called by itself or by the neighbour", async () => {
    for (const from of [target.mesh.self, between.mesh.self]) {
      const line = await town.line(between, target);
      await line.say({ kind: "knock", from });
      expect(await line.next()).toBe("reset");
    }
    expect(target.mesh.reports.map(({ code }) => code)).toEqual(["VIOLATION", "VIOLATION"]);
  });

  test("answers nobody after it has stopped", async () => {
    await knock(caller, await signed(offerOf(caller, target), caller.signer));
    target.signalling.stop();
    await town.clock.settle();
    expect(town.network.endpoints.open).toBe(0);
    const line = await town.line(between, target);
    await line.say({ kind: "knock", from: caller.mesh.self });
    expect(await line.next()).toBe("reset");
    expect(target.mesh.reports).toEqual([]);
  });
});

test("a caller takes no answer but that of the peer it wants, signed", async () => {
  const forger = await town.arrive();
  for (const by of [forger, between]) {
    town.play(between, async (line) => {
      await line.hear();
      await line.say({ kind: "ready" });
      const offer = await line.hear();
      if (offer?.kind !== "offer") throw new Error("no offer");
      const { from: to, expiresAt } = decodeHalf(offer.code);
      const from = by === between ? between.mesh.self : target.mesh.self;
      const half = { kind: "answer", from, to, offer: codeHash(offer.code), expiresAt, session: someSession("active") };
      const code = await town.clock.track(signed(half as Parameters<typeof signed>[0], by.signer));
      await line.say({ kind: "answer", code });
    });
    const said = await town.refusal(caller, target.mesh.self);
    expect(said).toBe(by === between ? "INVITE_NOT_FOR_YOU" : "INVITE_SIGNATURE_INVALID");
  }
  expect(equalBytes(caller.mesh.self, target.mesh.self)).toBe(false);
  expect(linked(caller, target)).toBe(false);
  expect(town.network.endpoints.open).toBe(0);
});
