/** The place where short notices appear. It is always there, so that screen readers hear what is put into it. */
import { For, type JSX, Show } from "solid-js";
import { dismiss, hold, notices, release } from "../../state/notices.ts";

export function Notices(): JSX.Element {
  return (
    <div class="notices" role="status" aria-live="polite">
      <For each={notices()}>
        {(notice) => (
          <div class="notice rise">
            <span class="py-1.5 pe-2">{notice.text}</span>
            <Show when={notice.action}>
              {(action) => (
                <button
                  type="button"
                  class="notice-action"
                  onFocus={hold}
                  onBlur={() => release(notice.id)}
                  onClick={() => {
                    action().run();
                    dismiss(notice.id);
                  }}
                >
                  {action().label}
                </button>
              )}
            </Show>
          </div>
        )}
      </For>
    </div>
  );
}
