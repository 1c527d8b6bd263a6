/** Shares become drafts: what another app shared is the person's to finish, and lies with their drafts from then on. */
import type { Draft, PeerApi } from "../../peer/api.ts";
import { openShares, type Share } from "../../rpc/shares.ts";
import { SITE } from "../site.ts";
import { isBlank, mirroredDrafts } from "./draft-mirror.ts";
import { takeUpShares } from "./share-intake.ts";
import { storedDrafts } from "./stored-drafts.ts";

const box = openShares(SITE);

export async function readShare(id: string): Promise<Share | null> {
  return (await box?.read(id)) ?? null;
}

/** Shares that wait, the oldest first. */
export async function waitingShares(): Promise<readonly string[]> {
  return (await box?.list()) ?? [];
}

/**
 * Stores the draft, and lets go of the share once that is done. One of which nothing became words leaves no draft behind.
 * @throws what `saveDraft` rejects with
 */
export async function keepAsDraft(api: PeerApi, share: Share, draft: Draft): Promise<void> {
  if (!isBlank(draft)) await api.saveDraft(draft);
  await box?.remove(share.id);
}

/** Makes drafts of the shares that no composer has opened: the page was closed before it could. @param except the composer's */
export async function takeUp(api: PeerApi, home: string, except: string | null): Promise<void> {
  if (box === null || (await box.list()).length === 0) return;
  const stored = await storedDrafts(api);
  await takeUpShares(box, api, { stored, mirrored: mirroredDrafts(localStorage), home, except });
}
