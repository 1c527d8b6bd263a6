/** The 24 words in their order, fetched only when they are to be shown. */
import { createResource, For, type JSX, Show, Suspense } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { CopyButton } from "../copy-button/index.tsx";

export function WordsGrid(): JSX.Element {
  const { t, number } = useI18n();
  const { api } = useConnection();
  const [words] = createResource(api, (peer) => peer.words());
  return (
    // Its own boundary: that of the shell would take the page away, and the focus with it, until the words are there.
    <Suspense>
      <Show when={words.latest}>
        {(list) => (
          <div class="grid gap-4">
            {/* The words are English whatever the language of the page. */}
            <ol class="words" lang="en" aria-label={t("words.label")}>
              <For each={list()}>
                {(word, index) => (
                  <li>
                    <span aria-hidden="true">{number(index() + 1)}</span>
                    {word}
                  </li>
                )}
              </For>
            </ol>
            <div>
              <CopyButton text={list().join(" ")} label={t("words.copy")} done={t("words.copied")} />
            </div>
          </div>
        )}
      </Show>
    </Suspense>
  );
}
