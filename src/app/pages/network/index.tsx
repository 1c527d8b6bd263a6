/** Who this device is linked to, what the relays do, what is kept here and what was refused. */
import { For, type JSX, Show } from "solid-js";
import type { NetworkView } from "../../../peer/api.ts";
import { LackNote } from "../../components/lack-note/index.tsx";
import { TwinNote } from "../../components/twin-note/index.tsx";
import { Invitation } from "../../components/invitation/index.tsx";
import { PageHead } from "../../components/page-head/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { type Messages, useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { createTitle } from "../../state/title.ts";
import { scopePath } from "../../text/scopes.ts";
import { Links } from "./links.tsx";
import { Picture } from "./picture.tsx";
import { Storage } from "./storage.tsx";
import { Refused, ShutOut } from "./shut-out.tsx";

function Relays(props: { network: NetworkView }): JSX.Element {
  const { t } = useI18n();
  return (
    <section class="section">
      <h2>{t("network.relays")}</h2>
      <p class="max-w-measure text-sm text-soft">{t("network.relays.text")}</p>
      <Show
        when={props.network.relays.length > 0}
        fallback={<p class="mt-3 text-sm text-faint">{t("network.relays.none")}</p>}
      >
        <ul class="rows mt-3">
          <For each={props.network.relays}>
            {(relay) => (
              <li class="flex flex-wrap justify-between gap-x-4 py-2 text-sm">
                <bdi dir="ltr">{relay.url}</bdi>
                <span class="text-faint">
                  {t(`network.relay.${relay.state}`)}
                  <Show when={relay.error}> ({relay.error})</Show>
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}

/** `mehr/1/g/europe/nl` as "Europe / NL"; a name of another form stays as it is. */
function channelName(name: string): string {
  const match = /^mehr\/1\/([gt])\/(.+)$/.exec(name);
  return match ? scopePath(`${match[1]}:${match[2]}`) : name;
}

function Channels(props: { network: NetworkView }): JSX.Element {
  const { t, number } = useI18n();
  return (
    <section class="section">
      <h2>{t("network.channels")}</h2>
      <p class="max-w-measure text-sm text-soft">{t("network.channels.text")}</p>
      <Show
        when={props.network.channels.length > 0}
        fallback={<p class="mt-3 text-sm text-faint">{t("network.channels.none")}</p>}
      >
        <ul class="rows mt-3">
          <For each={props.network.channels}>
            {(channel) => (
              <li class="flex justify-between gap-4 py-2 text-sm">
                <bdi>{channelName(channel.name)}</bdi>
                <span class="flex-none text-faint">
                  {t(channel.peers === 1 ? "network.channel.peers_one" : "network.channel.peers_other", {
                    count: number(channel.peers),
                  })}
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}

export default function Network(): JSX.Element {
  const { t, number } = useI18n();
  const { api } = useConnection();
  const live = createLiveValue(api, "network", () => ({}));
  createTitle(() => t("network.title"));
  const lead = (network: NetworkView) => {
    const { state, waiting } = network.status;
    const words = [t(`status.${state}.text`)];
    if (waiting > 0) {
      const key: keyof Messages = waiting === 1 ? "status.waiting_one" : "status.waiting_other";
      words.push(`${t(key, { count: number(waiting) })}.`);
    }
    return words.join(" ");
  };

  return (
    <>
      <PageHead title={t("network.title")} lead={t("network.lead")} />
      <LackNote />
      <TwinNote />
      <UnreadableNote of={live} title={t("unreadable.network")} />
      <Show when={live.value()}>
        {(network) => (
          <div class="page">
            <Picture network={network()} />
            <p class="max-w-measure pb-4">{lead(network())}</p>
            <div class="pb-6">
              <Invitation />
            </div>
            <Links connections={network().connections} />
            <Relays network={network()} />
            <Channels network={network()} />
            <Storage network={network()} />
            <ShutOut network={network()} />
            <Refused network={network()} />
          </div>
        )}
      </Show>
    </>
  );
}
