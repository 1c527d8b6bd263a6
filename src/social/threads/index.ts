/**
 * What answers what, made of envelopes alone: nobody is asked for a post to see the shape of a conversation. Pure. What
 * comes in may be in any order, hold loops and name one post several times.
 */
export { THREAD_LEVELS, threadOf, type ThreadNode, type ThreadOptions, type ThreadPost } from "./tree.ts";
