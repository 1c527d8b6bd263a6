/** One line of the inbox: who, what, the words, and when. All of it is one link. */
import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import type { NoticeView } from "../../../peer/api.ts";
import { useCoverWords } from "../../components/guard/words.ts";
import { Icon, type IconName } from "../../components/icon/index.tsx";
import { Mark } from "../../components/mark/index.tsx";
import { AlikeMark } from "../../components/person/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { now } from "../../state/clock.ts";
import { displayLine } from "../../text/display.ts";
import { namedIn, noticeHref, noticeWords, whoWords } from "../../text/notices.ts";

const ICONS: Readonly<Record<NoticeView["kind"], IconName>> = {
  reply: "reply",
  reference: "link",
  boost: "reach",
  curated: "curated",
  trust: "trusted",
  several: "person",
};

export function NoticeLine(props: { notice: NoticeView; isNew: boolean }): JSX.Element {
  const { ago, moment, number, t } = useI18n();
  const coverWords = useCoverWords();
  const sentence = (): string => {
    const who = whoWords(props.notice, number);
    const words = noticeWords(props.notice, "text" in who ? who.text : t(who.key, who.slots), number);
    return t(words.key, words.slots);
  };
  const person = () => props.notice.people[0];
  return (
    <li data-notice={props.notice.kind}>
      <A class="inbox-line" href={noticeHref(props.notice)}>
        <span class="inbox-face">
          <Show when={person()} fallback={<Icon name={ICONS[props.notice.kind]} />}>
            {(shown) => <Mark id={shown().id} avatar={shown().avatar} />}
          </Show>
          <span class="inbox-kind">
            <Icon name={ICONS[props.notice.kind]} small turns={props.notice.kind === "reply"} />
          </span>
        </span>
        <span class="inbox-words">
          <span class="inbox-sentence">{sentence()}</span>
          <For each={namedIn(props.notice).filter(({ alike }) => alike !== null)}>
            {(named) => (
              <span>
                <AlikeMark of={named} plain />
              </span>
            )}
          </For>
          <Show when={props.notice.excerpt}>
            {(text) => (
              <bdi class="inbox-excerpt" dir="auto">
                {displayLine(text())}
              </bdi>
            )}
          </Show>
          <Show when={props.notice.cover}>{(reason) => <span class="inbox-hint">{coverWords(reason())}</span>}</Show>
          <Show when={props.notice.kind === "trust"}>
            <span class="inbox-hint">{t("inbox.trust.text")}</span>
          </Show>
          <Show when={props.notice.kind !== "several" && props.notice.post?.title}>
            {(title) => (
              <span class="inbox-about">
                <Show when={props.notice.kind !== "boost"}>
                  <span class="flex-none">{t("inbox.to")}</span>
                </Show>
                {/* With a direction of its own it is cut at its end, not at its beginning. */}
                <bdi class="chip-text" dir="auto">
                  {displayLine(title())}
                </bdi>
              </span>
            )}
          </Show>
          <span class="inbox-state">
            <time datetime={new Date(props.notice.at).toISOString()} title={moment(props.notice.at)}>
              {ago(props.notice.at, now())}
            </time>
            <Show when={props.notice.private}>
              <span>{t("inbox.private")}</span>
            </Show>
            <Show when={props.isNew}>
              <span class="inbox-new">{t("inbox.new")}</span>
            </Show>
          </span>
        </span>
      </A>
    </li>
  );
}
