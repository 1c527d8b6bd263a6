/** The posts that a draft refers to, in the order in which they were chosen. */
import { createMemo, createSignal, For, type JSX, Show, Suspense } from "solid-js";
import { Icon } from "../../components/icon/index.tsx";
import { isCovered, PostLine, titleOf } from "../../components/post-line/index.tsx";
import { lazily, useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";

const PostPicker = lazily(() =>
  import("../../components/post-picker/index.tsx").then((module) => ({ default: module.PostPicker })),
);

function Chosen(props: { name: string; onRemove: () => void }): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const query = createMemo(() => ({ hash: props.name }));
  const live = createLiveValue(api, "envelope", () => query());
  const title = () => {
    const envelope = live.value();
    if (!envelope) return t("graph.missing");
    return isCovered(envelope) ? t("graph.muted") : titleOf(envelope).slice(0, 60) || t("graph.untitled");
  };
  return (
    <li data-reference={props.name}>
      <Show
        when={live.value()}
        fallback={<p class="post-line post-line-missing">{live.value() === null ? t("references.missing") : ""}</p>}
      >
        {(envelope) => <PostLine envelope={envelope()} />}
      </Show>
      <button
        type="button"
        class="icon-button"
        aria-label={t("references.remove", { title: `\u2068${title()}\u2069` })}
        onClick={() => props.onRemove()}
      >
        <Icon name="close" small />
      </button>
    </li>
  );
}

export function ReferencesField(props: {
  values: readonly string[];
  problem: string | undefined;
  onChange: (values: readonly string[]) => void;
}): JSX.Element {
  const { t } = useI18n();
  const [picking, setPicking] = createSignal(false);
  const without = (name: string) => props.values.filter((value) => value !== name);
  return (
    <div class="field">
      <Show when={props.values.length > 0}>
        <ul class="chosen-posts" aria-label={t("references.chosen")}>
          <For each={props.values}>
            {(name) => <Chosen name={name} onRemove={() => props.onChange(without(name))} />}
          </For>
        </ul>
      </Show>
      <div>
        <button type="button" class="button button-small" onClick={() => setPicking(true)}>
          <Icon name="link" small />
          {t("references.add")}
        </button>
      </div>
      <p class={props.problem ? "field-problem" : "field-hint"}>{props.problem ?? t("references.hint")}</p>
      <Show when={picking()}>
        <Suspense>
          <PostPicker
            isChosen={(name) => props.values.includes(name)}
            onToggle={(envelope) => {
              const name = envelope.postHash ?? envelope.hash;
              props.onChange(props.values.includes(name) ? without(name) : [...props.values, name]);
            }}
            onClose={() => setPicking(false)}
          />
        </Suspense>
      </Show>
    </div>
  );
}
