import {
  countCharacters,
  envelopeSize,
  fromHex,
  LIMITS,
  postSize,
  scopeFromKey,
  scopeKey,
  WireError,
  type Hash,
  type NodeKey,
  type PostEnvelope,
  type Scope,
  type SocialPost,
} from "../wire/index.ts";
import { excerptOf } from "./excerpt.ts";
import { audienceOf, type Audience } from "./start.ts";

/** What a person typed. */
export interface DraftText {
  readonly headline: string;
  readonly summary: string;
  readonly text: string;
  /** Scope keys. */
  readonly scopes: readonly string[];
  /** Hex of what is answered. */
  readonly replyTo: string | null;
}

export interface ComposeContext {
  readonly author: NodeKey;
  readonly home: Scope;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  /** Whether this post or envelope is for trusted peers only, as far as is known here; by default none is. */
  readonly isTrustedOnly?: (named: Hash) => boolean;
}

export type ComposeProblemCode =
  | "DRAFT_EMPTY"
  /** A lone surrogate: half a character that no encoding has. */
  | "TEXT_MALFORMED"
  | "HEADLINE_TOO_LONG"
  | "SUMMARY_TOO_LONG"
  | "TEXT_TOO_LONG"
  | "SCOPE_INVALID"
  | "TOO_MANY_PLACES"
  | "TOO_MANY_TOPICS"
  | "SCOPES_TOO_LARGE"
  | "REPLY_INVALID"
  /** What is answered is for trusted peers only, and the answer would tell its hash to a place or topic. */
  | "REPLY_TOO_WIDE"
  | "ENVELOPE_TOO_LARGE";

export interface ComposeProblem {
  readonly field: "headline" | "summary" | "text" | "scopes" | "envelope";
  readonly code: ComposeProblemCode;
}

export type UnsignedPost = Omit<SocialPost, "signature">;
export type UnsignedEnvelope = Omit<PostEnvelope, "signature">;

export interface Composed {
  /** Empty when it can be published. */
  readonly problems: readonly ComposeProblem[];
  readonly audience: Audience;
  /** Bytes of the post once signed; 0 while problems prevent it. */
  readonly contentSize: number;
  /** Bytes of the envelope once signed; 0 while problems prevent it. */
  readonly envelopeBytes: number;
  /** The two objects to sign, the post first, since the envelope names its hash; `null` while there are problems. */
  readonly objects: { readonly post: UnsignedPost; envelope(postHash: Hash): UnsignedEnvelope } | null;
}

/** The seed's default: about half of a retrieval fee. */
const KICKBACK_RATE = 128;
/** Every hash takes the same room. */
const ANY_HASH = new Uint8Array(32);

/**
 * What becomes of a draft. A text that fits a summary stands whole in the envelope, a longer one is begun there unless
 * its author wrote a summary. Nothing about the place is added to what the draft says (protocol section 4).
 */
