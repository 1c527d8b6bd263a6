import { parseScope, type Scope } from "../wire/index.ts";
import { PeerError } from "./errors.ts";

/** @throws PeerError `SCOPE_INVALID` */
export function typedScope(kind: Scope["kind"], text: string): Scope {
  const known = kind === "geo" || kind === "topic";
  if (!known || typeof text !== "string") throw new PeerError("SCOPE_INVALID", "A scope is a geo or a topic, as text.");
  try {
    return parseScope(kind, text);
  } catch (cause) {
    throw new PeerError("SCOPE_INVALID", "A place or topic is up to eight words with slashes between them.", { cause });
  }
}

/**
 * What a scope begins with that is being typed: nothing yet, words, or words and the slash after them.
 * @throws PeerError `SCOPE_INVALID`
 */
export function typedPrefix(kind: Scope["kind"], text: string): string {
  if (typeof text !== "string") throw new PeerError("SCOPE_INVALID", "A scope is text.");
  const typed = text.trim();
  if (typed === "" && (kind === "geo" || kind === "topic")) return "";
  const begun = typed.endsWith("/") ? typed.slice(0, -1) : typed;
  const { segments } = typedScope(kind, begun);
  return segments.join("/") + (begun === typed ? "" : "/");
}
