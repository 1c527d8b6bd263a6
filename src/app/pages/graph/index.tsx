/** What hangs together with a post: a picture to walk through, and beside it the same as a list. */
import { A, useNavigate, useParams } from "@solidjs/router";
import { createEffect, createMemo, createSignal, For, type JSX, on, Show } from "solid-js";
import type { GraphEdge, GraphNode, GraphView } from "../../../peer/api.ts";
import { BackBar } from "../../components/back-bar/index.tsx";
import { PersonName } from "../../components/person/index.tsx";
import { StateNote } from "../../components/state-note/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { createTitle } from "../../state/title.ts";
import { displayLine } from "../../text/display.ts";
import { neighboursOf } from "./neighbours.ts";
import { Picture } from "./picture.tsx";

/** What can still be told apart on a phone, and what a wide screen has room for. */
const DOTS = { narrow: 150, wide: 500 } as const;
const WIDE = "(min-width: 48rem)";
/** A step in the same page: whoever walks by keys goes on in the list. */
const STAYING = { stay: true };

export default function Graph(): JSX.Element {
  const { t, number } = useI18n();
  const params = useParams<{ hash: string }>();
  const navigate = useNavigate();
  const { api } = useConnection();
  const limit = window.matchMedia(WIDE).matches ? DOTS.wide : DOTS.narrow;
  const query = createMemo(() => ({ hash: params.hash, limit }));
  const sought = createMemo(() => ({ hash: params.hash }));
  const live = createLiveValue(api, "graph", () => query());
  // As long as this page is open, others are asked for what has to do with the post.
  createLiveValue(api, "finding", () => sought());
  /** The last one stays until the next is there: whoever walks is not left in the dark. */
  const [graph, setGraph] = createSignal<GraphView>();
  createEffect(
    on(live.value, (next) => {
      if (next) setGraph(next);
    }),
  );
  const centre = () => graph()?.nodes[0];
  function titleOf(node: GraphNode): string {
    if (node.author === null) return t("graph.missing");
    if (node.muted) return t("graph.muted");
    return displayLine(node.title) || t("graph.untitled");
  }
  const around = () => {
    const node = centre();
    return node ? t("graph.around", { title: `\u2068${titleOf(node)}\u2069` }) : t("graph.title");
  };
  createTitle(() => around());
  const walk = (hash: string) => navigate(`/p/${hash}/graph`, { scroll: false, state: STAYING });

  return (
    <div class="graph pb-16">
      <BackBar otherwise={`/p/${params.hash}`} />
      <header class="grid gap-2 px-4">
        <h1 class="text-xl">{t("graph.title")}</h1>
        <p class="isolate-text max-w-measure text-soft" aria-live="polite">
          {around()}
        </p>
        <Show when={centre()?.author !== null && centre()}>
          {(node) => (
            <p>
              <A class="button button-small" href={`/p/${node().hash}`}>
                {t("graph.open")}
              </A>
            </p>
          )}
        </Show>
      </header>
      <Show
        when={live.error() === "HASH_INVALID"}
        fallback={<UnreadableNote of={live} title={t("unreadable.graph")} />}
      >
        <Unknown />
      </Show>
      <Show
        when={graph()}
        fallback={
          <Show when={live.error() === undefined}>
            <p class="px-4 text-sm text-faint" role="status">
              {t("reach.waiting")}
            </p>
            <div class="graph-picture" aria-hidden="true">
              <div class="graph-bone bone" />
            </div>
          </Show>
        }
      >
        {(present) => (
          <Show
            when={present().nodes.length > 1}
            fallback={
              <Show when={centre()?.author} fallback={<Unknown />}>
                <StateNote title={t("graph.alone")} role="status" />
              </Show>
            }
          >
            <p class="px-4 text-sm text-faint">
              {t("graph.text")} {present().more ? t("graph.more", { count: number(present().nodes.length) }) : ""}
            </p>
            <Picture graph={present()} titleOf={titleOf} onWalk={walk} />
            <Neighbours graph={present()} titleOf={titleOf} />
          </Show>
        )}
      </Show>
    </div>
  );
}

const GROUPS: readonly {
  readonly words: "graph.answers" | "graph.refers" | "graph.answered" | "graph.referred";
  readonly kind: GraphEdge["kind"];
  readonly out: boolean;
}[] = [
  { words: "graph.answers", kind: "reply", out: true },
  { words: "graph.refers", kind: "reference", out: true },
  { words: "graph.answered", kind: "reply", out: false },
  { words: "graph.referred", kind: "reference", out: false },
];

/** What is one step away, with how many steps more each leads to. */
function Neighbours(props: { graph: GraphView; titleOf: (node: GraphNode) => string }): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="graph-list">
      <For each={GROUPS}>
        {(group) => {
          const nodes = () => neighboursOf(props.graph, group.kind, group.out);
          return (
            <Show when={nodes().length > 0}>
              <section aria-labelledby={`graph-${group.kind}-${group.out ? "out" : "in"}`}>
                <h2 id={`graph-${group.kind}-${group.out ? "out" : "in"}`}>{t(group.words)}</h2>
                <ul class="rows">
                  <For each={nodes()}>
                    {(node) => (
                      <li>
                        <A
                          class="graph-step"
                          href={`/p/${node.hash}/graph`}
                          noScroll
                          state={STAYING}
                          data-hash={node.hash}
                        >
                          <Show when={node.author}>
                            {(author) => (
                              <strong>
                                <PersonName of={{ id: author(), name: node.authorName, alike: node.authorAlike }} />
                              </strong>
                            )}
                          </Show>
                          <span class="isolate-text" dir="auto">
                            {props.titleOf(node)}
                          </span>
                        </A>
                      </li>
                    )}
                  </For>
                </ul>
              </section>
            </Show>
          );
        }}
      </For>
    </div>
  );
}

/** Nobody has written what the address names, as far as is known. */
function Unknown(): JSX.Element {
  const { t } = useI18n();
  return (
    <StateNote title={t("graph.unknown")} role="status">
      <A class="button" href="/">
        {t("missing.home")}
      </A>
    </StateNote>
  );
}
