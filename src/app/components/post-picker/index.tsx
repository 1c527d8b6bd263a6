/** Picks posts among those that are held here, by their words, or by the link of one. */
import { createMemo, createSignal, createUniqueId, For, type JSX, onCleanup, Show } from "solid-js";
import type { EnvelopeView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveRows, createLiveValue } from "../../state/live.ts";
import { Dialog } from "../dialog/index.tsx";
import { Icon } from "../icon/index.tsx";
import { PostWords } from "../post-line/index.tsx";
import { hashIn } from "./named.ts";

/** A pause in typing, not one between keys. */
const PAUSE = 150;
const FOUND = 30;

/** By what other posts name this one: by its post, or, where it has none, by the envelope. */
export function nameOf({ hash, postHash }: Pick<EnvelopeView, "hash" | "postHash">): string {
  return postHash ?? hash;
}

export function PostPicker(props: {
  isChosen: (name: string) => boolean;
  /** Chooses it, or, if it is chosen, lets it go. */
  onToggle: (envelope: EnvelopeView) => void;
  onClose: () => void;
}): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const field = createUniqueId();
  const [text, setText] = createSignal("");
  const named = createMemo(() => hashIn(text()));
  const words = createMemo(() => (named() === undefined ? { query: { text: text() }, limit: FOUND } : undefined));
  const link = createMemo(() => {
    const hash = named();
    return hash === undefined ? undefined : { hash };
  });
  const search = createLiveRows(
    api,
    "search",
    () => words(),
    (row) => row.hash,
  );
  const linked = createLiveValue(api, "envelope", () => link());
  const found = (): readonly EnvelopeView[] => (link() ? [linked.value() ?? []].flat() : search.rows());

  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  function type(next: string) {
    clearTimeout(timer);
    timer = setTimeout(() => setText(next.trim()), PAUSE);
  }

  return (
    <Dialog title={t("picker.title")} onClose={() => props.onClose()}>
      <div class="field">
        <label for={field}>{t("picker.field")}</label>
        <input
          id={field}
          class="input"
          type="search"
          dir="auto"
          autocomplete="off"
          // What is looked for is no words that somebody would miss.
          data-kept=""
          onInput={(event) => type(event.currentTarget.value)}
        />
      </div>
      <ul class="picker-list">
        <For each={found()} fallback={<li class="py-4 text-sm text-faint">{t("picker.none")}</li>}>
          {(row) => (
            <li>
              <button
                type="button"
                class="post-line"
                aria-pressed={props.isChosen(nameOf(row))}
                onClick={() => props.onToggle(row)}
              >
                <PostWords envelope={row} />
                <Show when={props.isChosen(nameOf(row))}>
                  <span class="envelope-state">
                    <Icon name="check" small />
                    {t("picker.chosen")}
                  </span>
                </Show>
              </button>
            </li>
          )}
        </For>
      </ul>
    </Dialog>
  );
}
