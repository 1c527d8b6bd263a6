/** The other person: name and mark where they are known, the address in short in any case. */
import { createMemo, type JSX, Show } from "solid-js";
import type { NodeId } from "../../../peer/api.ts";
import { Mark } from "../../components/mark/index.tsx";
import { personName } from "../../components/person/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { shortId } from "../../text/display.ts";

/** The name of a peer, to stand within a sentence: isolated from the text around it. */
export function createNameOf(peer: () => NodeId | null): () => string {
  const { api } = useConnection();
  const query = createMemo(() => {
    const id = peer();
    return id === null ? undefined : { id };
  });
  const profile = createLiveValue(api, "profile", () => query());
  return () => `\u2068${personName(peer() ?? "", profile.value()?.displayName)}\u2069`;
}

export function Person(props: { id: NodeId; name: string }): JSX.Element {
  return (
    <div class="flex items-center gap-3">
      <span class="w-12 flex-none">
        <Mark id={props.id} />
      </span>
      <div class="min-w-0">
        <p class="row-name">{props.name}</p>
        <Show when={!props.name.includes(shortId(props.id))}>
          <p class="text-sm text-faint">
            <bdi dir="ltr">{shortId(props.id)}</bdi>
          </p>
        </Show>
      </div>
    </div>
  );
}
