export type StoreErrorCode = "STORE_QUOTA" | "STORE_CLOSED" | "STORE_FAILED" | "STORE_NEWER" | "STORE_BLOCKED";

/** A failed write keeps nothing of its batch. `code` is stable. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
