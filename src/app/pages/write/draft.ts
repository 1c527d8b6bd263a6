/** The draft that is being written: every key is kept at once, and stored by the peer at the next pause. */
import { createSignal, onCleanup, onMount } from "solid-js";
import { createStore, unwrap } from "solid-js/store";
import type { Draft, PeerApi } from "../../../peer/api.ts";
import { wholeDraft } from "../../state/whole-draft.ts";
import { dropMirror, isBlank, isMirroring, mirrorDraft, mirrorOwner, settleMirror } from "../../state/draft-mirror.ts";

/** A pause in typing, not one between keys. */
const STORE_PAUSE = 500;
/** Whoever types without a pause: what is mirrored lies with the browser for five seconds before it writes that down (Chromium). */
const LONGEST_UNSTORED = 2_000;

export type SaveState = "idle" | "saving" | "saved" | "failed";

export interface Writing {
  readonly draft: Draft;
  readonly saveState: () => SaveState;
  change(patch: Partial<Omit<Draft, "id" | "replyTo" | "updated">>): void;
  /** Goes on with another draft; the present one is stored first. */
  open(draft: Draft): void;
  /** Stores at once. Resolves when nothing is on its way to the peer any more, from whichever call. */
  flush(): Promise<void>;
  /** Removes it everywhere; what was removed comes back, for "Undo". */
  discard(): Promise<Draft>;
  /** This version was published: nothing of it remains a draft. What was written since, or is another draft, stays. */
  finish(published: Draft): void;
}

export function blankDraft(replyTo: string | null, scopes: readonly string[]): Draft {
  const words = { headline: "", summary: "", text: "" };
  return wholeDraft({ id: crypto.randomUUID(), ...words, scopes, replyTo, updated: Date.now() });
}

export function plainOf(draft: Draft): Draft {
  const raw = unwrap(draft);
  const attachments = raw.attachments.map((file) => ({ ...file }));
  const notes = raw.notes.map((note) => ({ ...note }));
  return { ...raw, scopes: [...raw.scopes], references: [...raw.references], attachments, notes };
}

export function createWriting(api: () => PeerApi | undefined, first: Draft): Writing {
  const [draft, setDraft] = createStore<{ -readonly [Key in keyof Draft]: Draft[Key] }>({ ...first });
  const [saveState, setSaveState] = createSignal<SaveState>("idle");
  let dirty = false;
  let dirtySince = 0;
  let finished = false;
  const owner = mirrorOwner();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stored = Promise.resolve();

  function flush(): Promise<void> {
    clearTimeout(timer);
    dirtySince = performance.now();
    // An earlier one may still be repeated by a peer that takes over, and would then come after what follows this.
    stored = Promise.all([stored, store()]).then(() => undefined);
    return stored;
  }

  async function store(): Promise<void> {
    const peer = api();
    if (!dirty || finished || !peer) return;
    // Another identity runs now: this draft is not one of its own, and comes back from the mirror with the one whose it is.
    if (owner !== "" && owner !== mirrorOwner()) return;
    const version = plainOf(draft);
    dirty = false;
    setSaveState("saving");
    try {
      await peer.saveDraft(version);
    } catch (error) {
      console.warn("draft", error);
      dirty = true;
      setSaveState("failed");
      return;
    }
    settleMirror(localStorage, version);
    if (!dirty) setSaveState("saved");
  }

  function change(patch: Partial<Draft>) {
    setDraft({ ...patch, updated: Date.now() });
    if (!dirty) dirtySince = performance.now();
    dirty = true;
    if (!mirrorDraft(localStorage, plainOf(draft))) setSaveState("failed");
    clearTimeout(timer);
    const longest = Math.max(0, dirtySince + LONGEST_UNSTORED - performance.now());
    timer = setTimeout(() => void flush(), isMirroring() ? Math.min(STORE_PAUSE, longest) : 0);
  }

  const onHide = () => void flush();
  onMount(() => window.addEventListener("pagehide", onHide));
  onCleanup(() => {
    window.removeEventListener("pagehide", onHide);
    void flush();
  });

  return {
    draft,
    saveState,
    change,
    flush,
    open(next) {
      void flush();
      finished = false;
      setDraft({ ...next });
      setSaveState("idle");
    },
    async discard() {
      clearTimeout(timer);
      const removed = plainOf(draft);
      dirty = false;
      dropMirror(localStorage, removed.id);
      setDraft(blankDraft(removed.replyTo, removed.scopes));
      setSaveState("idle");
      if (!isBlank(removed)) await api()?.dropDraft(removed.id);
      return removed;
    },
    finish(published) {
      if (draft.id === published.id && draft.updated === published.updated) {
        finished = true;
        clearTimeout(timer);
      }
      settleMirror(localStorage, published);
    },
  };
}
