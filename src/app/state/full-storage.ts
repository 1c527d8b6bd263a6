/** What a person is told when the browser has no room left: how much of what could go. */
import type { PeerApi, StorageView } from "../../peer/api.ts";
import type { I18n } from "../i18n/index.tsx";
import { notify } from "./notices.ts";

/** Names what could be freed, and frees what can be fetched again at one press. */
export async function tellFull(api: PeerApi, { t, bytes }: Pick<I18n, "t" | "bytes">): Promise<void> {
  const { envelopes, ...fetched } = (await storageNow(api)).collectable;
  const size = fetched.objects + fetched.blobs;
  if (size + envelopes === 0) {
    notify(t("storage.full.nothing"));
    return;
  }
  notify(t("storage.full", { fetched: bytes(size), posts: bytes(envelopes) }), {
    label: t("storage.free.button"),
    run: () => {
      void api.freeStorage().then(
        (freed) => notify(t("storage.free.done", { size: bytes(freed.bytes) })),
        () => notify(t("storage.full.nothing")),
      );
    },
  });
}

/** The present state alone. */
function storageNow(api: PeerApi): Promise<StorageView> {
  return new Promise((resolve, reject) => {
    const watching = api.watch("network", {}, ({ value }) => {
      resolve(value.storage);
      void watching.then((subscription) => subscription.close());
    });
    watching.catch(reject);
  });
}
