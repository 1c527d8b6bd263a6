/** The links as a table: who, by which transport, how far, how much. */
import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import type { ConnectionView } from "../../../peer/api.ts";
import { PersonName } from "../../components/person/index.tsx";
import { shortId } from "../../text/display.ts";
import { linkedOf } from "../../text/people.ts";
import { inOrder } from "./order.ts";
import { useI18n } from "../../i18n/index.tsx";

export function Links(props: { connections: readonly ConnectionView[] }): JSX.Element {
  const { t, bytes, duration } = useI18n();
  return (
    <section class="section">
      <h2>{t("network.links")}</h2>
      <Show when={props.connections.length > 0} fallback={<p class="text-sm text-faint">{t("network.links.none")}</p>}>
        {/* Wide tables scroll by themselves; to be reachable by keyboard the region takes focus. */}
        <div class="table-scroll" role="region" aria-label={t("network.links")} tabindex="0">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{t("network.peer")}</th>
                <th scope="col">{t("network.transport")}</th>
                <th scope="col">{t("network.roundTrip")}</th>
                <th scope="col">{t("network.received")}</th>
                <th scope="col">{t("network.sent")}</th>
                <th scope="col">{t("network.direction")}</th>
              </tr>
            </thead>
            <tbody>
              <For each={inOrder(props.connections)}>
                {(link) => (
                  <tr data-peer={link.peer} data-transport={link.transport}>
                    <td>
                      <Show
                        when={link.transport !== "websocket"}
                        fallback={<bdi dir="ltr">{link.name ?? shortId(link.peer)}</bdi>}
                      >
                        <A class="link" href={`/u/${link.peer}`}>
                          <PersonName of={linkedOf(link)} />
                        </A>
                      </Show>
                    </td>
                    <td>{t(`network.${link.transport}`)}</td>
                    <td>{link.roundTrip === null ? t("network.unknown") : duration(link.roundTrip)}</td>
                    <td>{bytes(link.bytesIn)}</td>
                    <td>{bytes(link.bytesOut)}</td>
                    <td>{t(`network.${link.direction}`)}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
      </Show>
    </section>
  );
}
