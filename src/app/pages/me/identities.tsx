/** The identities of this browser on one's own page: switch, make another, remove one. */
import { A } from "@solidjs/router";
import { createSignal, type JSX, Show } from "solid-js";
import type { IdentityEntry } from "../../../peer/api.ts";
import { Dialog } from "../../components/dialog/index.tsx";
import { Icon } from "../../components/icon/index.tsx";
import { IdentityList } from "../../components/identity-list/index.tsx";
import { PageHead } from "../../components/page-head/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { createLiveRows } from "../../state/live.ts";
import { displayLine } from "../../text/display.ts";

export function Identities(): JSX.Element {
  const { t } = useI18n();
  const { origin } = useConnection();
  const { run } = useActions();
  const params = {};
  const identities = createLiveRows(
    origin,
    "identities",
    () => params,
    (entry) => entry.key,
  );
  const [doomed, setDoomed] = createSignal<IdentityEntry>();
  const nameOf = (entry: IdentityEntry): string => displayLine(entry.name ?? "") || t("identities.unnamed");

  async function remove(entry: IdentityEntry): Promise<void> {
    setDoomed(undefined);
    await run((peer) => peer.removeIdentity(entry.key));
  }

  return (
    <>
      <PageHead title={t("identities.title")} lead={t("identities.text")} />
      <div class="page grid gap-6 pt-4">
        <UnreadableNote of={identities} title={t("unreadable.identities")} />
        <IdentityList entries={identities.rows()}>
          {(entry) => (
            <Show when={identities.rows().length > 1}>
              <button
                type="button"
                class="icon-button"
                aria-label={t("identities.remove", { name: nameOf(entry) })}
                title={t("identities.remove", { name: nameOf(entry) })}
                onClick={() => setDoomed(entry)}
              >
                <Icon name="close" />
              </button>
            </Show>
          )}
        </IdentityList>
        <div class="flex flex-wrap gap-2">
          <button type="button" class="button" onClick={() => void run((peer) => peer.createIdentity())}>
            {t("identities.create")}
          </button>
          <A class="button button-quiet" href="/restore">
            {t("identities.restore")}
          </A>
        </div>
        <Show when={doomed()}>
          {(entry) => (
            <Dialog title={t("identities.remove", { name: nameOf(entry()) })} onClose={() => setDoomed(undefined)}>
              <p class="mb-4">{t("identities.remove.text", { name: nameOf(entry()) })}</p>
              <button type="button" class="button button-danger" onClick={() => void remove(entry())}>
                {t("identities.remove.button")}
              </button>
            </Dialog>
          )}
        </Show>
      </div>
    </>
  );
}
