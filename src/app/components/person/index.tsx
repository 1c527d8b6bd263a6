/** A person's name, or the short address where no name is known. Always isolated from the text around it. */
import { type JSX, Show } from "solid-js";
import { displayName, shortId } from "../../text/display.ts";

/** The name as plain text, for labels. */
export function personName(id: string, name: string | null | undefined): string {
  const shown = displayName(name);
  return shown === "" ? shortId(id) : shown;
}

export function PersonName(props: { id: string; name: string | null | undefined }): JSX.Element {
  const named = () => displayName(props.name);
  return (
    <Show when={named()} fallback={<bdi dir="ltr">{shortId(props.id)}</bdi>}>
      {(name) => <bdi>{name()}</bdi>}
    </Show>
  );
}
