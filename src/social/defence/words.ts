import { foldText } from "./fold.ts";

export interface MutedWord {
  /** As the person typed it; more than one word is a phrase. */
  readonly word: string;
  /** Only where it stands as a word of its own. Scripts that do not part words (Chinese, Thai) have no such places. */
  readonly whole: boolean;
}

/** One place in the tree of all words. */
interface Node {
  readonly next: Map<number, Node>;
  readonly depth: number;
  /** The place of the longest end of this path that begins a word, too. */
  fail: Node;
  /** The nearest place along `fail` at which a word ends. */
  ending: Node | null;
  /** Those that end here: at most one of each kind. */
  whole: MutedWord | null;
  anywhere: MutedWord | null;
}

/**
 * Finds the first of many words in a text in one pass: the automaton of Aho and Corasick ("Efficient string matching", CACM 18,
 * 1975). What a stranger writes costs time in proportion to its length, however many words there are and however it is made;
 * at each character at most as many ends are looked at as words of different length end there, which are the person's own.
 */
export class WordMatcher {
  readonly #root: Node;
  readonly #isEmpty: boolean;

  constructor(words: readonly MutedWord[]) {
    this.#root = nodeAt(0);
    this.#root.fail = this.#root;
    for (const word of words) this.#add(word);
    this.#isEmpty = this.#root.next.size === 0;
    this.#link();
  }

  /** @param text as it was written; `null` when none of the words is in it */
  find(text: string): MutedWord | null {
    if (this.#isEmpty) return null;
    const folded = foldText(text);
    let at = this.#root;
    for (let index = 0; index < folded.length; index++) {
      const unit = folded.charCodeAt(index);
      let next = at.next.get(unit);
      while (next === undefined && at !== this.#root) {
        at = at.fail;
        next = at.next.get(unit);
      }
      at = next ?? this.#root;
      for (let end: Node | null = at; end !== null; end = end.ending) {
        if (end.anywhere !== null) return end.anywhere;
        if (end.whole !== null && standsAlone(folded, index + 1 - end.depth, index + 1)) return end.whole;
      }
    }
    return null;
  }

  #add(word: MutedWord): void {
    const folded = foldText(word.word);
    // What consists of unseen characters alone would be found everywhere.
    if (folded === "") return;
    let at = this.#root;
    for (let index = 0; index < folded.length; index++) {
      const unit = folded.charCodeAt(index);
      const next = at.next.get(unit) ?? nodeAt(at.depth + 1);
      at.next.set(unit, next);
      at = next;
    }
    if (word.whole) at.whole ??= word;
    else at.anywhere ??= word;
  }

  /** Breadth first: whatever `fail` leads to is nearer to the root and done already. */
  #link(): void {
    const queue: Node[] = [...this.#root.next.values()];
    for (const node of queue) node.fail = this.#root;
    for (let head = 0; head < queue.length; head++) {
      const node = queue[head] as Node;
      const { fail } = node;
      node.ending = fail.whole !== null || fail.anywhere !== null ? fail : fail.ending;
      for (const [unit, child] of node.next) {
        let from = fail;
        while (from !== this.#root && !from.next.has(unit)) from = from.fail;
        child.fail = from.next.get(unit) ?? this.#root;
        queue.push(child);
      }
    }
  }
}

function nodeAt(depth: number): Node {
  const node = { next: new Map<number, Node>(), depth, ending: null, whole: null, anywhere: null };
  return Object.assign(node, { fail: node as unknown as Node });
}

const OF_A_WORD = /[\p{L}\p{N}\p{M}_]/u;

function standsAlone(text: string, start: number, end: number): boolean {
  return !isOfAWord(before(text, start)) && !isOfAWord(text.codePointAt(end));
}

function isOfAWord(point: number | undefined): boolean {
  return point !== undefined && OF_A_WORD.test(String.fromCodePoint(point));
}

/** The character that ends at `at`, which may have two units. */
function before(text: string, at: number): number | undefined {
  if (at === 0) return undefined;
  const point = text.codePointAt(at - 2);
  return point !== undefined && point > 0xffff ? point : text.charCodeAt(at - 1);
}
