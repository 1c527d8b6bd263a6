/** Everything that a file holds, to be looked through; what is chosen becomes drafts, or is published after one more question. */
import { createMemo, createSignal, createUniqueId, type JSX, Show } from "solid-js";
import type { Arrived, ArrivedPost } from "../../arriving/index.ts";
import { RowHeights } from "../../components/virtual-rows/heights.ts";
import { VirtualRows } from "../../components/virtual-rows/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { Destination } from "./destination.tsx";
import { Row } from "./row.tsx";
import { foreseen } from "./taking.ts";
import { useArriveWords } from "./words.ts";

export function Chooser(props: { arrived: Arrived }): JSX.Element {
  const { t } = useArriveWords();
  const { number } = useI18n();
  const id = createUniqueId();
  const [words, setWords] = createSignal("");
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  const heights = new RowHeights();

  const shown = createMemo(() => {
    const wanted = words().trim().toLocaleLowerCase();
    if (wanted === "") return props.arrived.posts;
    return props.arrived.posts.filter(({ headline, text }) =>
      `${headline}\n${text}`.toLocaleLowerCase().includes(wanted),
    );
  });
  const posts = createMemo(() => props.arrived.posts.filter((post) => chosen().has(post.id)));

  function toggle(post: ArrivedPost): void {
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(post.id)) next.add(post.id);
      return next;
    });
  }

  function unchoose(given: readonly ArrivedPost[]): void {
    const ids = new Set(given.map(({ id }) => id));
    setChosen((before) => new Set([...before].filter((id) => !ids.has(id))));
  }

  function choose(which: (post: ArrivedPost) => boolean): void {
    setChosen(
      (before) =>
        new Set([
          ...before,
          ...shown()
            .filter(which)
            .map((post) => post.id),
        ]),
    );
  }

  /** What goes on from an own post is no answer to somebody else. */
  const isPublic = (post: ArrivedPost): boolean =>
    post.audience === "public" &&
    (!post.isAnswer || post.parent !== null) &&
    (post.text !== "" ||
      post.headline !== "" ||
      post.files.some((file) => foreseen(file, props.arrived.archive) === null));

  const count = () => props.arrived.posts.length;

  return (
    <>
      <section class="section grid gap-4" data-found={count()}>
        <h2>{t(count() === 1 ? "found_one" : "found_other", { count: number(count()) })}</h2>
        <Show when={props.arrived.skipped}>
          {(skipped) => (
            <p class="text-sm text-faint">
              {t(skipped() === 1 ? "skipped_one" : "skipped_other", { count: number(skipped()) })}
            </p>
          )}
        </Show>
        <div class="field">
          <label for={id}>{t("find.label")}</label>
          <input
            id={id}
            class="input"
            type="search"
            dir="auto"
            value={words()}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        </div>
        <div class="flex flex-wrap gap-2">
          <button type="button" class="button" onClick={() => choose(isPublic)}>
            {t("choose.public")}
          </button>
          <button type="button" class="button" onClick={() => choose(() => true)}>
            {t("choose.all")}
          </button>
          <button type="button" class="button" onClick={() => setChosen(new Set<string>())}>
            {t("choose.none")}
          </button>
        </div>
      </section>
      <Destination posts={posts()} archive={props.arrived.archive} onGiven={unchoose} />
      <Show when={shown().length > 0} fallback={<p class="text-sm text-faint">{t("shown.none")}</p>}>
        <VirtualRows rows={shown()} keyOf={(post) => post.id} heights={heights}>
          {(post) => (
            <Row
              post={post}
              archive={props.arrived.archive}
              chosen={chosen().has(post.id)}
              onToggle={() => toggle(post)}
            />
          )}
        </VirtualRows>
      </Show>
    </>
  );
}
