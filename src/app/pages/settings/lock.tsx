/** Encryption at rest: ways to unlock, locking now and by itself. */
import { createSignal, For, type JSX, Match, Show, Switch } from "solid-js";
import type { LockView, NewWay, PeerApi, Settings, UnlockSecret, WayName } from "../../../peer/api.ts";
import { PassphraseField } from "../../components/passphrase-field/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { notify } from "../../state/notices.ts";
import { canUsePasskeys, createPasskey } from "../../state/passkey.ts";
import { useProblems } from "../../state/problems.ts";
import { Choice } from "./choice.tsx";
import { Problem, Proof } from "./proof.tsx";

/** Minutes. */
const LOCK_AFTER = [0, 5, 15, 60] as const;

/** What is being changed. */
type Task =
  | { readonly kind: "passphrase" }
  | { readonly kind: "passkey" }
  | { readonly kind: "remove"; readonly way: WayName };

class Different extends Error {
  readonly code = "PASSPHRASE_DIFFERENT";
}

export function Lock(props: { settings: Settings }): JSX.Element {
  const { t } = useI18n();
  const { lock } = useConnection();
  return (
    <section class="section grid gap-4" id="lock">
      <h2>{t("vault.title")}</h2>
      <p class="max-w-measure text-sm text-soft">{t("vault.text")}</p>
      <Show when={lock()}>{(view) => <Ways lock={view()} settings={props.settings} />}</Show>
    </section>
  );
}

