/**
 * Links that no server helps to make: by invite (`../invite/`), and by way of neighbours that know each other
 * (`../protocols/signal/`). Most of it is loaded when it is first needed, which is after the first link stands or when an
 * invite is opened: until then there is nobody to ask.
 */
import type { NodeKey } from "../../wire/index.ts";
import type { Invites } from "../invite/index.ts";
import type { FrameStream, Mesh } from "../port.ts";
import { RENDEZVOUS_PROTOCOL } from "../rendezvous.ts";
import type { Serverless, ServerlessOptions } from "./serverless.ts";

export type { ServerlessOptions } from "./serverless.ts";

export interface ServerlessLinksOptions {
  readonly mesh: Pick<Mesh, "handle" | "peers">;
  /** Whether connections can be made by hand here: not where a network is brought along. */
  readonly available: boolean;
  /** Asked for once, when the rest is loaded. */
  load(): Promise<ServerlessOptions>;
  onFault(error: unknown): void;
}

/** As `protocols/signal/` names it, which is loaded later. */
const SIGNAL_PROTOCOL = "/mehr/signal/1";

export class ServerlessLinks {
  readonly #options: ServerlessLinksOptions;
  #loading: Promise<Serverless> | null = null;
  #loaded: Serverless | null = null;
  #stopped = false;

  constructor(options: ServerlessLinksOptions) {
    this.#options = options;
  }

  /** From now on neighbours are served. */
  start(): void {
    const { mesh, available } = this.#options;
    if (!available) {
      return;
    }
    const serve = (task: (part: Serverless, stream: FrameStream) => Promise<void>) => async (stream: FrameStream) =>
      await task(await this.#load(), stream);
    mesh.handle(
      SIGNAL_PROTOCOL,
      serve((part, stream) => part.serveSignal(stream)),
    );
    mesh.handle(
      RENDEZVOUS_PROTOCOL,
      serve((part, stream) => part.serveRendezvous(stream)),
    );
  }

  stop(): void {
    this.#stopped = true;
    this.#loaded?.stop();
  }

  async invites(): Promise<Invites> {
    return (await this.#load()).invites;
  }

  /** A direct link stands. */
  linked(peer: NodeKey): void {
    if (!this.#options.available) {
      return;
    }
    if (this.#loaded !== null) {
      this.#loaded.linked(peer);
      return;
    }
    // Whoever is linked by the time it is there is asked then.
    this.#load().catch((error: unknown) => this.#options.onFault(error));
  }

  unlinked(peer: NodeKey): void {
    this.#loaded?.unlinked(peer);
  }

  /** Of the peers that `by` names, those to believe. */
  heard(by: NodeKey, peers: readonly NodeKey[]): readonly NodeKey[] {
    return this.#loaded?.heard(by, peers) ?? peers;
  }

  isSignalling(peer: NodeKey): boolean {
    return this.#loaded?.isSignalling(peer) ?? false;
  }

  /** Whether there is any neighbour to ask. */
  canDial(): boolean {
    return this.#options.available && this.#options.mesh.peers().length > 0;
  }

  /** @throws MeshError `UNREACHABLE`, or the signal's reason */
  async dial(peer: NodeKey, signal: AbortSignal): Promise<void> {
    await (await this.#load()).dial(peer, signal);
  }

  #load(): Promise<Serverless> {
    this.#loading ??= this.#make();
    return this.#loading;
  }

  async #make(): Promise<Serverless> {
    try {
      const [{ Serverless }, options] = await Promise.all([import("./serverless.ts"), this.#options.load()]);
      const made = new Serverless(options);
      this.#loaded = made;
      if (this.#stopped) {
        made.stop();
      } else {
        for (const peer of this.#options.mesh.peers()) {
          made.linked(peer);
        }
      }
      return made;
    } catch (error) {
      // The script could not be loaded: whoever needs it next tries again.
      this.#loading = null;
      throw error;
    }
  }
}
