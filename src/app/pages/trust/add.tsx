/** Two people meet: each shows a code and takes the other's. Taking one leads to the question, and to nothing else. */
import { useNavigate } from "@solidjs/router";
import { createSignal, type JSX, Show, Suspense } from "solid-js";
import { CopyButton } from "../../components/copy-button/index.tsx";
import { PageHead } from "../../components/page-head/index.tsx";
import { lazily, useI18n } from "../../i18n/index.tsx";
import { SITE } from "../../site.ts";
import { useSession } from "../../state/session.tsx";
import { createTitle } from "../../state/title.ts";
import { CodeField } from "../join/code-field.tsx";
import { WithWords } from "../join/words.ts";
import { idIn, trustLink } from "./ids.ts";

const QrCode = lazily(() => import("../../components/qr-code/index.tsx"));

export function Add(): JSX.Element {
  const { t } = useI18n();
  const { identity } = useSession();
  const navigate = useNavigate();
  const [unreadable, setUnreadable] = createSignal(false);
  createTitle(() => t("trust.add"));

  function open(text: string): void {
    const id = idIn(text);
    setUnreadable(id === null);
    if (id !== null) navigate(`/trust/${id}`);
  }

  return (
    <>
      <PageHead title={t("trust.add")} lead={t("trust.add.lead")} />
      <div class="page join-page">
        <section class="section" aria-labelledby="trust-theirs">
          <h2 id="trust-theirs">{t("trust.add.theirs")}</h2>
          <p class="mb-4 max-w-measure text-sm text-soft">{t("trust.add.theirs.text")}</p>
          <WithWords>
            <CodeField label={t("trust.add.field")} button={t("trust.add.go")} busy={false} onText={open} />
          </WithWords>
          <Show when={unreadable()}>
            <p class="field-problem mt-3" role="alert">
              {t("trust.add.unreadable")}
            </p>
          </Show>
        </section>
        <Show when={identity()}>
          {(own) => (
            <section class="section grid gap-4" aria-labelledby="trust-own">
              <h2 id="trust-own">{t("trust.add.own")}</h2>
              <p class="max-w-measure text-sm text-soft">{t("trust.add.own.text")}</p>
              <div class="trust-code">
                <Suspense>
                  <QrCode text={trustLink(SITE, own().id)} label={t("trust.add.qr")} />
                </Suspense>
              </div>
              <div>
                <CopyButton
                  text={trustLink(SITE, own().id)}
                  label={t("trust.add.copy")}
                  done={t("app.linkCopied")}
                  icon="link"
                />
              </div>
            </section>
          )}
        </Show>
      </div>
    </>
  );
}
