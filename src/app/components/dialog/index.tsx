/** A modal dialog on the browser's own element, which traps focus, closes on Escape and gives focus back. */
import { type JSX, onCleanup, onMount } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { Icon } from "../icon/index.tsx";

export function Dialog(props: { title: string; onClose: () => void; children: JSX.Element }): JSX.Element {
  const { t } = useI18n();
  let element!: HTMLDialogElement;
  onMount(() => element.showModal());
  onCleanup(() => {
    element.close();
    // Browsers do not scroll to what gets the focus back; what the dialog has added may stand above it.
    const back = document.activeElement;
    if (back !== document.body && back?.matches(":focus-visible")) back.scrollIntoView({ block: "nearest" });
  });
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby="dialog-title"
      onClose={() => props.onClose()}
      onClick={(event) => {
        // A click on the element itself, not on what it holds, is a click on the backdrop.
        if (event.target === element) props.onClose();
      }}
    >
      <div class="mb-4 flex items-start justify-between gap-4">
        <h2 id="dialog-title" class="text-lg">
          {props.title}
        </h2>
        <button type="button" class="icon-button" aria-label={t("app.close")} onClick={() => props.onClose()}>
          <Icon name="close" />
        </button>
      </div>
      {props.children}
    </dialog>
  );
}
