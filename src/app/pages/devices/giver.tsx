/** The device that has the identity: shows the code, and asks before anything is given. */
import { A } from "@solidjs/router";
import { createEffect, createSignal, type JSX, Match, on, onCleanup, Show, Switch } from "solid-js";
import type { PeerApi } from "../../../peer/api.ts";
import { ComingAlong } from "../../components/coming-along/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { createLiveValue } from "../../state/live.ts";
import { CodeField } from "../join/code-field.tsx";
import { createNow, PassOn } from "../join/pass-on.tsx";
import { Problem as CodeProblem } from "../join/problem.tsx";
import { useJoinWords } from "../join/words.ts";
import { BigNumber, DeviceProblem, Progress } from "./parts.tsx";
import { useDevicesWords } from "./words.ts";

export function Giver(): JSX.Element {
  const { t } = useDevicesWords();
  const join = useJoinWords();
  const { api } = useConnection();
  const [made, setMade] = createSignal<{ readonly code: string; readonly expiresAt: number }>();
  const [problem, setProblem] = createSignal<string>();
  /** With the answer of the other device. */
  const [answerProblem, setAnswerProblem] = createSignal<string>();
  const [busy, setBusy] = createSignal(false);
  const now = createNow();
  const live = createLiveValue(api, "device", () => ({}));
  /** Only what belongs to the code that is shown here. */
  const device = () => {
    const view = live.value();
    return made() !== undefined && view?.role === "giving" ? view : undefined;
  };
  const ended = () => problem() ?? (device()?.state === "ended" ? (device()?.problem ?? undefined) : undefined);

  async function offer(peer: PeerApi): Promise<void> {
    setMade(undefined);
    setProblem(undefined);
    setAnswerProblem(undefined);
    try {
      setMade(await peer.offerDevice());
    } catch (error) {
      setProblem(codeOf(error));
    }
  }

  async function accept(text: string): Promise<void> {
    const peer = api();
    if (peer === undefined || busy()) return;
    setBusy(true);
    setAnswerProblem(undefined);
    try {
      await peer.acceptAnswer(text);
    } catch (error) {
      setAnswerProblem(codeOf(error));
    } finally {
      setBusy(false);
    }
  }

  function run(call: (peer: PeerApi) => Promise<void>): void {
    const peer = api();
    if (peer === undefined) return;
    call(peer).catch((error: unknown) => setProblem(codeOf(error)));
  }

  createEffect(
    on(api, (peer, before) => {
      // A peer that took over knows nothing of the code that was shown.
      if (peer !== undefined && peer !== before) void offer(peer);
    }),
  );
  onCleanup(() => {
    const peer = api();
    // The code is on no screen any more.
    if (peer !== undefined && device()?.state !== "done") {
      peer.endDevice().catch((error: unknown) => console.debug("devices", codeOf(error)));
    }
  });

  return (
    <Switch fallback={<p role="status">{t("give.making")}</p>}>
      <Match when={ended()}>
        {(code) => (
          <DeviceProblem code={code()}>
            <button
              type="button"
              class="button button-primary"
              onClick={() => {
                const peer = api();
                if (peer !== undefined) void offer(peer);
              }}
            >
              {t("give.again")}
            </button>
          </DeviceProblem>
        )}
      </Match>
      <Match when={device()?.state === "done"}>
        <div class="note" role="status" data-device="done">
          <h2>{t("give.done")}</h2>
          <p class="text-soft">{t("give.done.text")}</p>
          <div>
            <A class="button button-primary" href="/">
              {t("home")}
            </A>
          </div>
        </div>
      </Match>
      <Match when={device()?.state === "moving" ? device() : undefined}>
        {(view) => (
          <section class="section grid gap-4">
            <Progress device={view()} />
            <div>
              <button type="button" class="button" onClick={() => run((peer) => peer.endDevice())}>
                {t("stop")}
              </button>
            </div>
          </section>
        )}
      </Match>
      <Match when={device()?.state === "asked" ? device()?.number : undefined}>
        {(number) => (
          <section class="section grid gap-4" aria-labelledby="devices-ask" role="alert">
            <h2 id="devices-ask">{t("give.ask")}</h2>
            <BigNumber number={number()} />
            <p class="max-w-measure">{t("give.ask.text")}</p>
            <p class="max-w-measure text-sm text-soft">{t("give.ask.warning")}</p>
            <div class="flex flex-wrap gap-3">
              <button
                type="button"
                class="button button-primary"
                onClick={() => run((peer) => peer.confirmDevice(true))}
              >
                {t("give.yes")}
              </button>
              <button type="button" class="button" onClick={() => run((peer) => peer.confirmDevice(false))}>
                {t("give.no")}
              </button>
            </div>
          </section>
        )}
      </Match>
      <Match when={made()}>
        {(shown) => (
          <>
            <ComingAlong />
            <section class="section" aria-labelledby="devices-one">
              <h2 id="devices-one">{t("give.step.one")}</h2>
              <p class="mb-4 max-w-measure text-sm text-soft">{t("give.step.one.text")}</p>
              <PassOn page="devices" code={shown().code} expiresAt={shown().expiresAt} now={now()} />
            </section>
            <section class="section" aria-labelledby="devices-two">
              <h2 id="devices-two">{t("give.step.two")}</h2>
              <p class="mb-4 max-w-measure text-sm text-soft">{t("give.step.two.text")}</p>
              <CodeField
                label={t("give.answer")}
                button={join.t("field.connect")}
                busy={busy()}
                onText={(text) => void accept(text)}
              />
              <Show when={answerProblem()}>
                {(code) => (
                  <div class="mt-4">
                    <CodeProblem code={code()} />
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
