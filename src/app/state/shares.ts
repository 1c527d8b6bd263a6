/** Shares become drafts: what another app shared is the person's to finish, and lies with their drafts from then on. */
import { createEffect } from "solid-js";
import type { Draft, PeerApi } from "../../peer/api.ts";
import { openShares, type Share } from "../../rpc/shares.ts";
import { SITE } from "../site.ts";
import { useConnection } from "./connection.tsx";
import { isBlank, mirroredDrafts } from "./draft-mirror.ts";
import { codeOf } from "./errors.ts";
import { useSession } from "./session.tsx";
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

/** Makes drafts of the shares that no composer has opened: the page was closed before it could. Once, when the peer is there. */
export function createShareIntake(): void {
  const { api, lock } = useConnection();
  const { identity, settings } = useSession();
  // The composer takes up this one by itself.
  const except = new URLSearchParams(location.search).get("shared");
  let done = box === null;
  createEffect(() => {
    const peer = api();
    const home = settings()?.home;
    // Without the last two it is not known whose mirrored drafts are one's own.
    if (done || !peer || home === undefined || identity() === undefined || lock() === undefined) return;
    done = true;
    takeUp(peer, home, except).catch((error: unknown) => console.warn("shares", codeOf(error)));
  });
}

async function takeUp(api: PeerApi, home: string, except: string | null): Promise<void> {
  if (box === null || (await box.list()).length === 0) return;
  const stored = await storedDrafts(api);
  await takeUpShares(box, api, { stored, mirrored: mirroredDrafts(localStorage), home, except });
}
