import { base64urlnopad } from "@scure/base";
import { InviteError } from "../../invite/errors.ts";

/** 128 bits: whoever guesses it has one try in ten minutes. */
export const SECRET_BYTES = 16;
/** As for codes of invites: the longest code, a link before it, and line breaks of a mail program. */
const MAX_TEXT = 4_096;

export interface DeviceCode {
  /** An invite, as text. */
  readonly offer: string;
  readonly secret: Uint8Array;
}

/** The text of a code: an invite, a dot, and the secret in base64url. */
export function codeOfDevice({ offer, secret }: DeviceCode): string {
  return `${offer}.${base64urlnopad.encode(secret)}`;
}

/** Reads a bare code, or the one behind the last `#` of a link. White space is forgiven. @throws InviteError `INVITE_MALFORMED` */
export function deviceCode(text: unknown): DeviceCode {
  if (typeof text !== "string" || text.length > MAX_TEXT) throw malformed();
  const code = text.slice(text.lastIndexOf("#") + 1).replaceAll(/\s/gu, "");
  const [offer = "", written = "", ...more] = code.split(".");
  if (offer === "" || more.length > 0) throw malformed();
  let secret: Uint8Array;
  try {
    secret = base64urlnopad.decode(written);
  } catch (cause) {
    throw malformed(cause);
  }
  if (secret.length !== SECRET_BYTES) throw malformed();
  return { offer, secret };
}

function malformed(cause?: unknown): InviteError {
  return new InviteError("INVITE_MALFORMED", "Not the code of a device.", { cause });
}
