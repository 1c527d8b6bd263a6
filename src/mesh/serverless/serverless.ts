/** Composes what makes links without a server. */
import type { NodeKey } from "../../wire/index.ts";
import { Invites, type Endpoints, type Sign } from "../invite/index.ts";
import type { MeshLog } from "../options.ts";
import type { Clock } from "../protocols/clock.ts";

export interface ServerlessOptions {
  readonly self: NodeKey;
  readonly clock: Clock;
  readonly log: MeshLog;
  readonly endpoints: Endpoints;
  sign: Sign;
}

export class Serverless {
  readonly invites: Invites;

  constructor(options: ServerlessOptions) {
    const { self, clock, log, endpoints, sign } = options;
    this.invites = new Invites({ self, clock, log, endpoints, sign });
  }

  stop(): void {
    this.invites.stop();
  }
}
