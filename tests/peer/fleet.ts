/** The devices of a test file: each is stopped after its test, and then nothing of it may have failed. */
import { afterEach, expect } from "vitest";
import type { SimNetwork } from "../sim/network.ts";
import { Device } from "./origin.ts";

/** To be called once, at the top of a file; what it gives makes devices that are still off. */
export function deviceMaker(): (seed: number, network?: SimNetwork) => Device {
  const devices: Device[] = [];
  afterEach(async () => {
    for (const made of devices.splice(0)) {
      await made.stop();
      expect(made.faults).toEqual([]);
    }
  });
  return (seed, network) => {
    const made = new Device(seed, network);
    devices.push(made);
    return made;
  };
}
