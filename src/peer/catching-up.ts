import {
  CatchUp,
  SALT_BYTES,
  serveSync,
  settingsProgress,
  type Audience,
  type Clock,
  type Delivered,
  type Delivery,
  type Library,
  type Started,
  type SyncServer,
} from "../mesh/protocols/index.ts";
import type { Mesh } from "../mesh/port.ts";
import type { Store } from "../store/port.ts";
import type { Hash } from "../wire/index.ts";

export interface CatchingUpOptions {
  readonly mesh: Mesh;
  readonly store: Store;
  /** The store as others may see it. */
  readonly library: Library;
  readonly audience: Audience;
  readonly clock: Clock;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly known: (hash: Hash) => boolean;
  readonly receive: (items: readonly Delivered[], delivery: Delivery) => Promise<void>;
  readonly started: (started: Started) => Promise<void>;
  readonly log: (context: string, error: unknown) => void;
}

/** Both sides of /mehr/sync/1 as this peer has them: it serves what others may see, and compares with all that it holds. */
export function reconcile(options: CatchingUpOptions): { readonly catchUp: CatchUp; readonly syncServer: SyncServer } {
  const { audience, clock, known, library, log, mesh, randomBytes, receive, started, store } = options;
  const syncServer = serveSync({ mesh, library, audience, clock });
  const catchUp = new CatchUp({
    mesh,
    clock,
    salt: randomBytes(SALT_BYTES),
    envelopes: store.envelopes,
    progress: settingsProgress(store),
    served: (peer) => syncServer.served(peer),
    known,
    receive,
    started,
    onFailure: (_server, error) => log("sync", error),
  });
  return { catchUp, syncServer };
}
