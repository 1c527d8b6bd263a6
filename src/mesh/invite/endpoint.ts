/** What an invite needs of the browser and of libp2p: the two ends of a connection whose descriptions travel by hand. */
import type { NodeKey } from "../../wire/index.ts";
import type { Session } from "./session.ts";

interface End {
  /** What the other side has to know. */
  readonly session: Session;
  /** Lets go of it, unless it has become a link. */
  close(): void;
}

export interface OfferEnd extends End {
  /**
   * Connects to the peer whose description this is; resolves when the direct link stands.
   * @throws InviteError `INVITE_FAILED` when there is no way, or the signal's reason
   */
  connect(peer: NodeKey, answer: Session, signal: AbortSignal): Promise<void>;
}

export interface AnswerEnd extends End {
  /**
   * Waits until the peer that made the offer connects; resolves when the direct link stands. Patient: that the other side
   * does not answer yet is no failure.
   * @throws InviteError `INVITE_FAILED` when the link is refused, or the signal's reason
   */
  connect(peer: NodeKey, signal: AbortSignal): Promise<void>;
}

export interface Endpoints {
  /** @throws InviteError `INVITE_FAILED` when the browser gives no connection, or the signal's reason */
  offer(signal?: AbortSignal): Promise<OfferEnd>;
  /** @throws as {@link Endpoints.offer} */
  answer(offer: Session, signal?: AbortSignal): Promise<AnswerEnd>;
}
