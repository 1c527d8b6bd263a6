/** The device that is to have the identity as well: uses the code, compares the number, and becomes that person. */
import { A } from "@solidjs/router";
import { createSignal, type JSX, Match, onCleanup, Show, Switch } from "solid-js";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { createLiveValue } from "../../state/live.ts";
import { createNow, PassOn } from "../join/pass-on.tsx";
import { Problem as CodeProblem } from "../join/problem.tsx";
import { useArrival } from "../restore/arrival.ts";
import { BigNumber, DeviceProblem, Progress } from "./parts.tsx";
import { useDevicesWords } from "./words.ts";

export function Taker(props: { code: string }): JSX.Element {
  const { t } = useDevicesWords();
  const { api, origin } = useConnection();
  const arrive = useArrival();
  const [answer, setAnswer] = createSignal<{ readonly answer: string; readonly expiresAt: number }>();
  const [problem, setProblem] = createSignal<string>();
  const [busy, setBusy] = createSignal(false);
  const [restoring, setRestoring] = createSignal(false);
  const now = createNow();
  const live = createLiveValue(api, "device", () => ({}));
  const device = () => {
    const view = live.value();
    return answer() !== undefined && view?.role === "taking" ? view : undefined;
  };
  const gone = new AbortController();

  async function take(): Promise<void> {
    const peer = api();
    const whole = origin();
    if (peer === undefined || whole === undefined || busy()) return;
    setBusy(true);
    try {
      setAnswer(await peer.takeDevice(props.code));
      const { file, key } = await peer.receiveDevice({ signal: gone.signal });
      setRestoring(true);
      await whole.restoreBackup(file, { key });
      arrive();
    } catch (error) {
      if (!gone.signal.aborted) setProblem(codeOf(error));
    } finally {
      setBusy(false);
      setRestoring(false);
    }
  }

  onCleanup(() => {
    gone.abort();
    api()
      ?.endDevice()
      .catch((error: unknown) => console.debug("devices", codeOf(error)));
  });

  const Over = (): JSX.Element => (
    <A class="button" href="/devices">
      {t("problem.again")}
    </A>
  );

  return (
    <Switch
      fallback={
        <section class="section grid gap-4" aria-labelledby="devices-become">
          <h2 id="devices-become">{t("take.ask")}</h2>
          <p class="max-w-measure text-sm text-soft">{t("take.ask.text")}</p>
          <div>
            <button
              type="button"
              class="button button-primary"
              disabled={busy() || api() === undefined}
              onClick={() => void take()}
            >
              {t(busy() ? "take.busy" : "take.go")}
            </button>
          </div>
        </section>
      }
    >
      <Match when={problem()}>
        {(code) => (
          <Show
            when={code().startsWith("INVITE_")}
            fallback={
              <DeviceProblem code={code()}>
                <Over />
              </DeviceProblem>
            }
          >
            <CodeProblem code={code()}>
              <Over />
            </CodeProblem>
          </Show>
        )}
      </Match>
      <Match when={restoring()}>
        <p role="status">{t("take.restoring")}</p>
      </Match>
      <Match when={device()?.state === "moving" ? device() : undefined}>
        {(view) => (
          <section class="section">
            <Progress device={view()} />
          </section>
        )}
      </Match>
      <Match when={device()?.state === "asked" ? device()?.number : undefined}>
        {(number) => (
          <section class="section grid gap-4" aria-labelledby="devices-number" role="status">
            <h2 id="devices-number">{t("take.number")}</h2>
            <BigNumber number={number()} />
            <p class="max-w-measure">{t("take.number.text")}</p>
          </section>
        )}
      </Match>
      <Match when={answer()}>
        {(made) => (
          <>
            <section class="section">
              <p role="status">{t("take.reaching")}</p>
            </section>
            <section class="section" aria-labelledby="devices-answer">
              <h2 id="devices-answer">{t("take.answer")}</h2>
              <p class="mb-4 max-w-measure text-sm text-soft">{t("take.answer.text")}</p>
              <PassOn code={made().answer} expiresAt={made().expiresAt} now={now()} />
            </section>
          </>
        )}
      </Match>
    </Switch>
  );
}
