/** Whether something secret shows through a text, however it was encoded. */
import { base64, base64urlnopad, bech32m } from "@scure/base";
import { toHex } from "../../src/wire/index.ts";

export interface Canary {
  readonly name: string;
  readonly secret: string | Uint8Array;
  /** Characters of it that may show: the log names peers by the beginning of their id. */
  readonly allowed?: string;
}

/** So many characters in a row are no accident: 40 bits of a key, two words of a text. */
const WINDOW = 10;

/** The forms of a secret that a program could write it down in. */
function formsOf(secret: string | Uint8Array): string[] {
  const bytes = typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
  const words = bech32m.toWords(bytes);
  return [
    ...(typeof secret === "string" ? [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)] : []),
    toHex(bytes),
    // Base64 looks different at each of three alignments.
    ...[0, 1, 2].flatMap((skip) => [base64.encode(bytes.subarray(skip)), base64urlnopad.encode(bytes.subarray(skip))]),
    bech32m.encode("mehr", words, false).slice("mehr1".length),
    [...bytes].join(","),
  ].map((form) => form.toLowerCase());
}

/** Names of the canaries of which any ten characters in a row, in any form, stand in `text`. */
export function shownThrough(text: string, canaries: readonly Canary[]): string[] {
  const told = text.toLowerCase();
  return canaries
    .filter(({ allowed = "", secret }) =>
      formsOf(secret).some((form) => {
        for (let at = 0; at + WINDOW <= form.length; at++) {
          const window = form.slice(at, at + WINDOW);
          if (told.includes(window) && !allowed.includes(window)) return true;
        }
        return false;
      }),
    )
    .map(({ name }) => name);
}
