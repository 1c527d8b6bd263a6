/** How good the links are taken to be, and when that changes. */
import { expect, it } from "vitest";
import { LinkGauge } from "../../src/peer/hints/gauge.ts";
import type { PeerLink } from "../../src/mesh/port.ts";
import { VirtualClock } from "../sim/clock.ts";

function open() {
  const clock = new VirtualClock();
  let links: PeerLink[] = [];
  let changed = (): void => undefined;
  let told = 0;
  const mesh = {
    links: () => links,
    on: (_: string, listener: () => void) => {
      changed = listener;
      return () => undefined;
    },
  };
  const gauge = new LinkGauge(mesh as never, clock, () => told++);
  /** Round trips in ms; `null` where none was measured yet. */
  const measure = (...roundTrips: (number | null)[]): void => {
    links = roundTrips.map((roundTrip) => ({ direct: true, roundTrip }) as PeerLink);
    changed();
  };
  return { clock, gauge, measure, told: () => told };
}

it("the first look is believed, a later one when the next agrees", async () => {
  const { clock, gauge, measure, told } = open();
  measure(900, 1_100);
  await clock.advance(5_000);
  expect(gauge.quality).toBe("poor");
  measure(20, 30);
  await clock.advance(30_000);
  expect(gauge.quality).toBe("poor");
  await clock.advance(30_000);
  expect(gauge.quality).toBe("good");
  expect(told()).toBe(2);
});

it("a single link says nothing: a slow one stays slow while its neighbours go and come", async () => {
  const { clock, gauge, measure, told } = open();
  measure(900, null);
  await clock.advance(5_000);
  expect(gauge.quality).toBe("good");
  measure(900, 1_100);
  await clock.advance(5_000);
  expect(gauge.quality).toBe("poor");
  for (let minute = 0; minute < 5; minute++) {
    measure(900);
    await clock.advance(60_000);
    measure();
    await clock.advance(60_000);
  }
  expect(gauge.quality).toBe("poor");
  expect(told()).toBe(1);
});
