/**
 * Quiet moments: nobody is typing, and nothing that was typed would be lost if the page were reloaded or left. Drafts are kept
 * with every key (draft-mirror.ts), the words in other fields are not.
 */

/** A pause to think, not one between keys. */
const TYPING_PAUSE = 5_000;

/** How soon a quiet moment is noticed. */
const LOOK_EVERY = 1_000;

const holds = new Set<() => boolean>();
const touched = new Set<HTMLInputElement | HTMLTextAreaElement>();
let typedAt = Number.NEGATIVE_INFINITY;

function isTextField(target: EventTarget | null): target is HTMLInputElement | HTMLTextAreaElement {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "range", "file", "color"].includes(target.type);
}

document.addEventListener("input", ({ target }) => {
  if (!isTextField(target)) return;
  typedAt = performance.now();
  if (target.closest("[data-kept]") === null) touched.add(target);
});

/** Whether this page holds words that are nowhere else. */
export function holdsWords(): boolean {
  for (const field of touched) {
    if (!field.isConnected || field.value === "") touched.delete(field);
  }
  return touched.size > 0 || [...holds].some((holding) => holding());
}

/** As long as `holding` says so, the page holds words that are nowhere else. The returned function ends that. */
export function holdWords(holding: () => boolean): () => void {
  holds.add(holding);
  return () => holds.delete(holding);
}

function isQuiet(): boolean {
  return !holdsWords() && performance.now() - typedAt >= TYPING_PAUSE;
}

/** Runs `task` once, at the next quiet moment: at once if this is one. The returned function gives it up. */
export function whenQuiet(task: () => void): () => void {
  if (isQuiet()) {
    task();
    return () => undefined;
  }
  const timer = setInterval(() => {
    if (!isQuiet()) return;
    clearInterval(timer);
    task();
  }, LOOK_EVERY);
  return () => clearInterval(timer);
}
