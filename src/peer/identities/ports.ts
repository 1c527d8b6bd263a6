import type { Store } from "../../store/port.ts";
import type { PeerPorts } from "../ports.ts";
import type { Registry } from "./registry.ts";

/** Where stores lie. */
export interface Databases {
  /** Names of all that are there; empty where the browser does not tell. */
  names(): Promise<readonly string[]>;
  /** Opens the store of this name, making it if there is none. */
  open(name: string): Promise<Store>;
  /** Deletes it, open or not. */
  remove(name: string): Promise<void>;
}

/** What the platform gives to the peer of an origin. */
export interface OriginPorts extends Omit<PeerPorts, "store"> {
  readonly registry: Registry;
  readonly databases: Databases;
  /** What `remember` was given last, while any page of the origin lived since. */
  readonly remembered: unknown;
  /** Pages keep this in memory and hand it to the next run: keys that cannot be read out of it, only used. */
  readonly remember: (value: unknown) => void;
  /** Ends this run; the next one starts from what is stored. */
  readonly restart: () => void;
  /** Deletes what the service worker keeps. */
  readonly clearCaches: () => Promise<void>;
}
