import {
  countCharacters,
  envelopeSize,
  familyOf,
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
import { kindOf, type ContentKind } from "./kinds/kind.ts";
import { composeMedia, lessonParts, type DraftMedia } from "./kinds/media.ts";
import { composeWords, type Note } from "./kinds/words.ts";
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
  /** Hex of what is referred to. */
  readonly references: readonly string[];
  readonly kind: ContentKind;
  /** Who made it: an artist, authors. Kinds that name nobody leave it out. */
  readonly byline: string;
  readonly attachments: readonly DraftAttachment[];
  /** What a collection says of what it refers to. */
  readonly notes: readonly { readonly of: string; readonly note: string }[];
  /** The author's share of retrieval fees, of 255. */
  readonly kickbackRate: number;
}

export interface DraftAttachment extends Omit<DraftMedia, "hash" | "words"> {
  /** Hex. */
  readonly hash: string;
  readonly altText: string;
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
  | "REFERENCE_INVALID"
  /** As `REPLY_TOO_WIDE`, of something that is referred to. */
  | "REFERENCE_TOO_WIDE"
  | "TOO_MANY_REFERENCES"
  | "BYLINE_TOO_LONG"
  | "NOTE_TOO_LONG"
  | "TOO_MANY_ATTACHMENTS"
  /** A post of this kind holds no such file. */
  | "ATTACHMENT_UNFIT"
  /** Its bytes are not kept here. */
  | "ATTACHMENT_MISSING"
  | "ALT_TEXT_TOO_LONG"
  /** Something without which it would be a post of another kind is not there yet. */
  | "KIND_INCOMPLETE"
  | "ENVELOPE_TOO_LARGE";

/** What of a draft a problem is about. */
export type ComposeField =
  | "headline"
  | "summary"
  | "text"
  | "scopes"
  | "references"
  | "byline"
  | "attachments"
  | "notes"
  | "kind"
  | "envelope";

export interface ComposeProblem {
  readonly field: ComposeField;
  readonly code: ComposeProblemCode;
  /** Which attachment, by its place in the draft. */
  readonly at?: number;
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

/** A long list of authors; half of the summary is left for what the paper is about. */
const BYLINE_CHARACTERS = 140;
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
  const byline = cleaned(draft.byline, "byline", problems);
  const typed = cleaned(draft.text, "text", problems);
  const scopes = scopesOf(draft.scopes, problems);
  const replyTo = replyOf(draft.replyTo, problems);
  const references = referencesOf(draft.references, problems);
  const tellsTooMany = (named: Hash): boolean => scopes.length > 0 && context.isTrustedOnly?.(named) === true;
  if (replyTo !== null && tellsTooMany(replyTo)) problems.push({ field: "scopes", code: "REPLY_TOO_WIDE" });
  if (references.some(tellsTooMany)) problems.push({ field: "references", code: "REFERENCE_TOO_WIDE" });
  const notes = notesOf(draft, problems);
  const { summary, text } = composeWords(draft.kind, { byline, text: typed, ownSummary, notes });
  const media = composeMedia(
    draft.kind,
    draft.attachments.map((file) => mediaOf(file, problems)),
    problems,
  );
  const isEmpty = headline === "" && text === "" && media.hashes.length === 0;
  if (isEmpty) problems.push({ field: "text", code: "DRAFT_EMPTY" });
  checkLength(headline, LIMITS.headlineCharacters, { field: "headline", code: "HEADLINE_TOO_LONG" }, problems);
  checkLength(byline, BYLINE_CHARACTERS, { field: "byline", code: "BYLINE_TOO_LONG" }, problems);
  checkLength(summary, LIMITS.summaryCharacters, { field: "summary", code: "SUMMARY_TOO_LONG" }, problems);
  const shape = { mediaHints: media.hints, references, summary };
  // A text may hold what it likes: whoever writes like a collection has made one.
  const isIncomplete = draft.kind !== "text" && kindOf(shape) !== draft.kind;
  if (isIncomplete && !isEmpty) problems.push({ field: "kind", code: "KIND_INCOMPLETE" });
  const audience = audienceOf(scopes, context.home);

