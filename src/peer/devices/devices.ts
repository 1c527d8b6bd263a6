import type { Mesh } from "../../mesh/port.ts";
import type { PeerCore } from "../core.ts";
import { PeerError } from "../errors.ts";
import type { Part } from "../parts.ts";
import type { DeviceView } from "./api.ts";
import type { Giving } from "./giving.ts";
import type { Taking } from "./taking.ts";

const NOTHING: DeviceView = {
  role: "none",
  state: "none",
  expiresAt: null,
  number: null,
  moved: 0,
  size: null,
  problem: null,
};

/** At most one of these is under way: another one that begins ends it. */
export class Devices implements Part {
  readonly #core: PeerCore;
  /** Those that know the protocol: a handler cannot be set twice. */
  readonly #serving = new WeakSet<Mesh>();
  #giving: Giving | null = null;
  #taking: Taking | null = null;

  constructor(core: PeerCore) {
    this.#core = core;
  }

  view(): DeviceView {
    return this.#giving?.view() ?? this.#taking?.view() ?? NOTHING;
  }

  async offer(signal: AbortSignal | undefined): Promise<{ code: string; expiresAt: number }> {
    const mesh = await this.#core.connected(signal);
    const { Giving, refuseAll } = await import("./giving.ts");
    if (!this.#serving.has(mesh)) {
      this.#serving.add(mesh);
      const { protocol, serve } = refuseAll(mesh, () => this.#giving);
      mesh.handle(protocol, serve);
    }
    const giving = await Giving.open(this.#core, mesh, () => this.#changed(), signal);
    this.end();
    this.#giving = giving;
    this.#changed();
    return { code: giving.code, expiresAt: giving.expiresAt };
  }

  confirm(yes: boolean): void {
    if (this.#giving?.decide(yes) !== true) throw new PeerError("DEVICE_NONE", "No device asks for this identity.");
  }

  async take(
    code: string,
    signal: AbortSignal | undefined,
  ): Promise<{ answer: string; peer: string; expiresAt: number }> {
    const mesh = await this.#core.connected(signal);
    const { Taking } = await import("./taking.ts");
    const taking = await Taking.open(this.#core, mesh, code, () => this.#changed(), signal);
    this.end();
    this.#taking = taking;
    this.#changed();
    const { answer, expiresAt, peer } = taking;
    return { answer, peer, expiresAt };
  }

  async receive(signal: AbortSignal | undefined): Promise<{ file: Blob; key: Uint8Array }> {
    if (this.#taking === null) throw new PeerError("DEVICE_NONE", "No code of another device is being used.");
    return await this.#taking.result(signal);
  }

  end(): void {
    this.#giving?.stop();
    this.#taking?.stop();
    this.#giving = null;
    this.#taking = null;
    this.#changed();
  }

  async stop(): Promise<void> {
    const giving = this.#giving?.ended;
    const taking = this.#taking?.ended;
    this.end();
    await giving;
    await taking;
  }

  #changed(): void {
    this.#core.live.invalidate("device");
  }
}
