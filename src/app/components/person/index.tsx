/**
 * A person's name, or the short address where no name is known, with the mark of a name that looks like that of somebody
 * else. Always isolated from the text around it. Names within sentences and labels: `../../text/people.ts`.
 */
import { type JSX, Show } from "solid-js";
import { displayName, shortId } from "../../text/display.ts";
import type { Named } from "../../text/people.ts";
import { AuthorMarks } from "../guard/index.tsx";

/** @param props.beside the mark stands elsewhere beside it: an `AuthorMarks` of this place, or what says more than that */
export function PersonName(props: { of: Named; beside?: boolean }): JSX.Element {
  const named = () => displayName(props.of.name);
  return (
    <>
      <Show when={named()} fallback={<bdi dir="ltr">{shortId(props.of.id)}</bdi>}>
        {(name) => <bdi>{name()}</bdi>}
      </Show>
      <Show when={!props.beside && props.of.alike}>
        {" "}
        <AlikeMark of={props.of} plain />
      </Show>
    </>
  );
}

/** The mark alone, for a place that has the name in a sentence. */
export function AlikeMark(props: { of: Named; plain?: boolean }): JSX.Element {
  return <AuthorMarks guard={{ alike: props.of.alike, flagged: 0 }} plain={props.plain === true} />;
}
