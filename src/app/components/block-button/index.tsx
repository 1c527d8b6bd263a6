/** Blocks a person, or lifts the block. It happens at once and can be taken back; nobody is asked. */
import type { JSX } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { notify } from "../../state/notices.ts";
import { isolatedName, type Named } from "../../text/people.ts";

export function BlockButton(props: { person: Named; blocked: boolean; small?: boolean }): JSX.Element {
  const { t } = useI18n();
  const { run } = useActions();
  function setBlocked(id: string, blocked: boolean): Promise<boolean> {
    return run((api) => (blocked ? api.block(id) : api.unblock(id)));
  }

  async function toggle(): Promise<void> {
    const { id } = props.person;
    const blocked = props.blocked;
    // While somebody is blocked the name is not told, so it is taken from before.
    const name = isolatedName(props.person);
    if (!(await setBlocked(id, !blocked))) return;
    notify(t(blocked ? "block.lifted" : "block.done", { name }), {
      label: t("app.undo"),
      run: () => void setBlocked(id, blocked),
    });
  }
  return (
    <button
      type="button"
      class="button"
      classList={{ "button-small": props.small === true, "button-quiet": !props.blocked }}
      onClick={() => void toggle()}
    >
      {t(props.blocked ? "block.lift" : "block.button")}
    </button>
  );
}
