/** Shares become drafts: what another app shared is the person's to finish, and lies with their drafts from then on. */
import { createEffect } from "solid-js";
import type { Draft, PeerApi } from "../../peer/api.ts";
import { openShares, type Share } from "../../rpc/shares.ts";
import { SITE } from "../site.ts";
import { useConnection } from "./connection.tsx";
import { isBlank } from "./draft-mirror.ts";
import { codeOf } from "./errors.ts";
import { useSession } from "./session.tsx";
import { draftOfShare } from "./shared-draft.ts";

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
  const { api } = useConnection();
  const { settings } = useSession();
  // The composer takes up this one by itself.
  const own = new URLSearchParams(location.search).get("shared");
  let done = false;
  createEffect(() => {
    const peer = api();
    const home = settings()?.home;
    if (done || !peer || home === undefined) return;
    done = true;
    takeUp(peer, home, own).catch((error: unknown) => console.warn("shares", codeOf(error)));
  });
}

async function takeUp(api: PeerApi, home: string, except: string | null): Promise<void> {
  for (const id of await waitingShares()) {
    const share = id === except ? null : await readShare(id);
    if (share !== null) await keepAsDraft(api, share, draftOfShare(share, [home], Date.now()));
  }
}
