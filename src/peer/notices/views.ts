import type { NoticeItem, NoticeLine } from "../../social/notices/index.ts";
import { fromHex } from "../../wire/index.ts";
import { personView } from "../defence/views.ts";
import type { EnvelopeView } from "../api.ts";
import type { PeerCore } from "../core.ts";
import type { InboxCount, NoticeCalls, NoticePerson, NoticeView } from "./api.ts";

/** Names that fit a line; the others are a number. */
const NAMED = 3;
/** Lines that somebody is called for at once; of more it is said how many there are. */
const MAX_CALLS = 20;

type ViewSources = Pick<PeerCore, "feeds" | "profiles" | "queries" | "views">;

/** What the list says of these lines. */
export async function noticeViews(core: ViewSources, lines: readonly NoticeLine[]): Promise<NoticeView[]> {
  return await Promise.all(lines.map((line) => viewOf(core, line)));
}

export function inboxCount(lines: readonly NoticeLine[]): InboxCount {
  return { unread: lines.filter(({ items }) => items.some(({ read }) => !read)).length };
}

/**
 * What somebody is to be called for: of each line what is new and not quiet.
 * @param told up to this one it was dealt with
 * @param until the last that came
 */
export async function noticeCalls(
  core: ViewSources,
  lines: readonly NoticeLine[],
  { told, until }: { readonly told: number; readonly until: number },
): Promise<NoticeCalls> {
  const calling = lines
    .map((line) => ({ ...line, items: line.items.filter(({ quiet, read, seq }) => seq > told && !read && !quiet) }))
    .filter(({ items }) => items.length > 0);
  return { until, lines: await noticeViews(core, calling.slice(0, MAX_CALLS)) };
}

async function viewOf(core: ViewSources, { items, key, kind }: NoticeLine): Promise<NoticeView> {
  const [latest] = items as readonly [NoticeItem, ...NoticeItem[]];
  const actors = [...new Set(items.map(({ actor }) => actor))];
  const said = latest.kind === "boost" || latest.kind === "trust" ? null : latest.hash;
  const [subject, words] = await Promise.all([
    latest.kind === "curated" || latest.kind === "trust" ? null : core.queries.envelope(fromHex(latest.subject)),
    said === null ? null : core.queries.envelope(fromHex(said)),
  ]);
  return {
    id: key,
    // What is left of several, without those by people who are blocked, may be of one kind.
    kind: items.every((item) => item.kind === latest.kind) ? latest.kind : kind,
    people: await peopleOf(core, actors.slice(0, NAMED)),
    peopleCount: actors.length,
    count: items.length,
    unread: items.filter(({ read }) => !read).length,
    post: subject === null ? null : { hash: subject.hash, title: coverOf(subject) === null ? titleOf(subject) : null },
    feed: latest.kind === "curated" ? feedOf(core, latest.subject) : null,
    latest: said,
    // What lies under a cover is not read out beside it.
    excerpt: words === null || coverOf(words) !== null ? null : titleOf(words),
    cover: words === null ? null : coverOf(words),
    private: [subject, words].some((view) => view !== null && view.scopes.length === 0),
    at: latest.at,
    seq: latest.seq,
  };
}

async function peopleOf({ profiles, views }: ViewSources, actors: readonly string[]): Promise<NoticePerson[]> {
  const keys = actors.map(fromHex);
  // Whoever is called by the system reads it once: the mark cannot follow.
  await Promise.all([profiles.load(keys), views.guards.compared()]);
  return keys.map((key) => ({
    ...personView({ views }, key, profiles.nameOf(key)),
    avatar: profiles.avatarOf(key),
  }));
}

function feedOf({ feeds }: ViewSources, id: string): NoticeView["feed"] {
  const feed = feeds.saved.get(id);
  if (feed?.spec.kind !== "curated") return null;
  return { id, name: feed.name ?? feed.spec.name };
}

/** Why its words are not to be seen unasked; a cover of its media alone leaves it its words. */
function coverOf({ guard }: EnvelopeView): NoticeView["cover"] {
  return guard?.verdict?.what === "post" ? guard.verdict.reason : null;
}

function titleOf({ headline, summary }: EnvelopeView): string | null {
  return headline ?? summary;
}
