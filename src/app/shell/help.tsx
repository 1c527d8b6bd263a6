/** The list of keyboard shortcuts. */
import { For, type JSX } from "solid-js";
import { Dialog } from "../components/dialog/index.tsx";
import { type Messages, useI18n } from "../i18n/index.tsx";

const ROWS: readonly { readonly keys: readonly string[]; readonly words: keyof Messages }[] = [
  { keys: ["j"], words: "keys.next" },
  { keys: ["k"], words: "keys.previous" },
  { keys: ["Enter"], words: "keys.open" },
  { keys: ["n"], words: "keys.write" },
  { keys: ["g", "h"], words: "keys.home" },
  { keys: ["g", "i"], words: "keys.inbox" },
  { keys: ["g", "n"], words: "keys.network" },
  { keys: ["/"], words: "keys.search" },
  { keys: ["g", "e"], words: "keys.explore" },
  { keys: ["u"], words: "keys.undo" },
  { keys: ["Ctrl+Enter"], words: "keys.publish" },
  { keys: ["Esc"], words: "keys.escape" },
  { keys: ["?"], words: "keys.help" },
];

export default function Help(props: { onClose: () => void }): JSX.Element {
  const { t } = useI18n();
  return (
    <Dialog title={t("keys.title")} onClose={() => props.onClose()}>
      <dl class="grid gap-2">
        <For each={ROWS}>
          {(row) => (
            <div class="flex items-baseline justify-between gap-6 text-sm">
              <dt>{t(row.words)}</dt>
              <dd class="flex items-baseline gap-2 text-soft" dir="ltr">
                <For each={row.keys}>
                  {(key, index) => (
                    <>
                      {index() > 0 && <span>{t("keys.then")}</span>}
                      <kbd class="kbd">{key}</kbd>
                    </>
                  )}
                </For>
              </dd>
            </div>
          )}
        </For>
      </dl>
    </Dialog>
  );
}
