/**
 * What a log entry may carry. Every field has a kind, and a value that is not of its kind is not written down: so words of
 * people, keys and whole addresses stay out whatever a caller or a foreign error brings along.
 */
import { encodeNodeId, fromHex } from "../../wire/index.ts";

/** A closed list of words. */
export interface Words {
  readonly oneOf: readonly string[];
}

export type FieldKind =
  | "count"
  | "bytes"
  /** Milliseconds. */
  | "ms"
  | "flag"
  /** A stable code: upper-case words. */
  | "code"
  /** Anything thrown: the names of its class and of its causes, with their codes, and none of its text. */
  | "error"
  /** Name of a class of errors. */
  | "class"
  /** A key (bytes, hex or NodeID): the beginning of the NodeID. */
  | "peer"
  /** Id of a protocol of the mesh. */
  | "protocol"
  /** Name of a call or a live query. */
  | "call"
  /** Where in the app's own scripts: file, line, column. */
  | "frames"
  | Words;

/** `mehr1` and six characters, 30 bits of the key: tells two neighbours apart and is of no use to anybody else. */
const PEER_PREFIX = 11;
/** No name of a class, a code or a call in this project or in libp2p is longer. */
const MAX_NAME = 40;
const MAX_CAUSES = 3;
const MAX_FRAMES = 8;
const MAX_FRAME = 100;

/** Upper-case words, each short and with few digits: a key in base32 or an address in capitals is no code. */
const CODE = /^[A-Z]{1,16}\d{0,3}(?:_[A-Z]{1,16}\d{0,3}){0,5}$/;
const CLASS = /^[A-Z][A-Za-z0-9]*Error$/;
const PROTOCOL =
  /^\/(?:mehr|meshsub|floodsub|ipfs|libp2p|webrtc|webrtc-signaling|yamux|noise)(?:\/[a-z0-9.-]{1,16}){0,3}$/;
const CALL = /^[a-z][A-Za-z]{1,23}$/;
const FRAME = /^[\w./-]+\.(?:js|ts|tsx):\d{1,6}:\d{1,6}$/;

/** The value as it may stand in the log; `null` when it is not of this kind. */
export function admit(kind: FieldKind, value: unknown): number | string | boolean | null {
  if (value === undefined || value === null) return null;
  if (typeof kind === "object") {
    return typeof value === "string" && kind.oneOf.includes(value) ? value : "other";
  }
  switch (kind) {
    case "count":
    case "bytes":
    case "ms":
      return typeof value === "number" && Number.isFinite(value) ? Math.round(value) : null;
    case "flag":
      return typeof value === "boolean" ? value : null;
    case "code":
      return codeIn(value) ?? "OTHER";
    case "error":
      return faultName(value);
    case "class":
      return matching(CLASS, value, MAX_NAME) ?? "Error";
    case "peer":
      return peerPrefix(value);
    case "protocol":
      return matching(PROTOCOL, value, MAX_NAME);
    case "call":
      return matching(CALL, value, MAX_NAME) ?? "other";
    case "frames":
      return frames(value);
  }
}

/** `MeshError UNREACHABLE < TimeoutError`: classes and codes from the outside in. */
export function faultName(fault: unknown): string {
  const names: string[] = [];
  for (let error = fault; error instanceof Error && names.length < MAX_CAUSES; error = error.cause) {
    const shown = matching(CLASS, error.name, MAX_NAME) ?? "Error";
    const code = codeIn("code" in error ? error.code : null);
    names.push(code === null ? shown : `${shown} ${code}`);
  }
  return names.length === 0 ? "no error" : names.join(" < ");
}

function codeIn(value: unknown): string | null {
  return matching(CODE, value, MAX_NAME);
}

function matching(pattern: RegExp, value: unknown, longest: number): string | null {
  return typeof value === "string" && value.length <= longest && pattern.test(value) ? value : null;
}

function peerPrefix(value: unknown): string | null {
  if (value instanceof Uint8Array) return value.length === 32 ? encodeNodeId(value).slice(0, PEER_PREFIX) : null;
  if (typeof value !== "string") return null;
  if (/^[0-9a-f]{64}$/.test(value)) return peerPrefix(fromHex(value));
  return /^mehr1[a-z0-9]{58}$/.test(value) ? value.slice(0, PEER_PREFIX) : null;
}

function frames(value: unknown): string | null {
  if (!Array.isArray(value)) return null;
  const own = value.filter(
    (frame): frame is string => typeof frame === "string" && frame.length <= MAX_FRAME && FRAME.test(frame),
  );
  return own.length === 0 ? null : own.slice(0, MAX_FRAMES).join(" ");
}
