/** A row of a feed: a post, or a post that somebody has boosted. */
import { type JSX, Show } from "solid-js";
import type { EnvelopeView } from "../../../peer/api.ts";
import { BoostedCard } from "./boosted.tsx";
import { EnvelopeCard } from "./index.tsx";

export function FeedCard(props: { row: EnvelopeView; position: number; total: number }): JSX.Element {
  return (
    <Show
      when={props.row.boostOf !== null}
      fallback={<EnvelopeCard envelope={props.row} position={props.position} total={props.total} />}
    >
      <BoostedCard boost={props.row} position={props.position} total={props.total} />
    </Show>
  );
}
