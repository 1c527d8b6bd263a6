/** Why a list was not taken, in the person's words. */
import { codeOf } from "../../state/errors.ts";
import { useMutesWords } from "./words.ts";

export function useDefenceProblems(): (error: unknown) => string {
  const { has, t } = useMutesWords();
  return (error) => {
    const code = codeOf(error);
    const key = `problem.${code}`;
    return has(key) ? t(key) : t("problem", { code });
  };
}
