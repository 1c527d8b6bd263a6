/** Shares that no composer has opened become drafts. */
import type { Draft, PeerApi } from "../../peer/api.ts";
import type { Share } from "../../rpc/shares.ts";
import { isBlank, mergeDrafts } from "./draft-mirror.ts";
import { codeOf } from "./errors.ts";
import { draftOfShare } from "./shared-draft.ts";

/** Where shares wait (src/offline/share-box.ts). */
export interface WaitingShares {
  list(): Promise<readonly string[]>;
  read(id: string): Promise<Share | null>;
  remove(id: string): Promise<void>;
}

export interface IntakeOptions {
  readonly stored: readonly Draft[];
  /** Copies that the peer may not have (draft-mirror.ts). */
  readonly mirrored: readonly Draft[];
  readonly home: string;
  /** This one is the composer's. */
  readonly except: string | null;
}

/** One that fails stays where it is for the next start, and keeps none of the others. */
export async function takeUpShares(
  shares: WaitingShares,
  api: Pick<PeerApi, "saveDraft">,
  { stored, mirrored, home, except }: IntakeOptions,
): Promise<void> {
  for (const id of await shares.list()) {
    if (id === except) continue;
    try {
      const share = await shares.read(id);
      if (share === null) continue;
      // The page may have been closed after a composer took it up, and before it let go of the share: words were written since.
      const begun = mergeDrafts(stored, mirrored).find((draft) => draft.id === id);
      const draft = begun ?? draftOfShare(share, [home], Date.now());
      if (!stored.includes(draft) && !isBlank(draft)) await api.saveDraft(draft);
      await shares.remove(id);
    } catch (error) {
      console.warn("share", codeOf(error));
    }
  }
}
