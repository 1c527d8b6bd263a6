import { decodeNodeId, equalBytes, scopeKey, toHex, type NodeKey, type PostEnvelope } from "../../wire/index.ts";
import { upwardsOf } from "../promotion/levels.ts";
import { kindOf } from "../kinds/kind.ts";
import type { Mute, MutedKind } from "./mute.ts";
import { covered, hidden, SHOWN, type ReasonCode, type Verdict } from "./verdict.ts";
import { WordMatcher, type MutedWord } from "./words.ts";

/** What a judgement needs of an envelope. */
export type Subject = Pick<
  PostEnvelope,
  "author" | "headline" | "summary" | "mediaHints" | "scopes" | "replyTo" | "boostOf" | "references"
>;

export interface JudgeContext {
  /** Nobody is kept from their own words. */
  readonly self: NodeKey;
  /** What is to become of posts by authors whom this person has judged; `null` for others. */
  readonly flagged: (author: NodeKey) => "cover" | "hide" | null;
}

type How = Mute["how"];

/** The mutes of one person, made ready to be applied to many envelopes. */
export class Judge {
  readonly #context: JudgeContext;
  /** By hex of the key. */
  readonly #people = new Map<string, { readonly id: string; readonly how: How }>();
  readonly #scopes = new Map<string, How>();
  readonly #threads = new Map<string, How>();
  readonly #kinds = new Map<MutedKind, How>();
  readonly #hiddenWords: WordMatcher;
  readonly #coveredWords: WordMatcher;
  readonly #hasWords: boolean;

  /** @param mutes in force, in their one form */
  constructor(mutes: readonly Mute[], context: JudgeContext) {
    this.#context = context;
    const words: Record<How, MutedWord[]> = { hide: [], cover: [] };
    for (const { how, target } of mutes) {
      if (target.kind === "person") this.#people.set(toHex(decodeNodeId(target.id)), { id: target.id, how });
      else if (target.kind === "scope") this.#scopes.set(target.scope, how);
      else if (target.kind === "thread") this.#threads.set(target.post, how);
      else if (target.kind === "kind") this.#kinds.set(target.of, how);
      else words[how].push(target);
    }
    this.#hiddenWords = new WordMatcher(words.hide);
    this.#coveredWords = new WordMatcher(words.cover);
    this.#hasWords = words.hide.length + words.cover.length > 0;
  }

  /** Hashes of the posts whose threads are muted. */
  get threads(): ReadonlyMap<string, How> {
    return this.#threads;
  }

  /**
   * What hides counts before what covers.
   * @param thread hash of the muted thread that the envelope is part of
   */
  verdict(subject: Subject, thread: string | null): Verdict {
    if (equalBytes(subject.author, this.#context.self)) return SHOWN;
    let cover: Verdict | null = null;
    for (const found of this.#findings(subject, thread)) {
      if (found.kind === "hidden") return found;
      cover ??= found;
    }
    return cover ?? SHOWN;
  }

  /** What is to become of a post of which only the headline is known: its words are all that can be looked at. */
  ofHeadline(headline: string): Verdict {
    if (!this.#hasWords) return SHOWN;
    const [found] = this.#ofWords([headline]);
    return found ?? SHOWN;
  }

  /** What is cheap first; words are looked for only where nothing else has decided. */
  *#findings(subject: Subject, thread: string | null): Generator<Verdict> {
    const person = this.#people.get(toHex(subject.author));
    if (person !== undefined) yield verdictOf(person.how, "PERSON_MUTED", person.id);
    const ofThread = thread === null ? undefined : this.#threads.get(thread);
    if (ofThread !== undefined) yield verdictOf(ofThread, "THREAD_MUTED", thread);
    if (this.#kinds.size > 0) yield* this.#ofKinds(subject);
    if (this.#scopes.size > 0) yield* this.#ofScopes(subject);
    const judged = this.#context.flagged(subject.author);
    if (judged !== null) yield verdictOf(judged, "AUTHOR_FLAGGED", null);
    if (this.#hasWords) yield* this.#ofWords(textsOf(subject));
  }

  *#ofKinds(subject: Subject): Generator<Verdict> {
    for (const kind of kindsOf(subject)) {
      const how = this.#kinds.get(kind);
      if (how !== undefined) yield verdictOf(how, "KIND_MUTED", kind);
    }
  }

  *#ofScopes({ scopes }: Subject): Generator<Verdict> {
    for (const scope of scopes) {
      for (const above of upwardsOf(scope)) {
        const key = scopeKey(above);
        const how = this.#scopes.get(key);
        if (how !== undefined) yield verdictOf(how, "SCOPE_MUTED", key);
      }
    }
  }

  /** What hides comes before what covers. */
  *#ofWords(texts: readonly string[]): Generator<Verdict> {
    for (const [how, matcher] of [
      ["hide", this.#hiddenWords],
      ["cover", this.#coveredWords],
    ] as const) {
      for (const text of texts) {
        const found = matcher.find(text);
        if (found !== null) yield verdictOf(how, "WORD_MUTED", found.word);
      }
    }
  }
}

function verdictOf(how: How, code: ReasonCode, by: string | null): Verdict {
  return how === "hide" ? hidden(code, by) : covered("post", code, by);
}

function kindsOf(subject: Subject): MutedKind[] {
  if (subject.boostOf !== null) return ["boost"];
  const kind = kindOf(subject);
  return subject.replyTo === null ? [kind] : ["reply", kind];
}

/** Everything of an envelope that is read. A topic is written in its normal form, with a dash for each gap. */
function textsOf({ headline, mediaHints, scopes, summary }: Subject): string[] {
  const topics = scopes.filter(({ kind }) => kind === "topic");
  const texts = [
    headline,
    summary,
    ...mediaHints.map(({ altText }) => altText),
    ...topics.map(({ segments }) => segments.join(" / ").replaceAll("-", " ")),
  ];
  return texts.filter((text) => text !== null);
}
