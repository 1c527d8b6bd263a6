import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import type { NoticesApi } from "../notices/index.ts";

export function noticesCalls({ parts }: PeerCore): Pick<PeerApi, keyof NoticesApi> {
  return {
    async readNotices(read) {
      await (await parts.notices.desk()).read(read);
    },

    async tellNotices(until) {
      await (await parts.notices.desk()).tell(until);
    },

    async updateNotices(patch) {
      return await (await parts.notices.desk()).changeSettings(patch);
    },
  };
}
