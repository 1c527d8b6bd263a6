/** The worker's side: one peer, served to every page of the origin that has connected. Imported by workers/peer.ts. */
import type { PeerApi } from "../peer/api.ts";
import { exposePeer, type ExposedPeer, type ExposeOptions } from "./expose.ts";
import { takeLife, type LifePorts } from "./life.ts";
import type { PeerMessage } from "./wire.ts";

export interface ServePorts extends LifePorts, Omit<ExposeOptions, "leaving"> {
  /** Unique to this worker. */
  readonly name: string;
}

export class PeerServer {
  readonly #ports: ServePorts;
  readonly #peer: Promise<PeerApi>;
  readonly #pages = new Set<ExposedPeer>();
  /** The lock of this worker, once it is held. */
  #lock: string | null = null;
  #ready = false;
  #leaving = false;
  #remembered: { readonly value: unknown } | null = null;

  /**
   * To be made as soon as the worker has its first port. `start` is called once no other worker of this origin runs a peer,
   * or none that would let go of it.
   */
  constructor(start: () => Promise<PeerApi>, ports: ServePorts) {
    this.#ports = ports;
    this.#peer = this.#showAlive()
      .then(() => takeLife(ports))
      .then(start);
    this.#peer.then(
      () => {
        this.#ready = true;
        this.#tell({ kind: "ready" });
      },
      // Every call is told.
      () => undefined,
    );
  }

  /**
   * Serves the page at the other end of `port` until it goes: its port closes (an event of Chromium and Node that is not
   * always sent), or the Web Lock `page`, which it holds, comes free. `null`: the worker ends with this page anyway.
   */
  connect(port: MessagePort, page: string | null): void {
    const served = exposePeer(port, this.#peer, { ...this.#ports, leaving: () => this.#leaving });
    this.#pages.add(served);
    const gone = new AbortController();
    void served.closed.then(() => {
      this.#pages.delete(served);
      gone.abort();
    });
    if (this.#lock !== null) served.tell({ kind: "alive", lock: this.#lock });
    if (this.#ready) served.tell({ kind: "ready" });
    if (this.#remembered !== null) served.tell({ kind: "remember", value: this.#remembered.value });
    if (page === null) return;
    this.#ports.locks
      .request(page, { signal: gone.signal, mode: "shared" }, () => served.close())
      .catch((error: unknown) => {
        if (!gone.signal.aborted) this.#ports.report(error, "connect");
      });
  }

  /**
   * Gives all pages, also those that connect later, a value to keep in memory; the next run of the peer gets it, in
   * whichever tab. The last one counts; `undefined` makes them forget. It has to survive structured clone (a CryptoKey
   * that cannot be exported does).
   */
  remember(value: unknown): void {
    this.#remembered = { value };
    this.#tell({ kind: "remember", value });
  }

  /** The peer is about to end: from now on failures are not answered, so that pages repeat what they asked on the next one. */
  leave(): void {
    this.#leaving = true;
  }

  /** Pages wait for the lock of this name; it comes free when this worker ends, however it ends. */
  #showAlive(): Promise<void> {
    const lock = `mehr-peer-${this.#ports.name}`;
    return new Promise((resolve, reject) => {
      this.#ports.locks
        .request(lock, {}, () => {
          this.#lock = lock;
          this.#tell({ kind: "alive", lock });
          resolve();
          return new Promise<never>(() => undefined);
        })
        .catch(reject);
    });
  }

  #tell(message: PeerMessage): void {
    for (const page of this.#pages) page.tell(message);
  }
}
