/** Somebody's profile and the posts of theirs that are kept here. */
import { A } from "@solidjs/router";
import { createSignal, createUniqueId, For, type JSX, Show, Suspense } from "solid-js";
import type { ProfileView as Profile } from "../../../peer/api.ts";
import { BlockButton } from "../../components/block-button/index.tsx";
import { CopyButton } from "../../components/copy-button/index.tsx";
import { FeedList } from "../../components/feed-list/index.tsx";
import { Mark } from "../../components/mark/index.tsx";
import { MuteButton, Standing } from "../../components/mute-button/index.tsx";
import { PersonName } from "../../components/person/index.tsx";
import { RichText } from "../../components/rich-text/index.tsx";
import { ScopeChip } from "../../components/scope-chip/index.tsx";
import { TrustButton } from "../../components/trust-button/index.tsx";
import { lazily, useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useFeeds } from "../../state/feeds.tsx";
import { notify } from "../../state/notices.ts";
import { isolatedName, ownerOf } from "../../text/people.ts";
import { Claims } from "./claims.tsx";
import { Fork } from "./fork.tsx";

const CuratedByPerson = lazily(() => import("../../components/curated/by-person.tsx"));
const QrCode = lazily(() => import("../../components/qr-code/index.tsx"));

function FollowButton(props: { profile: Profile }): JSX.Element {
  const { t } = useI18n();
  const { run } = useActions();
  const name = () => isolatedName(ownerOf(props.profile));
  function setFollowed(id: string, followed: boolean): Promise<boolean> {
    return run((api) => (followed ? api.follow(id) : api.unfollow(id)));
  }

  async function toggle(): Promise<void> {
    const { id, followed } = props.profile;
    if (!(await setFollowed(id, !followed))) return;
    notify(t(followed ? "profile.unfollowed" : "profile.followed", { name: name() }), {
      label: t("app.undo"),
      run: () => void setFollowed(id, followed),
    });
  }
  return (
    <button
      type="button"
      class="button"
      classList={{ "button-primary": !props.profile.followed }}
      aria-pressed={props.profile.followed}
      onClick={() => void toggle()}
    >
      {t(props.profile.followed ? "profile.unfollow" : "profile.follow")}
    </button>
  );
}

export function ProfileView(props: { profile: Profile; link: string; children?: JSX.Element }): JSX.Element {
  const { t, number } = useI18n();
  const [qr, setQr] = createSignal(false);
  const meaningId = createUniqueId();
  // The page makes this view anew for another person.
  // eslint-disable-next-line solid/reactivity
  const feed = useFeeds()({ kind: "author", author: props.profile.id });
  const name = () => isolatedName(ownerOf(props.profile));

  return (
    <>
      <header class="masthead grid gap-4">
        <div class="flex items-center gap-4">
          <div class="profile-mark">
            <Mark id={props.profile.id} avatar={props.profile.avatar} />
          </div>
          <div class="min-w-0">
            <h1 class="profile-name">
              <Show when={!props.profile.own || props.profile.displayName} fallback={t("profile.unnamed")}>
                <PersonName of={ownerOf(props.profile)} beside />
              </Show>
            </h1>
            <p class="text-sm text-faint">
              <Show when={props.profile.own}>{t("profile.you")} · </Show>
              {t(props.profile.envelopes === 1 ? "profile.envelopes_one" : "profile.envelopes_other", {
                count: number(props.profile.envelopes),
              })}
            </p>
          </div>
        </div>
        <Show when={props.profile.bio}>
          {(bio) => (
            <div class="reading">
              <RichText text={bio()} />
            </div>
          )}
        </Show>
        <Show when={props.profile.scopes.length > 0}>
          <div class="flex flex-wrap gap-2">
            <For each={props.profile.scopes}>{(scope) => <ScopeChip scope={scope} />}</For>
          </div>
        </Show>
        <Show when={props.profile.blocked}>
          <p class="note text-sm">{t("block.profile")}</p>
        </Show>
        <Show when={!props.profile.own && !props.profile.blocked}>
          <Standing person={props.profile} />
        </Show>
        <Show when={props.profile.forked}>
          <p class="note text-sm">{t("profile.forked")}</p>
        </Show>
        <Show when={props.profile.fork}>{(version) => <Fork id={props.profile.id} version={version()} />}</Show>
        <Show when={props.profile.claims.length > 0}>
          <Claims claims={props.profile.claims} />
        </Show>
        <div class="flex flex-wrap gap-2">
          <Show
            when={!props.profile.own}
            fallback={
              <A class="button" href="/me?edit=1">
                {t("profile.edit")}
              </A>
            }
          >
            <Show when={!props.profile.blocked}>
              <FollowButton profile={props.profile} />
              <TrustButton person={ownerOf(props.profile)} trusted={props.profile.trusted} describedBy={meaningId} />
              <MuteButton person={props.profile} />
            </Show>
            <BlockButton person={ownerOf(props.profile)} blocked={props.profile.blocked} />
          </Show>
          {props.children}
        </div>
        <Show when={!props.profile.own && !props.profile.blocked}>
          <p id={meaningId} class="max-w-measure text-sm text-soft">
            {t(props.profile.trusted ? "trust.is" : "trust.hint", { name: name() })}
          </p>
        </Show>
        <div class="grid gap-2">
          <bdi class="address" dir="ltr">
            {props.profile.id}
          </bdi>
          <div class="flex flex-wrap gap-2">
            <CopyButton text={props.profile.id} label={t("profile.copyId")} done={t("app.copied")} />
            <CopyButton text={props.link} label={t("profile.copyLink")} done={t("app.linkCopied")} icon="link" />
            <button type="button" class="button button-small" aria-expanded={qr()} onClick={() => setQr(!qr())}>
              {t(qr() ? "profile.hideQr" : "profile.showQr")}
            </button>
          </div>
          <Show when={qr()}>
            <Suspense>
              <QrCode text={props.link} label={t("profile.qr")} />
            </Suspense>
          </Show>
        </div>
      </header>
      <Show when={!props.profile.blocked}>
        <Suspense>
          <CuratedByPerson id={props.profile.id} own={props.profile.own} />
        </Suspense>
        <h2 class="visually-hidden">{t("profile.posts")}</h2>
        <FeedList
          feed={feed}
          label={t("profile.posts")}
          empty={
            <p class="p-4 text-soft">
              {props.profile.own ? t("profile.empty.own") : t("profile.empty", { name: name() })}
            </p>
          }
        />
      </Show>
    </>
  );
}
