/** What is kept on this device, what was dropped to make room or could be, and what could not be read back. */
import { createSignal, type JSX, Show } from "solid-js";
import type { FreedStorage, NetworkView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";

export function Storage(props: { network: NetworkView }): JSX.Element {
  const { t, number, bytes } = useI18n();
  const storage = () => props.network.storage;
  const sized = (count: number, size: number) =>
    t("network.storage.countAndSize", { count: number(count), size: bytes(size) });
  const used = () => {
    const { used: amount, quota } = storage();
    if (amount === null) return t("network.unknown");
    return quota === null ? bytes(amount) : t("network.storage.ofQuota", { used: bytes(amount), quota: bytes(quota) });
  };
  return (
    <section class="section" id="storage">
      <h2>{t("network.storage")}</h2>
      <dl class="facts">
        <dt>{t("network.storage.envelopes")}</dt>
        <dd>{sized(storage().envelopes, storage().envelopeBytes)}</dd>
        <dt>{t("network.storage.objects")}</dt>
        <dd>{sized(storage().objects, storage().objectBytes)}</dd>
        <dt>{t("network.storage.used")}</dt>
        <dd>{used()}</dd>
        <dt>{t("network.storage.persisted")}</dt>
        <dd>{t(storage().persisted ? "network.storage.persisted.yes" : "network.storage.persisted.no")}</dd>
        <dt>{t("storage.fetched")}</dt>
        <dd>{bytes(storage().collectable.objects + storage().collectable.blobs)}</dd>
        <dt>{t("storage.others")}</dt>
        <dd>{bytes(storage().collectable.envelopes)}</dd>
        <Show when={storage().collected.bytes > 0}>
          <dt>{t("storage.collected")}</dt>
          <dd>{bytes(storage().collected.bytes)}</dd>
        </Show>
        <Show when={storage().damaged.records > 0}>
          <dt>{t("storage.damaged")}</dt>
          <dd>
            {t(storage().damaged.lost > 0 ? "storage.damaged.lost" : "storage.damaged.mended", {
              count: number(storage().damaged.records),
              lost: number(storage().damaged.lost),
            })}
          </dd>
        </Show>
      </dl>
      <FreeStorage />
    </section>
  );
}

/** Cannot be undone, though most of it can be fetched again: so it says first what goes and what stays. */
function FreeStorage(): JSX.Element {
  const { t, bytes } = useI18n();
  const { run } = useActions();
  const [asking, setAsking] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const [freed, setFreed] = createSignal<FreedStorage | null>(null);

  async function free(): Promise<void> {
    if (busy()) return;
    setBusy(true);
    await run(async (api) => setFreed(await api.freeStorage()));
    setBusy(false);
    setAsking(false);
  }

  const outcome = () => {
    const { bytes: size = 0 } = freed() ?? {};
    return size > 0 ? t("storage.free.done", { size: bytes(size) }) : t("storage.free.nothing");
  };

  return (
    <div class="mt-4 grid justify-items-start gap-3">
      <Show
        when={asking()}
        fallback={
          <button type="button" class="button" onClick={() => setAsking(true)}>
            {t("storage.free.button")}
          </button>
        }
      >
        <p class="max-w-measure text-sm text-soft">{t("storage.free.text")}</p>
        <div class="flex flex-wrap gap-3">
          <button type="button" class="button button-danger" disabled={busy()} onClick={() => void free()}>
            {t(busy() ? "storage.free.busy" : "storage.free.confirm")}
          </button>
          <button type="button" class="button" disabled={busy()} onClick={() => setAsking(false)}>
            {t("app.cancel")}
          </button>
        </div>
      </Show>
      <p class="text-sm text-soft" role="status">
        <Show when={freed()}>{outcome()}</Show>
      </p>
    </div>
  );
}
