/** What a curated feed says of itself: for a new one, and for one that is there. What was typed stays until it is saved. */
import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import type { CuratedInput, ScopeKey } from "../../../peer/api.ts";
import { CuratedNameField } from "../../components/curated/name-field.tsx";
import { ScopeField } from "../../components/scope-field/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useSession } from "../../state/session.tsx";
import { kindOf, type ScopeKind } from "../../text/scopes.ts";
import { Choice } from "../settings/choice.tsx";
import { createNameForm } from "./name-form.ts";

/** What goes over the wire is of 255 (docs/protocol.md, CuratedFeed). */
const WHOLE = 255;

export interface FieldsOf {
  readonly name: string;
  readonly description: string | null;
  readonly scope: ScopeKey | null;
  readonly kickbackRate: number;
}

export function FeedFields(props: {
  /** One that is there keeps its name, by which it is found. */
  feed?: FieldsOf | undefined;
  /** Rejects with what is wrong with it. */
  onSave: (input: CuratedInput) => Promise<void>;
  onCancel: () => void;
}): JSX.Element {
  const { t, number } = useI18n();
  const { settings } = useSession();
  const ids = { description: createUniqueId(), share: createUniqueId() };
  // What is being typed must not change under the hand when another version comes.
  /* eslint-disable solid/reactivity */
  const before = props.feed;
  const { isBusy, name, problem, send, setName } = createNameForm(before?.name);
  const [description, setDescription] = createSignal(before?.description ?? "");
  const [scope, setScope] = createSignal<ScopeKey | undefined>(before?.scope ?? settings()?.home);
  const [kind, setKind] = createSignal<ScopeKind>(kindOf(before?.scope ?? "g:"));
  const [share, setShare] = createSignal(Math.round(((before?.kickbackRate ?? 0) / WHOLE) * 100));
  /* eslint-enable solid/reactivity */

  async function save(called: string): Promise<void> {
    const chosen = scope();
    await props.onSave({
      name: called,
      description: description(),
      kickbackRate: Math.round((share() / 100) * WHOLE),
      ...(chosen !== undefined && { scope: chosen }),
    });
  }

  return (
    <form
      class="feed-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send(save);
      }}
    >
      <Show when={before === undefined} fallback={<p class="field-hint">{t("curate.name.fixed")}</p>}>
        <CuratedNameField value={name()} onInput={setName} />
      </Show>
      <div class="field">
        <label for={ids.description}>{t("curate.description")}</label>
        <textarea
          id={ids.description}
          class="input"
          dir="auto"
          rows={3}
          maxlength={500}
          value={description()}
          onInput={(event) => setDescription(event.currentTarget.value)}
        />
      </div>
      <Choice
        legend={t("curate.scope")}
        value={kind()}
        options={[
          { value: "geo", words: t("feeds.kind.place") },
          { value: "topic", words: t("feeds.kind.topic") },
        ]}
        onChange={(value) => {
          setKind(value);
          if (scope() !== undefined && kindOf(scope() as ScopeKey) !== value) setScope(undefined);
        }}
      />
      <ScopeField
        kind={kind()}
        label={t(kind() === "geo" ? "feeds.form.place" : "feeds.form.topic")}
        hint={t("curate.scope.hint")}
        values={scopesOf(scope())}
        most={1}
        onChange={([value]) => setScope(value)}
      />
      <div class="field">
        <label for={ids.share}>{t("curate.share")}</label>
        <input
          id={ids.share}
          class="curate-share"
          type="range"
          min={0}
          max={100}
          step={5}
          value={share()}
          aria-valuetext={t("curate.share.value", { share: number(share()) })}
          aria-describedby={`${ids.share}-hint`}
          onInput={(event) => setShare(event.currentTarget.valueAsNumber)}
        />
        <p id={`${ids.share}-hint`} class="field-hint">
          {t("curate.share.value", { share: number(share()) })} {t("curate.share.hint")}
        </p>
      </div>
      <p class="field-problem" role="alert">
        {problem() ?? ""}
      </p>
      <div class="flex flex-wrap gap-3">
        <button type="submit" class="button button-primary" disabled={isBusy()}>
          {t(before === undefined ? "curate.make" : "app.save")}
        </button>
        <button type="button" class="button button-quiet" onClick={() => props.onCancel()}>
          {t("app.cancel")}
        </button>
      </div>
    </form>
  );
}

function scopesOf(scope: ScopeKey | undefined): readonly ScopeKey[] {
  return scope === undefined ? [] : [scope];
}
