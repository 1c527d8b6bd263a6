/** What becomes of the posts that are chosen: where they go, and whether as drafts or published. */
import { createSignal, createUniqueId, type JSX, onCleanup, Show } from "solid-js";
import type { PeerApi, ScopeKey } from "../../../peer/api.ts";
import { draftsOf, type Archive, type ArrivedPost } from "../../arriving/index.ts";
import { CheckField } from "../../components/check-field/index.tsx";
import { ScopeField } from "../../components/scope-field/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { notify } from "../../state/notices.ts";
import { useSession } from "../../state/session.tsx";
import { LeftOutList } from "./left-out.tsx";
import { SensitiveLine } from "./sensitive.tsx";
import { Sure } from "./sure.tsx";
import { takeFiles, type LeftOut, type Taken } from "./taking.ts";
import { useArriveWords } from "./words.ts";

const MOST_TOPICS = 3;

/** Places may give the same name to different posts ("1"), so it takes its words as well. */
async function stableId({ headline, id, link, published, text }: ArrivedPost): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([id, link, published, headline, text]));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function Destination(props: {
  posts: readonly ArrivedPost[];
  archive: Archive | null;
  onGiven: (posts: readonly ArrivedPost[]) => void;
}): JSX.Element {
  const { t, has } = useArriveWords();
  const { ago, day, number } = useI18n();
  const { api } = useConnection();
  const { settings } = useSession();
  const id = createUniqueId();
  const [place, setPlace] = createSignal<readonly ScopeKey[]>();
  const [topics, setTopics] = createSignal<readonly ScopeKey[]>([]);
  const [withOrigin, setWithOrigin] = createSignal(true);
  const [sure, setSure] = createSignal(false);
  const [progress, setProgress] = createSignal<string>();
  const [leftOut, setLeftOut] = createSignal<readonly LeftOut[]>([]);
  const [problem, setProblem] = createSignal<string>();
  let stopped = new AbortController();
  onCleanup(() => stopped.abort());

  const places = () => place() ?? (settings() ? [settings()?.home ?? ""].filter(Boolean) : []);
  const scopes = () => [...places(), ...topics()];
  const count = () => props.posts.length;

  function originOf({ link, published }: ArrivedPost): string {
    const date = published === null ? "" : fullDate(published);
    if (date !== "" && link !== null) return t("origin.both", { date, link });
    if (link !== null) return t("origin.at", { link });
    return date === "" ? "" : t("origin.dated", { date });
  }

  function fullDate(time: number): string {
    const year = number(new Date(time).getFullYear()).replaceAll(/[,٬]/gu, "");
    // What is older than a week is told by its date.
    return Date.now() - time > 8 * 86_400_000 ? ago(time, Date.now()) : `${day(time)} ${year}`;
  }

  const drafts = ({ matterOf, posts }: Taken, newId: (post: ArrivedPost) => string) =>
    draftsOf(posts, {
      scopes: scopes(),
      matterOf,
      origin: withOrigin() ? originOf : null,
      now: Date.now(),
      newId,
    });

  /** Takes the files along first: what becomes of a post is saved with them. */
  async function withFiles(peer: PeerApi, become: "drafts" | "posts"): Promise<void> {
    setSure(false);
    stopped.abort();
    stopped = new AbortController();
    const { signal } = stopped;
    const all = props.posts.reduce((sum, { files }) => sum + files.length, 0);
    setProblem(undefined);
    setLeftOut([]);
    setProgress(t("taking", { done: number(0), count: number(all) }));
    try {
      const onProgress = (done: number) => setProgress(t("taking", { done: number(done), count: number(all) }));
      const taken = await takeFiles(peer, props.posts, props.archive, { signal, onProgress });
      setLeftOut(taken.leftOut);
      if (become === "drafts") await makeDrafts(peer, taken, signal);
      else await publish(peer, taken);
      if (taken.full !== null) setProblem(t(taken.full, { done: number(taken.posts.length) }));
    } catch (error) {
      if (!signal.aborted) setProblem(sentenceOf(codeOf(error)));
    } finally {
      setProgress(undefined);
    }
  }

  async function makeDrafts(peer: PeerApi, taken: Taken, signal: AbortSignal): Promise<void> {
    const posts = drafts(taken, () => crypto.randomUUID());
    let done = 0;
    try {
      for (const { draft } of posts) {
        if (signal.aborted) break;
        await peer.saveDraft(draft);
        done += 1;
        setProgress(t("drafting", { done: number(done), count: number(posts.length) }));
      }
    } catch (error) {
      if (codeOf(error) !== "DRAFT_INVALID") throw error;
      setProblem(t("drafts.full", { done: number(done) }));
      return;
    }
    if (done > 0) notify(t(done === 1 ? "drafted_one" : "drafted_other", { count: number(done) }));
  }

  async function publish(peer: PeerApi, taken: Taken): Promise<void> {
    // The same post of the same file again is known by this, and left out.
    const ids = new Map(await Promise.all(taken.posts.map(async (post) => [post, await stableId(post)] as const)));
    await peer.addArrivals(drafts(taken, (post) => ids.get(post) ?? crypto.randomUUID()));
    props.onGiven(taken.posts);
    // What waits is shown above.
    window.scrollTo({ top: 0 });
  }

  const sentenceOf = (code: string): string => (has(code) ? t(code) : t("other", { code }));
  const begin = (become: "drafts" | "posts"): void => {
    const peer = api();
    if (peer !== undefined) void withFiles(peer, become);
  };

  return (
    <section class="section grid gap-5" aria-labelledby={id}>
      <h2 id={id}>{t("where.title")}</h2>
      <ScopeField
        kind="geo"
        label={t("where.place")}
        hint={t("where.place.hint")}
        values={places()}
        most={1}
        onChange={setPlace}
      />
      <ScopeField
        kind="topic"
        label={t("where.topics")}
        hint={t("where.topics.hint")}
        values={topics()}
        most={MOST_TOPICS}
        onChange={setTopics}
      />
      <SensitiveLine posts={props.posts} scopes={scopes()} />
      <CheckField words={t("origin.label")} hint={t("origin.hint")} checked={withOrigin()} onChange={setWithOrigin} />
      <div class="arrive-bar" data-chosen={count()}>
        <Show
          when={progress() === undefined}
          fallback={
            <>
              <p role="status">{progress()}</p>
              <button type="button" class="button" onClick={() => stopped.abort()}>
                {t("stop")}
              </button>
            </>
          }
        >
          <p class="text-sm" role="status">
            {t(count() === 1 ? "chosen_one" : "chosen_other", { count: number(count()) })}
          </p>
          <button type="button" class="button button-primary" disabled={count() === 0} onClick={() => begin("drafts")}>
            {t(count() === 1 ? "draft_one" : "draft_other")}
          </button>
          <button type="button" class="button" disabled={count() === 0} onClick={() => setSure(true)}>
            {t("publish")}
          </button>
        </Show>
      </div>
      <LeftOutList files={leftOut()} />
      <p class="text-sm text-faint">{t("drafts.threads")}</p>
      <p class="field-problem" role="alert">
        {problem()}
      </p>
      <Show when={sure()}>
        <Sure count={count()} scopes={scopes()} onYes={() => begin("posts")} onNo={() => setSure(false)} />
      </Show>
    </section>
  );
}
