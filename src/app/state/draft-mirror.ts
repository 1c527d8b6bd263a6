/**
 * A copy of a draft that is written before the next key can be pressed. Storing in the peer takes a moment, and a tab
 * may be closed within it; what was typed must not be lost even then.
 */
import type { Draft } from "../../peer/api.ts";

const PREFIX = "mehr.draft.";

/** What of `localStorage` is needed. */
export interface MirrorStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== "object" || value === null) return false;
  const draft = value as Partial<Record<keyof Draft, unknown>>;
  return (
    typeof draft.id === "string" &&
    typeof draft.headline === "string" &&
    typeof draft.summary === "string" &&
    typeof draft.text === "string" &&
    typeof draft.updated === "number" &&
    Array.isArray(draft.scopes) &&
    (draft.replyTo === null || typeof draft.replyTo === "string")
  );
}

/** False when the browser has no room; the caller says so. */
export function mirrorDraft(storage: MirrorStorage, draft: Draft): boolean {
  try {
    storage.setItem(PREFIX + draft.id, JSON.stringify(draft));
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}

export function dropMirror(storage: MirrorStorage, id: string): void {
  storage.removeItem(PREFIX + id);
}

/** The peer has stored this version: the copy may go, unless something was typed since. */
export function settleMirror(storage: MirrorStorage, stored: Draft): void {
  const copy = readMirror(storage, stored.id);
  if (copy && copy.updated <= stored.updated) dropMirror(storage, stored.id);
}

function readMirror(storage: MirrorStorage, id: string): Draft | undefined {
  const text = storage.getItem(PREFIX + id);
  if (text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isDraft(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Copies that the peer has not confirmed: what a tab that was closed left behind. */
export function mirroredDrafts(storage: MirrorStorage): Draft[] {
  const drafts: Draft[] = [];
  for (let index = 0; index < storage.length; index += 1) {
    const key = storage.key(index);
    if (!key?.startsWith(PREFIX)) continue;
    const draft = readMirror(storage, key.slice(PREFIX.length));
    if (draft) drafts.push(draft);
  }
  return drafts;
}

/** Of the drafts stored and those mirrored, the newest version of each, last touched first. */
export function mergeDrafts(stored: readonly Draft[], mirrored: readonly Draft[]): Draft[] {
  const newest = new Map<string, Draft>();
  for (const draft of [...stored, ...mirrored]) {
    const known = newest.get(draft.id);
    if (!known || known.updated < draft.updated) newest.set(draft.id, draft);
  }
  return [...newest.values()].sort((a, b) => b.updated - a.updated);
}

/** Whether anything in it is worth keeping. */
export function isBlank(draft: Draft): boolean {
  return draft.headline.trim() === "" && draft.summary.trim() === "" && draft.text.trim() === "";
}
