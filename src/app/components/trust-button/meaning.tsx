/** What it means to trust somebody, in plain words. */
import { For, type JSX } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";

const POINTS = [
  "trust.means.read",
  "trust.means.pass",
  "trust.means.free",
  "trust.means.boost",
  "trust.means.quiet",
] as const;

export function TrustMeaning(): JSX.Element {
  const { t } = useI18n();
  return (
    <ul class="trust-points">
      <For each={POINTS}>{(point) => <li>{t(point)}</li>}</For>
    </ul>
  );
}
