/**
 * What a person is told of: answers, references, boosts, new entries of curated feeds, trust. How events become few quiet lines,
 * what is kept of them, what calls nobody, and how often it is asked whether somebody has answered. Pure.
 */
export {
  NoticeBook,
  NOTICE_KINDS,
  type BookState,
  type NoticeEvent,
  type NoticeItem,
  type NoticeKind,
  type NoticeLine,
} from "./book.ts";
export { isLate } from "./late.ts";
export { LOOKED_FOR, nextLook } from "./pace.ts";
