/** The menu of a card: judging, muting and blocking, and what else is done with a post. Nobody is asked twice; all of it can be undone. */
import { A } from "@solidjs/router";
import { createSignal, createUniqueId, For, type JSX, Match, Show, Suspense, Switch } from "solid-js";
import type { EnvelopeView, MuteTarget } from "../../../peer/api.ts";
import { lazily, useI18n } from "../../i18n/index.tsx";
import { LENGTH_NAMES, type Length, untilOf, useDefending } from "../../state/defending.ts";
import { authorOf, isolatedName } from "../../text/people.ts";
import { scopePath } from "../../text/scopes.ts";
import { Dialog } from "../dialog/index.tsx";
import { Icon } from "../icon/index.tsx";

const CurateSheet = lazily(() => import("../curate-button/sheet.tsx"));

/** What is to be muted, and how the person is told of it. */
interface Wanted {
  readonly target: MuteTarget;
  readonly what: string;
}

type Step =
  | { readonly kind: "list" }
  | { readonly kind: "word" }
  | { readonly kind: "curate" }
  | ({ readonly kind: "length" } & Wanted);

export default function CardSheet(props: { envelope: EnvelopeView; onClose: () => void }): JSX.Element {
  const { t } = useI18n();
  const { block, mute, notWorthIt, worthIt } = useDefending();
  const [step, setStep] = createSignal<Step>({ kind: "list" });
  const name = () => isolatedName(authorOf(props.envelope));
  const isFlagged = () => (props.envelope.guard?.flagged ?? 0) > 0;
  const titles = () => ({
    list: t("menu.title"),
    word: t("menu.mute.word"),
    length: t("menu.howLong"),
    curate: t("curate.title"),
  });

  function judge(): void {
    void (isFlagged() ? worthIt(props.envelope) : notWorthIt(props.envelope));
    props.onClose();
  }
  function blockAuthor(): void {
    void block(props.envelope);
    props.onClose();
  }
  function muteFor(wanted: Wanted, length: Length): void {
    void mute([{ target: wanted.target, until: untilOf(length) }], wanted.what);
    props.onClose();
  }
  const choose = (target: MuteTarget, what: string) => () => setStep({ kind: "length", target, what });
  const thread = () => props.envelope.replyTo ?? props.envelope.postHash ?? props.envelope.hash;

  return (
    <Dialog title={titles()[step().kind]} onClose={() => props.onClose()}>
      <Switch>
        <Match when={step().kind === "list"}>
          <ul class="menu">
            <Show when={!props.envelope.own}>
              <Entry hint={isFlagged() ? undefined : t("menu.notWorth.text")} onChoose={judge}>
                {t(isFlagged() ? "flag.lift" : "menu.notWorth")}
              </Entry>
              <Entry more onChoose={choose({ kind: "person", id: props.envelope.author }, name())}>
                {t("menu.mute.person", { name: name() })}
              </Entry>
            </Show>
            <Entry more onChoose={choose({ kind: "thread", post: thread() }, t("mute.what.thread"))}>
              {t("menu.mute.thread")}
            </Entry>
            <For each={props.envelope.scopes}>
              {(scope) => {
                const path = () => `\u2068${scopePath(scope)}\u2069`;
                return (
                  <Entry more onChoose={() => choose({ kind: "scope", scope }, path())()}>
                    {t("menu.mute.scope", { scope: path() })}
                  </Entry>
                );
              }}
            </For>
            <Entry more onChoose={() => setStep({ kind: "word" })}>
              {t("menu.mute.word")}
            </Entry>
            <Show when={props.envelope.scopes.length > 0}>
              <Entry more onChoose={() => setStep({ kind: "curate" })}>
                {t("curate.button")}
              </Entry>
            </Show>
            <Show when={props.envelope.postHash}>
              {(post) => (
                <li>
                  <A class="menu-entry" href={`/write?refer=${post()}`}>
                    {t("references.refer")}
                  </A>
                </li>
              )}
            </Show>
            <Show when={!props.envelope.own}>
              <Entry onChoose={blockAuthor}>{t("menu.block", { name: name() })}</Entry>
            </Show>
            <li>
              <A class="menu-entry" href="/settings/mutes">
                {t("menu.all")}
              </A>
            </li>
          </ul>
        </Match>
        <Match when={lengthOf(step())}>
          {(wanted) => (
            <>
              <p class="mb-2 text-sm text-soft">{wanted().what}</p>
              <ul class="menu">
                <For each={LENGTH_NAMES}>
                  {(length) => <Entry onChoose={() => muteFor(wanted(), length)}>{t(`mute.${length}`)}</Entry>}
                </For>
              </ul>
            </>
          )}
        </Match>
        <Match when={step().kind === "word"}>
          <WordForm
            onWord={(word, whole) =>
              setStep({ kind: "length", target: { kind: "word", word, whole }, what: `“\u2068${word}\u2069”` })
            }
          />
        </Match>
        <Match when={step().kind === "curate"}>
          <Suspense fallback={<p role="status">{t("reach.waiting")}</p>}>
            <CurateSheet post={props.envelope.postHash ?? props.envelope.hash} onDone={() => props.onClose()} />
          </Suspense>
        </Match>
      </Switch>
    </Dialog>
  );
}

function lengthOf(step: Step): Wanted | undefined {
  return step.kind === "length" ? step : undefined;
}

/** @param props.more it asks for something before it does anything */
function Entry(props: {
  more?: boolean;
  hint?: string | undefined;
  onChoose: () => void;
  children: JSX.Element;
}): JSX.Element {
  return (
    <li>
      <button type="button" class="menu-entry" onClick={() => props.onChoose()}>
        <span class="grid gap-1">
          <span>{props.children}</span>
          <Show when={props.hint}>{(hint) => <span class="text-xs text-faint">{hint()}</span>}</Show>
        </span>
        <Show when={props.more}>
          <Icon name="chevron" small turns />
        </Show>
      </button>
    </li>
  );
}

function WordForm(props: { onWord: (word: string, whole: boolean) => void }): JSX.Element {
  const { t } = useI18n();
  const id = createUniqueId();
  const [word, setWord] = createSignal("");
  const [whole, setWhole] = createSignal(true);
  return (
    <form
      class="grid justify-items-start gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (word().trim() !== "") props.onWord(word().trim(), whole());
      }}
    >
      <div class="field w-full">
        <label for={id}>{t("mute.word")}</label>
        <input
          id={id}
          class="input"
          dir="auto"
          maxlength={64}
          value={word()}
          autofocus
          onInput={(event) => setWord(event.currentTarget.value)}
        />
      </div>
      <label class="check">
        <input type="checkbox" checked={whole()} onChange={(event) => setWhole(event.currentTarget.checked)} />
        {t("mute.whole")}
      </label>
      <button type="submit" class="button button-primary" disabled={word().trim() === ""}>
        {t("mute.add")}
      </button>
    </form>
  );
}
