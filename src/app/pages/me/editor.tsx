/** Edits one's own profile. */
import { createSignal, createUniqueId, type JSX } from "solid-js";
import type { ProfileView, ScopeKey } from "../../../peer/api.ts";
import { PageHead } from "../../components/page-head/index.tsx";
import { ScopeField } from "../../components/scope-field/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { notify } from "../../state/notices.ts";
import { kindOf } from "../../text/scopes.ts";
import { type ChosenPicture, PictureField } from "./picture-field.tsx";

const MOST_TOPICS = 3;

export function Editor(props: { profile: ProfileView; onDone: () => void }): JSX.Element {
  const { t } = useI18n();
  const { run } = useActions();
  const ids = { name: createUniqueId(), bio: createUniqueId() };
  // What is being edited must not change under the hand when the profile is updated meanwhile.
  /* eslint-disable solid/reactivity */
  const [name, setName] = createSignal(props.profile.displayName ?? "");
  const [bio, setBio] = createSignal(props.profile.bio ?? "");
  const [geo, setGeo] = createSignal<readonly ScopeKey[]>(props.profile.scopes.filter((key) => kindOf(key) === "geo"));
  const [topics, setTopics] = createSignal<readonly ScopeKey[]>(
    props.profile.scopes.filter((key) => kindOf(key) === "topic"),
  );
  /* eslint-enable solid/reactivity */
  const [picture, setPicture] = createSignal<ChosenPicture>(undefined);
  const [saving, setSaving] = createSignal(false);

  async function save(): Promise<void> {
    setSaving(true);
    const chosen = picture();
    const profile = {
      displayName: name().trim(),
      bio: bio().trim(),
      scopes: [...geo(), ...topics()],
      ...(chosen === undefined ? {} : { avatar: chosen }),
    };
    const done = await run((api) => api.saveProfile(profile));
    setSaving(false);
    if (!done) return;
    notify(t("profile.saved"));
    props.onDone();
  }

  return (
    <>
      <PageHead title={t("profile.edit")} />
      <form
        class="page grid gap-6 pt-6"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <PictureField id={props.profile.id} avatar={props.profile.avatar} chosen={picture()} onChoose={setPicture} />
        <div class="field">
          <label for={ids.name}>{t("profile.name")}</label>
          <input
            id={ids.name}
            class="input"
            type="text"
            dir="auto"
            autocomplete="nickname"
            maxlength={64}
            value={name()}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for={ids.bio}>{t("profile.bio")}</label>
          <textarea
            id={ids.bio}
            class="input"
            dir="auto"
            rows={4}
            maxlength={280}
            value={bio()}
            aria-describedby={`${ids.bio}-hint`}
            onInput={(event) => setBio(event.currentTarget.value)}
          />
          <p id={`${ids.bio}-hint`} class="field-hint">
            {t("profile.bio.hint")}
          </p>
        </div>
        <ScopeField
          kind="geo"
          label={t("profile.scopes.place")}
          hint={t("write.places.hint")}
          values={geo()}
          most={1}
          onChange={setGeo}
        />
        <ScopeField
          kind="topic"
          label={t("profile.scopes.topics")}
          hint={t("write.topics.hint")}
          values={topics()}
          most={MOST_TOPICS}
          onChange={setTopics}
        />
        <div class="flex gap-3">
          <button type="submit" class="button button-primary" disabled={saving()}>
            {t("app.save")}
          </button>
          <button type="button" class="button button-quiet" onClick={() => props.onDone()}>
            {t("app.cancel")}
          </button>
        </div>
      </form>
    </>
  );
}
