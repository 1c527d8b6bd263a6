/** A file of a post that the page does not show: it is fetched when somebody wants it, and saved under a harmless name. */
import { createSignal, type JSX, onCleanup, Show } from "solid-js";
import type { MediaHintView } from "../../../../peer/api.ts";
import { useI18n } from "../../../i18n/index.tsx";
import { useConnection } from "../../../state/connection.tsx";
import { codeOf } from "../../../state/errors.ts";
import { fileName } from "../../../text/file-name.ts";
import { titledOf } from "../../../text/kinds.ts";
import { failureKey } from "./failure.ts";
import type { MediumProps } from "./shown.tsx";

/** Nothing of it is to run as a page of this site, whatever it is. */
const TYPE = "application/octet-stream";

function save(bytes: Uint8Array, name: string): void {
  const url = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: TYPE }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by the next turn.
  setTimeout(() => URL.revokeObjectURL(url));
}

/** What is said of it, where somebody said something. */
function describedType({ contentType }: MediaHintView): string | undefined {
  return contentType === TYPE ? undefined : contentType;
}

export function FileToSave(
  props: MediumProps & {
    /** The bytes are not what the post says. */
    isOther?: boolean;
  },
): JSX.Element {
  const { t, bytes } = useI18n();
  const { api } = useConnection();
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<string>();
  let running: AbortController | undefined;
  onCleanup(() => running?.abort());
  const title = () => titledOf(props.hint).title;
  const facts = () =>
    [props.hint.size > 0 ? bytes(props.hint.size) : undefined, describedType(props.hint)].filter(Boolean);

  async function fetchAndSave(): Promise<void> {
    const peer = api();
    if (!peer || busy()) return;
    const controller = new AbortController();
    running = controller;
    setBusy(true);
    setFailure(undefined);
    try {
      const file = await peer.attachment({ hash: props.hash, post: props.post, signal: controller.signal });
      save(file, fileName(title(), props.isOther ? TYPE : props.hint.contentType, "mehr"));
    } catch (error) {
      if (!controller.signal.aborted) setFailure(codeOf(error));
    } finally {
      if (running === controller) setBusy(false);
    }
  }

  return (
    <div class="attachment-file">
      <div>
        <p class="isolate-text" dir="auto">
          {title() || t("attachments.untitled")}
        </p>
        <p class="text-xs text-faint">{facts().join(" · ")}</p>
        <Show when={props.isOther}>
          <p class="text-sm text-soft">{t("attachments.other")}</p>
        </Show>
        <Show when={failure()}>
          {(code) => (
            <p class="text-sm text-danger" role="status">
              {t(failureKey(code()), { code: code() })}
            </p>
          )}
        </Show>
      </div>
      <button type="button" class="button" aria-busy={busy()} onClick={() => void fetchAndSave()}>
        {t(busy() ? "attachments.saving" : "attachments.save")}
      </button>
    </div>
  );
}
