/** What would happen if the draft were published now, asked of the peer at each pause in typing. */
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import type { Draft, DraftPreview, PeerApi } from "../../../peer/api.ts";
import { plainOf } from "./draft.ts";

/** Short enough to feel live, long enough that not every key costs an encoding and a signature. */
const PAUSE = 150;

export function createPreview(api: Accessor<PeerApi | undefined>, draft: Draft): Accessor<DraftPreview | undefined> {
  const [preview, setPreview] = createSignal<DraftPreview>();
  const version = () => JSON.stringify({ ...draft, id: null, updated: null });
  createEffect(
    on([api, version], ([peer]) => {
      let stale = false;
      const timer = setTimeout(() => {
        peer?.preview(plainOf(draft)).then(
          (next) => {
            if (!stale) setPreview(next);
          },
          // The preview is an aid; publishing itself tells what is wrong.
          (error: unknown) => console.warn("preview", error),
        );
      }, PAUSE);
      onCleanup(() => {
        stale = true;
        clearTimeout(timer);
      });
    }),
  );
  return preview;
}
