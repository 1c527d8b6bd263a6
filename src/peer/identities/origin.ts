import type { Store } from "../../store/port.ts";
import { Serial } from "../../store/serial.ts";
import type { LockView, PeerApi, Settings } from "../api.ts";
import { originCalls, type OriginCalls } from "../calls/origin.ts";
import { PeerError } from "../errors.ts";
import { LIVE_KEYS, LiveSet } from "../live/index.ts";
import { startPeer, type Peer } from "../peer.ts";
import { VAULT_KEY } from "../vault/name.ts";
import { watchForWake } from "../wake.ts";
import { Catalogue } from "./catalogue.ts";
import type { OriginCore, OriginTopic } from "./core.ts";
import { Keyring } from "./keyring.ts";
import type { OriginPorts } from "./ports.ts";
import type { RegistryEntry } from "./registry.ts";

const MINUTE = 60_000;

/** The peer of an origin: the whole API and how to stop it. */
export interface OriginPeer {
  readonly api: PeerApi;
  stop(): Promise<void>;
}

/** Opens the identity that ran last; resolves when what is stored can be read, or when it is known to be locked. */
export async function startOrigin(ports: OriginPorts): Promise<OriginPeer> {
  const { clock, databases, log, randomBytes, registry } = ports;
  const catalogue = await Catalogue.open({ databases, log, randomBytes, registry, now: () => clock.now() });
  const store = await databases.open(catalogue.current.key);
  const origin = new Origin(ports, catalogue, store, await store.key(VAULT_KEY));
  await origin.begin();
  return { api: origin.api, stop: () => origin.stop() };
}

class Origin implements OriginCore {
  readonly ports: OriginPorts;
  readonly catalogue: Catalogue;
  readonly keyring: Keyring;
  readonly disk: Store;
  readonly api: PeerApi;
  readonly #calls: OriginCalls;
  readonly #live: LiveSet<OriginTopic>;
  readonly #turn = new Serial();
  #vault: unknown;
  #running: Peer | null = null;
  /** `moving`: another run is on its way; `ended`: for good. */
  #state: "starting" | "up" | "moving" | "ended" = "starting";
  #lockAfter: Settings["lockAfter"] = 0;
  /** When it locks by itself, in milliseconds since 1970. */
  #locksAt = Infinity;
  #cancelIdle: () => void = () => undefined;
  #stopping: Promise<void> | null = null;

  constructor(ports: OriginPorts, catalogue: Catalogue, disk: Store, vault: unknown) {
    this.ports = ports;
    this.catalogue = catalogue;
    this.disk = disk;
    this.#vault = vault;
    this.keyring = new Keyring(ports.remembered, ports.remember);
    this.#live = new LiveSet({ clock: ports.clock, report: (error) => ports.log("live", error) });
    this.#calls = originCalls(this);
    this.api = this.#gate();
  }

  get vault(): unknown {
    return this.#vault;
  }

  get runs(): boolean {
    return this.#running !== null;
  }

  /** Runs the current identity, unless it is locked. */
  async begin(): Promise<void> {
    const { key } = this.catalogue.current;
    const { log } = this.ports;
    if (this.#vault === undefined) await this.#run(this.disk);
    else {
      const remembered = this.keyring.get(key);
      if (remembered !== undefined) await this.#tryOpen(key, remembered);
    }
    this.#state = "up";
    await this.catalogue.update(key, { sealed: this.#vault !== undefined });
    this.catalogue.clear().catch((error: unknown) => log("identities", error));
  }

  async open(key: CryptoKey): Promise<void> {
    const { DataKey, sealedStore } = await import("../vault/index.ts");
    const onDamage = (what: string, error: unknown): void => this.ports.log(`sealed ${what}`, error);
    await this.#run(sealedStore(this.disk, await DataKey.fromBase(key), onDamage));
    this.invalidate("lock", "identities");
  }

  async saveVault(vault: unknown): Promise<void> {
    await this.disk.commit({ keys: { [VAULT_KEY]: vault } }, { durability: "strict" });
    this.#vault = vault;
    this.invalidate("lock");
  }

  stayOpen(): void {
    const { clock } = this.ports;
    // Timers stand still while the device sleeps: whoever wakes it is not yet the person who was here.
    if (clock.now() >= this.#locksAt) return this.#lock();
    this.#rest();
    if (this.#lockAfter === 0 || this.#vault === undefined || this.#running === null) return;
    const wait = this.#lockAfter * MINUTE;
    this.#locksAt = clock.now() + wait;
    const cancelTimer = clock.after(wait, () => this.#lock());
    const stopWaking = watchForWake(clock, () => {
      if (clock.now() >= this.#locksAt) this.#lock();
    });
    this.#cancelIdle = () => {
      cancelTimer();
      stopWaking();
    };
  }

  invalidate(...topics: readonly OriginTopic[]): void {
    this.#live.invalidate(...topics);
  }

  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#turn.run(work);
  }

  async anew<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#state = "moving";
    try {
      await this.#halt();
      return await work();
    } finally {
      // After the answer to the call that asked for it, which would be lost with this run.
      this.ports.clock.after(0, () => this.ports.restart());
    }
  }

  async end(): Promise<void> {
    this.#state = "ended";
    await this.#halt();
    await this.#live.close();
  }

  stop(): Promise<void> {
    this.#stopping ??= this.end();
    return this.#stopping;
  }

  #lock(): void {
    this.#rest();
    this.#calls.lock().catch((error: unknown) => this.ports.log("lock", error));
  }

  /** Does not lock by itself any more. */
  #rest(): void {
    this.#cancelIdle();
    this.#cancelIdle = () => undefined;
    this.#locksAt = Infinity;
  }

  async #run(store: Store): Promise<void> {
    const peer = await startPeer({ ...this.ports, store });
    this.#running = peer;
    try {
      await this.#follow(peer);
    } catch (error) {
      // It would run without ever locking by itself. Its end closes the store, so that only another run can try again.
      if (this.#state === "up") await this.anew(() => Promise.resolve());
      else await this.#halt();
      throw error;
    }
  }

  /** A key that does not fit is one from before the vault was made anew. */
  async #tryOpen(store: string, key: CryptoKey): Promise<void> {
    try {
      await this.open(key);
    } catch (error) {
      if (!(error instanceof PeerError) || error.code !== "IDENTITY_DAMAGED") throw error;
      this.keyring.forget(store);
    }
  }

  /** What the registry and the lock know of the identity that runs. */
  async #follow({ api }: Peer): Promise<void> {
    const { key } = this.catalogue.current;
    const note = (patch: Parameters<Catalogue["update"]>[1]): void => {
      this.catalogue.update(key, patch).then(
        (changed) => changed && this.invalidate("identities"),
        (error: unknown) => this.ports.log("identities", error),
      );
    };
    let id = "";
    await api.watch("identity", {}, ({ value }) => {
      id = value.id;
    });
    note({ id });
    await api.watch("profile", { id }, ({ value }) => note({ name: value.displayName }));
    await api.watch("settings", {}, ({ value }) => {
      this.#lockAfter = value.lockAfter;
      this.stayOpen();
    });
  }

