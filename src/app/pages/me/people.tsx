/** People followed, and a way to somebody whose address one was given. */
import { A, useNavigate } from "@solidjs/router";
import { createSignal, createUniqueId, For, type JSX } from "solid-js";
import { Mark } from "../../components/mark/index.tsx";
import { PageHead } from "../../components/page-head/index.tsx";
import { PersonName } from "../../components/person/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useSession } from "../../state/session.tsx";
import { familiar } from "../../text/people.ts";

export function People(): JSX.Element {
  const { t } = useI18n();
  const { following } = useSession();
  const navigate = useNavigate();
  const fieldId = createUniqueId();
  const [address, setAddress] = createSignal("");

  /** An address, or a link to a profile with the address at its end. */
  const typed = () => address().trim().split("/").at(-1) ?? "";

  return (
    <>
      <PageHead title={t("profile.people")} />
      <div class="page">
        <form
          class="grid gap-2 py-6"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed()) navigate(`/u/${encodeURIComponent(typed())}`);
          }}
        >
          <label class="field-label" for={fieldId}>
            {t("profile.find")}
          </label>
          <div class="flex gap-2">
            <input
              id={fieldId}
              class="input"
              type="text"
              dir="ltr"
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              placeholder="mehr1…"
              value={address()}
              onInput={(event) => setAddress(event.currentTarget.value)}
            />
            <button type="submit" class="button flex-none">
              {t("profile.find.open")}
            </button>
          </div>
        </form>
        <ul class="rows">
          <For each={following()} fallback={<li class="py-2 text-sm text-faint">{t("profile.people.empty")}</li>}>
            {(person) => (
              <li>
                <A class="row-link" href={`/u/${person.id}`}>
                  <span class="flex min-w-0 items-center gap-3">
                    <span class="w-9 flex-none">
                      <Mark id={person.id} avatar={person.avatar} />
                    </span>
                    <span class="row-name chip-text">
                      <PersonName of={familiar(person.id, person.displayName)} />
                    </span>
                  </span>
                </A>
              </li>
            )}
          </For>
        </ul>
      </div>
    </>
  );
}
