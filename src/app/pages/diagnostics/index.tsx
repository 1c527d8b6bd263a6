/** What is wrong, and a record of it: the self-check, the log of the peer, and a report to save. Nothing is sent. */
import { createMemo, type JSX } from "solid-js";
import { PageHead } from "../../components/page-head/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { createTitle } from "../../state/title.ts";
import { CheckSection } from "./check-section.tsx";
import { LogSection } from "./log-section.tsx";
import { ReportSection } from "./report-section.tsx";
import { createSelfCheck } from "./self-check.ts";
import { useDiagnosticsWords, WithWords } from "./words.ts";

function Sections(): JSX.Element {
  const { t } = useDiagnosticsWords();
  const connection = useConnection();
  const check = createSelfCheck(connection);
  const network = createLiveValue(connection.api, "network", () => ({}));
  const relays = createMemo(() => network.value()?.relays.map(({ url }) => hostOf(url)) ?? []);
  createTitle(() => t("title"));
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} />
      <div class="page">
        <CheckSection check={check} relays={relays()} />
        <LogSection />
        <ReportSection check={check} />
      </div>
    </>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

export default function Diagnostics(): JSX.Element {
  return (
    <WithWords>
      <Sections />
    </WithWords>
  );
}
