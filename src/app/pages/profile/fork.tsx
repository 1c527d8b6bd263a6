/** Two profiles of one person with one number: the one above came first, and this is the other. */
import { For, type JSX, Show } from "solid-js";
import type { ProfileVersion } from "../../../peer/api.ts";
import { PersonName } from "../../components/person/index.tsx";
import { RichText } from "../../components/rich-text/index.tsx";
import { ScopeChip } from "../../components/scope-chip/index.tsx";
import { useI18n } from "../../i18n/index.tsx";

export function Fork(props: { id: string; version: ProfileVersion }): JSX.Element {
  const { t } = useI18n();
  return (
    <section aria-labelledby="fork" class="note grid gap-2 text-sm">
      <p>{t("fork.text")}</p>
      <h2 id="fork" class="text-sm text-faint">
        {t("fork.title")}
      </h2>
      <p class="text-base">
        <PersonName of={{ id: props.id, name: props.version.displayName, alike: props.version.alike }} />
      </p>
      <Show when={props.version.bio}>{(bio) => <RichText text={bio()} />}</Show>
      <Show when={props.version.scopes.length > 0}>
        <div class="flex flex-wrap gap-2">
          <For each={props.version.scopes}>{(scope) => <ScopeChip scope={scope} />}</For>
        </div>
      </Show>
    </section>
  );
}
