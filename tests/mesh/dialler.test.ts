import { beforeEach, describe, expect, test } from "vitest";
import { Dialler } from "../../src/mesh/dialler.ts";
import type { Link } from "../../src/mesh/links.ts";
import { VirtualClock } from "../sim/clock.ts";

const SELF = new Uint8Array(32).fill(5);
const LOWER = new Uint8Array(32).fill(1);
const HIGHER = new Uint8Array(32).fill(9);

interface Attempt {
  readonly signal: AbortSignal;
  succeed(): void;
  fail(error: Error): void;
}

let clock: VirtualClock;
let attempts: Attempt[];
let link: Link | null;
let signalling: boolean;
let banned: boolean;
let dialler: Dialler;

const linkOf = (direction: "inbound" | "outbound"): Link => ({ connection: { direction } }) as Link;

beforeEach(() => {
  clock = new VirtualClock();
  attempts = [];
  link = null;
  signalling = false;
  banned = false;
  dialler = new Dialler({
    self: SELF,
    clock,
    random: () => 0.5,
    direct: () => link,
    isSignalling: () => signalling,
    isBanned: () => banned,
    dial: (_, signal) =>
      new Promise<void>((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
        attempts.push({
          signal,
          succeed: () => {
            link = linkOf("outbound");
            resolve();
          },
          fail: reject,
        });
      }),
  });
});

const arrives = (peer: Uint8Array): void => {
  link = linkOf("inbound");
  dialler.linked(peer);
};

describe("a link is wanted", () => {
  test("and there: nothing is dialled", async () => {
    link = linkOf("inbound");
    expect(await dialler.link(LOWER)).toBe(link);
    expect(attempts).toEqual([]);
  });

  test("to the peer itself: nothing is dialled, and nobody is asked the way", async () => {
    await expect(dialler.link(SELF)).rejects.toMatchObject({ code: "UNREACHABLE" });
    expect(attempts).toEqual([]);
  });

  test("several times at once: one dial serves all, and one that gives up does not end it", async () => {
    const controller = new AbortController();
    const [first, second] = [dialler.link(LOWER, controller.signal), dialler.link(LOWER)];
    await clock.settle();
    controller.abort(new Error("given up"));
    await expect(first).rejects.toThrow("given up");
    attempts[0]?.succeed();
    expect((await second).connection.direction).toBe("outbound");
    expect(attempts).toHaveLength(1);
  });

  test("of a peer that is shut out: not at all", async () => {
    banned = true;
    await expect(dialler.link(LOWER)).rejects.toMatchObject({ code: "UNREACHABLE" });
    expect(attempts).toEqual([]);
  });

  test("and cannot be had: it says so, in one of two ways", async () => {
    const refused = dialler.link(LOWER);
    await clock.settle();
    attempts[0]?.fail(new Error("no reservation"));
    await expect(refused).rejects.toMatchObject({ code: "UNREACHABLE" });

    const silent = expect(dialler.link(LOWER)).rejects.toMatchObject({ code: "TIMEOUT" });
    await clock.advance(20_000);
    await silent;
    expect(attempts[1]?.signal.aborted).toBe(true);
  });
});

describe("the other side dials, too", () => {
  test("and began before: its link is awaited", async () => {
    signalling = true;
    const wanted = dialler.link(HIGHER);
    await clock.advance(5_000);
    arrives(HIGHER);
    expect((await wanted).connection.direction).toBe("inbound");
    expect(attempts).toEqual([]);
  });

  test("and began before, but does not arrive: this side dials", async () => {
    signalling = true;
    const wanted = dialler.link(HIGHER);
    await clock.advance(7_999);
    expect(attempts).toEqual([]);
    await clock.advance(1);
    attempts[0]?.succeed();
    expect((await wanted).connection.direction).toBe("outbound");
  });

  test("meanwhile, with the lower key: this side's dial gives way to it", async () => {
    const wanted = dialler.link(LOWER);
    await clock.settle();
    signalling = true;
    dialler.signalled(LOWER);
    await clock.settle();
    expect(attempts[0]?.signal.aborted).toBe(true);
    arrives(LOWER);
    expect((await wanted).connection.direction).toBe("inbound");
    expect(attempts).toHaveLength(1);
  });

  test("meanwhile, with the higher key, and seems to arrive: this side's own dial is waited for all the same", async () => {
    const wanted = dialler.link(HIGHER);
    await clock.settle();
    arrives(HIGHER);
    await clock.settle();
    expect(attempts[0]?.signal.aborted).toBe(false);
    attempts[0]?.succeed();
    expect((await wanted).connection.direction).toBe("outbound");
  });

  test("meanwhile, with the higher key, and arrives while this side's dial fails: it serves", async () => {
    const wanted = dialler.link(HIGHER);
    await clock.settle();
    arrives(HIGHER);
    await clock.settle();
    attempts[0]?.fail(new Error("no way"));
    expect((await wanted).connection.direction).toBe("inbound");
  });

  test("meanwhile, with the higher key: this side goes on", async () => {
    const wanted = dialler.link(HIGHER);
    await clock.settle();
    signalling = true;
    dialler.signalled(HIGHER);
    await clock.settle();
    expect(attempts[0]?.signal.aborted).toBe(false);
    attempts[0]?.succeed();
    expect((await wanted).connection.direction).toBe("outbound");
  });
});
