/**
 * What this person does not want to see, and whom it believes less: mutes, judgements on authors and posts, covers before
 * media, names that look like others. Kept here, told to nobody. The rules are social's (src/social/defence).
 */
export type * from "./api.ts";
export { Defence } from "./defence.ts";
export { FLAGS_KEY, type Flag } from "./flags.ts";
export { UNGUARDED, type Guards } from "./guards.ts";
export { MUTES_KEY, parseMute } from "./mute-list.ts";
export { DEFENCE_KEY, parsePolicy } from "./policy.ts";
export { viewsOf } from "./views.ts";
export { defenceWatches } from "./watches.ts";
