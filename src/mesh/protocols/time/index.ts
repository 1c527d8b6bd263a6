/**
 * /mehr/time/1: what time it is over there, and whether this identity is there twice. Dates are signed into envelopes and judged
 * by whoever receives them, so a peer whose clock is wrong is heard by nobody, or hears nobody, and has to learn it from
 * others; and so has one whose keys another device uses at the same time.
 *
 * | from | frame | items |
 * | --- | --- | --- |
 * | client | now? | `[1, instance]` |
 * | server | now | `[129, milliseconds since 1970, twin]`, then the stream ends |
 */
import type { NodeKey } from "../../../wire/index.ts";
import { MeshError } from "../../errors.ts";
import type { FrameStream, Mesh } from "../../port.ts";
import { withDeadline, type Clock } from "../clock.ts";
import { misdeedOf, ProtocolError } from "../errors.ts";
import { Instances } from "./instances.ts";
import { decodeTimeAnswer, decodeTimeQuestion, encodeTimeAnswer, encodeTimeQuestion } from "./messages.ts";

export { Instances } from "./instances.ts";
export { MAX_TIME_FRAME } from "./messages.ts";

export const TIME_PROTOCOL = "/mehr/time/1";

/** An answer that took longer says little: half of its way there and back is uncertain. In ms. */
const ANSWER_TIMEOUT = 5_000;

export interface TimeSample {
  /** Own clock less theirs, in ms. */
  readonly offset: number;
  /** It may be wrong by so much, in ms: half of the round trip. */
  readonly uncertainty: number;
  /** They have heard another instance with the own key lately. */
  readonly twin: boolean;
}

/** Answers one question on a stream. @throws ProtocolError `MALFORMED` */
export async function answerTime(stream: FrameStream, instances: Instances, clock: Clock): Promise<void> {
  const frame = await stream.read();
  if (frame === null) return;
  const { instance } = decodeTimeQuestion(frame);
  const now = clock.now();
  await stream.write(encodeTimeAnswer({ now, twin: instances.asked(stream.peer, instance, now) }));
}

/** Answers /mehr/time/1 from now on. */
export function serveTime({ clock, mesh }: { mesh: Pick<Mesh, "handle" | "report">; clock: Clock }): void {
  const instances = new Instances();
  mesh.handle(TIME_PROTOCOL, async (stream) => {
    try {
      await answerTime(stream, instances, clock);
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
  { clock, instance, mesh }: { mesh: Pick<Mesh, "openStream" | "report">; clock: Clock; instance: Uint8Array },
  peer: NodeKey,
  signal?: AbortSignal,
): Promise<TimeSample> {
  return await withDeadline(clock, ANSWER_TIMEOUT, signal, async (limit) => {
    const stream = await mesh.openStream(peer, TIME_PROTOCOL, { signal: limit });
    try {
      const asked = clock.now();
      await stream.write(encodeTimeQuestion({ instance }), { signal: limit });
      const frame = await stream.read({ signal: limit });
      const answered = clock.now();
      // Links end at any moment, so that this is nobody's fault.
      if (frame === null) throw new MeshError("STREAM_RESET", "The peer ended the stream without an answer.");
      const { now, twin } = decodeTimeAnswer(frame);
      const offset = Math.round((asked + answered) / 2) - now;
      return { offset, uncertainty: Math.ceil((answered - asked) / 2), twin };
    } catch (error) {
      const misdeed = misdeedOf(error);
      if (misdeed !== null) mesh.report(peer, misdeed);
      throw error;
    } finally {
      stream.abort(new ProtocolError("STOPPED", "One answer is all that was asked for."));
    }
  });
}
