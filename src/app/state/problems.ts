/** Codes of what keys, locks and backups are refused with, in the person's words. */
import { type Messages, useI18n } from "../i18n/index.tsx";
import { codeOf } from "./errors.ts";

/** The text for a code, by the names of the messages that begin with `prefix`. */
export function useProblems(prefix: "vault.problem" | "restore.problem"): (error: unknown) => string {
  const { messages, t } = useI18n();
  return (error) => {
    const code = codeOf(error);
    const key = `${prefix}.${code}`;
    return key in messages() ? t(key as keyof Messages) : t("vault.problem.other", { code });
  };
}
