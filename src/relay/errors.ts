/** Why the relay did not start. `message` is for the person who starts it. */
export type RelayErrorCode =
  | "RELAY_PORT_TAKEN"
  | "RELAY_HOST_UNUSABLE"
  | "RELAY_CERTIFICATE"
  | "RELAY_APP_MISSING"
  | "RELAY_IDENTITY"
  | "RELAY_ARGUMENT";

export class RelayError extends Error {
  override readonly name = "RelayError";
  readonly code: RelayErrorCode;
  constructor(code: RelayErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
