/** Chooses the home place; what it was can be had back. */
import { createSignal, type JSX, Show } from "solid-js";
import type { ScopeKey } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { notify } from "../../state/notices.ts";
import { useSession } from "../../state/session.tsx";
import { COMMONS, scopeName } from "../../text/scopes.ts";
import { Dialog } from "../dialog/index.tsx";
import { ScopeField } from "../scope-field/index.tsx";

export default function HomeDialog(props: { onClose: () => void }): JSX.Element {
  const { t } = useI18n();
  const { settings } = useSession();
  const { updateSettings } = useActions();
  const [chosen, setChosen] = createSignal<ScopeKey>();
  const place = () => chosen() ?? settings()?.home;

  async function save(home: ScopeKey): Promise<void> {
    const before = settings()?.home;
    props.onClose();
    if (before === undefined || before === home || !(await updateSettings({ home }))) return;
    notify(t("scopePage.homeSet", { place: `\u2068${scopeName(home)}\u2069` }), {
      label: t("app.undo"),
      run: () => void updateSettings({ home: before }),
    });
  }

  return (
    <Dialog title={t("explore.home.change")} onClose={() => props.onClose()}>
      <div class="grid gap-4">
        <p class="text-sm text-soft">{t("explore.home.lead")}</p>
        <ScopeField
          kind="geo"
          label={t("explore.home")}
          hint={t("write.places.hint")}
          values={place() === undefined ? [] : [place() as ScopeKey]}
          most={1}
          onChange={([scope]) => setChosen(scope ?? COMMONS)}
        />
        <div class="flex flex-wrap gap-3">
          <button
            type="button"
            class="button button-primary"
            disabled={chosen() === undefined || chosen() === settings()?.home}
            onClick={() => void save(chosen() ?? COMMONS)}
          >
            {t("app.save")}
          </button>
          <Show when={settings()?.home !== COMMONS}>
            <button type="button" class="button" onClick={() => void save(COMMONS)}>
              {t("explore.home.commons")}
            </button>
          </Show>
        </div>
      </div>
    </Dialog>
  );
}
