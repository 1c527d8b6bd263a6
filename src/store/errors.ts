import type { Freeable } from "./port.ts";

export type StoreErrorCode =
  | "STORE_QUOTA"
  | "STORE_CLOSED"
  | "STORE_FAILED"
  | "STORE_NEWER"
  | "STORE_BLOCKED"
  | "STORE_DAMAGED";

/** A failed write keeps nothing of its batch. `code` is stable. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;
  /** Of `STORE_QUOTA`: what a person could let go of, in bytes by kind. */
  readonly freeable: Freeable | null;
  constructor(code: StoreErrorCode, message: string, options: { cause?: unknown; freeable?: Freeable } = {}) {
    super(message, options);
    this.code = code;
    this.freeable = options.freeable ?? null;
  }
}
