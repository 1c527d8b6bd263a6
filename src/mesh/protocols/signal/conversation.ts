/** One stream of /mehr/signal/1, read and written message by message. */
import { decodeHalf, InviteError, type Half } from "../../invite/index.ts";
import type { FrameStream } from "../../port.ts";
import { withDeadline, type Clock } from "../clock.ts";
import { ProtocolError } from "../errors.ts";
import { decodeSignal, encodeSignal, type SignalMessage, type SignalRefusalCode } from "./messages.ts";

type Kind = SignalMessage["kind"];

/** The other side, or the one beyond it, said no. */
export class SignalRefused extends Error {
  override readonly name = "SignalRefused";
  readonly code: SignalRefusalCode;
  constructor(code: SignalRefusalCode, options?: { cause?: unknown }) {
    super(`signalling was refused: ${code}`, options);
    this.code = code;
  }
}

export class SignalConversation {
  readonly stream: FrameStream;
  readonly #clock: Clock;

  constructor(stream: FrameStream, clock: Clock) {
    this.stream = stream;
    this.#clock = clock;
  }

  async say(message: SignalMessage): Promise<void> {
    await this.stream.write(encodeSignal(message));
  }

  /**
   * The next message, which has to be of this kind.
   * @throws SignalRefused with what the other side says, or `FAILED` when it says nothing in time or ends the stream
   * @throws ProtocolError `MALFORMED`, `VIOLATION`
   */
  async hear<Expected extends Kind>(
    kind: Expected,
    timeout: number,
    signal?: AbortSignal,
  ): Promise<Extract<SignalMessage, { kind: Expected }>> {
    const frame = await this.#read(timeout, signal);
    if (frame === null) throw new SignalRefused("FAILED");
    const message = decodeSignal(frame);
    if (message.kind === "refused") throw new SignalRefused(message.code);
    if (message.kind !== kind) throw new ProtocolError("VIOLATION", `A message of kind ${message.kind}.`);
    return message as Extract<SignalMessage, { kind: Expected }>;
  }

  async #read(timeout: number, signal: AbortSignal | undefined): Promise<Uint8Array | null> {
    try {
      return await withDeadline(this.#clock, timeout, signal, (limit) => this.stream.read({ signal: limit }));
    } catch (error) {
      signal?.throwIfAborted();
      // Whoever waits for somebody else in turn is not to blame for the silence.
      if (error instanceof Error && "code" in error && error.code === "TIMEOUT") {
        throw new SignalRefused("FAILED", { cause: error });
      }
      throw error;
    }
  }
}

/** What a message carries, its signature not looked at. @throws ProtocolError `MALFORMED` */
export function readHalf(code: Uint8Array): Half {
  try {
    return decodeHalf(code);
  } catch (cause) {
    if (cause instanceof InviteError) throw new ProtocolError("MALFORMED", "No code in a message.", { cause });
    throw cause;
  }
}
