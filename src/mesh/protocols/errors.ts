/**
 * Why a request of a `/mehr/*` protocol failed. `code` is stable and safe to show; `message` is for this peer's own log
 * and never leaves it.
 *
 * - `MALFORMED`: the remote side sent bytes that are no message of the protocol, or too many of them.
 * - `VIOLATION`: a well-formed message at a moment at which the protocol does not allow it.
 * - `BAD_HASH`: bytes that do not hash to what was asked for.
 * - `NOT_FOUND`, `BUSY`, `TOO_LARGE`, `UNSUPPORTED`, `REMOTE_FAULT`: what the remote side answered.
 * - `NO_PROVIDERS`: nobody to ask; `UNREACHABLE`: nobody of those asked could be reached or answered in form.
 * - `LIMIT`: this side asked for more than the protocol carries.
 * - `STOPPED`: this side was stopped meanwhile.
 */
export type ProtocolErrorCode =
  | "MALFORMED"
  | "VIOLATION"
  | "BAD_HASH"
  | "NOT_FOUND"
  | "BUSY"
  | "TOO_LARGE"
  | "UNSUPPORTED"
  | "REMOTE_FAULT"
  | "NO_PROVIDERS"
  | "UNREACHABLE"
  | "LIMIT"
  | "STOPPED";

export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code: ProtocolErrorCode;
  /** With `BUSY`: milliseconds after which asking again makes sense. */
  readonly retryAfter: number | null;
  constructor(code: ProtocolErrorCode, message: string, options: { cause?: unknown; retryAfter?: number } = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retryAfter = options.retryAfter ?? null;
  }
}

/** Codes that say that the remote side broke the protocol: they count against it. */
const MISDEEDS: ReadonlySet<string> = new Set(["MALFORMED", "VIOLATION", "BAD_HASH", "FRAME_TOO_LARGE"]);

/** The stable code of a misdeed of the remote side, or `null` when `error` is nobody's fault. */
export function misdeedOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null;
  return MISDEEDS.has(error.code) ? error.code : null;
}
