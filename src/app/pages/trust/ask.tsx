/** Where a scanned code or a link leads: says whose it is and what trusting means. Nothing happens until it is said so. */
import { A, useNavigate, useParams } from "@solidjs/router";
import { createMemo, type JSX, Match, Show, Switch } from "solid-js";
import type { ProfileView } from "../../../peer/api.ts";
import { Mark } from "../../components/mark/index.tsx";
import { PageHead } from "../../components/page-head/index.tsx";
import { PersonName } from "../../components/person/index.tsx";
import { useTrust } from "../../components/trust-button/index.tsx";
import { TrustMeaning } from "../../components/trust-button/meaning.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { createTitle } from "../../state/title.ts";
import { isolatedName, ownerOf } from "../../text/people.ts";
import { LooksLike } from "./looks-like.tsx";

/** What two people can read out to each other: 12 of the 58 characters, some 60 bits. */
const COMPARED = 12;

function Question(props: { person: ProfileView }): JSX.Element {
  const { t } = useI18n();
  const navigate = useNavigate();
  const trust = useTrust();
  const name = () => isolatedName(ownerOf(props.person));
  const end = () => `\u2066…${props.person.id.slice(-COMPARED)}\u2069`;

  async function yes(): Promise<void> {
    if (await trust(ownerOf(props.person), true)) navigate("/trust", { replace: true });
  }

  return (
    <>
      <PageHead title={t(props.person.trusted ? "trust.ask.already" : "trust.ask")} />
      <div class="page grid gap-6 py-6">
        <div class="flex items-center gap-4">
          <span class="profile-mark flex-none">
            <Mark id={props.person.id} />
          </span>
          <div class="grid min-w-0 gap-1">
            <p class="row-name">
              <PersonName of={ownerOf(props.person)} beside />
            </p>
            <bdi class="address" dir="ltr">
              {props.person.id}
            </bdi>
          </div>
        </div>
        <Show
          when={!props.person.trusted}
          fallback={
            <div>
              <A class="button button-primary" href="/trust">
                {t("trust.title")}
              </A>
            </div>
          }
        >
          <Show when={props.person.standing.alike}>{(alike) => <LooksLike alike={alike()} />}</Show>
          <p class="max-w-measure">{t("trust.ask.compare", { end: end() })}</p>
          <section aria-labelledby="trust-means">
            <h2 id="trust-means" class="mb-2">
              {t("trust.means")}
            </h2>
            <TrustMeaning />
          </section>
          <Show when={!props.person.blocked} fallback={<p class="note">{t("trust.blocked")}</p>}>
            <div class="flex flex-wrap gap-3">
              <button type="button" class="button button-primary" onClick={() => void yes()}>
                {t("trust.ask.yes", { name: name() })}
              </button>
              <A class="button" href={`/u/${props.person.id}`}>
                {t("trust.ask.no")}
              </A>
            </div>
          </Show>
        </Show>
      </div>
    </>
  );
}

export default function Ask(): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const params = useParams<{ id: string }>();
  const query = createMemo(() => ({ id: params.id }));
  const live = createLiveValue(api, "profile", () => query());
  createTitle(() => t("trust.ask"));

  return (
    <Switch fallback={<h1 class="visually-hidden">{t("trust.ask")}</h1>}>
      <Match when={live.error() === "NODE_ID_INVALID"}>
        <PageHead title={t("trust.ask.invalid")} lead={t("trust.ask.invalid.text")} />
        <div class="page pt-6">
          <A class="button" href="/trust?add=1">
            {t("trust.add")}
          </A>
        </div>
      </Match>
      <Match when={live.value()?.own}>
        <PageHead title={t("trust.ask.own")} lead={t("trust.ask.own.text")} />
        <div class="page pt-6">
          <A class="button" href="/trust?add=1">
            {t("trust.add")}
          </A>
        </div>
      </Match>
      <Match when={live.error()}>
        <h1 class="visually-hidden">{t("trust.ask")}</h1>
        <UnreadableNote of={live} title={t("unreadable.profile")} />
      </Match>
      <Match when={live.value()}>{(person) => <Question person={person()} />}</Match>
    </Switch>
  );
}