function Ways(props: { lock: LockView; settings: Settings }): JSX.Element {
  const { number, t } = useI18n();
  const { api } = useConnection();
  const { run, updateSettings } = useActions();
  const problemOf = useProblems("vault.problem");
  const [task, setTask] = createSignal<Task>();
  const [first, setFirst] = createSignal("");
  const [again, setAgain] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string>();
  const isOpen = () => props.lock.state === "open";
  const passkeys = () => props.lock.passkeys;
  const isLast = () => Number(props.lock.passphrase) + passkeys().length === 1;

  function begin(next: Task | undefined): void {
    setTask(next);
    setProblem(undefined);
    setFirst("");
    setAgain("");
  }

  async function newWay(kind: "passphrase" | "passkey"): Promise<NewWay> {
    if (kind === "passkey") return await createPasskey(t("vault.passkey.name"), passkeys());
    if (first() !== again()) throw new Different();
    return { kind: "passphrase", passphrase: first() };
  }

  async function perform(peer: PeerApi, now: Task, present: UnlockSecret | null): Promise<string> {
    if (now.kind !== "remove") {
      const wasOpen = isOpen();
      await peer.protect(await newWay(now.kind), present);
      return wasOpen ? t("vault.done.changed") : t("vault.done.on");
    }
    if (present === null) return "";
    const wasLast = isLast();
    await peer.unprotect(now.way, present);
    return wasLast ? t("vault.done.off") : t("vault.done.changed");
  }

  async function finish(ask: () => Promise<UnlockSecret | null>): Promise<void> {
    const peer = api();
    const now = task();
    if (!peer || !now || busy()) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const done = await perform(peer, now, await ask());
      begin(undefined);
      notify(done);
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  }

  const NewPassphrase = (): JSX.Element => (
    <>
      <PassphraseField
        label={t("vault.passphrase.new")}
        kind="new"
        value={first()}
        onInput={setFirst}
        hint={t("vault.passphrase.hint")}
      />
      <PassphraseField label={t("vault.passphrase.again")} kind="new" value={again()} onInput={setAgain} />
    </>
  );

  return (
    <>
      <Show when={isOpen()} fallback={<p class="text-sm">{t("vault.none")}</p>}>
        <ul class="grid gap-1 text-sm">
          <li>{t("vault.open")}</li>
          <Show when={props.lock.passphrase}>
            <li>{t("vault.passphrase.is")}</li>
          </Show>
          <Show when={passkeys().length > 0}>
            <li>
              {t(passkeys().length === 1 ? "vault.passkeys_one" : "vault.passkeys_other", {
                count: number(passkeys().length),
              })}
            </li>
          </Show>
        </ul>
        <p class="field-hint max-w-measure">{t("vault.oldBytes")}</p>
      </Show>
      <Show when={task() === undefined}>
        <div class="flex flex-wrap gap-2">
          <Show when={isOpen()}>
            <button type="button" class="button button-primary" onClick={() => void run((peer) => peer.lock())}>
              {t("vault.lock")}
            </button>
          </Show>
          <button type="button" class="button" onClick={() => begin({ kind: "passphrase" })}>
            {t(props.lock.passphrase ? "vault.passphrase.change" : "vault.passphrase.set")}
          </button>
          <Show when={canUsePasskeys()}>
            <button
              type="button"
              class="button"
              disabled={busy()}
              onClick={() => {
                begin({ kind: "passkey" });
                if (!isOpen()) void finish(async () => null);
              }}
            >
              {t("vault.passkey.add")}
            </button>
          </Show>
          <Show when={props.lock.passphrase}>
            <button
              type="button"
              class="button button-quiet"
              onClick={() => begin({ kind: "remove", way: { kind: "passphrase" } })}
            >
              {t("vault.passphrase.remove")}
            </button>
          </Show>
          <For each={passkeys()}>
            {({ credential }, index) => (
              <button
                type="button"
                class="button button-quiet"
                onClick={() => begin({ kind: "remove", way: { kind: "passkey", credential } })}
              >
                {t("vault.passkey.remove", { number: number(index() + 1) })}
              </button>
            )}
          </For>
        </div>
      </Show>
      <Show when={task()}>
        {(now) => (
          <Switch>
            <Match when={isOpen()}>
              <Proof
                lock={props.lock}
                action={actionOf(now())}
                danger={now().kind === "remove"}
                busy={busy()}
                problem={problem()}
                onProof={(ask) => void finish(ask)}
                onCancel={() => begin(undefined)}
              >
                <Show when={now().kind === "passphrase"}>
                  <NewPassphrase />
                </Show>
                <Show when={now().kind === "remove" && isLast()}>
                  <p>{t("vault.last")}</p>
                </Show>
              </Proof>
            </Match>
            <Match when={now().kind === "passphrase"}>
              <form
                class="note grid justify-items-start gap-4"
                onSubmit={(event) => {
                  event.preventDefault();
                  void finish(async () => null);
                }}
              >
                <NewPassphrase />
                <Problem text={problem()} />
                <div class="flex flex-wrap gap-2">
                  <button type="submit" class="button button-primary" disabled={busy() || first() === ""}>
                    {t(busy() ? "vault.busy" : "vault.save")}
                  </button>
                  <button type="button" class="button button-quiet" onClick={() => begin(undefined)}>
                    {t("app.cancel")}
                  </button>
                </div>
              </form>
            </Match>
            <Match when={now().kind === "passkey"}>
              <Problem text={problem()} />
              <div>
                <button type="button" class="button button-quiet" onClick={() => begin(undefined)}>
                  {t("app.cancel")}
                </button>
              </div>
            </Match>
          </Switch>
        )}
      </Show>
      <Show when={isOpen()}>
        <Choice
          legend={t("vault.lockAfter")}
          value={String(props.settings.lockAfter)}
          options={LOCK_AFTER.map((minutes) => ({
            value: String(minutes),
            words:
              minutes === 0 ? t("vault.lockAfter.never") : t("vault.lockAfter.minutes", { minutes: number(minutes) }),
          }))}
          onChange={(minutes) => void updateSettings({ lockAfter: Number(minutes) })}
        />
      </Show>
    </>
  );

  function actionOf(now: Task): string {
    if (now.kind === "remove") {
      return now.way.kind === "passphrase" ? t("vault.passphrase.remove") : t("identities.remove.button");
    }
    return now.kind === "passphrase" ? t("vault.passphrase.change") : t("vault.passkey.add");
  }
}
