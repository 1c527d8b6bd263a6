/** Keeps one connection to each relay of the settings, with a reservation on it, and listens there for peers. */
import type { NodeKey } from "../wire/types.ts";
import { backoff } from "./backoff.ts";
import { MeshError } from "./errors.ts";
import { refuseRelay, type GaterPolicy } from "./gater.ts";
import type { MeshLog } from "./options.ts";
import type { RelayStatus } from "./port.ts";
import type { Clock } from "./protocols/clock.ts";

/** An open connection to a relay. */
export interface RelayConnection {
  readonly nodeId: NodeKey;
  /** Resolves when the connection has ended, for whatever reason. */
  readonly closed: Promise<void>;
  /** Asks to be reachable through the relay, if it is not so already. */
  reserve(): Promise<void>;
  /** Learns of peers until `signal` fires or the relay ends it. */
  introduce(signal: AbortSignal): Promise<void>;
  close(): void;
}

export interface RelaysOptions {
  readonly urls: readonly string[];
  readonly policy: GaterPolicy;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: MeshLog;
  connect(url: string, signal: AbortSignal): Promise<RelayConnection>;
  onChanged(): void;
}

const CONNECT_TIMEOUT = 10_000;
/** A relay that restarts is back within seconds; one that is away for long is asked once a minute. */
const RETRY_BASE = 1_000;
const RETRY_MAX = 60_000;
/** Without effect while the reservation is good for ten more minutes. */
const RESERVATION_CHECK = 300_000;
/** A rendezvous that ended or was refused; the relay's own budget is one registration in two seconds. */
const INTRODUCE_BASE = 5_000;
const INTRODUCE_MAX = 300_000;

interface Relay {
  readonly url: string;
  state: RelayStatus["state"];
  error: string | null;
  nodeId: NodeKey | null;
  connection: RelayConnection | null;
  /** Ends the present wait. */
  wake: (() => void) | null;
}

export class Relays {
  readonly #options: RelaysOptions;
  readonly #relays: Relay[];
  #stop: AbortController | null = null;

  constructor(options: RelaysOptions) {
    this.#options = options;
    this.#relays = [...new Set(options.urls)].map((url) => ({
      url,
      state: "waiting",
      error: null,
      nodeId: null,
      connection: null,
      wake: null,
    }));
  }

  start(): void {
    const stop = new AbortController();
    this.#stop = stop;
    for (const relay of this.#relays) {
      const refusal = refuseRelay(relay.url, this.#options.policy);
      if (refusal === null) {
        void this.#keep(relay, stop.signal);
      } else {
        this.#set(relay, "failed", refusal);
      }
    }
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = null;
    for (const relay of this.#relays) {
      relay.wake?.();
      relay.connection?.close();
    }
  }

  /** Tries those that wait again now. */
  reconnect(): void {
    for (const relay of this.#relays) {
      relay.wake?.();
    }
  }

  status(): RelayStatus[] {
    return this.#relays.map(({ url, state, error, nodeId }) => ({ url, state, error, nodeId }));
  }

  /** Relays that there is a connection to, those with a reservation first. */
  connected(): NodeKey[] {
    const open = this.#relays.filter((relay) => relay.connection !== null);
    return [
      ...open.filter((relay) => relay.state === "reserved"),
      ...open.filter((relay) => relay.state !== "reserved"),
    ]
      .map((relay) => relay.nodeId)
      .filter((nodeId) => nodeId !== null);
  }

  async #keep(relay: Relay, stop: AbortSignal): Promise<void> {
    let failures = 0;
    while (!stop.aborted) {
      this.#set(relay, "connecting", relay.error);
      try {
        const connection = await this.#connect(relay, stop);
        failures = 0;
        await this.#serve(relay, connection, stop);
        relay.error = "CONNECTION_LOST";
      } catch (error) {
        this.#options.log("debug", "relay_failed", { relay: relay.url, error });
        relay.error = error instanceof MeshError ? error.code : "UNREACHABLE";
      }
      relay.connection = null;
      if (stop.aborted) {
        return;
      }
      failures += 1;
      this.#set(relay, "waiting", relay.error);
      await this.#wait(relay, backoff(failures, RETRY_BASE, RETRY_MAX, this.#options.random), stop);
    }
  }

  async #connect(relay: Relay, stop: AbortSignal): Promise<RelayConnection> {
    const attempt = new AbortController();
    const cancel = this.#options.clock.after(CONNECT_TIMEOUT, () =>
      attempt.abort(new MeshError("TIMEOUT", "The relay did not answer.")),
    );
    const onStop = (): void => attempt.abort(stop.reason);
    stop.addEventListener("abort", onStop, { once: true });
    try {
      const connection = await this.#options.connect(relay.url, attempt.signal);
      if (stop.aborted) {
        connection.close();
        stop.throwIfAborted();
      }
      relay.connection = connection;
      relay.nodeId = connection.nodeId;
      this.#set(relay, "connected", null);
      return connection;
    } finally {
      cancel();
      stop.removeEventListener("abort", onStop);
    }
  }

  /** Resolves when the connection has ended. */
  async #serve(relay: Relay, connection: RelayConnection, stop: AbortSignal): Promise<void> {
    const ended = new AbortController();
    void connection.closed.then(() => {
      ended.abort();
      relay.wake?.();
    });
    await Promise.all([
      this.#reserve(relay, connection, ended.signal, stop),
      this.#introduce(connection, ended.signal),
    ]);
    await connection.closed;
  }

  /** Asks, and asks again now and then: libp2p renews a reservation once and gives up when that fails. */
  async #reserve(relay: Relay, connection: RelayConnection, ended: AbortSignal, stop: AbortSignal): Promise<void> {
    let failures = 0;
    while (!ended.aborted && !stop.aborted) {
      try {
        await connection.reserve();
        failures = 0;
        if (!ended.aborted) {
          this.#set(relay, "reserved", null);
        }
      } catch (error) {
        failures += 1;
        this.#options.log("debug", "reservation_failed", { relay: relay.url, error });
        // Still good for dialling others through it.
        this.#set(relay, "connected", "RESERVATION_REFUSED");
      }
      const wait = failures === 0 ? RESERVATION_CHECK : backoff(failures, RETRY_BASE, RETRY_MAX, this.#options.random);
      await this.#wait(relay, wait, ended);
    }
  }

  async #introduce(connection: RelayConnection, ended: AbortSignal): Promise<void> {
    let failures = 0;
    while (!ended.aborted) {
      const since = this.#options.clock.now();
      try {
        await connection.introduce(ended);
      } catch (error) {
        this.#options.log("debug", "rendezvous_ended", { error });
      }
      failures = this.#options.clock.now() - since > INTRODUCE_MAX ? 1 : failures + 1;
      await this.#pause(backoff(failures, INTRODUCE_BASE, INTRODUCE_MAX, this.#options.random), ended);
    }
  }

  async #wait(relay: Relay, milliseconds: number, signal: AbortSignal): Promise<void> {
    await this.#pause(milliseconds, signal, (wake) => {
      relay.wake = wake;
    });
    relay.wake = null;
  }

  async #pause(milliseconds: number, signal: AbortSignal, onWake?: (wake: () => void) => void): Promise<void> {
    if (signal.aborted) {
      return;
    }
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        cancel();
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const cancel = this.#options.clock.after(milliseconds, wake);
      signal.addEventListener("abort", wake, { once: true });
      onWake?.(wake);
    });
  }

  #set(relay: Relay, state: RelayStatus["state"], error: string | null): void {
    relay.state = state;
    relay.error = error;
    this.#options.onChanged();
  }
}
