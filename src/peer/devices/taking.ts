/** This device's side of taking the identity of another one. */
import type { FrameStream, Mesh } from "../../mesh/port.ts";
import {
  agreementOf,
  decodeGiver,
  DEVICE_PROTOCOL,
  deviceCode,
  encodeTaker,
  isProof,
  NONCE_BYTES,
  proofOf,
  Refusal,
  type GiverMessage,
} from "../../mesh/protocols/device/index.ts";
import { abortable, misdeedOf, pause, withDeadline } from "../../mesh/protocols/index.ts";
import { encodeNodeId, type NodeKey } from "../../wire/index.ts";
import { MAX_FILE } from "../backup/index.ts";
import type { PeerCore } from "../core.ts";
import { PeerError } from "../errors.ts";
import type { DeviceView } from "./api.ts";
import { openedView } from "./opened.ts";

/** One attempt over whatever network there is; the answer that is put in there makes a link by itself meanwhile. */
const REACH_TIMEOUT = 15_000;
const REACH_INTERVAL = 2_000;

interface Received {
  readonly file: Blob;
  readonly key: Uint8Array;
}

interface Made {
  readonly answer: string;
  readonly secret: Uint8Array;
  readonly giver: NodeKey;
  readonly expiresAt: number;
}

const REASONS: Readonly<Record<number, string>> = {
  [Refusal.spent]: "DEVICE_SPENT",
  [Refusal.no]: "DEVICE_REFUSED",
  [Refusal.ended]: "DEVICE_ENDED",
};

export class Taking {
  readonly answer: string;
  readonly peer: string;
  readonly expiresAt: number;
  /** Settles when nothing of it is under way any more. */
  readonly ended: Promise<void>;
  readonly #core: PeerCore;
  readonly #mesh: Mesh;
  readonly #made: Made;
  readonly #changed: () => void;
  readonly #stopped = new AbortController();
  readonly #result: Promise<Received>;
  #view: DeviceView;

  private constructor(core: PeerCore, mesh: Mesh, made: Made, changed: () => void) {
    this.#core = core;
    this.#mesh = mesh;
    this.#made = made;
    this.#changed = changed;
    this.answer = made.answer;
    this.peer = encodeNodeId(made.giver);
    this.expiresAt = made.expiresAt;
    this.#view = openedView("taking", made.expiresAt);
    this.#result = this.#run();
    this.ended = this.#result.then(
      () => undefined,
      // Whoever waits for the result is told; here only the end matters.
      () => undefined,
    );
  }

  /** @throws InviteError with the code of what is wrong with the code */
  static async open(
    core: PeerCore,
    mesh: Mesh,
    text: string,
    changed: () => void,
    signal: AbortSignal | undefined,
  ): Promise<Taking> {
    const { offer, secret } = deviceCode(text);
    const {
      code: answer,
      expiresAt,
      peer: giver,
    } = await mesh.answerInvite(offer, signal === undefined ? {} : { signal });
    return new Taking(core, mesh, { answer, secret, giver, expiresAt }, changed);
  }

  view(): DeviceView {
    return this.#view;
  }

  async result(signal: AbortSignal | undefined): Promise<Received> {
    return await abortable(this.#result, signal);
  }

  stop(): void {
    this.#stopped.abort(new PeerError("DEVICE_ENDED", "The identity of another device is not waited for any more."));
  }

  async #run(): Promise<Received> {
    const { clock, log } = this.#core.ports;
    const cancelExpiry = clock.after(this.expiresAt - clock.now(), () => {
      if (this.#view.state === "open")
        this.#stopped.abort(new PeerError("DEVICE_EXPIRED", "The time of the code is over."));
    });
    let stream: FrameStream | null = null;
    try {
      stream = await this.#reach();
      return await this.#take(stream);
    } catch (error) {
      const misdeed = misdeedOf(error);
      if (misdeed !== null) this.#mesh.report(this.#made.giver, misdeed);
      const failure = this.#failureOf(error);
      if (failure !== error) log("devices", error);
      stream?.abort(failure);
      this.#show({ state: "ended", problem: failure.code, expiresAt: null, number: null });
      throw failure;
    } finally {
      cancelExpiry();
      this.#made.secret.fill(0);
    }
  }

  #failureOf(error: unknown): PeerError {
    const reason: unknown = this.#stopped.signal.aborted ? this.#stopped.signal.reason : error;
    if (reason instanceof PeerError) return reason;
    return new PeerError("DEVICE_LOST", "The link to the other device broke.", { cause: error });
  }

  /** A stream to the other device, by whichever way there is first. */
  async #reach(): Promise<FrameStream> {
    const { signal } = this.#stopped;
    const { clock, log } = this.#core.ports;
    for (;;) {
      try {
        return await withDeadline(clock, REACH_TIMEOUT, signal, (limit) =>
          this.#mesh.openStream(this.#made.giver, DEVICE_PROTOCOL, { signal: limit }),
        );
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof Error && "code" in error)) log("devices", error);
      }
      await pause(clock, REACH_INTERVAL, signal);
    }
  }

  async #take(stream: FrameStream): Promise<Received> {
    const { signal } = this.#stopped;
    const { giver, secret } = this.#made;
    const ends = { giver, taker: this.#mesh.self };
    const own = this.#core.ports.randomBytes(NONCE_BYTES);
    await stream.write(encodeTaker({ kind: "hello", nonce: own, proof: proofOf(secret, "taker", ends, [own]) }), {
      signal,
    });
    const welcome = await this.#next(stream, "welcome");
    const nonces = [own, welcome.nonce];
    if (!isProof(welcome.proof, proofOf(secret, "giver", ends, nonces))) throw foreign("It has not seen the code.");
    const { key, number } = agreementOf(secret, ends, nonces);
    this.#show({ state: "asked", number, expiresAt: null });
    const { size } = await this.#next(stream, "file");
    if (size === 0 || size > MAX_FILE) throw foreign("A file of an impossible length.");
    this.#show({ state: "moving", size });
    const parts: Blob[] = [];
    for (let moved = 0; moved < size;) {
      const { bytes } = await this.#next(stream, "piece");
      moved += bytes.length;
      if (moved > size) throw foreign("More than it said.");
      // Blobs, which the browser may keep on its disk while the rest comes.
      parts.push(new Blob([new Uint8Array(bytes)]));
      this.#show({ moved });
    }
    await stream.write(encodeTaker({ kind: "received" }), { signal });
    await stream.close();
    this.#show({ state: "done" });
    return { file: new Blob(parts), key };
  }

  async #next<Kind extends GiverMessage["kind"]>(
    stream: FrameStream,
    kind: Kind,
  ): Promise<Extract<GiverMessage, { kind: Kind }>> {
    const frame = await stream.read({ signal: this.#stopped.signal });
    if (frame === null) throw new PeerError("DEVICE_LOST", "The other device has ended the stream.");
    const message = decodeGiver(frame);
    if (message.kind === "no")
      throw new PeerError(REASONS[message.reason] ?? "DEVICE_ENDED", "The other device gives nothing.");
    if (message.kind !== kind) throw foreign(`A ${message.kind} where a ${kind} belongs.`);
    return message as Extract<GiverMessage, { kind: Kind }>;
  }

  #show(change: Partial<DeviceView>): void {
    this.#view = { ...this.#view, ...change };
    this.#changed();
  }
}

function foreign(what: string): PeerError {
  return new PeerError("DEVICE_FOREIGN", what);
}
