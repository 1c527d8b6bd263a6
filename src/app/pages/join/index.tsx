/** Joining without a server: invite somebody, or open what somebody sent. The code lies behind `#`, where no server sees it. */
import { A, useLocation, useNavigate, useSearchParams } from "@solidjs/router";
import { createSignal, type JSX, Match, Show, Switch } from "solid-js";
import { PageHead } from "../../components/page-head/index.tsx";
import { createTitle } from "../../state/title.ts";
import { CodeField } from "./code-field.tsx";
import { codeIn } from "./codes.ts";
import { Guest } from "./guest.tsx";
import { Host } from "./host.tsx";
import { Problem } from "./problem.tsx";
import { useJoinWords, WithWords } from "./words.ts";

function Start(): JSX.Element {
  const { t } = useJoinWords();
  const navigate = useNavigate();
  const [unreadable, setUnreadable] = createSignal(false);

  function open(text: string): void {
    const code = codeIn(text);
    setUnreadable(code === null);
    if (code !== null) navigate(`/join#${code}`);
  }

  return (
    <>
      <section class="section" aria-labelledby="join-host">
        <h2 id="join-host">{t("host.title")}</h2>
        <p class="mb-4 max-w-measure text-sm text-soft">{t("host.text")}</p>
        <A class="button button-primary" href="/join?invite=1">
          {t("host.make")}
        </A>
      </section>
      <section class="section" aria-labelledby="join-guest">
        <h2 id="join-guest">{t("guest.title")}</h2>
        <p class="mb-4 max-w-measure text-sm text-soft">{t("guest.text")}</p>
        <CodeField label={t("field.offer")} button={t("field.go")} busy={false} onText={open} />
        <Show when={unreadable()}>
          <div class="mt-4">
            <Problem code="INVITE_MALFORMED" />
          </div>
        </Show>
      </section>
    </>
  );
}

function Ways(): JSX.Element {
  const { t } = useJoinWords();
  const location = useLocation();
  const [query] = useSearchParams<{ invite?: string }>();
  const code = () => location.hash.replace(/^#/, "");
  createTitle(() => t("title"));
  return (
    <>
      <PageHead title={t(query.invite === undefined ? "title" : "host.title")} lead={t("lead")} />
      <div class="page join-page">
        <Switch fallback={<Start />}>
          <Match when={code()}>{(opened) => <Guest code={opened()} />}</Match>
          <Match when={query.invite}>
            <Host />
          </Match>
        </Switch>
      </div>
    </>
  );
}

export default function Join(): JSX.Element {
  return (
    <WithWords>
      <Ways />
    </WithWords>
  );
}
