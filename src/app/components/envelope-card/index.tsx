/** An envelope as a person meets it in a feed, above a post and in the composer's preview. */
import { A } from "@solidjs/router";
import { createUniqueId, For, type JSX, Show } from "solid-js";
import { Dynamic } from "solid-js/web";
import type { EnvelopeView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { now } from "../../state/clock.ts";
import { isRevealed } from "../../state/revealed.ts";
import { useSession } from "../../state/session.tsx";
import { displayLine, displayText } from "../../text/display.ts";
import { splitByline } from "../../text/byline.ts";
import { splitNotes } from "../../text/notes.ts";
import { authorOf, personName } from "../../text/people.ts";
import { CardMenu } from "../card-menu/index.tsx";
import { AuthorMarks, Guarded } from "../guard/index.tsx";
import { Icon } from "../icon/index.tsx";
import { Mark } from "../mark/index.tsx";
import { KindLine, MediaStrip } from "../media-strip/index.tsx";
import { PersonName } from "../person/index.tsx";
import { ReachBadge } from "../reach-badge/index.tsx";
import { ScopeChip } from "../scope-chip/index.tsx";
import { Counts } from "./counts.tsx";

/** `feed`: opens the post. `page`: heads the post's own page. `preview`: shows a draft, and leads nowhere. */
export type CardMode = "feed" | "page" | "preview";

function Author(props: { envelope: EnvelopeView; mode: CardMode }): JSX.Element {
  return (
    <Show
      when={props.mode !== "preview"}
      fallback={
        <span class="envelope-author">
          <PersonName of={authorOf(props.envelope)} beside />
        </span>
      }
    >
      <A class="envelope-author envelope-above" href={`/u/${props.envelope.author}`}>
        <PersonName of={authorOf(props.envelope)} beside />
      </A>
    </Show>
  );
}

function Time(props: { created: number }): JSX.Element {
  const { ago, moment } = useI18n();
  return (
    <time datetime={new Date(props.created).toISOString()} title={moment(props.created)}>
      {ago(props.created, now())}
    </time>
  );
}

function Foot(props: { envelope: EnvelopeView; mode: CardMode }): JSX.Element {
  const { t, bytes } = useI18n();
  // In a feed only what is news: most posts are heard where they started.
  const tellsReach = () => {
    const { boosts, curators, topics, widest } = props.envelope.heard;
    if (props.mode === "preview" || props.envelope.scopes.length === 0) return false;
    return props.mode === "page" || topics || widest !== null || boosts > 0 || curators > 0;
  };
  const readable = () => props.mode === "feed" && !props.envelope.whole && props.envelope.postHash !== null;
  return (
    <div class="envelope-foot">
      <For each={props.envelope.scopes}>{(scope) => <ScopeChip scope={scope} plain={props.mode === "preview"} />}</For>
      <Show when={props.envelope.scopes.length === 0}>
        <span class="chip">
          <Icon name="trusted" small />
          {t("envelope.trusted")}
        </span>
      </Show>
      <Show when={props.envelope.delivery === "waiting" && props.mode !== "preview"}>
        <span class="envelope-state">
          <Icon name="clock" small />
          {t(props.envelope.scopes.length === 0 ? "trust.waiting" : "envelope.waiting")}
        </span>
      </Show>
      <Show when={tellsReach()}>
        <ReachBadge envelope={props.envelope} />
      </Show>
      <Show when={props.mode !== "preview"}>
        <Counts envelope={props.envelope} />
      </Show>
      <Show when={readable()}>
        <span class="ms-auto inline-flex items-center gap-3">
          <Show when={props.envelope.held}>
            <span class="envelope-state">
              <Icon name="check" small />
              {t("envelope.held")}
            </span>
          </Show>
          <A class="envelope-read envelope-above" href={`/p/${props.envelope.hash}`} state={{ read: true }}>
            {t("envelope.read", { size: bytes(props.envelope.contentSize) })}
          </A>
        </span>
      </Show>
    </div>
  );
}

export function EnvelopeCard(props: {
  envelope: EnvelopeView;
  mode?: CardMode;
  position?: number;
  total?: number;
  /** What it answers is plain from where it stands. */
  inThread?: boolean;
  /** Leaves out what the envelope tells of files that are shown below. */
  mediaRepeated?: boolean;
  /** Leaves the summary out, where the text below repeats it. */
  summaryRepeated?: boolean;
  /** What is said of the post by whoever brings it here. It is part of the article: a feed holds nothing else. */
  lead?: JSX.Element;
  /** What stands between summary and foot, such as the full text. */
  children?: JSX.Element;
}): JSX.Element {
  const { t, ago } = useI18n();
  const { trusts } = useSession();
  const labelId = createUniqueId();
  const mode = () => props.mode ?? "feed";
  const href = () => `/p/${props.envelope.hash}`;
  const headline = () => (props.envelope.headline ? displayLine(props.envelope.headline) : "");
  const words = () => splitByline(props.envelope.kind, displayText(props.envelope.summary ?? "").trim());
  const summary = () => {
    const text = words().rest;
    // On the page of a collection each note stands with the post that it is about.
    if (mode() === "page") return splitNotes(props.envelope, text).rest;
    // In a feed a paragraph's end is a line's end: empty lines would only push the next card away.
    return text.replace(/\n\s*\n/g, "\n");
  };
  const label = () =>
    t("envelope.by", {
      name: personName(authorOf(props.envelope)),
      time: ago(props.envelope.created, now()),
    });

  /** Under a cover the headline does not stand there to be named by. */
  const titled = () =>
    headline() !== "" && (props.envelope.guard?.verdict?.what !== "post" || isRevealed(props.envelope.hash));

  return (
    <article
      class="envelope"
      tabindex={mode() === "feed" ? -1 : undefined}
      data-open={mode() === "feed" ? "" : undefined}
      data-mode={mode()}
      data-hash={props.envelope.hash}
      aria-labelledby={titled() ? labelId : undefined}
      aria-label={titled() ? undefined : label()}
      aria-posinset={props.position}
      aria-setsize={props.total}
    >
      <Show when={props.lead}>{(lead) => <div class="envelope-lead">{lead()}</div>}</Show>
      <Mark id={props.envelope.author} avatar={props.envelope.authorAvatar} />
      <div class="envelope-meta">
        <Author envelope={props.envelope} mode={mode()} />
        <Show when={trusts(props.envelope.author)}>
          <span class="envelope-state" title={t("trust.mark")}>
            <Icon name="people" small />
            <span class="visually-hidden">{t("trust.mark")}</span>
          </span>
        </Show>
        <span class="envelope-time">
          <Show when={mode() === "feed" && !headline()} fallback={<Time created={props.envelope.created} />}>
            <A class="envelope-open" href={href()} aria-label={label()}>
              <Time created={props.envelope.created} />
            </A>
          </Show>
        </span>
        <Show when={(props.envelope.replyTo !== null && !props.inThread) || props.envelope.boostOf !== null}>
          <span class="envelope-state">
            <Icon name="reply" small turns />
            {t(props.envelope.boostOf === null ? "envelope.reply" : "envelope.boost")}
          </span>
        </Show>
        <AuthorMarks guard={props.envelope.guard} />
      </div>
      <Show when={mode() !== "preview"}>
        <CardMenu envelope={props.envelope} />
      </Show>
      <div class="envelope-body">
        <Guarded envelope={props.envelope} what="post">
          <KindLine envelope={props.envelope} />
          <Show when={headline()}>
            {/* No <bdi> within: `dir="auto"` looks past it, and the line would not turn with its words. */}
            <Dynamic component={mode() === "page" ? "h1" : "h2"} class="envelope-headline" id={labelId} dir="auto">
              <Show when={mode() === "feed"} fallback={headline()}>
                <A class="envelope-open" href={href()}>
                  {headline()}
                </A>
              </Show>
            </Dynamic>
          </Show>
          <Show when={words().byline}>
            {(byline) => (
              <p class="envelope-byline isolate-text" dir="auto">
                {byline()}
              </p>
            )}
          </Show>
          <Show when={summary() && !props.summaryRepeated}>
            <p class="envelope-summary isolate-text" dir="auto">
              {summary()}
            </p>
          </Show>
          <Show when={props.envelope.media.length > 0 && !props.mediaRepeated}>
            <Guarded envelope={props.envelope} what="media">
              <MediaStrip envelope={props.envelope} whole={mode() === "page"} />
            </Guarded>
          </Show>
          {props.children}
          <Foot envelope={props.envelope} mode={mode()} />
        </Guarded>
      </div>
    </article>
  );
}
