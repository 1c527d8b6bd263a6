/**
 * A person who has a keyboard and nothing else: goes to a control by Tab, or by the arrows of a group, and presses it there. Every
 * control that is made use of must be seen by whoever stands on it: within the window, and under no bar.
 */
import type { Locator, Page } from "@playwright/test";
import { expect } from "./fixtures.ts";

type Role = Parameters<Page["getByRole"]>[0];

/** Where it is looked for, and which of several. */
export interface Where {
  /** Default: the page. */
  readonly within?: Page | Locator;
  readonly nth?: number;
}

/** What a phone shows of a page. */
export const PHONE = { viewport: { width: 390, height: 844 } };

/** More stops than any page of these stories has. */
const MOST_STOPS = 150;
/** A control has its place once what surrounds it is there, in milliseconds. */
const SETTLED = 5_000;

export class Keys {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /**
   * Presses Tab, or Shift+Tab for what stands before, until this has the focus; of radio buttons the arrows go to the others.
   * @throws with all that had the focus on the way, when it comes round without having met it
   */
  async to(role: Role, name: string | RegExp, { within = this.page, nth = 0 }: Where = {}): Promise<Locator> {
    const target = within.getByRole(role, { name, exact: typeof name === "string" }).nth(nth);
    await expect(target).toBeVisible();
    const begun = await this.page.evaluateHandle(() => document.activeElement);
    const met: string[] = [];
    let element = await target.elementHandle();
    const key = await target.evaluate(whereItLies);
    let away = false;
    for (let presses = 0; ; presses += 1) {
      const seen = await this.page.evaluate(look, { target: element, start: begun, key });
      met.push(seen.words);
      if (seen.next === null) break;
      // A date is several stops: it has come round once it was elsewhere.
      away ||= !seen.round;
      if ((seen.round && away) || presses === MOST_STOPS) {
        throw new Error(`No key leads to the ${role} ${String(name)}. These had the focus:\n${met.join("\n")}`);
      }
      await this.page.keyboard.press(seen.next);
      // What is drawn anew on the way is another element of the same name.
      if (seen.stale) element = await target.elementHandle();
    }
    await begun.dispose();
    await this.seen();
    return target;
  }

  /** Goes there and presses it. */
  async press(role: Role, name: string | RegExp, { by = "Enter", ...where }: Where & { by?: "Enter" | "Space" } = {}) {
    const target = await this.to(role, name, where);
    await this.page.keyboard.press(by);
    return target;
  }

  /** Goes to a field, and writes in it in the place of what is there. */
  async write(name: string | RegExp, text: string, where?: Where & { role?: Role }): Promise<Locator> {
    const field = await this.to(where?.role ?? "textbox", name, where);
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.type(text);
    return field;
  }

  /** Opens a dialog from this control. */
  async open(role: Role, name: string | RegExp, dialog: string | RegExp, where?: Where): Promise<Opened> {
    const opener = await this.press(role, name, where);
    const element = this.page.getByRole("dialog", { name: dialog });
    await expect(element).toBeVisible();
    await this.has(element);
    return { element, opener };
  }

  /** The dialog is gone, and the focus is where it was opened. */
  async back({ element, opener }: Opened): Promise<void> {
    await expect(element).toBeHidden();
    await expect(opener).toBeFocused();
    await this.seen();
  }

  /** The focus is in there, and not lost with what was pressed. */
  async has(place: Locator): Promise<void> {
    await expect
      .poll(() => place.evaluate((element) => element.contains(document.activeElement)), {
        message: "the focus is in there",
        timeout: SETTLED,
      })
      .toBe(true);
    await this.seen();
  }

  /** What has the focus can be seen. */
  async seen(): Promise<void> {
    await expect
      .poll(() => this.page.evaluate(hidden), { message: "what has the focus is seen", timeout: SETTLED })
      .toBe("");
  }
}

/** A dialog, and the control that opened it. */
export interface Opened {
  readonly element: Locator;
  readonly opener: Locator;
}

/** Whether what is looked for comes before or after what has the focus. Runs in the page. */
function whereItLies(target: Element): "Tab" | "Shift+Tab" {
  const at = document.activeElement;
  if (at === null || at === document.body || at.contains(target)) return "Tab";
  return target.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING ? "Shift+Tab" : "Tab";
}

/** What has the focus, and which key goes on from there; `null` where it is. Runs in the page. */
function look({ key, start, target }: { key: "Tab" | "Shift+Tab"; start: Element | null; target: Element | null }): {
  next: string | null;
  words: string;
  round: boolean;
  stale: boolean;
} {
  const at = document.activeElement;
  const name = at?.getAttribute("aria-label") ?? (at as HTMLInputElement | null)?.labels?.[0]?.textContent;
  const words = `${at?.tagName.toLowerCase() ?? "nothing"} ${(name ?? at?.textContent ?? "").slice(0, 60)}`;
  const isRadio = (element: Element | null): element is HTMLInputElement =>
    element instanceof HTMLInputElement && element.type === "radio";
  const grouped = isRadio(at) && isRadio(target) && at.name === target.name && at.form === target.form;
  const next = at === target ? null : grouped ? "ArrowDown" : key;
  return { next, words: words.replaceAll("\n", " "), round: at === start, stale: target?.isConnected !== true };
}

/** Why what has the focus is not seen; nothing where it is. Runs in the page. */
function hidden(): string {
  const at = document.activeElement;
  if (!(at instanceof HTMLElement) || at === document.body) return "nothing has the focus";
  const own = at.getBoundingClientRect();
  // What the browser draws poorly is drawn by its label.
  const isDrawn = Math.min(own.width, own.height) > 4 && getComputedStyle(at).opacity !== "0";
  const shown = isDrawn ? at : ((at as HTMLInputElement).labels?.[0] ?? at);
  const boxes = [...shown.getClientRects()];
  for (const box of [boxes.at(0), boxes.at(-1)]) {
    if (box === undefined) return `${shown.outerHTML.slice(0, 200)} is not drawn`;
    const across = box.left + box.width / 2;
    // What is higher than the window is seen by its beginning.
    const points =
      box.height > innerHeight / 2 ? [box.top + 3] : [box.top + 3, box.top + box.height / 2, box.bottom - 3];
    for (const down of points) {
      const top = document.elementFromPoint(across, down);
      if (top !== null && (shown.contains(top) || top.contains(shown))) continue;
      return `${shown.outerHTML.slice(0, 200)} is ${top === null ? "out of the window" : `under ${top.outerHTML.slice(0, 200)}`} at ${down}`;
    }
  }
  return "";
}
