/** Who may read what is being written: a place or topic, or trusted people only; and who those are. */
import { A } from "@solidjs/router";
import { createUniqueId, For, type JSX, Show } from "solid-js";
import type { Audience } from "../../../peer/api.ts";
import { PersonName } from "../../components/person/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useSession } from "../../state/session.tsx";
import { familiar } from "../../text/people.ts";
import { scopeName } from "../../text/scopes.ts";

export type AudienceChoice = "open" | "closed";

export function AudienceChoiceField(props: {
  value: AudienceChoice;
  onChange: (choice: AudienceChoice) => void;
}): JSX.Element {
  const { t } = useI18n();
  const name = createUniqueId();
  return (
    <fieldset>
      <legend class="field-label mb-2">{t("trust.audience.choice")}</legend>
      <div class="choices">
        <For each={["open", "closed"] as const}>
          {(choice) => (
            <label class="choice">
              <input
                type="radio"
                name={name}
                checked={props.value === choice}
                onChange={() => props.onChange(choice)}
              />
              <span>{t(`trust.audience.${choice}`)}</span>
            </label>
          )}
        </For>
      </div>
    </fieldset>
  );
}

/** In words, before anything is sent. */
export function AudienceLine(props: { audience: Audience }): JSX.Element {
  const { t, number } = useI18n();
  const { trusted } = useSession();
  const words = () => {
    const { length } = trusted();
    if (length === 0) return t("trust.audience.none");
    return t(length === 1 ? "trust.audience_one" : "trust.audience_other", { count: number(length) });
  };
  return (
    <Show
      when={props.audience.kind === "trusted"}
      fallback={
        <p class="text-sm">
          {t("write.audience.place", { place: `\u2068${scopeName(props.audience.startsAt ?? "")}\u2069` })}
        </p>
      }
    >
      <div class="text-sm">
        <p>{words()}</p>
        <Show
          when={trusted().length > 0}
          fallback={
            <p class="pt-2">
              <A class="link" href="/trust">
                {t("trust.title")}
              </A>
            </p>
          }
        >
          <details class="trust-who">
            <summary>{t("trust.audience.who")}</summary>
            <ul class="grid gap-1">
              <For each={trusted()}>
                {(person) => (
                  <li class="chip-text">
                    <PersonName of={familiar(person.id, person.name)} />
                  </li>
                )}
              </For>
            </ul>
          </details>
        </Show>
      </div>
    </Show>
  );
}
