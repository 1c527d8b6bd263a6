/** Shown in place of every page while the identity is locked; the address stays, and is where the person was going. */
import { A } from "@solidjs/router";
import { createSignal, type JSX, onMount, Show } from "solid-js";
import type { UnlockSecret } from "../../../peer/api.ts";
import { IdentityList } from "../../components/identity-list/index.tsx";
import { PageHead } from "../../components/page-head/index.tsx";
import { PassphraseField } from "../../components/passphrase-field/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveRows } from "../../state/live.ts";
import { askPasskey, canUsePasskeys } from "../../state/passkey.ts";
import { useProblems } from "../../state/problems.ts";
import { createTitle } from "../../state/title.ts";
import { displayLine } from "../../text/display.ts";

/** A name within a sentence of another direction. */
function isolated(name: string): string {
  return `\u2068${displayLine(name)}\u2069`;
}

export default function Unlock(): JSX.Element {
  const { t } = useI18n();
  const { lock, origin } = useConnection();
  const problemOf = useProblems("vault.problem");
  const [passphrase, setPassphrase] = createSignal("");
  const [problem, setProblem] = createSignal<string>();
  const [busy, setBusy] = createSignal(false);
  const params = {};
  const identities = createLiveRows(
    origin,
    "identities",
    () => params,
    (entry) => entry.key,
  );
  const name = () => identities.rows().find(({ current }) => current)?.name;
  let form!: HTMLDivElement;
  createTitle(() => t("unlock.title"));
  onMount(() => form.querySelector("input")?.focus());

  async function unlock(secret: () => Promise<UnlockSecret>): Promise<void> {
    if (busy()) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const present = await secret();
      // This page goes, and what it was in place of comes, as soon as the lock is seen to be open.
      await origin()?.unlock(present);
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <PageHead
        title={t("unlock.title")}
        lead={name() ? t("unlock.who", { name: isolated(name() ?? "") }) : t("unlock.lead")}
      />
      <div class="page grid justify-items-start gap-6 pt-6" ref={form}>
        <Show when={lock()?.passphrase}>
          <form
            class="grid w-full justify-items-start gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              const present = { kind: "passphrase", passphrase: passphrase() } as const;
              void unlock(() => Promise.resolve(present));
            }}
          >
            <PassphraseField
              label={t("vault.passphrase")}
              kind="present"
              value={passphrase()}
              onInput={setPassphrase}
              problem={problem()}
            />
            <button type="submit" class="button button-primary" disabled={busy() || passphrase() === ""}>
              {t(busy() ? "vault.busy" : "unlock.button")}
            </button>
          </form>
        </Show>
        <Show when={(lock()?.passkeys.length ?? 0) > 0 && canUsePasskeys()}>
          <div class="grid gap-2">
            <button
              type="button"
              class="button"
              disabled={busy()}
              onClick={() => {
                const passkeys = lock()?.passkeys ?? [];
                void unlock(() => askPasskey(passkeys));
              }}
            >
              {t("unlock.passkey")}
            </button>
            <Show when={!lock()?.passphrase}>
              <p class="field-problem" role="alert">
                {problem()}
              </p>
            </Show>
          </div>
        </Show>
        <p>
          <A class="link text-sm" href="/restore">
            {t("unlock.words")}
          </A>
        </p>
        <Show when={identities.rows().length > 1}>
          <section class="grid w-full gap-2">
            <h2 class="field-label font-sans">{t("unlock.others")}</h2>
            <IdentityList entries={identities.rows().filter(({ current }) => !current)} />
          </section>
        </Show>
      </div>
    </>
  );
}
