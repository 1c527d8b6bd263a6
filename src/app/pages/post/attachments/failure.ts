/** Why a file of a post is not there, in words. */

const KEYS = {
  NOT_FOUND: "attachments.missing",
  OFFLINE: "attachments.offline",
  TIMEOUT: "attachments.timeout",
} as const;

export function failureKey(code: string): (typeof KEYS)[keyof typeof KEYS] | "attachments.failed" {
  return Object.hasOwn(KEYS, code) ? KEYS[code as keyof typeof KEYS] : "attachments.failed";
}
