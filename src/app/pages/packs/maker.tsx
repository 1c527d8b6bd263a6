/** Makes a pack of what this person follows; the link is all there is of it. */
import { A } from "@solidjs/router";
import { createMemo, createSignal, createUniqueId, type JSX, Show, Suspense } from "solid-js";
import { CopyButton } from "../../components/copy-button/index.tsx";
import { familiar, personName } from "../../text/people.ts";
import { lazily } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { useFeedWords } from "../../state/feed-words.ts";
import { useKeptFeeds } from "../../state/feeds.tsx";
import { createLiveValue } from "../../state/live.ts";
import { useSession } from "../../state/session.tsx";
import { SITE } from "../../site.ts";
import { shortId } from "../../text/display.ts";
import { PACK_LIMITS, packLink, packText, type Pack } from "../../text/packs.ts";
import { type Choice, PickList } from "./pick.tsx";
import { usePacksWords } from "./words.ts";

const QrCode = lazily(() => import("../../components/qr-code/index.tsx"));

/** Beyond this a phone does not read the picture from a screen. */
const MOST_FOR_QR = 900;

export function Maker(): JSX.Element {
  const { t } = usePacksWords();
  const { api } = useConnection();
  const { following, identity } = useSession();
  const { nameOf } = useFeedWords();
  const kept = useKeptFeeds();
  const id = createUniqueId();
  const [name, setName] = createSignal("");
  const [about, setAbout] = createSignal("");
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  const own = createLiveValue(api, "profile", () => {
    const self = identity()?.id;
    return self === undefined ? undefined : { id: self };
  });

  const self = () => identity()?.id;
  const everybody = createMemo(() => {
    const others = following().map((person) => ({ id: person.id, label: person.displayName }));
    const me = self();
    return me === undefined ? others : [{ id: me, label: own.value()?.displayName ?? null }, ...others];
  });
  const people = createMemo(() =>
    everybody().map((person): Choice => {
      const detail = person.id === self() ? t("make.self") : <bdi dir="ltr">{shortId(person.id)}</bdi>;
      return { key: `person ${person.id}`, label: <bdi>{personName(familiar(person.id, person.label))}</bdi>, detail };
    }),
  );
  /** Places and topics with all that is below them, and curated feeds: what a link can name. */
  const feeds = createMemo(() =>
    kept
      .rows()
      .filter(({ spec }) => (spec.kind === "scope" && spec.match === "prefix") || spec.kind === "curated")
      .map((feed): Choice => ({ key: `feed ${feed.id}`, label: <bdi>{nameOf(feed)}</bdi> })),
  );

  function toggle(key: string): void {
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }

  const pack = createMemo((): Pack => {
    const picked = kept.rows().filter((feed) => chosen().has(`feed ${feed.id}`));
    return {
      name: name().trim(),
      about: about().trim(),
      people: everybody()
        .filter((person) => chosen().has(`person ${person.id}`))
        .slice(0, PACK_LIMITS.people),
      scopes: picked.flatMap(({ spec }) => (spec.kind === "scope" ? [spec.scope] : [])).slice(0, PACK_LIMITS.scopes),
      curated: picked
        .flatMap(({ spec }) => (spec.kind === "curated" ? [{ curator: spec.curator, name: spec.name }] : []))
        .slice(0, PACK_LIMITS.curated),
    };
  });
  const isEmpty = () => pack().people.length + pack().scopes.length + pack().curated.length === 0;
  const link = () => packLink(SITE, pack());

  return (
    <>
      <section class="section grid gap-4">
        <h2>{t("make.title")}</h2>
        <p class="max-w-measure text-sm text-soft">{t("make.text")}</p>
        <div class="field">
          <label for={`${id}-name`}>{t("make.name")}</label>
          <input
            id={`${id}-name`}
            class="input"
            type="text"
            dir="auto"
            maxlength={64}
            value={name()}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for={`${id}-about`}>{t("make.about")}</label>
          <textarea
            id={`${id}-about`}
            class="input"
            dir="auto"
            rows={2}
            maxlength={280}
            value={about()}
            onInput={(event) => setAbout(event.currentTarget.value)}
          />
        </div>
      </section>
      <PickList
        title={t("people")}
        choices={people()}
        chosen={chosen()}
        onToggle={toggle}
        empty={t("make.people.empty")}
      />
      <PickList
        title={t("make.feeds")}
        choices={feeds()}
        chosen={chosen()}
        onToggle={toggle}
        empty={t("make.feeds.empty")}
      />
      <section class="section" aria-labelledby={`${id}-link`}>
        <h2 id={`${id}-link`}>{t("make.link")}</h2>
        <Show when={!isEmpty()} fallback={<p class="text-sm text-faint">{t("make.nothing")}</p>}>
          <div class="pass-on">
            <Show when={link().length <= MOST_FOR_QR}>
              <div class="pass-on-code">
                <Suspense>
                  <QrCode text={link()} label={t("make.qr")} dense />
                </Suspense>
              </div>
            </Show>
            <div class="flex flex-wrap gap-2">
              <CopyButton text={link()} label={t("make.copy")} done={t("make.copied")} />
              <A class="button button-small" href={`/packs#${packText(pack())}`}>
                {t("make.open")}
              </A>
            </div>
            <textarea
              class="input code-text"
              dir="ltr"
              rows={3}
              readonly
              aria-labelledby={`${id}-link`}
              value={link()}
              onFocus={(event) => event.currentTarget.select()}
            />
          </div>
        </Show>
      </section>
    </>
  );
}
