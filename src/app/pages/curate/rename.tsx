/** Moves everything to a feed of another name: the name itself is where others find it. */
import { createSignal, type JSX, Show } from "solid-js";
import { CuratedNameField } from "../../components/curated/name-field.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { codeOf } from "../../state/errors.ts";

export function Rename(props: {
  /** Rejects with what is wrong with it. */
  onRename: (to: string) => Promise<void>;
}): JSX.Element {
  const { t } = useI18n();
  const [isOpen, setOpen] = createSignal(false);
  const [name, setName] = createSignal("");
  const [problem, setProblem] = createSignal<string>();
  const [isBusy, setBusy] = createSignal(false);

  async function rename(): Promise<void> {
    if (name().trim() === "") {
      setProblem(t("curate.nameless"));
      return;
    }
    setBusy(true);
    setProblem(undefined);
    try {
      await props.onRename(name());
    } catch (error) {
      setProblem(problemOf(codeOf(error)));
    } finally {
      setBusy(false);
    }
  }

  function problemOf(code: string): string {
    switch (code) {
      case "CURATED_TAKEN":
      case "CURATED_FROZEN":
      case "CURATED_INVALID":
      case "CURATED_PARTIAL":
      case "HISTORY_PENDING":
        return t(`curate.failed.${code}`);
      default:
        return t("settings.failed", { code });
    }
  }

  return (
    <Show
      when={isOpen()}
      fallback={
        <button type="button" class="button mt-3" onClick={() => setOpen(true)}>
          {t("curate.rename")}
        </button>
      }
    >
      <form
        class="feed-form"
        onSubmit={(event) => {
          event.preventDefault();
          void rename();
        }}
      >
        <CuratedNameField
          value={name()}
          onInput={(typed) => {
            setProblem(undefined);
            setName(typed);
          }}
        />
        <p class="field-problem" role="alert">
          {problem() ?? ""}
        </p>
        <div class="flex flex-wrap gap-3">
          <button type="submit" class="button button-primary" disabled={isBusy()}>
            {t("curate.rename.do")}
          </button>
          <button type="button" class="button button-quiet" onClick={() => setOpen(false)}>
            {t("app.cancel")}
          </button>
        </div>
      </form>
    </Show>
  );
}
