import type { CurationApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { hashFromText } from "../queries.ts";

export function curationCalls({ parts: { curation } }: PeerCore): CurationApi {
  return {
    async saveCurated(input) {
      return await (await curation.making()).save(input);
    },

    async curate(entry) {
      await (await curation.making()).curate(entry);
    },

    async moveCurated({ entry, feed, to }) {
      await (await curation.making()).move(feed, hashFromText(entry), Math.max(0, Math.floor(to)));
    },

    async uncurate({ entry, feed }) {
      await (await curation.making()).remove(feed, hashFromText(entry));
    },

    async renameCurated({ name, to }) {
      return await (await curation.making()).rename(name, to);
    },

    async closeCurated(name) {
      await (await curation.making()).close(name);
    },
  };
}
