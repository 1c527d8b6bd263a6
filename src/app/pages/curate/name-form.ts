/** The form that gives a curated feed its name: what is typed, that it is being sent, and what is wrong, in words. */
import { type Accessor, createSignal } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { codeOf } from "../../state/errors.ts";

export interface NameForm {
  readonly name: Accessor<string>;
  readonly problem: Accessor<string | undefined>;
  readonly isBusy: Accessor<boolean>;
  /** What was wrong with the last one is not said of the next. */
  setName(typed: string): void;
  /** Does it, unless there is no name or it is being done; what it rejects with becomes the problem. */
  send(work: (name: string) => Promise<void>): Promise<void>;
}

/** @param before what the feed is called already */
export function createNameForm(before = ""): NameForm {
  const { t } = useI18n();
  const [name, setName] = createSignal(before);
  const [problem, setProblem] = createSignal<string>();
  const [isBusy, setBusy] = createSignal(false);

  function wordsOf(code: string): string {
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

  return {
    name,
    problem,
    isBusy,
    setName(typed) {
      setProblem(undefined);
      setName(typed);
    },
    async send(work) {
      if (isBusy()) return;
      if (name().trim() === "") return void setProblem(t("curate.nameless"));
      setBusy(true);
      setProblem(undefined);
      try {
        await work(name());
      } catch (error) {
        setProblem(wordsOf(codeOf(error)));
      } finally {
        setBusy(false);
      }
    },
  };
}