  const ownSize = sized(
    () => postSize(text || null, [], Math.min(media.hashes.length, LIMITS.postMedia)),
    { field: "text", code: "TEXT_TOO_LONG" },
    problems,
  );
  const contentSize = ownSize === 0 ? 0 : ownSize + media.bytes;
  const envelope = (postHash: Hash): UnsignedEnvelope => ({
    type: "PostEnvelope",
    postHash,
    author: context.author,
    headline: headline || null,
    summary: summary || null,
    mediaHints: [...media.hints],
    scopes,
    replyTo,
    boostOf: null,
    references,
    contentSize,
    created: context.now,
    kickbackRate: draft.kickbackRate,
  });
  if (problems.length > 0) return { problems, audience, contentSize, envelopeBytes: 0, objects: null };
  const tooLarge: ComposeProblem = { field: "envelope", code: "ENVELOPE_TOO_LARGE" };
  const envelopeBytes = sized(() => envelopeSize(envelope(ANY_HASH)), tooLarge, problems);
  const post: UnsignedPost = {
    type: "SocialPost",
    author: context.author,
    text: text || null,
    media: [...media.hashes],
    links: [],
  };
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
function cleaned(typed: string, field: ComposeField, problems: ComposeProblem[]): string {
  if (LONE_SURROGATE.test(typed)) {
    problems.push({ field, code: "TEXT_MALFORMED" });
    return "";
  }
  const lines = typed.replace(/\r\n?|\u2028|\u2029/gu, "\n");
  const oneKind = field === "summary" || field === "text" ? lines : lines.replace(/\s+/gu, " ");
  return oneKind.replace(CONTROLS, (control) => (control === "\n" || control === "\t" ? control : "")).trim();
}

function checkLength(text: string, limit: number, problem: ComposeProblem, problems: ComposeProblem[]): void {
  if (countCharacters(text) > limit) problems.push(problem);
}

/** Of each reference of a collection of which something is said. */
function notesOf({ kind, notes, references }: DraftText, problems: ComposeProblem[]): Note[] {
  if (kind !== "collection") return [];
  const said = new Map(notes.map(({ note, of }) => [of, note]));
  return [...new Set(references)].flatMap((hash, at) => {
    const note = cleaned(said.get(hash) ?? "", "notes", problems);
    checkLength(note, LIMITS.entryNoteCharacters, { field: "notes", code: "NOTE_TOO_LONG" }, problems);
    return note === "" ? [] : [{ number: at + 1, note }];
  });
}

function mediaOf({ altText, hash, ...file }: DraftAttachment, problems: ComposeProblem[]): DraftMedia {
  const [name, about] = familyOf(file.contentType) === "video" ? lessonParts(altText) : [altText, ""];
  const words = [name, about].map((part) => cleaned(part, "attachments", problems)).filter((part) => part !== "");
  return { ...file, hash: fromHex(hash), words: words.join("\n") };
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
  const named = hashOfText(hash);
  if (named === null) problems.push({ field: "envelope", code: "REPLY_INVALID" });
  return named;
}

/** In the order in which they were chosen, each once. */
function referencesOf(hashes: readonly string[], problems: ComposeProblem[]): Hash[] {
  const named = [...new Set(hashes)].map(hashOfText);
  const references = named.filter((hash) => hash !== null);
  if (references.length < named.length) problems.push({ field: "references", code: "REFERENCE_INVALID" });
  if (references.length > LIMITS.references) problems.push({ field: "references", code: "TOO_MANY_REFERENCES" });
  return references;
}

function hashOfText(hash: string): Hash | null {
  try {
    const bytes = fromHex(hash);
    return bytes.length === ANY_HASH.length ? bytes : null;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return null;
  }
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
