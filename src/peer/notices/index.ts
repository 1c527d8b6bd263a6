/**
 * notices: what others did that concerns this person. Answers, references and boosts of own posts, new entries of curated feeds
 * that are kept, and who trusts this person become few lines; who is called for them is told once. Own posts of the last days
 * are asked about, slowly, since an answer from far away comes by itself to nobody. `Notices` is small and always there; the
 * rest is loaded with the first look.
 */
export type {
  InboxCount,
  NoticeCalls,
  NoticeKindName,
  NoticePerson,
  NoticeQueries,
  NoticesApi,
  NoticeSettings,
  NoticeView,
} from "./api.ts";
export { Notices } from "./notices.ts";
export { NOTICE_OPENERS } from "./queries.ts";
export { NOTICE_SETTINGS_KEY, NOTICES_KEY } from "./keys.ts";
