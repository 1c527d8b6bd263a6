/** Asks for a present way to unlock, whichever there are. */
import { createSignal, type JSX, Show } from "solid-js";
import type { LockView, UnlockSecret } from "../../../peer/api.ts";
import { PassphraseField } from "../../components/passphrase-field/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { askPasskey, canUsePasskeys } from "../../state/passkey.ts";

export function Proof(props: {
  lock: LockView;
  /** What is done with it, on the button. */
  action: string;
  danger?: boolean;
  busy: boolean;
  problem: string | undefined;
  onProof: (ask: () => Promise<UnlockSecret>) => void;
  onCancel: () => void;
  children?: JSX.Element;
}): JSX.Element {
  const { t } = useI18n();
  const [passphrase, setPassphrase] = createSignal("");
  return (
    <form
      class="note grid justify-items-start gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const present = { kind: "passphrase", passphrase: passphrase() } as const;
        if (props.lock.passphrase) props.onProof(() => Promise.resolve(present));
      }}
    >
      {props.children}
      <h3 class="field-label font-sans">{t("vault.proof")}</h3>
      <Show when={props.lock.passphrase} fallback={<Problem text={props.problem} />}>
        <PassphraseField
          label={t("vault.passphrase.present")}
          kind="present"
          value={passphrase()}
          onInput={setPassphrase}
          problem={props.problem}
        />
      </Show>
      <div class="flex flex-wrap gap-2">
        <Show when={props.lock.passphrase}>
          <button
            type="submit"
            class="button"
            classList={{ "button-danger": props.danger === true, "button-primary": props.danger !== true }}
            disabled={props.busy || passphrase() === ""}
          >
            {props.busy ? t("vault.busy") : props.action}
          </button>
        </Show>
        <Show when={props.lock.passkeys.length > 0 && canUsePasskeys()}>
          <button
            type="button"
            class="button"
            disabled={props.busy}
            onClick={() => {
              const { passkeys } = props.lock;
              props.onProof(() => askPasskey(passkeys));
            }}
          >
            {t("vault.proof.passkey")}
          </button>
        </Show>
        <button type="button" class="button button-quiet" onClick={() => props.onCancel()}>
          {t("app.cancel")}
        </button>
      </div>
    </form>
  );
}

export function Problem(props: { text: string | undefined }): JSX.Element {
  return (
    <p class="field-problem" role="alert">
      {props.text}
    </p>
  );
}
