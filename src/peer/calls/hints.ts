import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { hashFromText } from "../queries.ts";

export function hintsCalls(core: PeerCore): Pick<PeerApi, "loadHints"> {
  const { hints, queries } = core;
  return {
    async loadHints({ feed, hashes, signal }) {
      queries.feeds.check(feed);
      const wanted = hashes?.map(hashFromText);
      return await hints.load(feed, wanted, signal ?? new AbortController().signal);
    },
  };
}
