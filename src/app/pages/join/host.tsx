/** The way of whoever invites: an invitation to pass on, then the answer to it. */
import { createSignal, type JSX, Match, onMount, Show, Switch } from "solid-js";
import type { NodeId } from "../../../peer/api.ts";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { CodeField } from "./code-field.tsx";
import { Linked } from "./linked.tsx";
import { createNow, PassOn } from "./pass-on.tsx";
import { createPerson } from "./person.tsx";
import { Problem } from "./problem.tsx";
import { useJoinWords } from "./words.ts";

/** After these the invitation is spent, and another one is needed. */
const SPENT: ReadonlySet<string> = new Set(["INVITE_FAILED", "INVITE_USED", "INVITE_UNKNOWN", "INVITE_EXPIRED"]);

export function Host(): JSX.Element {
  const { t } = useJoinWords();
  const { api } = useConnection();
  const [invite, setInvite] = createSignal<{ readonly code: string; readonly expiresAt: number } | null>(null);
  const [problem, setProblem] = createSignal<string | null>(null);
  const [busy, setBusy] = createSignal(false);
  const [peer, setPeer] = createSignal<NodeId | null>(null);
  const now = createNow();
  const person = createPerson(peer);
  const expired = () => {
    const made = invite();
    return made !== null && !busy() && now() >= made.expiresAt;
  };

  async function make(): Promise<void> {
    setInvite(null);
    setProblem(null);
    try {
      setInvite((await api()?.createInvite()) ?? null);
    } catch (error) {
      setProblem(codeOf(error));
    }
  }

  async function accept(text: string): Promise<void> {
    const own = api();
    if (own === undefined || busy()) return;
    setBusy(true);
    setProblem(null);
    try {
      setPeer((await own.acceptAnswer(text)).peer);
    } catch (error) {
      setProblem(codeOf(error));
    } finally {
      setBusy(false);
    }
  }

  const Again = (): JSX.Element => (
    <button type="button" class="button button-primary" onClick={() => void make()}>
      {t("host.again")}
    </button>
  );

  onMount(() => void make());

  return (
    <Switch
      fallback={
        <Show when={problem()} fallback={<p role="status">{t("host.making")}</p>}>
          {(code) => (
            <Problem code={code()}>
              <Again />
            </Problem>
          )}
        </Show>
      }
    >
      <Match when={peer()}>
        <Linked of={person()} />
      </Match>
      <Match when={expired()}>
        <div class="note" role="status">
          <h2>{t("host.expired")}</h2>
          <p class="text-soft">{t("host.expired.text")}</p>
          <div>
            <Again />
          </div>
        </div>
      </Match>
      <Match when={invite()}>
        {(made) => (
          <>
            <section class="section" aria-labelledby="join-step-one">
              <h2 id="join-step-one">{t("host.step.one")}</h2>
              <p class="mb-4 max-w-measure text-sm text-soft">{t("host.step.one.text")}</p>
              <PassOn code={made().code} expiresAt={made().expiresAt} now={now()} />
            </section>
            <section class="section" aria-labelledby="join-step-two">
              <h2 id="join-step-two">{t("host.step.two")}</h2>
              <p class="mb-4 max-w-measure text-sm text-soft">{t("host.step.two.text")}</p>
              <CodeField
                label={t("field.answer")}
                button={t("field.connect")}
                busy={busy()}
                onText={(text) => void accept(text)}
              />
              <Show when={problem()}>
                {(code) => (
                  <div class="mt-4">
                    <Problem code={code()}>
                      <Show when={SPENT.has(code())}>
                        <Again />
                      </Show>
                    </Problem>
                  </div>
                )}
              </Show>
            </section>
          </>
        )}
      </Match>
    </Switch>
  );
}
