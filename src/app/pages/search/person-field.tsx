/** Chooses a person by the name that is typed, or by an address that is pasted. */
import { createEffect, createSignal, createUniqueId, type JSX, on } from "solid-js";
import type { NamedPerson } from "../../../peer/api.ts";
import { PersonName } from "../../components/person/index.tsx";
import { createTypingPause, SUGGESTIONS, Suggestions } from "../../components/suggestions/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { shortId } from "../../text/display.ts";
import { readAddress } from "./address.ts";

export function PersonField(props: { onChoose: (id: string) => void }): JSX.Element {
  const { t, number } = useI18n();
  const { api } = useConnection();
  const id = createUniqueId();
  const [text, setText] = createSignal("");
  const [found, setFound] = createSignal<readonly NamedPerson[]>([]);
  const [active, setActive] = createSignal(-1);

  createEffect(
    on(text, (typed) => {
      const pasted = readAddress({ by: typed.trim().toLowerCase() }).author;
      if (pasted !== null) return props.onChoose(pasted);
      createTypingPause((isStale) => {
        api()
          ?.suggestPeople({ text: typed, limit: SUGGESTIONS })
          .then(
            (people) => {
              if (isStale()) return;
              setFound(people);
              setActive(-1);
            },
            (error: unknown) => console.warn("people", codeOf(error)),
          );
      });
    }),
  );

  function onKey(event: KeyboardEvent) {
    const count = found().length;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count > 0) {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      setActive(active() < 0 && by < 0 ? count - 1 : (active() + by + count) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const chosen = found()[Math.max(0, active())];
      if (chosen) props.onChoose(chosen.id);
    }
  }

  return (
    <div class="field search-person">
      <label for={id}>{t("search.person.label")}</label>
      <input
        id={id}
        class="input"
        type="text"
        role="combobox"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        value={text()}
        aria-autocomplete="list"
        aria-expanded={found().length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={active() >= 0 ? `${id}-${active()}` : undefined}
        aria-describedby={`${id}-hint`}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKey}
      />
      <p id={`${id}-hint`} class="field-hint">
        {t("search.person.hint")}
      </p>
      <Suggestions
        id={id}
        class="search-people"
        label={t("search.person.suggestions")}
        items={found()}
        active={active()}
        hidden={found().length === 0}
        onChoose={(person) => props.onChoose(person.id)}
      >
        {(person) => (
          <>
            <span>
              <PersonName of={person} />{" "}
              <bdi class="text-faint" dir="ltr">
                {shortId(person.id)}
              </bdi>
            </span>
            <span class="text-faint">{number(person.envelopes)}</span>
          </>
        )}
      </Suggestions>
    </div>
  );
}
