/** What somebody types between the key that leads to a page of words and the moment in which its field has the focus. */

/** After so long without a key, in ms, whoever presses one does not wait any more: keys mean again what they meant before. */
export const PATIENCE = 5_000;

type Field = Pick<HTMLInputElement, "dispatchEvent" | "matches" | "selectionEnd" | "setRangeText" | "value">;

export class TypedAhead {
  #text = "";
  /** Which field it is for, and until when keys are; `null` while nobody is on the way. The field may come later. */
  #waiting: { readonly selector: string; readonly until: number } | null = null;

  /** Somebody has pressed the key that leads to this field. */
  begin(selector: string, at: number): void {
    this.#text = "";
    this.#waiting = { selector, until: at + PATIENCE };
  }

  /** Whether this key was meant for the field. */
  take({ key, repeat, timeStamp }: Pick<KeyboardEvent, "key" | "repeat" | "timeStamp">): boolean {
    if (this.#waiting === null) return false;
    if (key === "Escape" || timeStamp > this.#waiting.until) {
      this.end();
      return false;
    }
    if (key === "Backspace") this.#text = Array.from(this.#text).slice(0, -1).join("");
    // The key that led here may be held a little longer.
    else if (Array.from(key).length === 1) this.#text += repeat ? "" : key;
    // What Enter would do elsewhere it is not to do on the way.
    else if (key !== "Enter") return false;
    this.#waiting = { ...this.#waiting, until: timeStamp + PATIENCE };
    return true;
  }

  /** A field of words has the focus: it gets what it was waited for with. */
  give(field: Field): void {
    if (this.#waiting === null) return;
    const text = this.#text;
    const isMeant = field.matches(this.#waiting.selector);
    this.end();
    if (!isMeant || text === "") return;
    const end = field.selectionEnd ?? field.value.length;
    field.setRangeText(text, end, end, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data: text }));
  }

  end(): void {
    this.#text = "";
    this.#waiting = null;
  }
}
