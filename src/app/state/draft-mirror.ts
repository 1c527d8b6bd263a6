/**
 * A copy of a draft that is written before the next key can be pressed. Storing in the peer takes a moment, and a tab
 * may be closed within it; what was typed must not be lost even then. It lies in the clear: where an identity is encrypted
 * there is none, and drafts are stored at every key instead.
 */
import type { Draft, GivenDraft } from "../../peer/api.ts";
import { hasWholeForm, wholeDraft } from "./whole-draft.ts";

const PREFIX = "mehr.draft.";

let mirroring = { owner: "", on: true };

/** Whose drafts are mirrored from now on, by NodeID, and whether they may lie in the clear. */
export function mirrorFor(owner: string, on: boolean): void {
  mirroring = { owner, on };
}

/** NodeID of whose drafts are written now; empty until it is known. */
export function mirrorOwner(): string {
  return mirroring.owner;
}

export function isMirroring(): boolean {
  return mirroring.on;
}

/** One browser may have several identities. What was mirrored before it was known whose it is belongs to whoever comes. */
function keyOf(id: string): string {
  return mirroring.owner === "" ? PREFIX + id : `${PREFIX}${mirroring.owner}.${id}`;
}

function isOwn(key: string): boolean {
  const rest = key.slice(PREFIX.length);
  return key.startsWith(PREFIX) && (!rest.startsWith("mehr1") || rest.startsWith(`${mirroring.owner}.`));
}

/** What of `localStorage` is needed. */
export interface MirrorStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

function isDraft(value: unknown): value is GivenDraft {
  if (typeof value !== "object" || value === null) return false;
  const draft = value as Partial<Record<keyof Draft, unknown>>;
  return (
    hasWholeForm(draft) &&
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
  if (!mirroring.on) return true;
  try {
    storage.setItem(keyOf(draft.id), JSON.stringify(draft));
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}

export function dropMirror(storage: MirrorStorage, id: string): void {
  storage.removeItem(keyOf(id));
  storage.removeItem(PREFIX + id);
}

/** The peer has stored this version: the copy may go, unless something was typed since. */
export function settleMirror(storage: MirrorStorage, stored: Draft): void {
  for (const key of [keyOf(stored.id), PREFIX + stored.id]) {
    const copy = readMirror(storage, key);
    if (copy && copy.updated <= stored.updated) storage.removeItem(key);
  }
}

function readMirror(storage: MirrorStorage, key: string): Draft | undefined {
  const text = storage.getItem(key);
  if (text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isDraft(value) ? wholeDraft(value) : undefined;
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
    if (key === null || !isOwn(key)) continue;
    const draft = readMirror(storage, key);
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
  const words = [draft.headline, draft.summary, draft.text, draft.byline];
  return words.every((text) => text.trim() === "") && draft.references.length + draft.attachments.length === 0;
}
