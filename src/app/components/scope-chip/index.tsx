/** A place or topic as a small link to its page. */
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import type { ScopeKey } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { kindOf, scopeHref, scopeLabel, scopePath } from "../../text/scopes.ts";
import { Icon } from "../icon/index.tsx";

function ScopeWords(props: { scope: ScopeKey }): JSX.Element {
  return (
    <>
      <Icon name={kindOf(props.scope) === "geo" ? "place" : "topic"} small />
      <bdi class="chip-text">{scopeLabel(props.scope)}</bdi>
    </>
  );
}

export function ScopeChip(props: { scope: ScopeKey; plain?: boolean }): JSX.Element {
  const { t } = useI18n();
  const label = () =>
    t(kindOf(props.scope) === "geo" ? "envelope.place" : "envelope.topic", { path: scopePath(props.scope) });
  return (
    <Show
      when={!props.plain}
      fallback={
        <span class="chip" title={scopePath(props.scope)}>
          <ScopeWords scope={props.scope} />
        </span>
      }
    >
      <A class="chip envelope-above" href={scopeHref(props.scope)} aria-label={label()} title={scopePath(props.scope)}>
        <ScopeWords scope={props.scope} />
      </A>
    </Show>
  );
}
