import type { Hash } from "../../wire/index.ts";
import { PeerError } from "../errors.ts";
import { Pictures, type PicturesOptions } from "./pictures.ts";
import { Visits, type VisitsOptions } from "./visits.ts";

export type PeopleOptions = Omit<PicturesOptions & VisitsOptions, "fetch"> & {
  /** What is connected to the mesh, or `null`. */
  readonly exchange: () => { fetch(hash: Hash, signal: AbortSignal): Promise<Uint8Array> } | null;
};

/** What is known of people beside their names, and where the rest of it comes from. */
export class People {
  readonly pictures: Pictures;
  readonly visits: Visits;

  constructor({ exchange, ...options }: PeopleOptions) {
    const fetch = async (hash: Hash, signal: AbortSignal): Promise<Uint8Array> => {
      const connected = exchange();
      if (connected === null) throw new PeerError("OFFLINE", "The network is not there yet.");
      return await connected.fetch(hash, signal);
    };
    this.pictures = new Pictures({ ...options, fetch });
    this.visits = new Visits({ ...options, fetch });
  }

  stop(): void {
    this.pictures.stop();
    this.visits.stop();
  }
}
