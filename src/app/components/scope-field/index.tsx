/** Places or topics as chips with a field behind them that completes what is typed from what has come by. */
import { createEffect, createMemo, createSignal, createUniqueId, For, type JSX, on, Show } from "solid-js";
import type { ScopeKey, ScopeSuggestion } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { roomFor, type ScopeRoom, typedKey } from "../../text/scope-limits.ts";
import { scopeLabel, scopePath, type ScopeKind } from "../../text/scopes.ts";
import { Icon } from "../icon/index.tsx";
import { createTypingPause, SUGGESTIONS, Suggestions } from "../suggestions/index.tsx";

/** How what is typed would be sent, and what still fits behind it. */
function Room(props: { room: ScopeRoom }): JSX.Element {
  const { t, number } = useI18n();
  return (
    <>
      <Show when={props.room.key}>
        {(key) => (
          <>
            {t("scope.room.key", { key: `\u2068${key().slice(2)}\u2069` })}
            <br />
          </>
        )}
      </Show>
      {t("scope.room", {
        segments: number(props.room.segments),
        characters: number(props.room.characters),
        bytes: number(props.room.bytes),
      })}
    </>
  );
}

export function ScopeField(props: {
  kind: ScopeKind;
  label: string;
  hint: string;
  values: readonly ScopeKey[];
  most: number;
  problem?: string | undefined;
  onChange: (values: readonly ScopeKey[]) => void;
}): JSX.Element {
  const { t, number } = useI18n();
  const { api } = useConnection();
  const id = createUniqueId();
  const [text, setText] = createSignal("");
  const [found, setFound] = createSignal<readonly ScopeSuggestion[]>([]);
  const [open, setOpen] = createSignal(false);
  const [active, setActive] = createSignal(-1);
  const [invalid, setInvalid] = createSignal(false);
  let input!: HTMLInputElement;

  const full = () => props.most > 1 && props.values.length >= props.most;
  const offered = () => found().filter((suggestion) => !props.values.includes(suggestion.scope));
  /** How what is typed would be sent, and what still fits behind it. */
  const room = createMemo(() => (text().trim() === "" ? undefined : roomFor(props.kind, text(), props.values)));
  const tooMuch = () => {
    const left = room();
    if (left === undefined) return undefined;
    const over = (["characters", "segments", "bytes"] as const).find((unit) => left[unit] < 0);
    if (over === undefined) return undefined;
    const count = -left[over];
    return t(`scope.room.${over}_${count === 1 ? "one" : "other"}`, { count: number(count) });
  };
  const tooMany = () => (full() && text().trim() !== "" ? t("scope.full") : undefined);
  const problem = () => tooMuch() ?? tooMany() ?? (invalid() ? t("scope.invalid") : props.problem);

  createEffect(
    on([text, open], ([typed, isOpen]) => {
      if (!isOpen) return;
      createTypingPause((isStale) => {
        api()
          ?.suggestScopes({ kind: props.kind, text: typed, limit: SUGGESTIONS })
          .then(
            (suggestions) => {
              if (isStale()) return;
              setFound(suggestions);
              setActive(-1);
            },
            // What cannot be completed yet, such as a lone slash, may become a scope with the next key.
            () => {
              if (!isStale()) setFound([]);
            },
          );
      });
    }),
  );

  function add(scope: ScopeKey) {
    if (full()) return;
    setInvalid(false);
    setOpen(false);
    // One place takes the place of another; of several topics none is dropped unasked.
    const kept = props.most === 1 ? [] : props.values;
    if (!props.values.includes(scope)) props.onChange([...kept, scope]);
  }
  function choose(scope: ScopeKey) {
    setText("");
    add(scope);
  }
  /** At once, without asking the peer: whoever leaves the field may press the button of the form in the same moment. */
  function addTyped(): void {
    const typed = text().trim();
    if (typed === "" || full()) return;
    const scope = typedKey(props.kind, typed);
    if (scope === null) setInvalid(true);
    else choose(scope);
  }
  function remove(scope: ScopeKey) {
    props.onChange(props.values.filter((value) => value !== scope));
    input.focus();
  }

  function onKey(event: KeyboardEvent) {
    const count = offered().length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const by = event.key === "ArrowDown" ? 1 : -1;
      if (count > 0) setActive((active() + by + count) % count);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      const chosen = offered()[active()];
      if (chosen) {
        event.preventDefault();
        choose(chosen.scope);
      } else if (text().trim() !== "") {
        event.preventDefault();
        addTyped();
      }
    } else if (event.key === ",") {
      event.preventDefault();
      addTyped();
    } else if (event.key === "Escape" && open()) {
      event.preventDefault();
      setOpen(false);
    } else if (event.key === "Backspace" && text() === "") {
      const last = props.values.at(-1);
      if (last) remove(last);
    }
  }

  return (
    <div class="field scope-field">
      <label for={id}>{props.label}</label>
      <div>
        <div class="scope-box">
          <For each={props.values}>
            {(scope) => (
              <span class="chip" title={scopePath(scope)}>
                <bdi class="chip-text">{scopeLabel(scope)}</bdi>
                <button
                  type="button"
                  class="chip-remove"
                  aria-label={t("scope.remove", { name: scopePath(scope) })}
                  onClick={() => remove(scope)}
                >
                  <Icon name="close" small />
                </button>
              </span>
            )}
          </For>
          <input
            ref={input}
            id={id}
            type="text"
            role="combobox"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            value={text()}
            aria-autocomplete="list"
            aria-expanded={open() && offered().length > 0}
            aria-controls={`${id}-list`}
            aria-activedescendant={active() >= 0 ? `${id}-${active()}` : undefined}
            aria-describedby={`${id}-hint`}
            aria-invalid={problem() ? true : undefined}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setInvalid(false);
              setOpen(true);
            }}
            onFocus={() => setOpen(true)}
            onBlur={() => {
              setOpen(false);
              addTyped();
            }}
            onKeyDown={onKey}
          />
        </div>
      </div>
      <p id={`${id}-hint`} class={problem() ? "field-problem" : "field-hint"}>
        <Show when={problem() === undefined && room()} fallback={problem() ?? (full() ? t("scope.full") : props.hint)}>
          {(left) => <Room room={left()} />}
        </Show>
      </p>
      <Suggestions
        id={id}
        class="suggestions"
        label={t("scope.suggestions")}
        items={offered()}
        active={active()}
        hidden={!open() || offered().length === 0}
        onChoose={(suggestion) => choose(suggestion.scope)}
      >
        {(suggestion) => (
          <>
            <bdi>{scopePath(suggestion.scope)}</bdi>
            <span class="text-faint">{number(suggestion.count)}</span>
          </>
        )}
      </Suggestions>
    </div>
  );
}
