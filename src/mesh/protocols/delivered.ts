import { decodePromoted, hashOf, isPromoted, WireError, type Hash } from "../../wire/index.ts";
import { ProtocolError } from "./errors.ts";

/** An envelope as it came: nothing is checked but, where it was asked for by hash, that hash. */
export interface Delivered {
  /** Of the envelope, also where `bytes` is a promoted message that holds it. */
  readonly hash: Hash;
  readonly bytes: Uint8Array;
}

/**
 * What a frame holds, by its name. A copy: the frame that it came in would otherwise live as long as the envelope.
 * @throws ProtocolError `MALFORMED`
 */
export function delivered(view: Uint8Array): Delivered {
  const bytes = view.slice();
  if (!isPromoted(bytes)) return { hash: hashOf(bytes), bytes };
  try {
    return { hash: decodePromoted(bytes).hash, bytes };
  } catch (error) {
    if (error instanceof WireError) throw new ProtocolError("MALFORMED", "No promoted message.", { cause: error });
    throw error;
  }
}
