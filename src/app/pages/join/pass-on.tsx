/** A code to be passed on: as a picture, as a link to copy or share, and how long it is good. */
import { createSignal, createUniqueId, type JSX, onCleanup, Show, Suspense } from "solid-js";
import { CopyButton } from "../../components/copy-button/index.tsx";
import { lazily, useI18n } from "../../i18n/index.tsx";
import { SITE } from "../../site.ts";
import { codeOf } from "../../state/errors.ts";
import { linkOf } from "./codes.ts";
import { useJoinWords } from "./words.ts";

const QrCode = lazily(() => import("../../components/qr-code/index.tsx"));

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** The time of now, looked at every second. */
export function createNow(): () => number {
  const [now, setNow] = createSignal(Date.now());
  const timer = setInterval(() => setNow(Date.now()), SECOND);
  onCleanup(() => clearInterval(timer));
  return now;
}

export function PassOn(props: {
  code: string;
  expiresAt: number;
  now: number;
  page?: "join" | "devices";
}): JSX.Element {
  const { number } = useI18n();
  const { t } = useJoinWords();
  const fieldId = createUniqueId();
  const link = () => linkOf(SITE, props.code, props.page);
  const left = () => {
    const minutes = Math.floor((props.expiresAt - props.now) / MINUTE);
    if (minutes < 1) return t("code.left.seconds");
    return t(minutes === 1 ? "code.left.minutes_one" : "code.left.minutes_other", { count: number(minutes) });
  };

  async function share(): Promise<void> {
    try {
      await navigator.share({ url: link() });
    } catch (error) {
      // Whoever closes the browser's sheet has changed their mind; for all else there is copying, right beside.
      console.debug("share", codeOf(error));
    }
  }

  return (
    <div class="pass-on">
      <div class="pass-on-code">
        <Suspense>
          <QrCode text={link()} label={t("code.qr")} dense />
        </Suspense>
      </div>
      <div class="flex flex-wrap gap-2">
        <Show when={"share" in navigator}>
          <button type="button" class="button button-small" onClick={() => void share()}>
            {t("code.share")}
          </button>
        </Show>
        <CopyButton text={link()} label={t("code.copy")} done={t("code.copied")} />
      </div>
      <div class="field">
        <label for={fieldId}>{t("code.shown")}</label>
        <textarea
          id={fieldId}
          class="input code-text"
          dir="ltr"
          rows={3}
          readonly
          value={link()}
          onFocus={(event) => event.currentTarget.select()}
        />
      </div>
      <p class="text-sm text-faint">{left()}</p>
    </div>
  );
}
