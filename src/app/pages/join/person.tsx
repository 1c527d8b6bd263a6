/** The other person: name and mark where they are known, the address in short in any case. */
import { createMemo, type JSX, Show } from "solid-js";
import type { NodeId } from "../../../peer/api.ts";
import { Mark } from "../../components/mark/index.tsx";
import { AlikeMark } from "../../components/person/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { shortId } from "../../text/display.ts";
import { nameless, type Named, ownerOf } from "../../text/people.ts";

/** A peer by the name of its profile, once that is known. */
export function createPerson(peer: () => NodeId | null): () => Named {
  const { api } = useConnection();
  const query = createMemo(() => {
    const id = peer();
    return id === null ? undefined : { id };
  });
  const profile = createLiveValue(api, "profile", () => query());
  return () => {
    const known = profile.value();
    return known ? ownerOf(known) : nameless(peer() ?? "");
  };
}

/** @param props.sentence in which the person is named */
export function Person(props: { of: Named; sentence: string }): JSX.Element {
  return (
    <div class="flex items-center gap-3">
      <span class="w-12 flex-none">
        <Mark id={props.of.id} />
      </span>
      <div class="min-w-0">
        <p class="row-name">{props.sentence}</p>
        <Show when={!props.sentence.includes(shortId(props.of.id))}>
          <p class="text-sm text-faint">
            <bdi dir="ltr">{shortId(props.of.id)}</bdi>
          </p>
        </Show>
        <AlikeMark of={props.of} />
      </div>
    </div>
  );
}
