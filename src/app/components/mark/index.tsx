/** A person's picture, or the mark drawn from the address where there is none. Decoration: the name always stands beside it. */
import { createEffect, createMemo, createSignal, type JSX, on, onCleanup, Show } from "solid-js";
import { avatarUrl, reportBroken } from "../../state/avatars.ts";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { rosetteOf } from "./rosette.ts";

export function Mark(props: {
  id: string;
  /** Hash of the picture; `null`: there is none. Left out where it is not known: the peer is asked. */
  avatar?: string | null;
}): JSX.Element {
  const { api } = useConnection();
  const [url, setUrl] = createSignal<string | null>(null);
  createEffect(
    on([api, () => props.id, () => props.avatar], ([peer, id, avatar]) => {
      setUrl(null);
      if (!peer || avatar === null) return;
      let current = true;
      onCleanup(() => (current = false));
      avatarUrl(peer, id, avatar).then(
        (found) => {
          if (current) setUrl(found);
        },
        (error: unknown) => console.debug("picture", codeOf(error)),
      );
    }),
  );
  return (
    <Show when={url()} fallback={<Rosette id={props.id} />}>
      {(address) => (
        <img
          class="mark"
          src={address()}
          alt=""
          width={48}
          height={48}
          decoding="async"
          onError={() => {
            reportBroken(address());
            setUrl(null);
          }}
        />
      )}
    </Show>
  );
}

function Rosette(props: { id: string }): JSX.Element {
  const rosette = createMemo(() => rosetteOf(props.id));
  return (
    <svg class="mark" viewBox="0 0 48 48" aria-hidden="true" data-hue={rosette().hue}>
      <rect class="mark-ground" width="48" height="48" />
      <path class="mark-petals" d={rosette().petals} />
      <path class="mark-star" data-hue={rosette().starHue} d={rosette().star} />
      <circle class="mark-ground" cx="24" cy="24" r={rosette().core} />
    </svg>
  );
}
