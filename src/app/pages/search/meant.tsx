/** Offers words that are held in the place of those that stand nowhere. */
import { createEffect, createSignal, type JSX, on, onCleanup, Show } from "solid-js";
import type { SearchQuery } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { displayLine } from "../../text/display.ts";

export function Meant(props: {
  query: SearchQuery;
  /** Whether something else was found, so that this is not the next step. */
  beside: boolean;
  onChoose: (text: string) => void;
}): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const [meant, setMeant] = createSignal<string | null>(null);
  createEffect(
    on([api, () => props.query], ([peer, query]) => {
      // What was offered stays until there is an answer: it is not to move from under a finger.
      if (!peer) return;
      let current = true;
      onCleanup(() => (current = false));
      peer.respell(query).then(
        (text) => {
          if (current) setMeant(text);
        },
        (error: unknown) => {
          if (current) setMeant(null);
          console.warn("spelling", codeOf(error));
        },
      );
    }),
  );
  const offer = (text: string) => t("search.meant", { text: `\u2068${displayLine(text)}\u2069` });
  return (
    <>
      <p class="visually-hidden" role="status">
        <Show when={meant()}>{(text) => offer(text())}</Show>
      </p>
      <Show when={meant()}>
        {(text) => (
          <button
            type="button"
            class="button"
            classList={{ "button-primary": !props.beside }}
            onClick={() => props.onChoose(text())}
          >
            {offer(text())}
          </button>
        )}
      </Show>
    </>
  );
}
