/** Warns of a name that looks like that of somebody whom this person knows, where it is about to trust the other one. */
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import type { AlikeView } from "../../../peer/api.ts";
import { familiar, isolatedName } from "../../text/people.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useSession } from "../../state/session.tsx";

export function LooksLike(props: { alike: AlikeView }): JSX.Element {
  const { t } = useI18n();
  const { identity } = useSession();
  const name = () => isolatedName(familiar(props.alike.id, props.alike.name));
  const isOwn = () => props.alike.id === identity()?.id;
  return (
    // It may come after the question, when names have been compared.
    <section class="note looks-like" role="alert" aria-labelledby="looks-like" data-mark="alike">
      <h2 id="looks-like">{isOwn() ? t("alike.own") : t("alike.mark", { name: name() })}</h2>
      <p class="max-w-measure">{t(isOwn() ? "trust.ask.alike.own" : "trust.ask.alike", { name: name() })}</p>
      <Show when={!isOwn()}>
        <div>
          <A class="button" href={`/u/${props.alike.id}`}>
            {t("trust.ask.alike.open", { name: name() })}
          </A>
        </div>
      </Show>
    </section>
  );
}