  async #halt(): Promise<void> {
    this.#rest();
    const peer = this.#running;
    this.#running = null;
    await peer?.stop();
    await this.disk.close();
  }

  #lockView(): LockView {
    const state = this.#vault === undefined ? "none" : this.#running === null ? "locked" : "open";
    return { state, ...waysOf(this.#vault) };
  }

  #isLocked({ key, sealed }: RegistryEntry): boolean {
    if (key === this.catalogue.current.key) return this.#vault !== undefined && this.#running === null;
    return sealed && this.keyring.get(key) === undefined;
  }

  /** Every call of the API: those of the origin here, the others by the identity that runs. */
  #gate(): PeerApi {
    const watch: PeerApi["watch"] = async (name, params, listener) => {
      const deliver = listener as (update: unknown) => void;
      const asked: string = name;
      if (asked === "lock") {
        return await this.#live.value({ topics: ["lock"], evaluate: () => this.#lockView() }, deliver);
      }
      if (asked === "identities") {
        const evaluate = () => this.catalogue.views((entry) => this.#isLocked(entry));
        const source = { topics: ["identities"], page: Infinity, key: LIVE_KEYS.identities, evaluate } as const;
        return await this.#live.rows(source, deliver);
      }
      return await this.#reached((api) => api.watch(name, params, listener));
    };
    const own = { ...this.#calls, watch };
    type Call = (...args: unknown[]) => Promise<unknown>;
    return new Proxy(own, {
      get: (calls, name): unknown => {
        // What is awaited is asked for `then`; this is no promise.
        if (typeof name !== "string" || name === "then") return undefined;
        if (Object.hasOwn(calls, name)) return calls[name as keyof typeof calls];
        return (...args: unknown[]) =>
          this.#reached(async (api) => {
            const call = (api as unknown as Record<string, Call>)[name];
            if (call === undefined) throw new PeerError("NOT_FOUND", `There is no call ${name}.`);
            return await call(...args);
          });
      },
    }) as unknown as PeerApi;
  }

  /**
   * Asks the identity that runs. While another run is on its way nothing is answered with a failure, nor is what was asked just
   * before: whoever asked gets the answer of the next run, or the end of this one. That is for whoever carries calls to decide.
   * @throws what `ask` throws; PeerError `LOCKED`, `PEER_ENDED`
   */
  async #reached<Answer>(ask: (api: Peer["api"]) => Promise<Answer>): Promise<Answer> {
    if (this.#isMoving()) return await new Promise<never>(() => undefined);
    if (this.#state === "ended") throw new PeerError("PEER_ENDED", "This peer has ended; load the page anew.");
    if (this.#running === null) throw new PeerError("LOCKED", "This identity is locked.");
    try {
      return await ask(this.#running.api);
    } catch (error) {
      if (this.#isMoving()) return await new Promise<never>(() => undefined);
      throw error;
    }
  }

  #isMoving(): boolean {
    return this.#state === "moving";
  }
}

/** How to unlock, as pages need it. What cannot be read offers nothing; unlocking then says why. */
function waysOf(vault: unknown): Pick<LockView, "passphrase" | "passkeys"> {
  const ways = (vault as { ways?: unknown } | undefined)?.ways;
  const list = Array.isArray(ways) ? (ways as { kind?: unknown; credential: Uint8Array; salt: Uint8Array }[]) : [];
  return {
    passphrase: list.some(({ kind }) => kind === "passphrase"),
    passkeys: list.filter(({ kind }) => kind === "passkey").map(({ credential, salt }) => ({ credential, salt })),
  };
}
