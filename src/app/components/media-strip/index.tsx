/**
 * What an envelope tells of the files that its post carries: a line that says what it is, pictures, and names of the rest. Most
 * posts are text, so how it is shown is loaded when the first other one comes by; its place is kept until then.
 */
import { type JSX, Show, Suspense } from "solid-js";
import type { EnvelopeView } from "../../../peer/api.ts";
import { lazily } from "../../i18n/index.tsx";

const Line = lazily(() => import("./strip.tsx").then((module) => ({ default: module.KindLine })));
const Strip = lazily(() => import("./strip.tsx").then((module) => ({ default: module.MediaStrip })));

/** Tracks or lessons in a feed: an album of sixteen would push everything else away. */
const IN_FEED = 4;

export function KindLine(props: { envelope: EnvelopeView }): JSX.Element {
  return (
    <Show when={props.envelope.kind !== "text"}>
      <Suspense fallback={<p class="kind-line">\u00a0</p>}>
        <Line envelope={props.envelope} />
      </Suspense>
    </Show>
  );
}

export function MediaStrip(props: {
  envelope: EnvelopeView;
  /** All names instead of the first few. */
  whole: boolean;
}): JSX.Element {
  const pictures = () => props.envelope.media.filter(({ contentType }) => contentType.startsWith("image/")).length;
  const files = () => props.envelope.media.length - pictures();
  const most = () => (props.whole ? files() : IN_FEED);
  return (
    <Suspense
      fallback={
        <div
          class="media-room"
          data-rows={Math.min(files(), most() + 1)}
          data-pictures={pictures() > 0 ? "" : undefined}
        />
      }
    >
      <Strip envelope={props.envelope} most={most()} />
    </Suspense>
  );
}
