/** Saves or copies a report. It leaves this device only by the person's own hand. */
import type { JSX } from "solid-js";
import { ownBuild } from "../../../rpc/version.ts";
import { Icon } from "../../components/icon/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { untoldFaults } from "../../state/faults.ts";
import { notify } from "../../state/notices.ts";
import { useDiagnosticsWords } from "./words.ts";
import { type Report, reportJson, reportText } from "./report.ts";
import type { SelfCheck } from "./self-check.ts";

/** The browser has begun to read by then; until it has, the address must stay. */
const RELEASE_AFTER = 60_000;

function save(text: string, type: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), RELEASE_AFTER);
}

export function ReportSection(props: { check: SelfCheck }): JSX.Element {
  const { t: common } = useI18n();
  const { t } = useDiagnosticsWords();
  const { api } = useConnection();

  async function make(): Promise<Report> {
    return {
      madeAt: Date.now(),
      build: ownBuild(document),
      browser: navigator.userAgent,
      checkedAt: props.check.checkedAt(),
      checks: props.check.outcomes(),
      log: (await api()?.log()) ?? [],
      faults: untoldFaults(),
    };
  }

  function told(work: Promise<void>): void {
    work.catch((error: unknown) => notify(t("report.failed", { code: codeOf(error) })));
  }

  async function saveAs(kind: "txt" | "json"): Promise<void> {
    const report = await make();
    const day = new Date(report.madeAt).toISOString().slice(0, 10);
    if (kind === "txt") save(reportText(report), "text/plain", `mehr-report-${day}.txt`);
    else save(reportJson(report), "application/json", `mehr-report-${day}.json`);
  }

  async function copy(): Promise<void> {
    const text = reportText(await make());
    try {
      await navigator.clipboard.writeText(text);
      notify(t("report.copied"));
    } catch (error) {
      console.warn("clipboard", error);
      notify(common("app.copyFailed"));
    }
  }

  return (
    <section class="section" aria-labelledby="report-title">
      <h2 id="report-title">{t("report.title")}</h2>
      <p class="max-w-measure text-sm text-soft">{t("report.text")}</p>
      <div class="mt-4 flex flex-wrap gap-2">
        <button type="button" class="button" onClick={() => told(saveAs("txt"))}>
          {t("report.text.save")}
        </button>
        <button type="button" class="button" onClick={() => told(saveAs("json"))}>
          {t("report.json.save")}
        </button>
        <button type="button" class="button" onClick={() => told(copy())}>
          <Icon name="copy" small />
          {t("report.copy")}
        </button>
      </div>
    </section>
  );
}
