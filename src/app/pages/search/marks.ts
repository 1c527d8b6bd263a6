/**
 * Marks the words that were found in the cards below an element, without touching the cards: the browser paints ranges of
 * text (CSS Custom Highlights). Where it cannot, nothing is marked.
 */
import { searchTerms, spansOf, type SearchTerm } from "../../../social/search/index.ts";

const NAME = "found";
/** Texts of a card in which words are looked for. */
const TEXTS = ".envelope-headline, .envelope-summary";

export interface Marks {
  /** Marks the words of what is typed now. */
  look(typed: string): void;
  stop(): void;
}

/** Watches the cards below `root`, which come and go as it scrolls. */
export function markWords(root: HTMLElement): Marks {
  const highlights = "highlights" in CSS ? CSS.highlights : undefined;
  if (highlights === undefined) return { look: () => undefined, stop: () => undefined };
  let terms: readonly SearchTerm[] = [];
  const paint = (): void => {
    const ranges = [...root.querySelectorAll(TEXTS)].flatMap((element) => rangesIn(element, terms));
    if (ranges.length === 0) highlights.delete(NAME);
    else highlights.set(NAME, new Highlight(...ranges));
  };
  const observer = new MutationObserver(paint);
  observer.observe(root, { childList: true, subtree: true, characterData: true });
  return {
    look(typed) {
      terms = searchTerms(typed);
      paint();
    },
    stop() {
      observer.disconnect();
      highlights.delete(NAME);
    },
  };
}

function rangesIn(element: Element, terms: readonly SearchTerm[]): Range[] {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const ranges: Range[] = [];
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    for (const { end, start } of spansOf(node.nodeValue ?? "", terms)) {
      const range = new Range();
      range.setStart(node, start);
      range.setEnd(node, end);
      ranges.push(range);
    }
  }
  return ranges;
}
