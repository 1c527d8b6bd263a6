import { countCharacters, decodeNodeId, encodeNodeId, scopeKey, WireError } from "../../wire/index.ts";
import { canonicalScope } from "../canonical-feed.ts";
import { CONTENT_KINDS } from "../kinds/kind.ts";
import { foldText } from "./fold.ts";

/** What an envelope is, whatever it says. */
export const MUTED_KINDS = ["boost", "reply", ...CONTENT_KINDS] as const;
export type MutedKind = (typeof MUTED_KINDS)[number];

/** What a person wants to see nothing of. Keys and hashes are in their text forms. */
export type MuteTarget =
  | { readonly kind: "person"; readonly id: string }
  /** In headline, summary, descriptions of media and names of topics; `whole`: only as a word or words of its own. */
  | { readonly kind: "word"; readonly word: string; readonly whole: boolean }
  /** With everything below it. */
  | { readonly kind: "scope"; readonly scope: string }
  /** A post, by its own hash or that of its envelope, and everything that answers it, however far below. */
  | { readonly kind: "thread"; readonly post: string }
  | { readonly kind: "kind"; readonly of: MutedKind };

export interface Mute {
  readonly target: MuteTarget;
  /** Left out of lists, or in its place under a cover. */
  readonly how: "hide" | "cover";
  /** Milliseconds since 1970; `null`: for good. */
  readonly until: number | null;
  readonly since: number;
}

export const MUTE_LIMITS = {
  /** Some fifty times what people keep: mostly lists of words that are passed around, the longest of which have several hundred. */
  mutes: 2_000,
  /** A phrase, not a text. In characters. */
  word: 64,
} as const;

const KINDS: ReadonlySet<string> = new Set(MUTED_KINDS);

/** The one form of what is muted; `null` for what cannot be. */
export function canonicalMute(target: MuteTarget): MuteTarget | null {
  switch (target.kind) {
    case "person": {
      const id = readOrNull(() => encodeNodeId(decodeNodeId(target.id.trim())));
      return id === null ? null : { kind: "person", id };
    }
    case "word": {
      const word = target.word.normalize("NFC").replace(/\s+/gu, " ").trim();
      const fits = word.isWellFormed() && countCharacters(word) <= MUTE_LIMITS.word && foldText(word) !== "";
      return fits ? { kind: "word", word, whole: target.whole } : null;
    }
    case "scope": {
      const scope = readOrNull(() => scopeKey(canonicalScope(target.scope)));
      return scope === null ? null : { kind: "scope", scope };
    }
    case "thread":
      return /^[0-9a-f]{64}$/u.test(target.post) ? { kind: "thread", post: target.post } : null;
    case "kind":
      return KINDS.has(target.of) ? { kind: "kind", of: target.of } : null;
  }
}

/** Names a mute: what is muted twice is one mute. Words that are compared as one are one, however they are typed. */
export function idOfMute(target: MuteTarget): string {
  switch (target.kind) {
    case "person":
      return `person ${target.id}`;
    case "word":
      return `${target.whole ? "word" : "part"} ${foldText(target.word)}`;
    case "scope":
      return `scope ${target.scope}`;
    case "thread":
      return `thread ${target.post}`;
    case "kind":
      return `kind ${target.of}`;
  }
}

function readOrNull(read: () => string): string | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}
