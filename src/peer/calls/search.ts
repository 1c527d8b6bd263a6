import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { hashFromText } from "../queries.ts";
import { checkedQuery } from "../search/index.ts";
import { boundedCount } from "../bounded-count.ts";

/** As many as a page of a feed may have. */
const MOST_ROWS = 500;
const MOST_PEOPLE = 100;

export function searchCalls(core: PeerCore): Pick<PeerApi, "respell" | "search" | "suggestPeople"> {
  return {
    async search({ before, limit, query: given }) {
      const query = checkedQuery(given);
      const place = before === undefined ? undefined : { created: before.created, hash: hashFromText(before.hash) };
      const searching = await core.parts.search.searching();
      const done = searching.read();
      try {
        await searching.ready();
        return await searching.page(query, boundedCount(limit, MOST_ROWS), place);
      } finally {
        done();
      }
    },

    async respell(given) {
      const query = checkedQuery(given);
      const searching = await core.parts.search.searching();
      const done = searching.read();
      try {
        return await searching.respell(query);
      } finally {
        done();
      }
    },

    async suggestPeople({ limit, text }) {
      const searching = await core.parts.search.searching();
      return await searching.people(text, boundedCount(limit, MOST_PEOPLE));
    },
  };
}
