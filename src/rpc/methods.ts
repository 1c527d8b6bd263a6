import type { PeerApi } from "../peer/api.ts";

/** Calls of PeerApi that take values and resolve with a value; `watch` is carried in its own way. */
export type CallName = Exclude<keyof PeerApi, "watch">;

export const CALL_NAMES = [
  "words",
  "keepWords",
  "welcome",
  "restore",
  "deleteEverything",
  "saveProfile",
  "follow",
  "unfollow",
  "saveDraft",
  "dropDraft",
  "preview",
  "publish",
  "envelope",
  "feed",
  "post",
  "hashFile",
  "suggestScopes",
  "normaliseScope",
  "updateSettings",
  "reconnect",
  "log",
  "clearLog",
  "noteFault",
  "selfCheck",
] as const satisfies readonly CallName[];

/** Does not compile when a call of PeerApi is missing above. */
const complete: CallName extends (typeof CALL_NAMES)[number] ? true : never = true;

/** Every name of PeerApi. */
export const METHOD_NAMES: readonly (keyof PeerApi)[] = complete ? ["watch", ...CALL_NAMES] : [];

export function isCallName(name: string): name is CallName {
  return (CALL_NAMES as readonly string[]).includes(name);
}

export type AnyCall = (...args: unknown[]) => Promise<unknown>;

/** A PeerApi whose calls all go through one function. The types of the calls are those of PeerApi on both ends. */
export function peerApi(
  watch: PeerApi["watch"],
  call: (name: CallName, args: readonly unknown[]) => Promise<unknown>,
): PeerApi {
  const calls = Object.fromEntries(
    CALL_NAMES.map((name): [CallName, AnyCall] => [name, (...args) => call(name, args)]),
  );
  return Object.freeze({ watch, ...calls }) as unknown as PeerApi;
}
