/** Whose drafts are mirrored, and where none may lie in the clear; what was mirrored before goes to the peer. */
import { type Accessor, createEffect, on } from "solid-js";
import type { Draft, LockView, PeerApi } from "../../peer/api.ts";
import { dropMirror, mirroredDrafts, mirrorFor, mirrorOwner } from "./draft-mirror.ts";
import { codeOf } from "./errors.ts";

export function createDraftKeeping(
  api: Accessor<PeerApi | undefined>,
  id: Accessor<string | undefined>,
  lock: Accessor<LockView | undefined>,
  stored: Accessor<readonly Draft[]>,
): void {
  createEffect(
    on([id, lock], ([owner, how]) => {
      if (owner === undefined || how === undefined) return;
      const before = mirrorOwner();
      mirrorFor(owner, how.state === "none");
      // Another identity runs now. What is on this page belongs to the one before: a new page has none of it.
      if (before !== "" && before !== owner) location.reload();
      else if (how.state === "open") void moveIn(api(), stored());
    }),
  );
}

/** Into the encrypted store with what lies in the clear beside it. */
async function moveIn(peer: PeerApi | undefined, stored: readonly Draft[]): Promise<void> {
  if (peer === undefined) return;
  for (const draft of mirroredDrafts(localStorage)) {
    const known = stored.find(({ id }) => id === draft.id);
    try {
      if (known === undefined || known.updated < draft.updated) await peer.saveDraft(draft);
      dropMirror(localStorage, draft.id);
    } catch (error) {
      // It stays where it is; the next start tries again.
      console.warn("draft", codeOf(error));
    }
  }
}
