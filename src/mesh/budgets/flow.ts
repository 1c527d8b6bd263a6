/** Holds a stream back whose reader takes whatever comes, as gossipsub's does. */
import type { Stream } from "@libp2p/interface";
import { MeshError } from "../errors.ts";
import type { Clock } from "../protocols/clock.ts";
import type { TokenBucket } from "../protocols/token-bucket.ts";

export interface FlowOptions {
  readonly clock: Clock;
  readonly bytes: TokenBucket;
  /** Bytes that may gather while the stream is held; with more libp2p resets it. */
  readonly maxUnread: number;
  /** The stream was reset for that. */
  readonly onOverflow: () => void;
}

/**
 * Counts what the stream delivers and pauses it while the budget is short. The bytes that come meanwhile gather in the
 * stream, since a data channel cannot be told to wait, up to `maxUnread`.
 */
export function guardFlow(stream: Stream, { clock, bytes, maxUnread, onOverflow }: FlowOptions): void {
  // A class member that the interface lacks (@libp2p/utils 7.4); a test floods a real stream.
  Reflect.set(stream, "maxReadBufferLength", maxUnread);
  let cancel: (() => void) | null = null;
  const dispatch = stream.dispatchEvent.bind(stream);
  stream.dispatchEvent = (event: Event) => {
    if (event.type === "message" && "data" in event) {
      const now = clock.now();
      bytes.spend((event.data as { byteLength: number }).byteLength, now);
      const debt = bytes.debt(now);
      if (debt > 0 && cancel === null && stream.readStatus === "readable") {
        stream.pause();
        cancel = clock.after(debt, () => {
          cancel = null;
          if (stream.readStatus === "paused") stream.resume();
        });
      }
    }
    return dispatch(event);
  };
  stream.addEventListener("close", ({ error }) => {
    cancel?.();
    cancel = null;
    if (error?.name === "StreamBufferError") onOverflow();
  });
}

/** Resets a stream that delivers more than `most` bytes in all, where a protocol of the library knows no limit. */
export function limitInbound(stream: Stream, most: number, onOverflow: () => void): void {
  let left = most;
  const dispatch = stream.dispatchEvent.bind(stream);
  stream.dispatchEvent = (event: Event) => {
    if (event.type !== "message" || !("data" in event)) return dispatch(event);
    left -= (event.data as { byteLength: number }).byteLength;
    if (left >= 0) return dispatch(event);
    stream.abort(new MeshError("FRAME_TOO_LARGE", `More than ${most} bytes.`));
    onOverflow();
    return true;
  };
}
