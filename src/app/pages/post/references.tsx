/** What a post refers to, as cards below it, and what refers to it. */
import { A } from "@solidjs/router";
import { createMemo, For, type JSX, Show } from "solid-js";
import { Dynamic } from "solid-js/web";
import type { EnvelopeView } from "../../../peer/api.ts";
import { Icon } from "../../components/icon/index.tsx";
import { PostLine } from "../../components/post-line/index.tsx";
import { RichText } from "../../components/rich-text/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveRows, createLiveValue } from "../../state/live.ts";
import { MissingPost } from "./missing-post.tsx";

/** Of up to 32 references that are not here so many are looked for unasked: each may cost a search in the DHT. */
const LOOKED_FOR = 4;

function Reference(props: { hash: string; eager: boolean }): JSX.Element {
  const { api } = useConnection();
  const query = createMemo(() => ({ hash: props.hash }));
  const live = createLiveValue(api, "envelope", () => query());
  return (
    <Show
      when={live.value()}
      fallback={
        <Show when={live.value() === null} fallback={<div class="post-line post-line-missing" />}>
          <MissingPost
            hash={props.hash}
            eager={props.eager}
            words={{ missing: "references.missing", looking: "references.looking" }}
          />
        </Show>
      }
    >
      {(envelope) => <PostLine envelope={envelope()} />}
    </Show>
  );
}

export function References(props: {
  envelope: EnvelopeView;
  /** What a collection says of them, by their numbers from 1. */
  notes: ReadonlyMap<number, string>;
}): JSX.Element {
  const { t, number } = useI18n();
  const isNumbered = () => props.envelope.kind === "collection";
  return (
    <Show when={props.envelope.references.length > 0}>
      <section class="references" aria-labelledby="references">
        <h2 id="references">{t("references.title")}</h2>
        <Dynamic component={isNumbered() ? "ol" : "ul"}>
          <For each={props.envelope.references}>
            {(hash, index) => (
              <li>
                <Show when={isNumbered()}>
                  <span class="reference-number">{number(index() + 1)}</span>
                </Show>
                <Reference hash={hash} eager={index() < LOOKED_FOR} />
                <Show when={props.notes.get(index() + 1)}>
                  {(note) => (
                    <div class="reference-note">
                      <RichText text={note()} />
                    </div>
                  )}
                </Show>
              </li>
            )}
          </For>
        </Dynamic>
      </section>
    </Show>
  );
}

/** Who refers to it, and the way to the graph of all that hangs together with it. */
export function ReferredToBy(props: { envelope: EnvelopeView }): JSX.Element {
  const { t, number } = useI18n();
  const { api } = useConnection();
  const hash = createMemo(() => props.envelope.hash);
  const count = () => props.envelope.referencedBy;
  const query = createMemo(() => (count() > 0 ? { hash: hash() } : undefined), undefined, {
    equals: (a, b) => a?.hash === b?.hash,
  });
  const live = createLiveRows(
    api,
    "referrers",
    () => query(),
    (row) => row.hash,
  );
  const hangsTogether = () =>
    count() + props.envelope.replies + props.envelope.references.length > 0 || props.envelope.replyTo !== null;
  return (
    <>
      <Show when={count() > 0}>
        <section class="references" aria-labelledby="referrers">
          <h2 id="referrers">
            {t(count() === 1 ? "references.by_one" : "references.by_other", { count: number(count()) })}
          </h2>
          <UnreadableNote of={live} title={t("unreadable.list")} />
          <ul>
            <For each={live.rows()}>
              {(row) => (
                <li>
                  <PostLine envelope={row} />
                </li>
              )}
            </For>
          </ul>
          <Show when={live.hasMore()}>
            <button
              type="button"
              class="button button-small mt-2"
              onClick={() => void live.more().catch((error: unknown) => console.warn("referrers", error))}
            >
              {t("feed.more")}
            </button>
          </Show>
        </section>
      </Show>
      <Show when={hangsTogether()}>
        <p class="references">
          <A class="button button-small" href={`/p/${props.envelope.hash}/graph`}>
            <Icon name="network" small />
            {t("references.graph")}
          </A>
        </p>
      </Show>
    </>
  );
}
