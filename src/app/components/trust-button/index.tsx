/** Trusts a person, or takes that back. It happens at once and can be undone; what it means stands beside it. */
import type { JSX } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { notify } from "../../state/notices.ts";
import { isolatedName, type Named } from "../../text/people.ts";

/** Resolves with whether it was done. */
export function useTrust(): (person: Named, trusted: boolean) => Promise<boolean> {
  const { t } = useI18n();
  const { run } = useActions();
  const set = (id: string, trusted: boolean): Promise<boolean> =>
    run((api) => (trusted ? api.trust(id) : api.distrust(id)));
  return async (person, trusted) => {
    const { id } = person;
    const name = isolatedName(person);
    if (!(await set(id, trusted))) return false;
    notify(t(trusted ? "trust.done" : "trust.ended", { name }), {
      label: t("app.undo"),
      run: () => void set(id, !trusted),
    });
    return true;
  };
}

export function TrustButton(props: {
  person: Named;
  trusted: boolean;
  small?: boolean;
  /** Id of what says what it means. */
  describedBy?: string;
}): JSX.Element {
  const { t } = useI18n();
  const trust = useTrust();
  return (
    <button
      type="button"
      class="button"
      classList={{ "button-small": props.small === true, "button-quiet": props.trusted }}
      aria-describedby={props.describedBy}
      onClick={() => void trust(props.person, !props.trusted)}
    >
      {t(props.trusted ? "trust.stop" : "trust.button")}
    </button>
  );
}
