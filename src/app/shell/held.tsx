/** What waits for the person above the page: a change of version, a launch that would cost typed words, a start that takes long. */
import { createEffect, createSignal, type JSX, onCleanup, Show } from "solid-js";
import { useI18n } from "../i18n/index.tsx";
import { SITE } from "../site.ts";
import { useConnection } from "../state/connection.tsx";
import { heldLaunch, stayHere, useHeldLaunch } from "../state/launch.ts";
import { changeover } from "../state/updates.ts";

/** A store of 100,000 envelopes opens in under a second; a phone under load may take ten times that. */
const SLOW = 20_000;

/** Where the ways out of an app that does not start lie; no page of the app (public/reset.html). */
export const WAYS_OUT: string = `${SITE}reset.html`;

function createSlow(): () => boolean {
  const { state } = useConnection();
  const [slow, setSlow] = createSignal(false);
  createEffect(() => {
    setSlow(false);
    if (state().kind !== "starting") return;
    const timer = setTimeout(() => setSlow(true), SLOW);
    onCleanup(() => clearTimeout(timer));
  });
  return slow;
}

function Held(props: { id: string; title: string; text: string; children: JSX.Element }): JSX.Element {
  return (
    <section class="banner" aria-labelledby={props.id} role="status">
      <div>
        <h2 id={props.id}>{props.title}</h2>
        <p>{props.text}</p>
      </div>
      <div class="flex flex-none flex-wrap gap-2">{props.children}</div>
    </section>
  );
}

export function HeldNotes(): JSX.Element {
  const { t } = useI18n();
  const slow = createSlow();
  const openHeld = useHeldLaunch();
  return (
    <>
      <Show when={changeover()}>
        <Held id="held-update" title={t("update.changeover.title")} text={t("update.changeover.text")}>
          <button type="button" class="button button-small" onClick={() => location.reload()}>
            {t("update.changeover.now")}
          </button>
        </Held>
      </Show>
      <Show when={heldLaunch() !== null}>
        <Held id="held-launch" title={t("launch.held.title")} text={t("launch.held.text")}>
          <button type="button" class="button button-small" onClick={openHeld}>
            {t("launch.held.open")}
          </button>
          <button type="button" class="button button-quiet button-small" onClick={stayHere}>
            {t("launch.held.stay")}
          </button>
        </Held>
      </Show>
      <Show when={slow()}>
        <Held id="held-slow" title={t("slow.title")} text={t("slow.text")}>
          <a class="button button-small" href={WAYS_OUT} rel="external">
            {t("slow.out")}
          </a>
        </Held>
      </Show>
    </>
  );
}
