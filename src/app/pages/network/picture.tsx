/** A still picture of one's links. The table below says the same in words. */
import { createMemo, For, type JSX } from "solid-js";
import type { NetworkView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { shortId } from "../../text/display.ts";
import { linkedOf, personName } from "../../text/people.ts";
import { onePerPeer } from "./order.ts";
import { CENTRE, HEIGHT, spotsAround, WIDTH } from "./layout.ts";

/** More dots than this cannot be told apart. */
const MOST_DOTS = 16;
const NAME_LENGTH = 14;

export function Picture(props: { network: NetworkView }): JSX.Element {
  const { t, number } = useI18n();
  const dots = createMemo(() => {
    const peers = onePerPeer(props.network.connections).map((link) => ({
      kind: "peer" as const,
      transport: link.transport,
      // Of a name with the address behind it this would leave the name, which is the part that deceives.
      name: link.alike === null ? personName(linkedOf(link)) : shortId(link.peer),
    }));
    const relays = props.network.relays.map((relay) => ({
      kind: "relay" as const,
      transport: "websocket" as const,
      name: URL.canParse(relay.url) ? new URL(relay.url).hostname : relay.url,
    }));
    const all = [...peers, ...relays].slice(0, MOST_DOTS);
    const spots = spotsAround(all.length);
    return all.flatMap((dot, index) => {
      const spot = spots[index];
      return spot ? [{ ...dot, ...spot }] : [];
    });
  });
  const words = () =>
    t("network.picture", {
      peers: number(onePerPeer(props.network.connections).length),
      relays: number(props.network.relays.length),
    });

  return (
    <svg class="orbit" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words()}>
      <For each={dots()}>
        {(dot) => (
          <line class="orbit-line" data-transport={dot.transport} x1={CENTRE.x} y1={CENTRE.y} x2={dot.x} y2={dot.y} />
        )}
      </For>
      <For each={dots()}>
        {(dot) => (
          <g>
            {dot.kind === "relay" ? (
              <rect class="orbit-relay" x={dot.x - 8} y={dot.y - 8} width="16" height="16" rx="3" />
            ) : (
              <circle class="orbit-peer" cx={dot.x} cy={dot.y} r="9" />
            )}
            <text x={dot.x} y={dot.y < CENTRE.y ? dot.y - 16 : dot.y + 24}>
              {`\u2068${dot.name.length > NAME_LENGTH ? `${dot.name.slice(0, NAME_LENGTH)}…` : dot.name}\u2069`}
            </text>
          </g>
        )}
      </For>
      <circle class="orbit-self" cx={CENTRE.x} cy={CENTRE.y} r="13" />
    </svg>
  );
}
