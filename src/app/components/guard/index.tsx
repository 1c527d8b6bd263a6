/**
 * Stands before what this person does not want to see unasked, and beside the name of somebody of whom it should know. Most
 * cards need neither, so what it says is loaded with the first one that does.
 */
import { type JSX, Show, Suspense } from "solid-js";
import type { EnvelopeView, GuardView } from "../../../peer/api.ts";
import { lazily } from "../../i18n/index.tsx";
import { isRevealed } from "../../state/revealed.ts";

const Cover = lazily(() => import("./cover.tsx"));
const Marks = lazily(() => import("./marks.tsx"));

/** Shows its children, or a cover that one press lifts. @param props.what which of the two covers this place is for */
export function Guarded(props: { envelope: EnvelopeView; what: "post" | "media"; children: JSX.Element }): JSX.Element {
  const verdict = () => {
    const found = props.envelope.guard?.verdict;
    return found?.what === props.what ? found : undefined;
  };
  return (
    <Show when={verdict()} fallback={props.children}>
      {(found) => (
        <>
          <Suspense>
            <Cover envelope={props.envelope} reason={found().reason} what={props.what} />
          </Suspense>
          <Show when={isRevealed(props.envelope.hash)}>{props.children}</Show>
        </>
      )}
    </Show>
  );
}

/**
 * What is to be known of an author beside the name.
 * @param props.plain no link: it stands within one, or within a label
 */
export function AuthorMarks(props: {
  guard: Pick<GuardView, "alike" | "flagged"> | null;
  plain?: boolean;
}): JSX.Element {
  const marked = () =>
    props.guard !== null && (props.guard.flagged > 0 || props.guard.alike !== null) ? props.guard : undefined;
  return (
    <Show when={marked()}>
      {(guard) => (
        <Suspense>
          <Marks flagged={guard().flagged} alike={guard().alike} plain={props.plain === true} />
        </Suspense>
      )}
    </Show>
  );
}
