/** A post in two lines, where it stands beside another one: what it answers, what it refers to, what refers to it. */
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import type { EnvelopeView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { now } from "../../state/clock.ts";
import { isRevealed } from "../../state/revealed.ts";
import { displayLine } from "../../text/display.ts";
import { authorOf } from "../../text/people.ts";
import { Mark } from "../mark/index.tsx";
import { AlikeMark, PersonName } from "../person/index.tsx";

/** The words by which a post is known: its headline, or how it begins. Empty where it has neither. */
export function titleOf({ headline, summary }: Pick<EnvelopeView, "headline" | "summary">): string {
  return displayLine(headline ?? summary ?? "");
}

/** Whether lists leave it out. */
export function isMuted({ guard }: Pick<EnvelopeView, "guard">): boolean {
  return guard?.verdict?.kind === "hidden";
}

/** Whether its words are not to be seen unasked, here as little as on its card. */
export function isCovered({ guard, hash }: Pick<EnvelopeView, "guard" | "hash">): boolean {
  return guard?.verdict?.what === "post" && !isRevealed(hash);
}

export function PostWords(props: { envelope: EnvelopeView }): JSX.Element {
  const { ago, moment, t } = useI18n();
  return (
    <>
      <Mark id={props.envelope.author} avatar={props.envelope.authorAvatar} />
      <span class="post-line-words">
        <span class="post-line-meta">
          <strong>
            <PersonName of={authorOf(props.envelope)} beside />
          </strong>{" "}
          <time datetime={new Date(props.envelope.created).toISOString()} title={moment(props.envelope.created)}>
            {ago(props.envelope.created, now())}
          </time>
        </span>
        <span class="empty:hidden">
          <AlikeMark of={authorOf(props.envelope)} plain />
        </span>
        <span class="post-line-title isolate-text" dir="auto" classList={{ "text-faint": isCovered(props.envelope) }}>
          {isCovered(props.envelope) ? t("graph.muted") : titleOf(props.envelope) || t("graph.untitled")}
        </span>
        <Show when={!isCovered(props.envelope) && props.envelope.headline && props.envelope.summary}>
          {(summary) => (
            <span class="post-line-more isolate-text" dir="auto">
              {displayLine(summary())}
            </span>
          )}
        </Show>
      </span>
    </>
  );
}

export function PostLine(props: { envelope: EnvelopeView }): JSX.Element {
  return (
    <A class="post-line" href={`/p/${props.envelope.hash}`} data-hash={props.envelope.hash}>
      <PostWords envelope={props.envelope} />
    </A>
  );
}
