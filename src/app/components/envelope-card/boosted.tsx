/** A boost in a feed: who passed it on, and the post itself as its author wrote it. */
import { A } from "@solidjs/router";
import { createMemo, type JSX, Show } from "solid-js";
import type { EnvelopeView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { authorOf, isolatedName } from "../../text/people.ts";
import { Icon } from "../icon/index.tsx";
import { AlikeMark } from "../person/index.tsx";
import { EnvelopeCard } from "./index.tsx";

interface BoostedProps {
  readonly boost: EnvelopeView;
  /** What a curator notes on it. */
  readonly note?: JSX.Element;
  readonly position?: number;
  readonly total?: number;
}

export function BoostedCard(props: BoostedProps): JSX.Element {
  const { api } = useConnection();
  const query = createMemo(() => (props.boost.boostOf === null ? undefined : { hash: props.boost.boostOf }));
  const live = createLiveValue(api, "envelope", () => query());
  return (
    <div class="boosted" data-boost={props.boost.hash}>
      <Show when={live.value()} fallback={<Missing {...props} looked={live.value() === null} />}>
        {(original) => (
          <EnvelopeCard
            envelope={original()}
            lead={<Lead {...props} />}
            position={props.position}
            total={props.total}
          />
        )}
      </Show>
    </div>
  );
}

function whoBoosted({ t }: Pick<ReturnType<typeof useI18n>, "t">, boost: EnvelopeView): string {
  return boost.own ? t("boost.byYou") : t("boost.by", { name: isolatedName(authorOf(boost)) });
}

function Lead(props: BoostedProps): JSX.Element {
  const i18n = useI18n();
  return (
    <>
      {props.note}
      <A class="boosted-by envelope-above" href={`/u/${props.boost.author}`}>
        <Icon name="reach" small />
        {whoBoosted(i18n, props.boost)}
      </A>{" "}
      <AlikeMark of={authorOf(props.boost)} />
    </>
  );
}

/** The boost came before what it boosts, or without it. */
function Missing(props: BoostedProps & { looked: boolean }): JSX.Element {
  const i18n = useI18n();
  return (
    <article
      class="boosted-missing"
      tabindex={-1}
      aria-label={whoBoosted(i18n, props.boost)}
      aria-posinset={props.position}
      aria-setsize={props.total}
    >
      <Lead {...props} />
      <Show when={props.looked}>
        <p class="text-soft">{i18n.t("boost.missing")}</p>
        <A class="link" href={`/p/${props.boost.boostOf ?? ""}`}>
          {i18n.t("boost.original")}
        </A>
      </Show>
    </article>
  );
}