export function compose(draft: DraftText, context: ComposeContext): Composed {
  const problems: ComposeProblem[] = [];
  const headline = cleaned(draft.headline, "headline", problems);
  const ownSummary = cleaned(draft.summary, "summary", problems);
  // A summary without a text is all there is to say, so it is the text.
  const text = cleaned(draft.text, "text", problems) || ownSummary;
  const summary = ownSummary || (countCharacters(text) <= LIMITS.summaryCharacters ? text : excerptOf(text));
  const scopes = scopesOf(draft.scopes, problems);
  const replyTo = replyOf(draft.replyTo, problems);
  if (replyTo !== null && scopes.length > 0 && context.isTrustedOnly?.(replyTo) === true) {
    problems.push({ field: "scopes", code: "REPLY_TOO_WIDE" });
  }
  if (headline === "" && text === "") problems.push({ field: "text", code: "DRAFT_EMPTY" });
  checkLength(headline, LIMITS.headlineCharacters, { field: "headline", code: "HEADLINE_TOO_LONG" }, problems);
  checkLength(ownSummary, LIMITS.summaryCharacters, { field: "summary", code: "SUMMARY_TOO_LONG" }, problems);
  const audience = audienceOf(scopes, context.home);

  const contentSize = sized(() => postSize(text || null), { field: "text", code: "TEXT_TOO_LONG" }, problems);
  const envelope = (postHash: Hash): UnsignedEnvelope => ({
    type: "PostEnvelope",
    postHash,
    author: context.author,
    headline: headline || null,
    summary: summary || null,
    mediaHints: [],
    scopes,
    replyTo,
    boostOf: null,
    references: [],
    contentSize,
    created: context.now,
    kickbackRate: KICKBACK_RATE,
  });
  if (problems.length > 0) return { problems, audience, contentSize, envelopeBytes: 0, objects: null };
  const tooLarge: ComposeProblem = { field: "envelope", code: "ENVELOPE_TOO_LARGE" };
  const envelopeBytes = sized(() => envelopeSize(envelope(ANY_HASH)), tooLarge, problems);
  const post: UnsignedPost = { type: "SocialPost", author: context.author, text: text || null, media: [], links: [] };
  const objects = problems.length > 0 ? null : { post, envelope };
  return { problems, audience, contentSize, envelopeBytes, objects };
}

/** Tab and line feed; everything else that controls a terminal has no place in a text. */
const CONTROLS = /[\p{Cc}]/gu;
const LONE_SURROGATE = /\p{Cs}/u;

/**
 * What is sent of what was typed. Line ends become one kind, a headline is one line, control characters go: nobody types
 * them on purpose. Bidi marks and overrides stay, Persian and Hebrew need some of them; whoever shows a text isolates it.
 */
function cleaned(typed: string, field: "headline" | "summary" | "text", problems: ComposeProblem[]): string {
  if (LONE_SURROGATE.test(typed)) {
    problems.push({ field, code: "TEXT_MALFORMED" });
    return "";
  }
  const lines = typed.replace(/\r\n?|\u2028|\u2029/gu, "\n");
  const oneKind = field === "headline" ? lines.replace(/\s+/gu, " ") : lines;
  return oneKind.replace(CONTROLS, (control) => (control === "\n" || control === "\t" ? control : "")).trim();
}

function checkLength(text: string, limit: number, problem: ComposeProblem, problems: ComposeProblem[]): void {
  if (countCharacters(text) > limit) problems.push(problem);
}

function scopesOf(keys: readonly string[], problems: ComposeProblem[]): Scope[] {
  const scopes = new Map<string, Scope>();
  for (const key of keys) {
    try {
      const scope = scopeFromKey(key);
      scopes.set(scopeKey(scope), scope);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      problems.push({ field: "scopes", code: "SCOPE_INVALID" });
    }
  }
  const all = [...scopes.values()];
  const places = all.filter((scope) => scope.kind === "geo").length;
  if (places > LIMITS.geoScopes) problems.push({ field: "scopes", code: "TOO_MANY_PLACES" });
  if (all.length - places > LIMITS.topicScopes) problems.push({ field: "scopes", code: "TOO_MANY_TOPICS" });
  return all;
}

function replyOf(hash: string | null, problems: ComposeProblem[]): Hash | null {
  if (hash === null) return null;
  try {
    const bytes = fromHex(hash);
    if (bytes.length === ANY_HASH.length) return bytes;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
  problems.push({ field: "envelope", code: "REPLY_INVALID" });
  return null;
}

/** Size of what wire takes; 0 and a problem when it does not. Each field's own limits are checked before. */
function sized(measure: () => number, problem: ComposeProblem, problems: ComposeProblem[]): number {
  try {
    return measure();
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    problems.push(error.code === "SCOPE_SIZE" ? { field: "scopes", code: "SCOPES_TOO_LARGE" } : problem);
    return 0;
  }
}
