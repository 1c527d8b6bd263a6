import { isLink, readFirst } from "../../social/curation/index.ts";
import { pageOf, type CuratedKey } from "../../social/index.ts";
import {
  decodeEnvelope,
  decodeNodeId,
  decodeObject,
  encodeNodeId,
  equalBytes,
  scopeKey,
  toHex,
  type CuratedEntry,
  type CuratedFeed,
  type Hash,
  type NodeKey,
} from "../../wire/index.ts";
import type { EnvelopeRow } from "../../store/port.ts";
import type { PeerCore } from "../core.ts";
import { standingFor, type KnownCurated } from "../feeds/index.ts";
import type {
  CuratedByView,
  CuratedCard,
  CuratedEntryView,
  CuratedForkEntry,
  CuratedForkView,
  CuratedView,
  HeldFeedView,
  InclusionView,
  OwnCuratedView,
} from "./api.ts";
import { closedFeeds } from "./closed.ts";
import type { Curators } from "./curators.ts";

type Sources = Pick<
  PeerCore,
  "blocks" | "exchange" | "feeds" | "identity" | "profiles" | "queries" | "store" | "trust" | "views"
>;

/** Of each of two versions: what is read through before it says nothing more. */
const DIFFERING = 16;
const ALL = { boosts: true, replies: true };

/** @throws WireError `NODE_ID_INVALID` */
export async function curatedView(
  core: Sources,
  { curator, name }: { readonly curator: string; readonly name: string },
  limit: number,
): Promise<CuratedView> {
  const { blocks, feeds, identity, profiles, queries } = core;
  const key = { curator: decodeNodeId(curator), name };
  const known = blocks.has(key.curator) ? null : await feeds.curated.get(key);
  const profile = blocks.has(key.curator) ? null : await profiles.get(key.curator);
  const head = {
    ...curatorOf(core, key, profile?.profile.displayName ?? null),
    name,
    own: equalBytes(key.curator, identity.key),
    kept: keptAs(core, key),
  };
  if (known === null) {
    const state = core.exchange()?.curated.wasAsked(key) === true ? "missing" : "looking";
    return { ...head, state, ...NOTHING };
  }
  const { entries, feed, fork, sequence } = known;
  const looked = lookUp(core, entries);
  const shown = await queries.feeds.shown(
    key,
    looked.flatMap(({ entry, row }) => (row === undefined ? [] : [{ row, note: entry.note, added: entry.added }])),
  );
  const held = await feedsAmong(core, looked);
  return {
    ...head,
    state: "here",
    description: feed.description === "" ? null : feed.description,
    scope: scopeKey(feed.scope),
    kickbackRate: feed.kickbackRate,
    updated: feed.updated,
    sequence,
    forked: fork !== null,
    fork: await forkOf(core, key, known),
    entries: looked.slice(0, limit).map((one) => held.get(one.entry) ?? entryView(one)),
    feeds: [...held.values()],
    count: entries.length,
    missingPages: known.wanted.length,
    held: shown.length,
  };
}

const NOTHING = {
  description: null,
  scope: null,
  kickbackRate: 0,
  updated: null,
  sequence: 0,
  forked: false,
  fork: null,
  entries: [],
  feeds: [],
  count: 0,
  missingPages: 0,
  held: 0,
};

/** The feeds that this person curates, by name. @param post says which of them have it */
export async function ownCurated(core: Sources, post: Hash | null): Promise<OwnCuratedView[]> {
  const { feeds, identity, store } = core;
  const closed = await closedFeeds(store);
  const wanted = post === null ? null : await postOf(core, post);
  const found: OwnCuratedView[] = [];
  for (const { bytes, name } of await feeds.held.of([identity.key])) {
    const page = decodeObject(bytes);
    if (closed.has(name) || page.type !== "CuratedFeed" || pageOf(page) !== null) continue;
    const key = { curator: identity.key, name };
    const known = await feeds.curated.get(key);
    if (known === null) continue;
    const entry = wanted === null ? undefined : known.entries.find(({ postHash }) => equalBytes(postHash, wanted));
    found.push({
      ...(await cardOf(core, key, known)),
      kickbackRate: known.feed.kickbackRate,
      sequence: known.sequence,
      includes: entry !== undefined,
      note: entry?.note ?? null,
    });
  }
  return found.toSorted((a, b) => a.name.localeCompare(b.name));
}

