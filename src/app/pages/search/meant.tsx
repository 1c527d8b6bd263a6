/** Offers words that are held in the place of those that stand nowhere. */
import { createEffect, createSignal, type JSX, on, onCleanup, Show } from "solid-js";
import type { SearchQuery } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { displayLine } from "../../text/display.ts";

export function Meant(props: { query: SearchQuery; onChoose: (text: string) => void }): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const [meant, setMeant] = createSignal<string | null>(null);
  createEffect(
    on([api, () => props.query], ([peer, query]) => {
      setMeant(null);
      if (!peer || query.text === undefined) return;
      let current = true;
      onCleanup(() => (current = false));
      peer.respell(query).then(
        (text) => {
          if (current) setMeant(text);
        },
        (error: unknown) => console.warn("spelling", codeOf(error)),
      );
    }),
  );
  return (
    <Show when={meant()}>
      {(text) => (
        <button type="button" class="button button-primary" onClick={() => props.onChoose(text())}>
          {t("search.meant", { text: `\u2068${displayLine(text())}\u2069` })}
        </button>
      )}
    </Show>
  );
}
