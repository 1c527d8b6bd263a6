/**
 * /mehr/time/1: what time it is over there. Dates are signed into envelopes and judged by whoever receives them, so a peer
 * whose clock is wrong is heard by nobody, or hears nobody, and has to learn it from others.
 *
 * | from | frame | items |
 * | --- | --- | --- |
 * | client | now? | `[1]` |
 * | server | now | `[129, milliseconds since 1970]`, then the stream ends |
 */
import type { NodeKey } from "../../../wire/index.ts";
import { MeshError } from "../../errors.ts";
import type { FrameStream, Mesh } from "../../port.ts";
import { withDeadline, type Clock } from "../clock.ts";
import { misdeedOf, ProtocolError } from "../errors.ts";
import { decodeTimeAnswer, decodeTimeQuestion, encodeTimeAnswer, encodeTimeQuestion } from "./messages.ts";

export { MAX_TIME_FRAME } from "./messages.ts";

export const TIME_PROTOCOL = "/mehr/time/1";

/** An answer that took longer says little: half of its way there and back is uncertain. In ms. */
const ANSWER_TIMEOUT = 5_000;

export interface TimeSample {
  /** Own clock less theirs, in ms. */
  readonly offset: number;
  /** It may be wrong by so much, in ms: half of the round trip. */
  readonly uncertainty: number;
}

/** Answers one question on a stream. @throws ProtocolError `MALFORMED` */
export async function answerTime(stream: FrameStream, clock: Clock): Promise<void> {
  const frame = await stream.read();
  if (frame === null) return;
  decodeTimeQuestion(frame);
  await stream.write(encodeTimeAnswer(clock.now()));
}

/** Answers /mehr/time/1 from now on. */
export function serveTime({ clock, mesh }: { mesh: Pick<Mesh, "handle" | "report">; clock: Clock }): void {
  mesh.handle(TIME_PROTOCOL, async (stream) => {
    try {
      await answerTime(stream, clock);
    } catch (error) {
      const misdeed = misdeedOf(error);
      if (misdeed !== null) mesh.report(stream.peer, misdeed);
      throw error;
    }
  });
}

/**
 * Asks a peer, or a relay, for its time.
 * @throws MeshError `PROTOCOL_UNSUPPORTED`, `UNREACHABLE`, `TIMEOUT`, `STREAM_RESET`; ProtocolError `MALFORMED`, which
 *   is reported; the signal's reason
 */
export async function askTime(
  { clock, mesh }: { mesh: Pick<Mesh, "openStream" | "report">; clock: Clock },
  peer: NodeKey,
  signal?: AbortSignal,
): Promise<TimeSample> {
  return await withDeadline(clock, ANSWER_TIMEOUT, signal, async (limit) => {
    const stream = await mesh.openStream(peer, TIME_PROTOCOL, { signal: limit });
    try {
      const asked = clock.now();
      await stream.write(encodeTimeQuestion(), { signal: limit });
      const frame = await stream.read({ signal: limit });
      const answered = clock.now();
      // Links end at any moment, so that this is nobody's fault.
      if (frame === null) throw new MeshError("STREAM_RESET", "The peer ended the stream without an answer.");
      const theirs = decodeTimeAnswer(frame);
      return { offset: Math.round((asked + answered) / 2) - theirs, uncertainty: Math.ceil((answered - asked) / 2) };
    } catch (error) {
      const misdeed = misdeedOf(error);
      if (misdeed !== null) mesh.report(peer, misdeed);
      throw error;
    } finally {
      stream.abort(new ProtocolError("STOPPED", "One answer is all that was asked for."));
    }
  });
}
