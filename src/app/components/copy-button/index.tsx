/** Copies a text and says so. */
import { createSignal, type JSX, onCleanup, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { notify } from "../../state/notices.ts";
import { Icon, type IconName } from "../icon/index.tsx";

/** Long enough to be seen, short enough that the button is itself again when it is needed next. */
const SHOWN_FOR = 2_000;

export function CopyButton(props: { text: string; label: string; done: string; icon?: IconName }): JSX.Element {
  const { t } = useI18n();
  const [copied, setCopied] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  async function copy() {
    try {
      await navigator.clipboard.writeText(props.text);
    } catch (error) {
      console.warn("clipboard", error);
      notify(t("app.copyFailed"));
      return;
    }
    setCopied(true);
    notify(props.done);
    clearTimeout(timer);
    timer = setTimeout(() => setCopied(false), SHOWN_FOR);
  }

  return (
    <button type="button" class="button button-small" onClick={() => void copy()}>
      <Show when={copied()} fallback={<Icon name={props.icon ?? "copy"} small />}>
        <Icon name="check" small />
      </Show>
      {props.label}
    </button>
  );
}
