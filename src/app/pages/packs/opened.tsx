/** A pack that somebody opened: everything in it to look at, and nothing followed before a press says so. */
import { A, useNavigate } from "@solidjs/router";
import { createMemo, createSignal, type JSX, Show } from "solid-js";
import type { PeerApi, ScopeKey } from "../../../peer/api.ts";
import { PersonName } from "../../components/person/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { useKeptFeeds } from "../../state/feeds.tsx";
import { createLiveValue } from "../../state/live.ts";
import { notify } from "../../state/notices.ts";
import { useSession } from "../../state/session.tsx";
import { lookAlikes } from "../../text/alike.ts";
import { isolatedName } from "../../text/people.ts";
import { displayLine, shortId } from "../../text/display.ts";
import { specOfScope, type Pack } from "../../text/packs.ts";
import { kindOf, scopePath } from "../../text/scopes.ts";
import { type Choice, PickList } from "./pick.tsx";
import { usePacksWords } from "./words.ts";

type Taking = (peer: PeerApi) => Promise<unknown>;

export function Opened(props: { pack: Pack }): JSX.Element {
  const { t } = usePacksWords();
  const { number } = useI18n();
  const { api } = useConnection();
  const { following, identity, trusted } = useSession();
  const kept = useKeptFeeds();
  const navigate = useNavigate();
  /** What is left out. */
  const [without, setWithout] = createSignal<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = createSignal(false);

  const own = createLiveValue(api, "profile", () => {
    const id = identity()?.id;
    return id === undefined ? undefined : { id };
  });

  const alikeOf = createMemo(() => {
    const self = own.value();
    const followed = following().map(({ displayName, id }) => ({ id, name: displayName }));
    return lookAlikes([...(self ? [{ id: self.id, name: self.displayName }] : []), ...trusted(), ...followed]);
  });
  const people = createMemo(() =>
    props.pack.people.map((person): Choice => {
      const { id, label } = person;
      const followed = following().find((one) => one.id === id);
      const alike = alikeOf()({ id, name: label });
      const of = { id, name: followed?.displayName ?? label, alike };
      const fixed = id === identity()?.id ? t("self") : followed === undefined ? undefined : t("have");
      const detail = <bdi dir="ltr">{shortId(id)}</bdi>;
      return { key: `person ${id}`, label: <PersonName of={of} beside />, detail, alike, fixed };
    }),
  );
  const scopesOf = (kind: "geo" | "topic") =>
    props.pack.scopes
      .filter((scope) => kindOf(scope) === kind)
      .map((scope): Choice => {
        const fixed = kept.find(specOfScope(scope)) === undefined ? undefined : t("have");
        return { key: `scope ${scope}`, label: <bdi>{scopePath(scope)}</bdi>, fixed };
      });
  const curated = createMemo(() =>
    props.pack.curated.map((feed): Choice => {
      const { curator, name } = feed;
      const by = props.pack.people.find(({ id }) => id === curator)?.label ?? null;
      const alike = alikeOf()({ id: curator, name: by });
      const fixed = kept.find({ kind: "curated", curator, name }) === undefined ? undefined : t("have");
      const detail = t("curated.by", { name: isolatedName({ id: curator, name: by, alike }) });
      return { key: `feed ${curator}/${name}`, label: <bdi>{displayLine(name)}</bdi>, detail, alike, fixed };
    }),
  );
  const all = () => [...people(), ...scopesOf("geo"), ...scopesOf("topic"), ...curated()];
  const chosen = createMemo(
    () => new Set(all().flatMap(({ fixed, key }) => (fixed === undefined && !without().has(key) ? [key] : []))),
  );

  function toggle(key: string): void {
    setWithout((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }

  /** How each thing that is chosen is followed. */
  function takings(): Taking[] {
    const isChosen = (key: string): boolean => chosen().has(key);
    const keep =
      (scope: ScopeKey): Taking =>
      (peer) =>
        peer.saveFeed({ spec: specOfScope(scope) });
    return [
      ...props.pack.people
        .filter(({ id }) => isChosen(`person ${id}`))
        .map(
          ({ id }): Taking =>
            (peer) =>
              peer.follow(id),
        ),
      ...props.pack.scopes.filter((scope) => isChosen(`scope ${scope}`)).map(keep),
      ...props.pack.curated
        .filter(({ curator, name }) => isChosen(`feed ${curator}/${name}`))
        .map(
          ({ curator, name }): Taking =>
            (peer) =>
              peer.saveFeed({ spec: { kind: "curated", curator, name } }),
        ),
    ];
  }

  async function take(): Promise<void> {
    const peer = api();
    if (peer === undefined || busy()) return;
    setBusy(true);
    const wanted = takings();
    let done = 0;
    let failure = "";
    for (const taking of wanted) {
      try {
        await taking(peer);
        done += 1;
      } catch (error) {
        failure = codeOf(error);
      }
    }
    setBusy(false);
    if (failure !== "") {
      notify(t("failed", { count: number(wanted.length - done), code: failure }));
      return;
    }
    notify(t(done === 1 ? "taken_one" : "taken_other", { count: number(done) }));
    navigate("/", { replace: true });
  }

  return (
    <>
      <section class="section grid gap-2">
        <h2 class="pack-name text-xl">
          <bdi>{props.pack.name || t("unnamed")}</bdi>
        </h2>
        <Show when={props.pack.about}>
          <p class="pack-name max-w-measure whitespace-pre-line" dir="auto">
            {props.pack.about}
          </p>
        </Show>
        <p class="max-w-measure text-sm text-faint">{t("made.text")}</p>
        <div class="flex flex-wrap gap-2 pt-2">
          <button type="button" class="button button-small" onClick={() => setWithout(new Set<string>())}>
            {t("all")}
          </button>
          <button
            type="button"
            class="button button-small"
            onClick={() => setWithout(new Set(all().map(({ key }) => key)))}
          >
            {t("none")}
          </button>
        </div>
      </section>
      <PickList title={t("people")} choices={people()} chosen={chosen()} onToggle={toggle} />
      <PickList title={t("places")} choices={scopesOf("geo")} chosen={chosen()} onToggle={toggle} />
      <PickList title={t("topics")} choices={scopesOf("topic")} chosen={chosen()} onToggle={toggle} />
      <PickList title={t("curated")} choices={curated()} chosen={chosen()} onToggle={toggle} />
      <div class="arrive-bar">
        <button
          type="button"
          class="button button-primary"
          disabled={busy() || chosen().size === 0}
          onClick={() => void take()}
        >
          {busy() ? t("taking") : t(chosen().size === 1 ? "take_one" : "take_other", { count: number(chosen().size) })}
        </button>
        <A class="button" href="/">
          {t("later")}
        </A>
      </div>
    </>
  );
}
