/** Who a peer is: its NodeID as text. */
import { bech32m } from "@scure/base";
import { WireError } from "./errors.ts";
import type { NodeKey } from "./types.ts";

const NODE_ID_PREFIX = "mehr";
const KEY_BYTES = 32;

/** `mehr1...`: the key in bech32m, whose checksum catches typing errors. @throws WireError `NODE_ID_INVALID` unless the key has 32 bytes */
export function encodeNodeId(key: NodeKey): string {
  if (key.length !== KEY_BYTES) throw new WireError("NODE_ID_INVALID", null, `a key of ${key.length} bytes`);
  return bech32m.encode(NODE_ID_PREFIX, bech32m.toWords(key));
}

/** The inverse of {@link encodeNodeId}; surrounding white space and all-capitals are forgiven. @throws WireError `NODE_ID_INVALID` */
export function decodeNodeId(text: string): NodeKey {
  let prefix: string;
  let key: Uint8Array;
  try {
    const decoded = bech32m.decode(text.trim() as `${string}1${string}`);
    prefix = decoded.prefix;
    key = bech32m.fromWords(decoded.words);
  } catch (cause) {
    throw new WireError("NODE_ID_INVALID", null, "not bech32m", { cause });
  }
  if (prefix !== NODE_ID_PREFIX) throw new WireError("NODE_ID_INVALID", null, `prefix "${prefix}"`);
  if (key.length !== KEY_BYTES) throw new WireError("NODE_ID_INVALID", null, `a key of ${key.length} bytes`);
  return key;
}
