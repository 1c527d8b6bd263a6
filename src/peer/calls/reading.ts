import { scopeKey } from "../../wire/index.ts";
import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { filtersOf } from "../feeds/index.ts";
import { hashOfFile } from "../files.ts";
import { hashFromText } from "../queries.ts";
import { typedPrefix, typedScope } from "../typed-scopes.ts";
import { boundedCount } from "../bounded-count.ts";
import { openWatch } from "../watches.ts";

/** Rows of one answer: a page of 50 and generous room for scripts. */
const MAX_PAGE = 1_000;
const MAX_SUGGESTIONS = 50;

type ReadingCall = "watch" | "envelope" | "feed" | "post" | "hashFile" | "suggestScopes" | "normaliseScope";

export function readingCalls(core: PeerCore): Pick<PeerApi, ReadingCall> {
  const { queries, store } = core;
  return {
    async watch(name, params, listener) {
      return await openWatch(core, name, params, listener);
    },

    async envelope(hash) {
      return await queries.envelope(hashFromText(hash));
    },

    async feed({ before, feed, filters, limit: wanted }) {
      const limit = boundedCount(wanted, MAX_PAGE);
      const place = before === undefined ? undefined : { created: before.created, hash: hashFromText(before.hash) };
      return await queries.feeds.page(feed, filtersOf(filters), limit, place);
    },

    async post(postHash, options = {}) {
      const hash = hashFromText(postHash);
      const exchange = core.exchange();
      if (exchange !== null) return await exchange.reader.read(hash, options.signal);
      return await queries.heldPost(hash);
    },

    async hashFile(file, { signal } = {}) {
      return await hashOfFile(core.ports.hashing, file, signal);
    },

    async suggestScopes({ kind, limit, text }) {
      const prefix = typedPrefix(kind, text);
      const found = store.envelopes.scopes({ kind, prefix, limit: boundedCount(limit, MAX_SUGGESTIONS) });
      return found.map(({ count, scope }) => ({ scope: scopeKey(scope), count }));
    },

    async normaliseScope({ kind, text }) {
      return scopeKey(typedScope(kind, text));
    },
  };
}
