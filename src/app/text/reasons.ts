/** Why something was refused, or somebody is shut out, in words: by the peer's stable codes. */
import type { Messages } from "../i18n/index.tsx";

type ReasonKey = Extract<keyof Messages, `reason.${string}`>;

/** Codes that say the same in the words of a person. */
const SAME: Readonly<Record<string, ReasonKey>> = {
  PROTOCOL_VIOLATION: "reason.VIOLATION",
  TYPE_UNEXPECTED: "reason.TYPE_UNKNOWN",
  TOO_LARGE: "reason.FRAME_TOO_LARGE",
};

const KNOWN: Readonly<Record<string, true>> = {
  FRAME_TOO_LARGE: true,
  MALFORMED: true,
  VIOLATION: true,
  SIGNATURE_INVALID: true,
  BAD_HASH: true,
  UNSOLICITED: true,
  FALSE_HEADLINE: true,
  UNSCOPED: true,
  UNSCOPED_ON_CHANNEL: true,
  WRONG_CHANNEL: true,
  FLOODING: true,
  WASTED_WORK: true,
  STREAM_FLOOD: true,
  STALLED: true,
  SILENT_STREAM: true,
  RATE_EXCEEDED: true,
  STORAGE_EXCEEDED: true,
  STALE: true,
  DUPLICATE: true,
  FROM_THE_FUTURE: true,
  NOT_PROMOTED: true,
  TYPE_UNKNOWN: true,
  OVERLOADED: true,
  AUTHOR_BLOCKED: true,
  VOUCHER_DOUBTED: true,
} satisfies {
  [
    Key in Exclude<ReasonKey, "reason.other" | "reason.code"> as Key extends `reason.${infer Code}` ? Code : never
  ]: true;
};

/** The sentence for a code. What the wire refuses for its form has one for all: only whoever writes peers knows the rules. */
export function reasonKey(code: string): ReasonKey {
  if (Object.hasOwn(KNOWN, code)) return `reason.${code}` as ReasonKey;
  return Object.hasOwn(SAME, code) ? (SAME[code] as ReasonKey) : "reason.other";
}
