/** Where the browser brings `web+mehr:` links: goes on to what they name, or says why not. */
import { A, Navigate, useLocation } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { PageHead } from "../../components/page-head/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { createTitle } from "../../state/title.ts";
import { targetOfAddress } from "../../text/addresses.ts";
import { displayLine } from "../../text/display.ts";

/** Enough to recognise an address by; a stranger chose its length. */
const SHOWN_CHARACTERS = 200;

/** As the browser encodes what it puts in place of `%s`; what is not encoded so is no address, and is shown as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

export default function Open(): JSX.Element {
  const { t } = useI18n();
  const location = useLocation();
  const address = () => decoded(location.hash.replace(/^#/, ""));
  const target = () => targetOfAddress(address());
  const path = () => {
    const found = target();
    return "path" in found ? found.path : null;
  };
  const problem = () => {
    const found = target();
    return "problem" in found ? found.problem : "empty";
  };
  createTitle(() => t("open.title"));
  return (
    <Show
      when={path()}
      keyed
      fallback={
        <>
          <PageHead title={t("open.title")} lead={t(`open.${problem()}`)} />
          <div class="page grid justify-items-start gap-4 pt-6">
            <Show when={displayLine(address()) !== ""}>
              <p class="text-sm text-faint">
                {t("open.address", { address: `\u2068${displayLine(address()).slice(0, SHOWN_CHARACTERS)}\u2069` })}
              </p>
            </Show>
            <A class="button button-primary" href="/">
              {t("missing.home")}
            </A>
          </div>
        </>
      }
    >
      {(found) => <Navigate href={found} />}
    </Show>
  );
}
