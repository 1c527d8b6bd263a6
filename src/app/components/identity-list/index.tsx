/** The identities of this browser: one press switches. */
import { For, type JSX, Show } from "solid-js";
import type { IdentityEntry } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { notify } from "../../state/notices.ts";
import { displayName } from "../../text/display.ts";
import { Mark } from "../mark/index.tsx";

export function IdentityList(props: {
  entries: readonly IdentityEntry[];
  /** What else can be done with one. */
  children?: (entry: IdentityEntry) => JSX.Element;
}): JSX.Element {
  const { t } = useI18n();
  const { origin } = useConnection();
  const nameOf = (entry: IdentityEntry): string => displayName(entry.name) || t("identities.unnamed");

  async function change(entry: IdentityEntry): Promise<void> {
    try {
      // The page is loaded anew as the other identity when that runs.
      await origin()?.switchIdentity(entry.key);
    } catch (error) {
      notify(t("vault.problem.other", { code: codeOf(error) }));
    }
  }

  return (
    <ul class="rows identity-list">
      <For each={props.entries}>
        {(entry) => (
          <li>
            <div class="identity-row">
              <Show when={entry.id} fallback={<span class="identity-mark" />}>
                {(id) => (
                  <span class="identity-mark">
                    <Mark id={id()} />
                  </span>
                )}
              </Show>
              <span class="min-w-0 grow">
                <bdi class="row-name">{nameOf(entry)}</bdi>
                <span class="block truncate text-xs text-faint">
                  <Show when={entry.current}>{t("identities.current")}</Show>
                  <Show when={entry.locked}>
                    {entry.current ? " · " : ""}
                    {t("identities.locked")}
                  </Show>
                </span>
              </span>
              <Show when={!entry.current}>
                <button type="button" class="button button-small" onClick={() => void change(entry)}>
                  {t("identities.switch", { name: nameOf(entry) })}
                </button>
              </Show>
              {props.children?.(entry)}
            </div>
          </li>
        )}
      </For>
    </ul>
  );
}
