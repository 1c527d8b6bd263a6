/** The drafts that the peer has stored, asked for once. */
import type { Draft, PeerApi } from "../../peer/api.ts";
import { codeOf } from "./errors.ts";

/** @throws what `watch` rejects with */
export function storedDrafts(api: Pick<PeerApi, "watch">): Promise<readonly Draft[]> {
  return new Promise((resolve, reject) => {
    api
      .watch("drafts", {}, (update) => {
        if (update.kind === "rows") resolve(update.rows);
      })
      .then((subscription) =>
        // The peer may have ended first; then there is nothing left to close.
        subscription.close().catch((error: unknown) => console.debug("close of drafts", codeOf(error))),
      )
      .catch(reject);
  });
}
