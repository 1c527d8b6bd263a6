/**
 * finding: /mehr/index/1. What answers a post, boosts it, refers to it, carries it or lists it, whose profile somebody's is,
 * and what there is by somebody or of a place or topic: asked of one peer by what it is about, a page at a time. Who is asked, and what is believed of the
 * answers, is the peer room's (src/peer/finding). Loaded when somebody asks, here or at a neighbour.
 */
export { askIndex, type AskOptions, type IndexPage } from "./client.ts";
export { INDEX_PROTOCOL, INDEX_SERVER_LIMITS, MAX_HELD, SHORT_HASH, type IndexServerLimits } from "./constants.ts";
export { Relation, type EnvelopeRelation, type Question, type RelationName } from "./messages.ts";
export type { IndexSources } from "./pages.ts";
export { IndexServer, type IndexServerOptions } from "./server.ts";
