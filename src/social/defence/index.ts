/**
 * defence: what of all that is held a person wants to see, by rules of their own that nobody else learns of: mutes, judgements
 * on authors, covers before media, and names that look like other names. Pure; what a rule needs to know comes as an argument.
 * What is not needed before there is a rule (`judge.ts` with `words.ts`, `names.ts`) is imported from its own file, when it is.
 */
export { foldText } from "./fold.ts";
export {
  canonicalMute,
  idOfMute,
  MUTED_KINDS,
  MUTE_LIMITS,
  type Mute,
  type MuteTarget,
  type MutedKind,
} from "./mute.ts";
export { isSensitive } from "./sensitive.ts";
export { covered, hidden, SHOWN, type DefenceReason, type ReasonCode, type Verdict } from "./verdict.ts";
