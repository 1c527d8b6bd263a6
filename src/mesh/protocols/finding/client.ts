import { MeshError } from "../../errors.ts";
import type { FrameStream, Mesh } from "../../port.ts";
import type { NodeKey } from "../../../wire/index.ts";
import { withDeadline, type Clock } from "../clock.ts";
import { misdeedOf, ProtocolError } from "../errors.ts";
import { ANSWER_TIMEOUT, INDEX_PROTOCOL } from "./constants.ts";
import { decodeAnswer, encodeQuestion, type Question } from "./messages.ts";

export interface IndexPage {
  /** Nothing about them is checked but their number and size. */
  readonly objects: readonly Uint8Array[];
  /** Whether the peer says that it holds more. */
  readonly more: boolean;
}

export interface AskOptions {
  readonly mesh: Pick<Mesh, "openStream" | "report">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Asks one peer over /mehr/index/1, a page at a time: the next one when the caller wants it. The stream ends with the loop.
 * @throws MeshError (`UNREACHABLE`, `TIMEOUT`, `STREAM_RESET`, `PROTOCOL_UNSUPPORTED`), ProtocolError (`BUSY`,
 *   `UNSUPPORTED`, `REMOTE_FAULT`, and `MALFORMED` after reporting the peer) or the signal's reason
 */
export async function* askIndex(
  peer: NodeKey,
  question: Omit<Question, "cursor">,
  { clock, mesh, signal }: AskOptions,
): AsyncGenerator<IndexPage, void, undefined> {
  const stream = await withDeadline(clock, ANSWER_TIMEOUT, signal, (limit) =>
    mesh.openStream(peer, INDEX_PROTOCOL, { signal: limit }),
  );
  let ended = false;
  try {
    let cursor: Uint8Array | null = null;
    do {
      const answer = await exchange(stream, { ...question, cursor }, clock, signal);
      cursor = answer.next;
      yield { objects: answer.objects, more: cursor !== null };
    } while (cursor !== null);
    await stream.close();
    ended = true;
  } catch (error) {
    const misdeed = misdeedOf(error);
    if (misdeed !== null) mesh.report(peer, misdeed);
    throw error;
  } finally {
    if (!ended) stream.abort(new ProtocolError("STOPPED", "Enough was found."));
  }
}

async function exchange(
  stream: FrameStream,
  question: Question,
  clock: Clock,
  outer: AbortSignal,
): Promise<{ readonly objects: readonly Uint8Array[]; readonly next: Uint8Array | null }> {
  return await withDeadline(clock, ANSWER_TIMEOUT, outer, async (signal) => {
    await stream.write(encodeQuestion(question), { signal });
    const frame = await stream.read({ signal });
    if (frame === null) throw new MeshError("STREAM_RESET", "The peer ended the stream.");
    const answer = decodeAnswer(frame);
    if (answer.kind === "page") return answer;
    throw new ProtocolError(answer.code, "The peer refused.", { retryAfter: answer.retryAfter });
  });
}
