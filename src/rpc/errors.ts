import { transferHandlers } from "comlink";

/** Codes of this room, beside those that the peer's own calls reject with (docs/api.md lists all). Stable. */
export type RpcErrorCode =
  /** An argument cannot be copied to the peer. */
  | "ARGUMENT_INVALID"
  /** A fault inside the peer that has no code of its own; its details are in the peer's log. */
  | "INTERNAL"
  /** The browser gives no Web Locks here: not a secure context. */
  | "INSECURE_CONTEXT"
  | "METHOD_UNKNOWN"
  /** The page closed its peer. */
  | "PEER_CLOSED"
  /** The peer runs in another tab of this origin. */
  | "PEER_ELSEWHERE"
  /** The worker that runs the peer has died or was ended. */
  | "PEER_GONE"
  /** The script of the peer's worker could not be loaded, or does not run in this browser. */
  | "WORKER_UNAVAILABLE"
  /** An operation inside the peer was given up. */
  | "ABORTED"
  | "TIMEOUT";

/** What a call of PeerApi rejects with on the page. `name` is that of the error inside the peer. */
export class CallError extends Error {
  readonly code: string;
  constructor(code: RpcErrorCode | (string & {}), message: string, name = "CallError") {
    super(message);
    this.name = name;
    this.code = code;
  }
}

/** What of an error crosses to the other side: never a stack, a cause or further fields. */
export interface ErrorData {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** Codes are upper-case words; a DOMException's numeric `code` and free text are none. */
const CODE = /^[A-Z][A-Z0-9_]{1,63}$/;

/** The stable code of an error, `null` when it has none. */
export function codeOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" && CODE.test(error.code) ? error.code : null;
}

/** An error without a code was not meant for a caller, so its text stays here. */
export function describeError(error: unknown): ErrorData {
  const code = codeOf(error);
  if (code !== null && error instanceof Error) return { name: error.name, code, message: error.message };
  if (error instanceof Error && error.name === "AbortError") {
    return { name: error.name, code: "ABORTED", message: "the operation was given up" };
  }
  if (error instanceof Error && error.name === "TimeoutError") {
    return { name: error.name, code: "TIMEOUT", message: "the operation took too long" };
  }
  return { name: "Error", code: "INTERNAL", message: "something failed inside the peer" };
}

export function reviveError(data: ErrorData): CallError {
  return new CallError(data.code, data.message, data.name);
}

/** Comlink marks what was thrown with a symbol of its own, which only its own handler knows. */
const COMLINKS_THROW = transferHandlers.get("throw");

/**
 * Makes comlink carry errors as {@link ErrorData}. Its own handler sends name, message and stack and drops the code.
 * Both ends of a port need it; the second time changes nothing.
 */
export function carryErrorCodes(): void {
  const comlinks = COMLINKS_THROW;
  if (comlinks === undefined) throw new Error("comlink has no handler for thrown values");
  transferHandlers.set("throw", {
    canHandle: (value): value is unknown => comlinks.canHandle(value),
    serialize: (thrown) => [describeError((thrown as { value: unknown }).value), []],
    deserialize: (data) => {
      throw reviveError(data as ErrorData);
    },
  });
}
