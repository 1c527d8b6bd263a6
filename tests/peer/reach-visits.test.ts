/** Whom a guest waits for, and how long. */
import { expect, it } from "vitest";
import { Handing } from "../../src/peer/handing.ts";
import { Visits } from "../../src/peer/reach/visits.ts";
import { VirtualClock } from "../sim/clock.ts";

const HOME = "home";
const TEN_MINUTES = 600_000;
const keyOf = (name: number): Uint8Array => new Uint8Array(32).fill(name);
const gift = (number: number) => ({ hash: keyOf(number), bytes: Uint8Array.of(number) });

/** Channels with names of those who are there; even ones read. What was published within two minutes goes to nobody. */
function open() {
  const clock = new VirtualClock();
  const there = new Map<string, number[]>();
  const published: string[] = [];
  const lately = new Map<string, number>();
  const ports = {
    mesh: {
      channelPeers: (channel: string) => (there.get(channel) ?? []).map(keyOf),
      publish: async (channel: string, bytes: Uint8Array) => {
        const name = `${channel} ${bytes[0]}`;
        if (clock.now() - (lately.get(name) ?? -Infinity) < 120_000) return [];
        lately.set(name, clock.now());
        published.push(name);
        return (there.get(channel) ?? []).map(keyOf);
      },
    },
    isGuest: (channel: string) => channel !== HOME,
    reads: ([name = 0]: Uint8Array) => name % 2 === 0,
  };
  const visits = new Visits({
    ...ports,
    clock,
    onChanged: () => undefined,
    log: (_, error) => expect.fail(String(error)),
  });
  const comes = async (channel: string, ...names: number[]): Promise<void> => {
    there.set(channel, [...(there.get(channel) ?? []), ...names]);
    visits.poke();
    await clock.settle();
  };
  return { clock, comes, ports, published, visits };
}

it("what is for the own place waits for no other channel", async () => {
  const { clock, comes, published, visits } = open();
  for (let channel = 0; channel < 12; channel++) visits.bring([`far ${channel}`], gift(1));
  await comes(HOME, 1);
  visits.bring([HOME], gift(2));
  await clock.settle();
  expect(published).toEqual(["home 2"]);
  expect(visits.channels()).toHaveLength(12);
});

it("what nobody has yet comes before what one has who reads", async () => {
  const { clock, ports, visits } = open();
  for (let channel = 0; channel < 12; channel++) visits.goOn(new Handing(ports, `had ${channel}`, gift(1)));
  visits.bring(["new"], gift(2));
  await clock.settle();
  expect(visits.channels()).toHaveLength(12);
  expect(visits.channels()[0]).toBe("new");
});

it("one who has it on another way counts, and is sent nothing", async () => {
  const { comes, ports, published, visits } = open();
  visits.goOn(new Handing(ports, "far", gift(1)));
  await comes("far", 2);
  for (const name of [4, 6]) {
    visits.taken(keyOf(1), keyOf(name));
    await comes("far", name);
  }
  expect(published).toEqual(["far 1"]);
  expect(visits.channels()).toEqual([]);
});

it("guests do not count, and after ten minutes the visit is over although nothing has happened", async () => {
  const { clock, comes, published, visits } = open();
  visits.bring(["far"], gift(1));
  await comes("far", 1, 3);
  expect(published).toEqual(["far 1"]);
  await clock.advance(TEN_MINUTES - 1);
  expect(visits.channels()).toEqual(["far"]);
  await clock.advance(1);
  expect(visits.channels()).toEqual([]);
  expect(published).toEqual(["far 1"]);
});
