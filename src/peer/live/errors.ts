/** `LIVE_CLOSED`: the query was closed while it was asked. `LIVE_KEY_DUPLICATE`: two rows of one list share a key. */
export type LiveErrorCode = "LIVE_CLOSED" | "LIVE_KEY_DUPLICATE";

export class LiveError extends Error {
  override readonly name = "LiveError";
  readonly code: LiveErrorCode;
  constructor(code: LiveErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
