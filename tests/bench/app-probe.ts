/** What a page under measurement notes by itself: when a card was on screen, by the clock of that page. */
import type { Page } from "@playwright/test";

/** The attribute by which the app marks the card of an envelope; its value is the envelope's hash. */
export const SEEN_MARK = "data-hash";

export interface Probe {
  /** Milliseconds since the navigation started, by what was seen. */
  readonly times: Map<string, number>;
  /** Resolves with the time at which this was seen first. */
  seen(mark: string): Promise<number>;
  /** Resolves when anything was seen. */
  first(): Promise<number>;
  /** Milliseconds since 1970, as finely as this page knows it. */
  now(): number;
}

declare global {
  interface Window {
    benchProbe: Probe;
  }
}

/**
 * Runs in the page before anything else does. An IntersectionObserver reports after the frame was laid out in which an
 * element is within the viewport, so that neither a card that is only in the document counts nor one below the fold.
 */
export function installProbe(mark: string): void {
  const times = new Map<string, number>();
  const waiting = new Map<string, ((time: number) => void)[]>();
  // An element may be used again for another card.
  const known = new WeakMap<Element, string | null>();
  const note = (name: string, time: number): void => {
    if (times.has(name)) return;
    times.set(name, time);
    for (const key of [name, ""]) {
      for (const resolve of waiting.get(key) ?? []) resolve(time);
      waiting.delete(key);
    }
  };
  const onScreen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      onScreen.unobserve(target);
      note(target.getAttribute(mark) ?? "", performance.now());
    }
  });
  const look = (): void => {
    for (const element of document.querySelectorAll(`[${mark}]`)) {
      const name = element.getAttribute(mark);
      if (known.get(element) === name) continue;
      known.set(element, name);
      onScreen.observe(element);
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributeFilter: [mark] });
  const when = (name: string): Promise<number> =>
    new Promise((resolve) => {
      waiting.set(name, [...(waiting.get(name) ?? []), resolve]);
    });
  window.benchProbe = {
    times,
    seen: async (name) => times.get(name) ?? (await when(name)),
    first: async () => [...times.values()][0] ?? (await when("")),
    now: () => performance.timeOrigin + performance.now(),
  };
}

/** Milliseconds from the start of the navigation until anything with the mark was on screen. */
export function firstSeen(page: Page): Promise<number> {
  return page.evaluate(() => window.benchProbe.first());
}
