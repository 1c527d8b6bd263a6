/** The same person on another device: shows a code, or uses one. The code lies behind `#`, where no server sees it. */
import { A, useLocation, useNavigate, useSearchParams } from "@solidjs/router";
import { createSignal, type JSX, Match, Show, Switch } from "solid-js";
import { PageHead } from "../../components/page-head/index.tsx";
import { createTitle } from "../../state/title.ts";
import { CodeField } from "../join/code-field.tsx";
import { Problem as CodeProblem } from "../join/problem.tsx";
import { WithWords as WithJoinWords } from "../join/words.ts";
import { Giver } from "./giver.tsx";
import { Taker } from "./taker.tsx";
import { useDevicesWords, WithWords } from "./words.ts";

/** Beyond this nobody pasted a code. */
const MOST_CHARACTERS = 4_096;

/** The bare code of a text: an invite, a dot and a secret; `null` where there cannot be one. Pure. */
function codeIn(text: string): string | null {
  if (text.length > MOST_CHARACTERS) return null;
  const code = text.slice(text.lastIndexOf("#") + 1).replaceAll(/\s/gu, "");
  return /^[\w-]+\.[\w-]+$/.test(code) ? code : null;
}

function Start(): JSX.Element {
  const { t } = useDevicesWords();
  const navigate = useNavigate();
  const [unreadable, setUnreadable] = createSignal(false);

  function open(text: string): void {
    const code = codeIn(text);
    setUnreadable(code === null);
    if (code !== null) navigate(`/devices#${code}`);
  }

  return (
    <>
      <section class="section" aria-labelledby="devices-take">
        <h2 id="devices-take">{t("take.title")}</h2>
        <p class="mb-4 max-w-measure text-sm text-soft">{t("take.text")}</p>
        <CodeField label={t("take.field")} button={t("take.go")} busy={false} onText={open} />
        <Show when={unreadable()}>
          <div class="mt-4">
            <CodeProblem code="INVITE_MALFORMED" />
          </div>
        </Show>
        <p class="mt-4 text-sm">
          <A class="link" href="/restore">
            {t("elsewhere")}
          </A>
        </p>
      </section>
      <section class="section" aria-labelledby="devices-give">
        <h2 id="devices-give">{t("give.title")}</h2>
        <p class="mb-4 max-w-measure text-sm text-soft">{t("give.text")}</p>
        <A class="button button-primary" href="/devices?give=1">
          {t("give.show")}
        </A>
      </section>
    </>
  );
}

function Ways(): JSX.Element {
  const { t } = useDevicesWords();
  const location = useLocation();
  const [query] = useSearchParams<{ give?: string }>();
  const code = () => codeIn(location.hash) ?? undefined;
  createTitle(() => t("title"));
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} />
      <div class="page join-page">
        <Switch fallback={<Start />}>
          <Match when={code()} keyed>
            {(opened) => <Taker code={opened} />}
          </Match>
          <Match when={query.give}>
            <Giver />
          </Match>
        </Switch>
      </div>
    </>
  );
}

export default function Devices(): JSX.Element {
  return (
    <WithJoinWords>
      <WithWords>
        <Ways />
      </WithWords>
    </WithJoinWords>
  );
}
