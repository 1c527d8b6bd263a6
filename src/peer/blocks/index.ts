/** Whom this person has blocked: kept here, told to nobody, and what follows from it for what is shown and passed on. */
export { Blocks, type Block } from "./blocks.ts";
export { openLibrary } from "./library.ts";
export { rememberedBans, type RememberedBans } from "./bans.ts";
