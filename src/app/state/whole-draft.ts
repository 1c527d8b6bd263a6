/** Drafts that were begun, or written by an earlier version, with everything that a draft has by now. */
import type { Draft, GivenDraft } from "../../peer/api.ts";

/** The seed's default: about half of what is paid for fetching a post. */
const HALF = 128;

export function wholeDraft(given: GivenDraft): Draft {
  return { references: [], kind: "text", byline: "", attachments: [], notes: [], kickbackRate: HALF, ...given };
}

/** Of a value that was read: whether what may be left out has the right form where it is there. */
export function hasWholeForm(draft: Partial<Record<keyof Draft, unknown>>): boolean {
  const lists = [draft.references, draft.attachments, draft.notes];
  const texts = [draft.kind, draft.byline];
  return (
    lists.every((list) => list === undefined || Array.isArray(list)) &&
    texts.every((text) => text === undefined || typeof text === "string") &&
    (draft.kickbackRate === undefined || typeof draft.kickbackRate === "number")
  );
}
