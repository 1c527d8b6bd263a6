/** Why a stream or a dial failed. `code` is stable and safe to show; `message` is for the log of this peer only. */
export type MeshErrorCode =
  | "FRAME_TOO_LARGE"
  | "STREAM_RESET"
  | "PROTOCOL_VIOLATION"
  | "PROTOCOL_UNSUPPORTED"
  | "UNREACHABLE"
  | "TIMEOUT"
  /** The remote side opened the stream and said nothing. */
  | "SILENT_STREAM"
  | "MESH_STOPPED";

export class MeshError extends Error {
  override readonly name = "MeshError";
  readonly code: MeshErrorCode;
  constructor(code: MeshErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
