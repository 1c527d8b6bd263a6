/** What a backup of the person who is here would add, before anything of it is taken. */
import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import type { BackupAdds } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";

/** In the order in which they are read; each has a sentence for one and for several. */
const COUNTED = [
  "posts",
  "drafts",
  "newerDrafts",
  "arrivals",
  "curated",
  "feeds",
  "following",
  "trust",
  "blocks",
  "mutes",
  "flags",
] as const satisfies readonly (keyof BackupAdds)[];

export function Adds(props: {
  adds: BackupAdds;
  busy: boolean;
  onMerge: (settings: boolean) => void;
  onDrop: () => void;
}): JSX.Element {
  const { number, t } = useI18n();
  const id = createUniqueId();
  const [settings, setSettings] = createSignal(false);
  const lines = () => [
    ...COUNTED.flatMap((name) => {
      const count = props.adds[name];
      return count === 0 ? [] : [t(`merge.${name}${count === 1 ? "_one" : "_other"}`, { count: number(count) })];
    }),
    ...(props.adds.profile ? [t("merge.profile")] : []),
  ];
  const isNothing = () => lines().length === 0;
  return (
    <section class="note grid justify-items-start gap-3" aria-labelledby={id} data-merge={lines().length}>
      <h3 id={id}>{t("merge.title")}</h3>
      <Show when={!isNothing()} fallback={<p>{t("merge.nothing")}</p>}>
        <p>{t("merge.text")}</p>
        <ul class="merge-list">
          <For each={lines()}>{(line) => <li>{line}</li>}</For>
        </ul>
      </Show>
      <Show when={props.adds.draftsLeftOut > 0}>
        <p class="text-sm text-faint">{t("merge.leftOut", { count: number(props.adds.draftsLeftOut) })}</p>
      </Show>
      <Show when={props.adds.arrivalsLeftOut > 0}>
        <p class="text-sm text-faint">{t("merge.arrivalsLeftOut", { count: number(props.adds.arrivalsLeftOut) })}</p>
      </Show>
      <Show when={props.adds.arrivalsUnproven > 0}>
        <p class="text-sm text-faint">{t("merge.arrivalsUnproven", { count: number(props.adds.arrivalsUnproven) })}</p>
      </Show>
      <Show when={props.adds.settings}>
        <label class="check" for={`${id}-settings`}>
          <input
            id={`${id}-settings`}
            type="checkbox"
            checked={settings()}
            onChange={(event) => setSettings(event.currentTarget.checked)}
          />
          {t("merge.settings")}
        </label>
      </Show>
      <div class="flex flex-wrap gap-3">
        <button
          type="button"
          class="button button-primary"
          disabled={props.busy || (isNothing() && !settings())}
          onClick={() => props.onMerge(settings())}
        >
          {t(props.busy ? "restore.busy" : "merge.button")}
        </button>
        <button type="button" class="button" disabled={props.busy} onClick={() => props.onDrop()}>
          {t("merge.not")}
        </button>
      </div>
    </section>
  );
}
