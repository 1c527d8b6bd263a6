/** A boost in a feed: who passed it on, and the post itself as its author wrote it. */
import { A } from "@solidjs/router";
import { createMemo, type JSX, Show } from "solid-js";
import type { EnvelopeView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { Icon } from "../icon/index.tsx";
import { personName } from "../person/index.tsx";
import { EnvelopeCard } from "./index.tsx";

export function BoostedCard(props: { boost: EnvelopeView; position?: number; total?: number }): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const query = createMemo(() => (props.boost.boostOf === null ? undefined : { hash: props.boost.boostOf }));
  const live = createLiveValue(api, "envelope", () => query());
  const who = () => `\u2068${personName(props.boost.author, props.boost.authorName)}\u2069`;
  return (
    <div class="boosted" data-boost={props.boost.hash}>
      <A class="boosted-by" href={`/u/${props.boost.author}`}>
        <Icon name="reach" small />
        {props.boost.own ? t("boost.byYou") : t("boost.by", { name: who() })}
      </A>
      <Show when={live.value()} fallback={<Missing boost={props.boost} looked={live.value() === null} />}>
        {(original) => <EnvelopeCard envelope={original()} position={props.position} total={props.total} />}
      </Show>
    </div>
  );
}

/** The boost came before what it boosts, or without it. */
function Missing(props: { boost: EnvelopeView; looked: boolean }): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="boosted-missing">
      <Show when={props.looked}>
        <p class="text-soft">{t("boost.missing")}</p>
        <A class="link" href={`/p/${props.boost.boostOf ?? ""}`}>
          {t("boost.original")}
        </A>
      </Show>
    </div>
  );
}
