import * as v from "valibot";
import { isForTrusted } from "../../mesh/protocols/index.ts";
import { pageOf } from "../../social/index.ts";
import { encodeNodeId, equalBytes, type CuratedFeed, type Hash } from "../../wire/index.ts";
import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { PeerError } from "../errors.ts";
import type { CurationView, FindQuery, FindView } from "../finding/index.ts";
import { nodeKeyOf } from "../following.ts";
import { hashFromText } from "../queries.ts";

const Query = v.looseObject({
  relation: v.picklist(["reply", "boost", "reference", "post", "envelope", "curation", "profile"]),
  target: v.string(),
});

export function findingCalls(core: PeerCore): Pick<PeerApi, "find"> {
  const { findings, store } = core;

  async function find({ relation, target }: FindQuery, signal?: AbortSignal): Promise<FindView> {
    const named = relation === "profile" ? nodeKeyOf(target) : hashFromText(target);
    const finder = await findings.finder();
    if (finder === null) throw new PeerError("OFFLINE", "The network is not there yet.");
    signal?.throwIfAborted();
    if (relation === "profile") {
      const { newer, ...counts } = await finder.profile(named, signal);
      return { ...counts, found: newer ? 1 : 0, more: false, curations: [] };
    }
    // What is for trusted people only is named to nobody, not even by a question.
    if (isForTrusted(store, named)) return { found: 0, asked: 0, answered: 0, more: false, curations: [] };
    if (relation === "curation") {
      const { feeds, ...counts } = await finder.curations(named, signal);
      return { ...counts, found: 0, curations: feeds.map(({ feed }) => curationView(feed, named)) };
    }
    const found = relation === "envelope" ? finder.envelope(named, signal) : finder.find(relation, named, { signal });
    const { envelopes, ...counts } = await found;
    return { ...counts, found: envelopes.length, curations: [] };
  }

  return {
    async find(query, { signal } = {}) {
      if (!v.is(Query, query)) throw new PeerError("FIND_INVALID", "There is no such relation.");
      return await find(query, signal);
    },
  };
}

function curationView(feed: CuratedFeed, post: Hash): CurationView {
  const { curator, description, entries, name } = feed;
  const page = pageOf(feed);
  const entry = entries.find(({ postHash }) => equalBytes(postHash, post));
  return {
    curator: encodeNodeId(curator),
    // A further page is named after a hash, and says in its place whose page it is.
    name: page?.name ?? name,
    description: page === null ? description : "",
    note: entry?.note ?? null,
    added: entry?.added ?? 0,
  };
}
