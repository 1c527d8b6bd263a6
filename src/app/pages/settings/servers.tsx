/** Relays and ICE servers: lists of addresses, each with a plain word on what its owner gets to see. */
import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import type { IceServerSetting, Settings } from "../../../peer/api.ts";
import { Icon } from "../../components/icon/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { isIceUrl, isRelayUrl } from "./addresses.ts";

function AddressList(props: {
  addresses: readonly string[];
  empty: string;
  onRemove: (index: number) => void;
}): JSX.Element {
  const { t } = useI18n();
  return (
    <Show when={props.addresses.length > 0} fallback={<p class="text-sm text-faint">{props.empty}</p>}>
      <ul class="rows">
        <For each={props.addresses}>
          {(address, index) => (
            <li class="flex items-center justify-between gap-2 text-sm">
              <bdi class="min-w-0" dir="ltr">
                {address}
              </bdi>
              <button
                type="button"
                class="icon-button flex-none"
                aria-label={t("app.remove", { name: address })}
                onClick={() => props.onRemove(index())}
              >
                <Icon name="close" />
              </button>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

function TextField(props: {
  label: string;
  value: string;
  onInput: (value: string) => void;
  placeholder?: string;
  problem?: string | undefined;
  type?: "text" | "password";
}): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        class="input"
        type={props.type ?? "text"}
        dir="ltr"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        placeholder={props.placeholder}
        value={props.value}
        aria-invalid={props.problem ? true : undefined}
        aria-describedby={props.problem ? `${id}-problem` : undefined}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <Show when={props.problem}>
        <p id={`${id}-problem`} class="field-problem">
          {props.problem}
        </p>
      </Show>
    </div>
  );
}

export function Relays(props: { settings: Settings }): JSX.Element {
  const { t } = useI18n();
  const { updateSettings } = useActions();
  const [url, setUrl] = createSignal("");
  const [invalid, setInvalid] = createSignal(false);

  async function add(): Promise<void> {
    const typed = url().trim();
    setInvalid(!isRelayUrl(typed));
    if (!isRelayUrl(typed) || props.settings.relays.includes(typed)) return;
    if (await updateSettings({ relays: [...props.settings.relays, typed] })) setUrl("");
  }

  return (
    <form
      class="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <h3 class="text-base">{t("settings.relays")}</h3>
      <p class="max-w-measure text-sm text-soft">{t("settings.relays.hint")}</p>
      <AddressList
        addresses={props.settings.relays}
        empty={t("settings.relays.site")}
        onRemove={(index) => void updateSettings({ relays: props.settings.relays.filter((_, at) => at !== index) })}
      />
      <TextField
        label={t("settings.relays.add")}
        placeholder="wss://"
        value={url()}
        problem={invalid() ? t("settings.relays.invalid") : undefined}
        onInput={(value) => {
          setUrl(value);
          setInvalid(false);
        }}
      />
      <div class="flex flex-wrap gap-2">
        <button type="submit" class="button">
          {t("settings.relays.addButton")}
        </button>
        <Show when={props.settings.relays.length > 0}>
          <button type="button" class="button button-quiet" onClick={() => void updateSettings({ relays: [] })}>
            {t("settings.relays.reset")}
          </button>
        </Show>
      </div>
    </form>
  );
}

export function IceServers(props: { settings: Settings }): JSX.Element {
  const { t } = useI18n();
  const { updateSettings } = useActions();
  const [urls, setUrls] = createSignal("");
  const [username, setUsername] = createSignal("");
  const [credential, setCredential] = createSignal("");
  const [invalid, setInvalid] = createSignal(false);
  const isTurn = () => /^turns?:/i.test(urls().trim());

  async function add(): Promise<void> {
    const typed = urls().trim();
    setInvalid(!isIceUrl(typed));
    if (!isIceUrl(typed)) return;
    const server: IceServerSetting = {
      urls: typed,
      ...(isTurn() && username() ? { username: username() } : {}),
      ...(isTurn() && credential() ? { credential: credential() } : {}),
    };
    if (!(await updateSettings({ iceServers: [...props.settings.iceServers, server] }))) return;
    setUrls("");
    setUsername("");
    setCredential("");
  }

  return (
    <form
      class="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <h3 class="text-base">{t("settings.ice")}</h3>
      <p class="max-w-measure text-sm text-soft">{t("settings.ice.hint")}</p>
      <AddressList
        addresses={props.settings.iceServers.map((server) => server.urls)}
        empty={t("settings.ice.none")}
        onRemove={(index) =>
          void updateSettings({ iceServers: props.settings.iceServers.filter((_, at) => at !== index) })
        }
      />
      <TextField
        label={t("settings.ice.add")}
        placeholder="stun:"
        value={urls()}
        problem={invalid() ? t("settings.ice.invalid") : undefined}
        onInput={(value) => {
          setUrls(value);
          setInvalid(false);
        }}
      />
      <Show when={isTurn()}>
        <TextField label={t("settings.ice.username")} value={username()} onInput={setUsername} />
        <TextField label={t("settings.ice.credential")} type="password" value={credential()} onInput={setCredential} />
      </Show>
      <div>
        <button type="submit" class="button">
          {t("settings.ice.addButton")}
        </button>
      </div>
    </form>
  );
}
