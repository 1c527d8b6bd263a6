/** What this person does not want to see: what is muted, judged and believed less, all of it to be taken back here. */
import { type JSX, Show } from "solid-js";
import { ListSkeleton } from "../../components/list-skeleton/index.tsx";
import { PageHead } from "../../components/page-head/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { createTitle } from "../../state/title.ts";
import { AddMany } from "./add-many.tsx";
import { AddKinds, AddWords } from "./add.tsx";
import { ListFile } from "./list-file.tsx";
import { Muted } from "./muted.tsx";
import { Doubted, Judged } from "./people.tsx";
import { Policy } from "./policy.tsx";
import { createMutes } from "./rows.ts";
import { WithWords } from "./words.ts";

export default function MutesPage(): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const defence = createLiveValue(api, "defence", () => ({}));
  const mutes = createMutes();
  createTitle(() => t("defence.title"));
  return (
    <>
      <PageHead title={t("defence.title")} lead={t("defence.lead")} />
      <UnreadableNote of={defence} title={t("unreadable.mutes")} />
      <Show
        when={defence.value()}
        fallback={
          <Show when={defence.error() === undefined}>
            <div class="page">
              <ListSkeleton label={t("reach.waiting")} />
            </div>
          </Show>
        }
      >
        {(current) => (
          <WithWords>
            <div class="page settings">
              <Muted mutes={mutes} />
              <AddMany mutes={mutes} />
              <AddWords mutes={mutes} />
              <AddKinds mutes={mutes} />
              <Policy policy={current().policy} />
              <Judged />
              <Doubted />
              <ListFile />
            </div>
          </WithWords>
        )}
      </Show>
    </>
  );
}
