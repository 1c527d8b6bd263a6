/** The part of `PeerApi` about giving an identity to another device of the same person. */
import type { CallOptions, NodeId } from "../api.ts";

export interface DeviceView {
  /** `giving`: the identity of this peer goes to another device; `taking`: that of another device comes here. */
  readonly role: "none" | "giving" | "taking";
  /**
   * `open`: the code waits to be used; `asked`: the other device has shown that it saw it, and the person has to say yes on the
   * giving one; `moving`: on its way; `done`; `ended`: `problem` says why.
   */
  readonly state: "none" | "open" | "asked" | "moving" | "done" | "ended";
  /** Milliseconds since 1970, while the code is open. */
  readonly expiresAt: number | null;
  /** Six digits that both devices show, from `asked` on. */
  readonly number: string | null;
  /** Bytes so far and in all, from `moving` on. */
  readonly moved: number;
  readonly size: number | null;
  /** `DEVICE_EXPIRED`, `DEVICE_REFUSED`, `DEVICE_LOST`, `DEVICE_SPENT`, `DEVICE_FOREIGN`, `DEVICE_ENDED`, or a code of a backup. */
  readonly problem: string | null;
}

export interface DeviceQueries {
  device: { params: Record<string, never>; value: DeviceView };
}

export interface DevicesApi {
  /**
   * A code for another device of this person, to be shown as a QR code: an invite and a secret. It is good for ten minutes, once,
   * until the page is loaded anew, and gives nothing away before `confirmDevice`. A code that was open ends.
   * @throws `INVITE_FAILED`, `OFFLINE`
   */
  offerDevice(options?: CallOptions): Promise<{ readonly code: string; readonly expiresAt: number }>;
  /** The person says yes, having seen the same number on both, or no. @throws `DEVICE_NONE` when nobody asks */
  confirmDevice(yes: boolean): Promise<void>;
  /** Ends whatever of this is under way. */
  endDevice(): Promise<void>;
  /**
   * Uses the code of another device: from now on this one tries to reach it. `answer` is what the other one needs where no network
   * has both (`acceptAnswer`).
   * @throws as `answerInvite`
   */
  takeDevice(
    code: string,
    options?: CallOptions,
  ): Promise<{ readonly answer: string; readonly peer: NodeId; readonly expiresAt: number }>;
  /**
   * What the other device gives, once it has: a file and its key, for `restoreBackup`.
   * @throws `DEVICE_NONE`, `DEVICE_EXPIRED`, `DEVICE_REFUSED`, `DEVICE_LOST`, `DEVICE_SPENT`, `DEVICE_FOREIGN`, `DEVICE_ENDED`
   */
  receiveDevice(options?: CallOptions): Promise<{ readonly file: Blob; readonly key: Uint8Array }>;
}
