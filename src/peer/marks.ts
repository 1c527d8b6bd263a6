import type { Store } from "../store/port.ts";
import { toHex, type NodeKey } from "../wire/index.ts";

const MARKS_KEY = "author-marks";

/** What this peer noticed about authors by itself, such as an envelope that lied about the size of its post. Told to nobody. */
export class AuthorMarks {
  readonly #store: Store;
  readonly #marks: Map<string, readonly string[]>;

  private constructor(store: Store, marks: Map<string, readonly string[]>) {
    this.#store = store;
    this.#marks = marks;
  }

  static async open(store: Store): Promise<AuthorMarks> {
    const stored = await store.setting(MARKS_KEY);
    return new AuthorMarks(store, stored instanceof Map ? stored : new Map());
  }

  of(author: NodeKey): readonly string[] {
    return this.#marks.get(toHex(author)) ?? [];
  }

  async add(author: NodeKey, code: string): Promise<void> {
    const known = this.of(author);
    if (known.includes(code)) return;
    this.#marks.set(toHex(author), [...known, code]);
    await this.#store.commit({ settings: { [MARKS_KEY]: new Map(this.#marks) } });
  }
}
