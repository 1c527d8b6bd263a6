/** What the person has uncovered since the page was loaded: it stays so, however far they scroll. */
import { createSignal } from "solid-js";

/** More than anybody uncovers; the first ones are covered again. */
const MOST = 500;

const [revealed, setRevealed] = createSignal<ReadonlySet<string>>(new Set());

export function isRevealed(hash: string): boolean {
  return revealed().has(hash);
}

export function reveal(hash: string, shown: boolean): void {
  setRevealed(
    (before) => new Set([...[...before].filter((other) => other !== hash), ...(shown ? [hash] : [])].slice(-MOST)),
  );
}
