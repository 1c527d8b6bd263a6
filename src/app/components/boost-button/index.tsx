/** Boosts a post. Pressed once it says who will hear of it and what it means; pressed again, it is done for good. */
import { createSignal, For, type JSX, Show } from "solid-js";
import type { EnvelopeView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { notify } from "../../state/notices.ts";
import { ancestorsOf, kindOf, scopePath } from "../../text/scopes.ts";
import { Dialog } from "../dialog/index.tsx";
import { Icon } from "../icon/index.tsx";

export function BoostButton(props: { envelope: EnvelopeView }): JSX.Element {
  const { t } = useI18n();
  const { run } = useActions();
  const [isOpen, setOpen] = createSignal(false);
  const [isBusy, setBusy] = createSignal(false);
  // What is for trusted people only is not passed on by a public word; nobody boosts their own.
  const isPossible = () => !props.envelope.own && props.envelope.scopes.length > 0 && props.envelope.boostOf === null;

  async function boost() {
    const { hash } = props.envelope;
    setBusy(true);
    const done = await run((api) => api.boost(hash));
    setBusy(false);
    if (!done) return;
    setOpen(false);
    notify(t("boost.told"));
  }

  return (
    <Show when={isPossible()}>
      <button
        type="button"
        class="button button-small"
        disabled={props.envelope.heard.boosted}
        onClick={() => setOpen(true)}
      >
        <Icon name={props.envelope.heard.boosted ? "check" : "reach"} small />
        {t(props.envelope.heard.boosted ? "boost.done" : "boost.button")}
      </button>
      <Show when={isOpen()}>
        <Dialog title={t("boost.title")} onClose={() => setOpen(false)}>
          <ul class="reach-points">
            <For each={meaningOf(props.envelope)}>
              {({ key, place, topics }) => <li>{t(key, { place, topics })}</li>}
            </For>
          </ul>
          <div class="mt-6 flex flex-wrap gap-2">
            <button type="button" class="button button-primary" disabled={isBusy()} onClick={() => void boost()}>
              {t("boost.confirm")}
            </button>
            <button type="button" class="button" onClick={() => setOpen(false)}>
              {t("app.cancel")}
            </button>
          </div>
        </Dialog>
      </Show>
    </Show>
  );
}

interface Point {
  readonly key: `boost.means.${"name" | "place" | "home" | "topics" | "wider" | "relay" | "ever"}`;
  readonly place: string;
  readonly topics: string;
}

/** In the order in which it happens. */
function meaningOf({ scopes }: EnvelopeView): Point[] {
  const start = scopes.find((scope) => kindOf(scope) === "geo");
  const topicScopes = scopes.filter((scope) => kindOf(scope) === "topic");
  const wider = start === undefined ? undefined : ancestorsOf(start).at(-1);
  const isolated = (text: string): string => `\u2068${text}\u2069`;
  const topics = topicScopes.map((scope) => isolated(scopePath(scope))).join(", ");
  const point = (key: Point["key"], place = ""): Point => ({ key, place: isolated(place), topics });
  return [
    point("boost.means.name"),
    start === undefined ? point("boost.means.home") : point("boost.means.place", scopePath(start)),
    ...(topicScopes.length > 0 ? [point("boost.means.topics")] : []),
    ...(wider === undefined ? [] : [point("boost.means.wider", scopePath(wider))]),
    point("boost.means.relay"),
    point("boost.means.ever"),
  ];
}