/** What somebody curates, as far as it is known. @throws WireError `NODE_ID_INVALID` */
export async function curatedByView(core: Sources, curators: Curators, curator: NodeKey): Promise<CuratedByView> {
  const { blocks, feeds, identity, store } = core;
  if (blocks.has(curator)) return { state: "looked", feeds: [] };
  const own = equalBytes(curator, identity.key) ? await closedFeeds(store) : new Set<string>();
  const stored = (await feeds.held.of([curator])).map(({ name, owner }) => ({ curator: owner, name }));
  const names = new Map([...stored, ...curators.found(curator)].map((key) => [key.name, key]));
  const cards = new Map<string, CuratedCard>();
  for (const key of names.values()) {
    const known = await feeds.curated.get(key);
    if (known === null || own.has(key.name) || pageOf(known.feed) !== null) continue;
    cards.set(key.name, await cardOf(core, key, known));
  }
  return {
    state: curators.state(curator),
    feeds: [...cards.values()].toSorted((a, b) => b.updated - a.updated || a.name.localeCompare(b.name)),
  };
}

/** Who has chosen a post, among the feeds that are stored: own ones first, then trusted people's, then the latest. */
export async function inclusions(core: Sources, named: Hash): Promise<InclusionView[]> {
  const { blocks, feeds, identity, profiles, trust } = core;
  const post = await postOf(core, named);
  const found = new Map<string, InclusionView>();
  for (const { bytes, owner } of post === null ? [] : await feeds.held.with(post)) {
    const feed = blocks.has(owner) ? null : decodeObject(bytes);
    const entry = feed?.type === "CuratedFeed" ? entryOf(feed, post as Hash) : undefined;
    if (feed?.type !== "CuratedFeed" || entry === undefined) continue;
    const name = pageOf(feed)?.name ?? feed.name;
    // A page that its feed names no more says nothing, and neither does what a page repeats.
    const known = await feeds.curated.get({ curator: owner, name });
    const counts = known?.entries.some(({ postHash }) => equalBytes(postHash, entry.postHash)) ?? false;
    if (!counts) continue;
    const by = curatorOf(core, { curator: owner }, (await profiles.get(owner))?.profile.displayName ?? null);
    found.set(`${by.curator} ${name}`, {
      ...by,
      feed: name,
      note: entry.note,
      added: Math.min(entry.added, feed.updated),
      own: equalBytes(owner, identity.key),
      trusted: trust.has(owner),
      kept: keptAs(core, { curator: owner, name }),
    });
  }
  const rank = ({ own, trusted }: InclusionView): number => (own ? 0 : trusted ? 1 : 2);
  return [...found.values()].toSorted((a, b) => rank(a) - rank(b) || b.added - a.added);
}

/** What is held of an entry. */
interface Looked {
  readonly entry: CuratedEntry;
  /** Of the post, by somebody whom this person wants to see. */
  readonly row: EnvelopeRow | undefined;
  /** Whether an envelope of the post is held, whoever it is by. */
  readonly isPost: boolean;
}

/** Each entry of a feed, of which there may be 10,000, costs one look at the index. */
function lookUp({ blocks, feeds }: Sources, entries: readonly CuratedEntry[]): Looked[] {
  return entries.map((entry) => {
    const found = feeds.curated.envelopesOf(entry.postHash, ALL);
    return { entry, row: standingFor(found, (author) => blocks.has(author)), isPost: found.length > 0 };
  });
}

function entryView({ entry: { added, note, postHash }, isPost, row }: Looked): CuratedEntryView {
  const envelope = row === undefined ? null : toHex(row.hash);
  return { postHash: toHex(postHash), added, note, feed: null, envelope, here: isPost };
}

/** Those of these entries that are feeds which are known here, in their order. */
async function feedsAmong(core: Sources, looked: readonly Looked[]): Promise<ReadonlyMap<CuratedEntry, HeldFeedView>> {
  const { blocks, feeds } = core;
  const found = new Map<CuratedEntry, HeldFeedView>();
  for (const { entry, isPost } of looked) {
    const { added, note, postHash } = entry;
    if (isPost) continue;
    const key = await feeds.curated.named(postHash);
    const known = key === null || blocks.has(key.curator) ? null : await feeds.curated.get(key);
    if (key === null || known === null) continue;
    const feed = await cardOf(core, key, known);
    found.set(entry, { postHash: toHex(postHash), added, note, feed, envelope: null, here: true });
  }
  return found;
}

