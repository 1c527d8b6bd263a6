/** Codes as people pass them on: base64url, by itself or behind the `#` of a link. */
import { base64urlnopad } from "@scure/base";
import { MAX_CODE_BYTES } from "./codes.ts";
import { InviteError } from "./errors.ts";

/** Base64 has four characters for three bytes. */
const MAX_CODE_TEXT = Math.ceil((MAX_CODE_BYTES * 4) / 3);
/** A link before the code, and line breaks that a mail program put in: beyond this nobody pasted a code. */
const MAX_TEXT = MAX_CODE_TEXT + 2_048;

export function codeToText(bytes: Uint8Array): string {
  return base64urlnopad.encode(bytes);
}

/**
 * The bytes of a bare code, or of the one behind the last `#` of a link. White space is forgiven.
 * @throws InviteError `INVITE_MALFORMED`
 */
export function codeFromText(text: unknown): Uint8Array {
  if (typeof text !== "string") throw new InviteError("INVITE_MALFORMED", "A code is a text.");
  if (text.length > MAX_TEXT) throw new InviteError("INVITE_MALFORMED", `A text of ${text.length} characters.`);
  const code = text.slice(text.lastIndexOf("#") + 1).replaceAll(/\s/gu, "");
  if (code.length > MAX_CODE_TEXT) throw new InviteError("INVITE_MALFORMED", `A code of ${code.length} characters.`);
  try {
    return base64urlnopad.decode(code);
  } catch (cause) {
    throw new InviteError("INVITE_MALFORMED", "Not base64url.", { cause });
  }
}
