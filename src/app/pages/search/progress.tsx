/** How far the index has got, while it is made. It takes the place of another line, so that nothing moves when it comes and goes. */
import { createEffect, createMemo, createSignal, type JSX, on, onCleanup, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";

/** What takes less is over before it could be read, in ms. */
const SOON = 400;
const EVERYTHING = {};

export function Progress(): JSX.Element {
  const { t, number } = useI18n();
  const { api } = useConnection();
  const index = createLiveValue(api, "searchIndex", () => EVERYTHING);
  const [isLong, setLong] = createSignal(false);
  // Its share changes many times a second, and is no new beginning.
  const isUnfinished = createMemo(() => index.value()?.ready === false);
  createEffect(
    on(isUnfinished, (unfinished) => {
      setLong(false);
      if (!unfinished) return;
      const timer = setTimeout(() => setLong(true), SOON);
      onCleanup(() => clearTimeout(timer));
    }),
  );
  return (
    <p class="field-hint search-progress" role="status">
      <Show when={isLong() && index.value()}>
        {(view) => t("search.indexing", { share: number(Math.floor(view().share * 100)) })}
      </Show>
    </p>
  );
}
