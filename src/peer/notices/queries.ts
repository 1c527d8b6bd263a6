import type { LiveQueries, LiveUpdate, Subscription } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { LIVE_KEYS } from "../live/index.ts";
import type { NoticeQueries } from "./api.ts";

/** A screen shows about ten lines. */
const PAGE = 30;
/** More lines than are kept. */
const MAX_PAGE = 200;

type QuerySources = Pick<PeerCore, "live" | "parts">;

type Openers = {
  readonly [Name in keyof NoticeQueries]: (
    core: QuerySources,
    params: LiveQueries[Name]["params"],
    listener: (update: LiveUpdate<Name>) => void,
  ) => Promise<Subscription>;
};

/** How the live queries about notices are opened. */
export const NOTICE_OPENERS: Openers = {
  async inbox(core, { limit = PAGE }, listener) {
    const desk = await core.parts.notices.desk();
    const page = Number.isFinite(limit) ? Math.max(1, Math.min(Math.floor(limit), MAX_PAGE)) : PAGE;
    const topics = ["notices", "profiles", "blocked", "trusted", "defence", "feeds", "envelopes"] as const;
    return await core.live.rows(
      { topics, page, key: LIVE_KEYS.inbox, evaluate: (count) => desk.inbox(count) },
      listener,
    );
  },
  async inboxCount(core, _params, listener) {
    const desk = await core.parts.notices.desk();
    const topics = ["notices", "blocked", "trusted", "defence"] as const;
    return await core.live.value({ topics, evaluate: () => desk.count() }, listener);
  },
  async noticeCalls(core, _params, listener) {
    const desk = await core.parts.notices.desk();
    const topics = ["notices", "blocked", "trusted", "defence", "profiles"] as const;
    return await core.live.value({ topics, evaluate: () => desk.calls() }, listener);
  },
  async noticeSettings(core, _params, listener) {
    const desk = await core.parts.notices.desk();
    return await core.live.value({ topics: ["notices"], evaluate: () => desk.settings }, listener);
  },
};
