import * as v from "valibot";
import { isForTrusted } from "../../mesh/protocols/index.ts";
import { pageOf } from "../../social/index.ts";
import { encodeNodeId, equalBytes, scopeFromKey, type CuratedFeed, type Hash } from "../../wire/index.ts";
import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { PeerError } from "../errors.ts";
import type { CoveredTarget, CurationView, Finder, FindQuery, FindView } from "../finding/index.ts";
import { nodeKeyOf } from "../following.ts";
import { hashFromText } from "../queries.ts";

const Query = v.looseObject({
  relation: v.picklist(["reply", "boost", "reference", "post", "envelope", "curation", "profile", "author", "scope"]),
  target: v.string(),
});

const NOTHING: FindView = { found: 0, asked: 0, answered: 0, more: false, curations: [] };

export function findingCalls(core: PeerCore): Pick<PeerApi, "find"> {
  const { blocks, findings, store } = core;

  async function finder(signal: AbortSignal | undefined): Promise<Finder> {
    const loaded = await findings.finder();
    if (loaded === null) throw new PeerError("OFFLINE", "The network is not there yet.");
    signal?.throwIfAborted();
    return loaded;
  }

  async function findCovered(target: CoveredTarget, signal?: AbortSignal): Promise<FindView> {
    const loaded = await finder(signal);
    // Nothing of whom this person has blocked is taken, and nobody is to learn that it is looked for.
    if (target.kind === "node" && blocks.has(target.key)) return NOTHING;
    const { envelopes, ...counts } = await loaded.covered(target, { signal });
    return { ...counts, found: envelopes.length, curations: [] };
  }

  async function find({ relation, target }: FindQuery, signal?: AbortSignal): Promise<FindView> {
    if (relation === "author") return await findCovered({ kind: "node", key: nodeKeyOf(target) }, signal);
    if (relation === "scope") {
      return await findCovered({ kind: "scope", scope: scopeFromKey(target), match: "prefix" }, signal);
    }
    const named = relation === "profile" ? nodeKeyOf(target) : hashFromText(target);
    const loaded = await finder(signal);
    if (relation === "profile") {
      const { newer, ...counts } = await loaded.profile(named, signal);
      return { ...counts, found: newer ? 1 : 0, more: false, curations: [] };
    }
    // What is for trusted people only is named to nobody, not even by a question.
    if (isForTrusted(store, named)) return NOTHING;
    if (relation === "curation") {
      const { feeds, ...counts } = await loaded.curations(named, signal);
      return { ...counts, found: 0, curations: feeds.map(({ feed }) => curationView(feed, named)) };
    }
    const found = relation === "envelope" ? loaded.envelope(named, signal) : loaded.find(relation, named, { signal });
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
