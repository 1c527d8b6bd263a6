import { describe, expect, it } from "vitest";
import type { Draft } from "../../src/peer/api.ts";
import {
  dropMirror,
  isBlank,
  mergeDrafts,
  mirrorDraft,
  mirroredDrafts,
  mirrorFor,
  type MirrorStorage,
  settleMirror,
} from "../../src/app/state/draft-mirror.ts";
import { wholeDraft } from "../../src/app/state/whole-draft.ts";

function storageOf(room = Number.POSITIVE_INFINITY): MirrorStorage & { readonly entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    get length() {
      return entries.size;
    },
    key: (index) => [...entries.keys()][index] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem(key, value) {
      if (value.length > room) throw new DOMException("full", "QuotaExceededError");
      entries.set(key, value);
    },
    removeItem: (key) => void entries.delete(key),
  };
}

const draft = (patch: Partial<Draft> = {}): Draft =>
  wholeDraft({
    id: "one",
    headline: "",
    summary: "",
    text: "Hello",
    scopes: ["t:books"],
    replyTo: null,
    references: [],
    updated: 10,
    ...patch,
  });

describe("the copy of a draft", () => {
  it("gives back what was typed", () => {
    const storage = storageOf();
    expect(mirrorDraft(storage, draft())).toBe(true);
    expect(mirroredDrafts(storage)).toEqual([draft()]);
  });

  it("goes once the peer has stored it, but not when something was typed since", () => {
    const storage = storageOf();
    mirrorDraft(storage, draft({ updated: 11, text: "Hello you" }));
    settleMirror(storage, draft({ updated: 10 }));
    expect(mirroredDrafts(storage)).toHaveLength(1);
    settleMirror(storage, draft({ updated: 11 }));
    expect(mirroredDrafts(storage)).toEqual([]);
  });

  it("goes also when it was made before it was known whose it is", () => {
    const storage = storageOf();
    mirrorDraft(storage, draft());
    mirrorFor("mehr1someone", true);
    try {
      settleMirror(storage, draft());
    } finally {
      mirrorFor("", true);
    }
    expect(storage.entries.size).toBe(0);
  });

  it("says when the browser has no room, and does not hide other faults", () => {
    expect(mirrorDraft(storageOf(3), draft())).toBe(false);
    const broken = { ...storageOf(), setItem: () => expect.unreachable() };
    expect(() => mirrorDraft(broken, draft())).toThrow();
  });

  it("passes over what is not a draft", () => {
    const storage = storageOf();
    storage.entries.set("mehr.draft.a", "{");
    storage.entries.set("mehr.draft.b", '{"id":"b"}');
    storage.entries.set("mehr.theme", "dark");
    mirrorDraft(storage, draft());
    expect(mirroredDrafts(storage).map(({ id }) => id)).toEqual(["one"]);
    dropMirror(storage, "one");
    expect(mirroredDrafts(storage)).toEqual([]);
  });
});

describe("drafts", () => {
  it("are merged to the newest version of each, last touched first", () => {
    const stored = [draft({ updated: 10 }), draft({ id: "two", updated: 12 })];
    const mirrored = [draft({ updated: 15, text: "newer" }), draft({ id: "three", updated: 1 })];
    expect(mergeDrafts(stored, mirrored).map(({ id, text }) => `${id} ${text}`)).toEqual([
      "one newer",
      "two Hello",
      "three Hello",
    ]);
  });

  it("are blank without words, whatever their scopes", () => {
    expect(isBlank(draft({ text: " \n" }))).toBe(true);
    expect(isBlank(draft())).toBe(false);
  });
});
