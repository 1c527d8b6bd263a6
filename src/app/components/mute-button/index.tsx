/** Mutes a person for good, or no longer; the card menu and the page of mutes have the shorter times. */
import { type JSX, Show } from "solid-js";
import type { ProfileView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useDefending } from "../../state/defending.ts";
import { AuthorMarks } from "../guard/index.tsx";
import { isolatedName, ownerOf } from "../../text/people.ts";

type Person = Pick<ProfileView, "displayName" | "id" | "standing">;

export function MuteButton(props: { person: Person }): JSX.Element {
  const { t } = useI18n();
  const { mute, unmute } = useDefending();
  const name = () => isolatedName(ownerOf(props.person));
  function toggle(): void {
    const { id, standing } = props.person;
    const target = { kind: "person", id } as const;
    const { muted } = standing;
    if (muted === null) void mute([{ target }], name());
    else void unmute([`person ${id}`], [{ target, until: muted.until }], name());
  }
  return (
    <button type="button" class="button button-quiet" onClick={toggle}>
      {t(props.person.standing.muted === null ? "mute.button" : "mute.lift")}
    </button>
  );
}

/** What this person has said of somebody, and whose name theirs looks like, on their own page. */
export function Standing(props: { person: Person }): JSX.Element {
  const { t, moment } = useI18n();
  return (
    <>
      <p class="flex flex-wrap gap-2 empty:hidden">
        <AuthorMarks guard={props.person.standing} />
      </p>
      <Show when={props.person.standing.muted}>
        {(muted) => (
          <p class="note text-sm">
            {muted().until === null ? t("mute.profile") : t("mute.profile.until", { time: moment(muted().until ?? 0) })}
          </p>
        )}
      </Show>
    </>
  );
}
