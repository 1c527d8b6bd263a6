/**
 * curation: the feeds that this person puts together for others to follow, and who has chosen a post. Following the feeds of
 * others is in `feeds/`; which entries stand on which page is social's (src/social/curation). `Curation` is small and always
 * there; what makes and describes feeds is loaded when somebody first asks.
 */
export type * from "./api.ts";
export { Curation } from "./part.ts";
