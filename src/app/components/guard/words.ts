import type { DefenceReason } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { displayLine } from "../../text/display.ts";
import { scopePath } from "../../text/scopes.ts";

/** What a cover says of why it is there. */
export function useCoverWords(): (reason: DefenceReason) => string {
  const { t } = useI18n();
  return ({ by, code }) => {
    if (code === "MEDIA_COVERED" && by === null) return t("cover.MEDIA_COVERED.strangers");
    const named = by === null ? "" : code === "SCOPE_MUTED" ? scopePath(by) : displayLine(by);
    return t(`cover.${code}`, { by: `\u2068${named}\u2069` });
  };
}
