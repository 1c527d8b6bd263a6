import type { Hash } from "../../wire/index.ts";
import type { PeerCore } from "../core.ts";
import { PeerError } from "../errors.ts";
import { Pictures } from "./pictures.ts";
import { Visits } from "./visits.ts";

type Core = Pick<PeerCore, "ports" | "store" | "identity" | "profiles" | "blocks" | "findings" | "live" | "exchange">;

/** What is known of people beside their names, and where the rest of it comes from. */
export class People {
  readonly pictures: Pictures;
  readonly visits: Visits;

  /** @param core a peer that need not be whole yet: nothing is asked of it before somebody asks for something */
  constructor(core: Core) {
    const { blocks, findings, identity, ports, profiles, store } = core;
    const fetch = async (hash: Hash, signal: AbortSignal): Promise<Uint8Array> => {
      const exchange = core.exchange();
      if (exchange === null) throw new PeerError("OFFLINE", "The network is not there yet.");
      return await exchange.asking.object(hash, signal);
    };
    const options = {
      store,
      profiles,
      findings,
      fetch,
      clock: ports.clock,
      log: ports.log,
      verify: ports.verify,
      self: identity.key,
      blocked: (key: Uint8Array) => blocks.has(key),
      onChanged: () => core.live.invalidate("profiles"),
    };
    this.pictures = new Pictures(options);
    this.visits = new Visits(options);
  }

  stop(): void {
    this.pictures.stop();
    this.visits.stop();
  }
}