async function cardOf(core: Sources, key: CuratedKey, { entries, feed, fork }: KnownCurated): Promise<CuratedCard> {
  const profile = await core.profiles.get(key.curator);
  return {
    ...curatorOf(core, key, profile?.profile.displayName ?? null),
    name: key.name,
    description: feed.description === "" ? null : feed.description,
    scope: scopeKey(feed.scope),
    updated: feed.updated,
    count: entries.length,
    forked: fork !== null,
    own: equalBytes(key.curator, core.identity.key),
    kept: keptAs(core, key),
  };
}

function curatorOf(
  { views }: Pick<Sources, "views">,
  { curator: key }: Pick<CuratedKey, "curator">,
  curatorName: string | null,
): Pick<CuratedCard, "curator" | "curatorAlike" | "curatorName"> {
  const curator = encodeNodeId(key);
  return { curator, curatorName, curatorAlike: views.guards.alike(key, curatorName) };
}

function keptAs({ feeds }: Pick<Sources, "feeds">, { curator, name }: CuratedKey): string | null {
  const id = encodeNodeId(curator);
  const kept = feeds.saved
    .all()
    .find(({ spec }) => spec.kind === "curated" && spec.curator === id && spec.name === name);
  return kept?.id ?? null;
}

async function forkOf(
  core: Sources,
  key: CuratedKey,
  { fork, frozenUntil }: KnownCurated,
): Promise<CuratedForkView | null> {
  if (fork === null) return null;
  const { feed, page, shown } = fork;
  // What leads to further pages stands among the entries of the first one.
  const entriesIn = (version: CuratedFeed): readonly CuratedEntry[] =>
    page > 1 ? version.entries : readFirst(key, version).flatMap((item) => (isLink(item) ? [] : [item]));
  const [other, own] = [entriesIn(feed), entriesIn(shown)];
  const [there, here] = [entriesWithout(other, own), entriesWithout(own, other)];
  return {
    page,
    updated: feed.updated,
    // A further page says there whose page it is.
    description: page > 1 || feed.description === "" ? null : feed.description,
    count: other.length,
    onlyThere: there.length,
    onlyHere: here.length,
    differing: await Promise.all([
      ...there.slice(0, DIFFERING).map((entry) => forkEntry(core, entry, "there")),
      ...here.slice(0, DIFFERING).map((entry) => forkEntry(core, entry, "here")),
    ]),
    until: frozenUntil,
  };
}

/** What the first of two versions has and the second has not, each once. */
function entriesWithout(entries: readonly CuratedEntry[], other: readonly CuratedEntry[]): CuratedEntry[] {
  const others = new Set(other.map(({ postHash }) => toHex(postHash)));
  const own = new Map(entries.map((entry) => [toHex(entry.postHash), entry]));
  return [...own].flatMap(([hash, entry]) => (others.has(hash) ? [] : [entry]));
}

async function forkEntry(core: Sources, entry: CuratedEntry, only: "here" | "there"): Promise<CuratedForkEntry> {
  const [held, post] = await Promise.all([
    feedsAmong(core, lookUp(core, [entry])),
    core.queries.envelope(entry.postHash),
  ]);
  const feed = held.get(entry)?.feed ?? null;
  const isCovered = post?.guard?.verdict?.what === "post";
  const words = post === null || isCovered ? null : (post.headline ?? post.summary);
  const named = feed === null ? null : { curator: feed.curator, name: feed.name };
  return { postHash: toHex(entry.postHash), only, title: named?.name ?? words, feed: named };
}

function entryOf({ entries }: CuratedFeed, post: Hash): CuratedEntry | undefined {
  return entries.find(({ postHash }) => equalBytes(postHash, post));
}

/** The post that is meant by the hash of an envelope or by its own; `null` for an envelope without one. */
async function postOf({ store }: Pick<Sources, "store">, named: Hash): Promise<Hash | null> {
  if (!store.envelopes.has(named)) return named;
  const [bytes] = await store.envelopes.bytes([named]);
  return bytes === undefined ? null : decodeEnvelope(bytes).postHash;
}
