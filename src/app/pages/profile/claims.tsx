/** What somebody says that it is elsewhere: words of that person, as plain text. Nothing in it can be pressed. */
import { For, type JSX, Show } from "solid-js";
import type { ClaimView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { displayLine } from "../../text/display.ts";

export function Claims(props: { claims: readonly ClaimView[] }): JSX.Element {
  const { t, day } = useI18n();
  return (
    <section aria-labelledby="claims" class="grid gap-1 text-sm">
      <h2 id="claims" class="text-sm text-faint">
        {t("claims.title")}
      </h2>
      <ul class="claims">
        <For each={props.claims}>
          {(claim) => (
            <li>
              <bdi class="text-faint">{displayLine(claim.kind)}</bdi> <bdi>{displayLine(claim.subject)}</bdi>
              <Show when={claim.expires}>
                {(expires) => <span class="text-faint"> · {t("claims.expires", { date: day(expires()) })}</span>}
              </Show>
            </li>
          )}
        </For>
      </ul>
      <p class="text-faint">{t("claims.note")}</p>
    </section>
  );
}
