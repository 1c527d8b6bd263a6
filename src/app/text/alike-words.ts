/** What is said of a name that looks like another one. Apart from `people.ts`: the first screen has names, and no words for this. Pure. */
import type { AlikeView } from "../../peer/api.ts";
import { familiar, isolatedName } from "./people.ts";

/** What the mark says. @param self this person, whose own name is not told to it */
export function alikeWords(
  { id, name }: AlikeView,
  self: string | undefined,
): { readonly key: "alike.mark" | "alike.own"; readonly slots: Readonly<Record<string, string>> } {
  return id === self
    ? { key: "alike.own", slots: {} }
    : { key: "alike.mark", slots: { name: isolatedName(familiar(id, name)) } };
}
