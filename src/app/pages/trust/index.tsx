/** The neighbourhood: whom this person trusts, and what trusted people wrote for those whom they trust. */
import { A, useSearchParams } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import type { TrustedView } from "../../../peer/api.ts";
import { FeedList } from "../../components/feed-list/index.tsx";
import { Icon } from "../../components/icon/index.tsx";
import { Mark } from "../../components/mark/index.tsx";
import { PageHead } from "../../components/page-head/index.tsx";
import { PersonName } from "../../components/person/index.tsx";
import { TrustButton } from "../../components/trust-button/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useFeeds } from "../../state/feeds.tsx";
import { useSession } from "../../state/session.tsx";
import { createTitle } from "../../state/title.ts";
import { familiar } from "../../text/people.ts";
import { Add } from "./add.tsx";

function Neighbour(props: { person: TrustedView }): JSX.Element {
  const { t, moment } = useI18n();
  const person = () => familiar(props.person.id, props.person.name);
  return (
    <li class="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 py-2" data-trusted={props.person.id}>
      <A class="row-link min-w-0" href={`/u/${props.person.id}`}>
        <span class="flex min-w-0 items-center gap-3">
          <span class="w-9 flex-none">
            <Mark id={props.person.id} />
          </span>
          <span class="grid min-w-0">
            <span class="row-name chip-text">
              <PersonName of={person()} />
            </span>
            <span class="envelope-state" title={t("trust.since", { date: moment(props.person.since) })}>
              <span class="trust-link" classList={{ "trust-linked": props.person.linked }} aria-hidden="true" />
              {t(props.person.linked ? "trust.linked" : "trust.apart")}
            </span>
          </span>
        </span>
      </A>
      <TrustButton person={person()} trusted small />
    </li>
  );
}

function Neighbourhood(): JSX.Element {
  const { t } = useI18n();
  const { trusted } = useSession();
  const feed = useFeeds()({ kind: "trusted" });
  createTitle(() => t("trust.title"));

  return (
    <>
      <PageHead title={t("trust.title")} lead={t("trust.lead")}>
        <div class="mt-4 flex flex-wrap gap-2">
          <A class="button" classList={{ "button-primary": trusted().length === 0 }} href="/trust?add=1">
            {t("trust.add")}
          </A>
          <Show when={trusted().length > 0}>
            <A class="button" href="/write?for=trusted">
              <Icon name="write" small />
              {t("trust.write")}
            </A>
          </Show>
        </div>
      </PageHead>
      <Show
        when={trusted().length > 0}
        fallback={
          <div class="note m-4" role="status">
            <h2>{t("trust.none.title")}</h2>
            <p class="text-soft">{t("trust.none.text")}</p>
          </div>
        }
      >
        <section class="page pb-4" aria-labelledby="trust-people">
          <h2 id="trust-people" class="visually-hidden">
            {t("trust.people")}
          </h2>
          <ul class="rows">
            <For each={trusted()}>{(person) => <Neighbour person={person} />}</For>
          </ul>
        </section>
      </Show>
      <h2 class="trust-posts">{t("trust.posts")}</h2>
      <FeedList
        feed={feed}
        label={t("trust.posts")}
        empty={<p class="page max-w-measure py-4 text-soft">{t("trust.empty")}</p>}
      />
    </>
  );
}

export default function TrustPage(): JSX.Element {
  const [query] = useSearchParams<{ add?: string }>();
  return (
    <Show when={query.add} fallback={<Neighbourhood />}>
      <Add />
    </Show>
  );
}
