import { capitalOf, prototypeOf } from "./confusables.ts";

/** Names have 64 characters at most on the wire; whatever is longer is not compared to its end. */
const LOOKED_AT = 256;

/** Marks that stand on letters of any script; vowel signs of one script are letters in all but name. */
const MARKS_AND_UNSEEN = /[\p{Script=Inherited}\p{Default_Ignorable_Code_Point}\p{Cc}]/gu;
/** What parts words, or is nothing but ink between them. */
const GAPS = /[\s\p{P}\p{S}]+/gu;
/** What looks like the short form of an address behind a name: it would say whose name this is, and anybody can write it. */
const ADDRESS = new RegExp(`(?<=.)${skeletonOf("mehr1")}.{8,}$`, "u");

/**
 * What a name looks like: two names with one skeleton are easily taken for each other. After the skeleton of Unicode Technical
 * Standard 39 (section 4), with NFKC, a small table (`confusables.ts`), and wider on purpose: case, marks, gaps and
 * punctuation count for nothing, since whoever imitates a name uses what is overlooked. Nor does an address behind it. Empty
 * for what cannot be seen.
 */
export function nameSkeleton(name: string): string {
  const letters = Array.from(name.slice(0, LOOKED_AT).normalize("NFKC"), capitalOf)
    .join("")
    .toLowerCase()
    // Letters apart from their marks, so that those can go.
    .normalize("NFD")
    .replace(MARKS_AND_UNSEEN, "")
    .replace(/[|×]/gu, prototypeOf)
    .replace(GAPS, "");
  return skeletonOf(letters).replace(ADDRESS, "");
}

function skeletonOf(letters: string): string {
  return Array.from(letters, prototypeOf).join("").replaceAll("vv", "w");
}
