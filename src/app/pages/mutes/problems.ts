/** Why a list was not taken, in the person's words. */
import { type Messages, useI18n } from "../../i18n/index.tsx";
import { codeOf } from "../../state/errors.ts";

export function useDefenceProblems(): (error: unknown) => string {
  const { messages, t } = useI18n();
  return (error) => {
    const code = codeOf(error);
    const key = `defence.problem.${code}`;
    return key in messages() ? t(key as keyof Messages) : t("defence.problem", { code });
  };
}
