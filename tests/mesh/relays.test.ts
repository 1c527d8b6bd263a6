import { beforeEach, describe, expect, test } from "vitest";
import { MeshError } from "../../src/mesh/errors.ts";
import { Relays, type RelayConnection } from "../../src/mesh/relays.ts";
import { VirtualClock } from "../sim/clock.ts";
import { SeededRandom } from "../sim/random.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const URL_OF_RELAY = "wss://relay.example.org/relay";

/** A relay that is there or not, and takes reservations or not. */
class FakeRelay {
  readonly clock: VirtualClock;
  present = true;
  reserves = true;
  answers = true;
  attempts: number[] = [];
  introductions = 0;
  reservations = 0;
  open: { close(): void } | null = null;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  readonly connect = async (_url: string, signal: AbortSignal): Promise<RelayConnection> => {
    this.attempts.push(this.clock.now());
    if (!this.answers) {
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    }
    if (!this.present) {
      throw new MeshError("UNREACHABLE", "nobody listens");
    }
    let close = (): void => undefined;
    const closed = new Promise<void>((resolve) => {
      close = resolve;
    });
    this.open = { close };
    return {
      nodeId: new Uint8Array(32).fill(5),
      closed,
      reserve: async () => {
        this.reservations += 1;
        if (!this.reserves) throw new Error("full");
      },
      introduce: async (ended) => {
        this.introductions += 1;
        await new Promise<void>((resolve) => ended.addEventListener("abort", () => resolve(), { once: true }));
      },
      close,
    };
  };
}

let clock: VirtualClock;
let relay: FakeRelay;
let relays: Relays;

beforeEach(() => {
  clock = new VirtualClock();
  relay = new FakeRelay(clock);
  relays = relaysOf([URL_OF_RELAY]);
});

function relaysOf(urls: string[], allowLocal = false): Relays {
  const random = new SeededRandom(3);
  return new Relays({
    urls,
    policy: { allowLocal },
    clock,
    random: () => random.next(),
    log: () => undefined,
    connect: relay.connect,
    onChanged: () => undefined,
  });
}

const state = (): string | undefined => relays.status()[0]?.state;
const error = (): string | null | undefined => relays.status()[0]?.error;

describe("a relay of the settings", () => {
  test("is connected, reserved and asked for introductions", async () => {
    relays.start();
    await clock.advance(SECOND);
    expect(relays.status()).toEqual([
      { url: URL_OF_RELAY, state: "reserved", error: null, nodeId: new Uint8Array(32).fill(5) },
    ]);
    expect(relay.introductions).toBe(1);
    expect(relays.connected()).toHaveLength(1);
  });

  test("that is away is asked again, at last once a minute", async () => {
    relay.present = false;
    relays.start();
    await clock.advance(30 * MINUTE);
    expect(state()).toBe("waiting");
    expect(error()).toBe("UNREACHABLE");
    const waits = relay.attempts.slice(1).map((at, index) => at - (relay.attempts[index] ?? 0));
    expect(waits[0]).toBeLessThanOrEqual(1_500);
    expect(Math.min(...waits.slice(-5))).toBeGreaterThanOrEqual(30 * SECOND);
    expect(Math.max(...waits)).toBeLessThanOrEqual(90 * SECOND);
    expect(relays.connected()).toEqual([]);
  });

  test("that does not answer is given up after ten seconds", async () => {
    relay.answers = false;
    relays.start();
    await clock.advance(9 * SECOND);
    expect(state()).toBe("connecting");
    await clock.advance(SECOND);
    expect(state()).toBe("waiting");
    expect(error()).toBe("TIMEOUT");
  });

  test("that closes the connection is called again within two seconds", async () => {
    relays.start();
    await clock.advance(MINUTE);
    relay.open?.close();
    await clock.settle();
    expect(relays.connected()).toEqual([]);
    expect(error()).toBe("CONNECTION_LOST");
    await clock.advance(2 * SECOND);
    expect(state()).toBe("reserved");
    expect(relay.attempts).toHaveLength(2);
    expect(relay.introductions).toBe(2);
  });

  test("is tried at once when the network is back", async () => {
    relay.present = false;
    relays.start();
    await clock.advance(20 * MINUTE);
    relay.present = true;
    relays.reconnect();
    await clock.settle();
    expect(state()).toBe("reserved");
  });

  test("without room for a reservation still serves for calling others", async () => {
    relay.reserves = false;
    relays.start();
    await clock.advance(10 * SECOND);
    expect(state()).toBe("connected");
    expect(error()).toBe("RESERVATION_REFUSED");
    expect(relays.connected()).toHaveLength(1);
    relay.reserves = true;
    await clock.advance(2 * MINUTE);
    expect(state()).toBe("reserved");
    expect(error()).toBeNull();
  });
});

test("a reservation that was lost is noticed and asked for again", async () => {
  relays.start();
  await clock.advance(SECOND);
  relay.reserves = false;
  await clock.advance(6 * MINUTE);
  expect([state(), error()]).toEqual(["connected", "RESERVATION_REFUSED"]);
  relay.reserves = true;
  await clock.advance(2 * MINUTE);
  expect(state()).toBe("reserved");
  const before = relay.reservations;
  await clock.advance(60 * MINUTE);
  expect(relay.reservations - before).toBeLessThanOrEqual(12);
});

test("a relay that the policy forbids is never called", async () => {
  relays = relaysOf(["ws://localhost:8080/relay", "ws://relay.example.org/", "nonsense"]);
  relays.start();
  await clock.advance(10 * MINUTE);
  expect(relay.attempts).toEqual([]);
  expect(relays.status().map((status) => [status.state, status.error])).toEqual([
    ["failed", "RELAY_NOT_PUBLIC"],
    ["failed", "RELAY_NOT_SECURE"],
    ["failed", "RELAY_URL_INVALID"],
  ]);
});

test("a stop ends the connection and every attempt", async () => {
  relays.start();
  await clock.advance(SECOND);
  relays.stop();
  relay.open?.close();
  await clock.advance(10 * MINUTE);
  expect(relay.attempts).toHaveLength(1);
});
