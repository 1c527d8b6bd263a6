/** What another app shared, on its way into the composer, and what is said about it above the form. */
import { type JSX, Match, Show, Switch } from "solid-js";
import type { Draft, PeerApi } from "../../../peer/api.ts";
import type { ShareRefusal } from "../../../rpc/shares.ts";
import { StateNote } from "../../components/state-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { codeOf } from "../../state/errors.ts";
import { mirrorDraft } from "../../state/draft-mirror.ts";
import { draftOfShare, leftOutOf } from "../../state/shared-draft.ts";
import { keepAsDraft, readShare } from "../../state/shares.ts";
import { displayLine } from "../../text/display.ts";

export type SharedNote =
  | { readonly kind: "taken"; readonly leftOut: readonly string[] }
  | { readonly kind: "gone" }
  | { readonly kind: "refused"; readonly why: ShareRefusal };

const REFUSALS: readonly ShareRefusal[] = ["too-large", "unreadable", "empty", "full", "no-room"];

/** Reads the reason in the address, which anybody can write. */
export function refusalOf(text: string | undefined): SharedNote | undefined {
  if (text === undefined) return undefined;
  return { kind: "refused", why: REFUSALS.find((reason) => reason === text) ?? "unreadable" };
}

/**
 * The draft that a share becomes. It is stored in the background; until that is done the share stays where it is, so a page
 * that is closed at once loses nothing.
 * @param drafts those there are: one of this share has been begun already if the page was loaded anew
 */
export async function draftFromShare(
  id: string,
  drafts: readonly Draft[],
  scopes: readonly string[],
  api: PeerApi | undefined,
): Promise<{ readonly draft: Draft | undefined; readonly note: SharedNote | undefined }> {
  const begun = drafts.find((draft) => draft.id === id);
  const share = await readShare(id);
  if (share === null) return { draft: begun, note: begun ? undefined : { kind: "gone" } };
  const draft = begun ?? draftOfShare(share, scopes, Date.now());
  mirrorDraft(localStorage, draft);
  if (api) keepAsDraft(api, share, draft).catch((error: unknown) => console.warn("share", codeOf(error)));
  return { draft, note: { kind: "taken", leftOut: leftOutOf(share) } };
}

export function SharedNotes(props: { note: SharedNote | undefined }): JSX.Element {
  const { t, list } = useI18n();
  const taken = () => (props.note?.kind === "taken" ? props.note : undefined);
  const refused = () => (props.note?.kind === "refused" ? props.note : undefined);
  const names = (leftOut: readonly string[]) => list(leftOut.map((name) => `\u2068${displayLine(name)}\u2069`));
  return (
    <Switch>
      <Match when={taken()}>
        {(note) => (
          <div class="banner" role="status">
            <div>
              <Show when={note().leftOut.length > 0}>
                <p class="text-ink">{t("share.leftOut", { names: names(note().leftOut) })}</p>
              </Show>
              <p>{t("share.kept")}</p>
            </div>
          </div>
        )}
      </Match>
      <Match when={props.note?.kind === "gone"}>
        <StateNote title={t("share.gone.title")} text={t("share.gone.text")} role="status" />
      </Match>
      <Match when={refused()}>
        {(note) => <StateNote title={t("share.refused.title")} text={t(`share.refused.${note().why}`)} role="alert" />}
      </Match>
    </Switch>
  );
}
