/** A person's mark, drawn from the address. Decoration: the name always stands beside it. */
import { createMemo, type JSX } from "solid-js";
import { rosetteOf } from "./rosette.ts";

export function Mark(props: { id: string }): JSX.Element {
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
