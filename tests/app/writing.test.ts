import { createRoot } from "solid-js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { wholeDraft } from "../../src/app/state/whole-draft.ts";
import { createTaking } from "../../src/app/pages/write/attachments/taking.ts";
import { createWriting, type Writing } from "../../src/app/pages/write/draft.ts";
import type { Draft, DraftAttachment, PeerApi } from "../../src/peer/api.ts";

const draft = (patch: Partial<Draft> = {}): Draft =>
  wholeDraft({
    id: "one",
    headline: "",
    summary: "",
    text: "",
    scopes: [],
    replyTo: null,
    references: [],
    updated: 0,
    ...patch,
  });

/** Drafts on their way to the peer, which confirms each when the test says so. */
let sent: { readonly text: string; readonly confirm: () => void }[];
let mirror: Map<string, string>;
let dispose: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  mirror = new Map();
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => mirror.get(key) ?? null,
    setItem: (key: string, value: string) => mirror.set(key, value),
    removeItem: (key: string) => mirror.delete(key),
  });
});
afterEach(() => {
  dispose();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function write(): Writing {
  const api: Pick<PeerApi, "saveDraft"> = {
    saveDraft: ({ text }) => new Promise((confirm) => void sent.push({ text, confirm: () => confirm() })),
  };
  return createRoot((end) => {
    dispose = end;
    return createWriting(() => api as PeerApi, draft());
  });
}

/** Types, and pauses for longer than a draft waits to be stored. */
function type(writing: Writing, text: string): void {
  writing.change({ text });
  vi.advanceTimersByTime(1_000);
}

describe("the draft that is being written", () => {
  it("is stored when nothing of it is on its way any more, also not what an earlier pause sent", async () => {
    const writing = write();
    type(writing, "early");
    const flushed = vi.fn();
    const flushing = writing.flush().then(flushed);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map(({ text }) => text)).toEqual(["early"]);
    expect(flushed).not.toHaveBeenCalled();
    sent[0]?.confirm();
    await flushing;
    expect(mirror.size).toBe(0);
  });

  it("is stored every two seconds while somebody types without a pause", () => {
    const writing = write();
    for (let key = 1; key <= 50; key++) {
      writing.change({ text: "x".repeat(key) });
      vi.advanceTimersByTime(100);
    }
    // At 2.0 s, then 2.0 s after the first key that followed.
    expect(sent.map(({ text }) => text.length)).toEqual([20, 40]);
  });

  it("is stored at once, however long an earlier version takes", async () => {
    const writing = write();
    type(writing, "early");
    writing.change({ text: "late" });
    const flushing = writing.flush();
    expect(sent.map(({ text }) => text)).toEqual(["early", "late"]);
    for (const { confirm } of sent) confirm();
    await flushing;
  });

  it("is none once it was published", async () => {
    const writing = write();
    writing.change({ text: "words" });
    writing.finish({ ...writing.draft });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toEqual([]);
    expect(mirror.size).toBe(0);
  });

  it("stays when more was written than was published", async () => {
    const writing = write();
    writing.change({ text: "words" });
    const published = { ...writing.draft };
    vi.advanceTimersByTime(1);
    writing.change({ text: "words and more" });
    writing.finish(published);
    expect(mirror.size).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent.map(({ text }) => text)).toEqual(["words and more"]);
  });

  it("stays when it is another than the one that was published", async () => {
    const writing = write();
    writing.change({ text: "words" });
    const published = { ...writing.draft };
    writing.open(draft({ id: "two" }));
    writing.change({ text: "another" });
    writing.finish(published);
    expect([...mirror.keys()]).toEqual(["mehr.draft.two"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent.map(({ text }) => text)).toEqual(["words", "another"]);
  });
});

describe("a file that was removed", () => {
  const file = (hash: string): DraftAttachment => ({
    hash,
    contentType: "image/png",
    size: 1,
    blurhash: null,
    altText: "",
    duration: null,
  });
  const first = ["a", "b", "c"].map(file);
  const without = draft({ attachments: [file("a"), file("c")] });

  /** Removes the second of three files; what is listed once something else has happened and "Undo" is pressed. */
  function after(meanwhile: (open: (next: Draft) => void) => void): string {
    let open = draft({ attachments: first });
    const taking = createRoot((end) => {
      dispose = end;
      const insert = (put: DraftAttachment, at: number) => {
        open = { ...open, attachments: open.attachments.toSpliced(at, 0, put) };
      };
      return createTaking(
        () => undefined,
        () => open,
        insert,
      );
    });
    const undo = taking.putBack(file("b"), 1);
    open = without;
    meanwhile((next) => (open = next));
    undo();
    return open.attachments.map(({ hash }) => hash).join("");
  }

  it("comes back to its place, also after another draft was looked at", () => {
    expect(after(() => undefined)).toBe("abc");
    const looked = after((open) => {
      open(draft({ id: "two" }));
      open(without);
    });
    expect(looked).toBe("abc");
  });

  it("comes into no other draft, not twice, not beyond the limit, and not once the page was left", () => {
    expect(after((open) => open(draft({ id: "two", attachments: [file("x")] })))).toBe("x");
    expect(after((open) => open(draft({ attachments: [file("b"), file("a")] })))).toBe("ba");
    const full = Array.from({ length: 16 }, (_, at) => file(String.fromCharCode(100 + at)));
    expect(after((open) => open(draft({ attachments: full })))).toHaveLength(16);
    expect(after(() => dispose())).toBe("ac");
  });
});
