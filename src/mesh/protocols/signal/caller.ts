/** The side that wants a link: asks a neighbour for a way to a peer, and connects to it. */
import { equalBytes, type NodeKey } from "../../../wire/index.ts";
import {
  codeHash,
  decodeHalf,
  expiryAfter,
  InviteError,
  signHalf,
  type Answer,
  type Endpoints,
  type Sign,
  type verifyHalf,
} from "../../invite/index.ts";
import type { FrameStream } from "../../port.ts";
import { withDeadline, type Clock } from "../clock.ts";
import { CONNECT_TIMEOUT, DESCRIBE_TIMEOUT, OFFER_LIFETIME, READY_TIMEOUT } from "./constants.ts";
import { SignalConversation } from "./conversation.ts";

export interface CallOptions {
  readonly self: NodeKey;
  readonly clock: Clock;
  readonly endpoints: Endpoints;
  readonly sign: Sign;
  readonly verify: typeof verifyHalf;
  /** The peer beyond is ready: from here on a failure has cost a connection of the browser. */
  onReady(): void;
}

/**
 * One call over a stream to a neighbour; resolves when the direct link to `to` stands. Nothing is made before the neighbour and
 * that peer have agreed.
 * @throws SignalRefused, InviteError, ProtocolError, or the signal's reason
 */
export async function call(stream: FrameStream, to: NodeKey, options: CallOptions, signal: AbortSignal): Promise<void> {
  const { self, clock, endpoints, sign } = options;
  const neighbour = new SignalConversation(stream, clock);
  await neighbour.say({ kind: "ask", to });
  await neighbour.hear("ready", READY_TIMEOUT, signal);
  options.onReady();
  const end = await endpoints.offer(signal);
  try {
    const offer = await signHalf(
      { kind: "offer", from: self, to, expiresAt: expiryAfter(clock.now(), OFFER_LIFETIME), session: end.session },
      sign,
    );
    await neighbour.say({ kind: "offer", code: offer });
    const { code } = await neighbour.hear("answer", DESCRIBE_TIMEOUT, signal);
    const answer = await verified(code, to, offer, options);
    await withDeadline(clock, CONNECT_TIMEOUT, signal, (limit) => end.connect(to, answer.session, limit));
  } catch (error) {
    end.close();
    throw error;
  }
}

/** The answer, if it is that peer's own to this very offer. */
async function verified(code: Uint8Array, from: NodeKey, offer: Uint8Array, options: CallOptions): Promise<Answer> {
  const half = decodeHalf(code);
  if (half.kind !== "answer") throw new InviteError("INVITE_WRONG_KIND", "An offer, where an answer belongs.");
  if (!equalBytes(half.to, options.self) || !equalBytes(half.from, from)) {
    throw new InviteError("INVITE_NOT_FOR_YOU", "An answer between other peers.");
  }
  if (!equalBytes(half.offer, codeHash(offer))) throw new InviteError("INVITE_UNKNOWN", "An answer to another offer.");
  if (!(await options.verify(half, code))) throw new InviteError("INVITE_SIGNATURE_INVALID", "A forged answer.");
  return half;
}
