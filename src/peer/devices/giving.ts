/** This device's side of giving its identity to another one. */
import type { FrameStream, Mesh } from "../../mesh/port.ts";
import {
  agreementOf,
  codeOfDevice,
  decodeTaker,
  DEVICE_PROTOCOL,
  encodeGiver,
  isProof,
  MAX_PIECE,
  NONCE_BYTES,
  proofOf,
  Refusal,
  SECRET_BYTES,
  type GiverMessage,
} from "../../mesh/protocols/device/index.ts";
import { misdeedOf, ProtocolError } from "../../mesh/protocols/index.ts";
import { writeBackup } from "../backup/index.ts";
import type { PeerCore } from "../core.ts";
import { PeerError } from "../errors.ts";
import type { DeviceView } from "./api.ts";
import { openedView } from "./opened.ts";

/** Serves the protocol: to whoever is giving now, and to nobody else. */
export function refuseAll(
  mesh: Mesh,
  giving: () => Giving | null,
): { protocol: string; serve: (stream: FrameStream) => Promise<void> } {
  const serve = async (stream: FrameStream): Promise<void> => {
    try {
      const now = giving();
      if (now === null) await stream.write(encodeGiver({ kind: "no", reason: Refusal.spent }));
      else await now.serve(stream);
    } catch (error) {
      const misdeed = misdeedOf(error);
      if (misdeed !== null) mesh.report(stream.peer, misdeed);
      throw error;
    }
  };
  return { protocol: DEVICE_PROTOCOL, serve };
}

export class Giving {
  readonly code: string;
  readonly expiresAt: number;
  readonly #core: PeerCore;
  readonly #mesh: Mesh;
  readonly #secret: Uint8Array;
  readonly #changed: () => void;
  readonly #ended = new AbortController();
  readonly #cancelExpiry: () => void;
  #view: DeviceView;
  /** Tells the stream what the person has said, while it waits for that. */
  #decide: ((yes: boolean) => void) | null = null;
  /** What is under way with the other device. */
  ended: Promise<void> = Promise.resolve();

  private constructor(
    core: PeerCore,
    mesh: Mesh,
    made: { readonly code: string; readonly secret: Uint8Array; readonly expiresAt: number },
    changed: () => void,
  ) {
    const { clock } = core.ports;
    this.#core = core;
    this.#mesh = mesh;
    this.#secret = made.secret;
    this.#changed = changed;
    this.code = made.code;
    this.expiresAt = made.expiresAt;
    this.#view = openedView("giving", made.expiresAt);
    this.#cancelExpiry = clock.after(made.expiresAt - clock.now(), () => this.#end("DEVICE_EXPIRED"));
  }

  static async open(core: PeerCore, mesh: Mesh, changed: () => void, signal: AbortSignal | undefined): Promise<Giving> {
    const { code: offer, expiresAt } = await mesh.createInvite(signal === undefined ? {} : { signal });
    const secret = core.ports.randomBytes(SECRET_BYTES);
    return new Giving(core, mesh, { code: codeOfDevice({ offer, secret }), secret, expiresAt }, changed);
  }

  view(): DeviceView {
    return this.#view;
  }

  /** Whether somebody had asked. */
  decide(yes: boolean): boolean {
    const decide = this.#decide;
    this.#decide = null;
    decide?.(yes);
    return decide !== null;
  }

  stop(): void {
    this.#end("DEVICE_ENDED");
  }

  /** One device that has opened a stream. The first that knows the secret is the only one: the code is spent with it. */
  async serve(stream: FrameStream): Promise<void> {
    const { signal } = this.#ended;
    const frame = await stream.read({ signal });
    if (frame === null) return;
    const hello = decodeTaker(frame);
    if (hello.kind !== "hello") throw new ProtocolError("VIOLATION", "A device that has not said who it is.");
    const ends = { giver: this.#mesh.self, taker: stream.peer };
    const expected = proofOf(this.#secret, "taker", ends, [hello.nonce]);
    if (this.#view.state !== "open" || !isProof(hello.proof, expected)) {
      await stream.write(encodeGiver({ kind: "no", reason: Refusal.spent }));
      return;
    }
    const own = this.#core.ports.randomBytes(NONCE_BYTES);
    const nonces = [hello.nonce, own];
    const { key, number } = agreementOf(this.#secret, ends, nonces);
    // From the moment on at which the number is seen: the welcome may be long on its way, and the person is faster.
    const decided = new Promise<boolean>((resolve) => (this.#decide = resolve));
    this.#show({ state: "asked", number });
    const welcome = { kind: "welcome", nonce: own, proof: proofOf(this.#secret, "giver", ends, nonces) } as const;
    this.ended = this.#give(stream, welcome, decided, key);
    await this.ended;
  }

  async #give(stream: FrameStream, welcome: GiverMessage, decided: Promise<boolean>, key: Uint8Array): Promise<void> {
    const { signal } = this.#ended;
    try {
      // What comes next is that the file is there, or that the other device is not: both end the wait.
      const next = stream.read({ signal });
      next.catch(() => undefined);
      await stream.write(encodeGiver(welcome), { signal });
      const yes = await Promise.race([decided, next.then(() => null)]);
      if (yes === null) return this.#end("DEVICE_LOST");
      if (!yes) {
        await stream.write(encodeGiver({ kind: "no", reason: Refusal.no }), { signal });
        return this.#end("DEVICE_REFUSED");
      }
      await this.#send(stream, key, signal);
      const last = await next;
      if (last === null || decodeTaker(last).kind !== "received") return this.#end("DEVICE_LOST");
      this.#cancelExpiry();
      this.#show({ state: "done", expiresAt: null });
    } catch (error) {
      if (signal.aborted) {
        // Whoever waits there learns at once that nothing will come.
        await stream.write(encodeGiver({ kind: "no", reason: Refusal.ended })).catch(() => undefined);
        return;
      }
      this.#end(error instanceof PeerError ? error.code : "DEVICE_LOST");
      throw error;
    } finally {
      key.fill(0);
      this.#secret.fill(0);
      this.#decide = null;
    }
  }

  async #send(stream: FrameStream, key: Uint8Array, signal: AbortSignal): Promise<void> {
    // The person is here and has said yes: from now on the time that the code was open says nothing.
    this.#cancelExpiry();
    this.#show({ state: "moving", expiresAt: null });
    const { identity, ports, store } = this.#core;
    const now = ports.clock.now();
    const sealing = { passphrase: undefined, key };
    const file = await writeBackup({ store, identity, stretch: ports.stretch, ...sealing, now, signal });
    this.#show({ size: file.size });
    await stream.write(encodeGiver({ kind: "file", size: file.size }), { signal });
    for (let at = 0; at < file.size; at += MAX_PIECE) {
      const bytes = new Uint8Array(await file.slice(at, at + MAX_PIECE).arrayBuffer());
      await stream.write(encodeGiver({ kind: "piece", bytes }), { signal });
      this.#show({ moved: at + bytes.length });
    }
  }

  #show(change: Partial<DeviceView>): void {
    this.#view = { ...this.#view, ...change };
    this.#changed();
  }

  /** Over, for this reason; a transfer that is done stays done. */
  #end(problem: string): void {
    this.#cancelExpiry();
    if (this.#view.state === "done" || this.#view.state === "ended") return;
    this.#show({ state: "ended", problem, expiresAt: null, number: null });
    this.#secret.fill(0);
    this.#ended.abort(new PeerError(problem, "The identity is not given to another device any more."));
  }
}
