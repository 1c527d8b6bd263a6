import type { Audience } from "../audience.ts";
import { decodeEnvelope, ObjectType, toHex, type Hash, type NodeKey } from "../../../wire/index.ts";
import { withoutUnscoped, type Library, type LibraryFilter } from "../library.ts";
import { MAX_EXAMINED, MAX_ITEMS, MAX_LOOKED, MAX_PAGE_BYTES, SHORT_HASH } from "./constants.ts";
import { BATCH, cursorOf, placeOf, type AnswerPage, type Place } from "./cursors.ts";
import type { EnvelopeRelation, Question, RelationName } from "./messages.ts";
import { scopePage } from "./scope-page.ts";

/** What an index server answers from. */
export interface IndexSources {
  readonly library: Library;
  /** Who may have what of a place or topic. */
  readonly audience: Pick<Audience, "give" | "besides">;
  /** Bytes of the curated feeds held that have this post, in an order that lasts. */
  readonly feedsWith: (post: Hash) => Promise<readonly Uint8Array[]>;
  /** Bytes of the curated feeds held that somebody curates, or for which a hash stands, in an order that lasts. */
  readonly feedsOf: (targets: readonly (NodeKey | Hash)[]) => Promise<readonly Uint8Array[]>;
}

const NOTHING: AnswerPage = { objects: [], next: null };

/**
 * One page of what is held of what was asked for, or `null` for a question that is none: relations of two kinds at once.
 * Envelopes come newest first. What declares no scope is for trusted people, and never goes this way.
 */
export async function pageOf(sources: IndexSources, question: Question, asker: NodeKey): Promise<AnswerPage | null> {
  const { relations, targets } = question;
  const related = relations.filter(isToHash);
  if (related.length === relations.length) {
    return relations.length === 0
      ? NOTHING
      : await envelopePage(sources.library, relatedTo(related, targets), question);
  }
  const [relation] = relations;
  const [target] = targets;
  if (relations.length > 1 || target === undefined) return null;
  if (relation === "feed") return feedPage(await sources.feedsOf(targets), question.cursor);
  if (targets.length > 1) return null;
  switch (relation) {
    case "author":
      return await envelopePage(sources.library, { kind: "authors", authors: [target] }, question);
    case "scope":
      return await scopePage(sources, target, question, asker);
    case "profile":
      return await profilePage(sources.library, target);
    default:
      return feedPage(await sources.feedsWith(target), question.cursor);
  }
}

function isToHash(name: RelationName): name is EnvelopeRelation {
  return name === "reply" || name === "boost" || name === "reference" || name === "post";
}

function relatedTo(relations: readonly EnvelopeRelation[], targets: readonly Hash[]): LibraryFilter {
  const of = relations.flatMap((relation) =>
    targets.map((target): LibraryFilter => ({ kind: "relation", relation, target })),
  );
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind: "any", of };
}

async function envelopePage(
  { envelopes }: Library,
  filter: LibraryFilter,
  { cursor, held }: Question,
): Promise<AnswerPage | null> {
  const place = cursor === null ? undefined : placeOf(cursor);
  if (place === null) return null;
  const hiding: LibraryFilter = { kind: "every", of: [filter, { kind: "unscoped" }] };
  const known = new Set(held.map(toHex));
  const objects: Uint8Array[] = [];
  let room = MAX_PAGE_BYTES;
  /** Behind the last one that was handed out, or may be told of: what is for trusted people leaves no trace in a cursor. */
  let told: Place | undefined = place;
  let before = told;
  let examined = 0;
  for (let looked = 0; looked < MAX_LOOKED; looked += BATCH) {
    const query = { limit: BATCH, ...(before === undefined ? {} : { before }) };
    const rows = envelopes.query({ ...query, filter });
    const visible = withoutUnscoped(rows, envelopes.query({ ...query, filter: hiding }));
    const wanted = visible.filter(({ hash }) => !known.has(toHex(hash.subarray(0, SHORT_HASH))));
    const bytes = await envelopes.bytes(wanted.map(({ hash }) => hash));
    const bytesOf = new Map(wanted.map(({ seq }, at) => [seq, bytes[at]] as const));
    for (const row of visible) {
      if (examined === MAX_EXAMINED) return { objects, next: cursorOf(told) };
      const found = bytesOf.get(row.seq);
      if (found !== undefined && decodeEnvelope(found).scopes.length > 0) {
        if (objects.length === MAX_ITEMS || found.length + 5 > room) return { objects, next: cursorOf(told) };
        objects.push(found);
        room -= found.length + 5;
      }
      told = row;
      examined++;
    }
    if (rows.length < BATCH) break;
    before = rows.at(-1);
  }
  return { objects, next: null };
}

async function profilePage(library: Library, owner: NodeKey): Promise<AnswerPage> {
  const head = await library.head(ObjectType.UserProfile, owner, "");
  if (head === undefined) return NOTHING;
  return { objects: head.forkBytes === null ? [head.bytes] : [head.bytes, head.forkBytes], next: null };
}

/** As many feeds as fit, and always one. The cursor is the number of those that were sent before. */
function feedPage(feeds: readonly Uint8Array[], cursor: Uint8Array | null): AnswerPage | null {
  if (cursor !== null && cursor.length !== 2) return null;
  const first = cursor === null ? 0 : ((cursor[0] as number) << 8) | (cursor[1] as number);
  const objects: Uint8Array[] = [];
  let room = MAX_PAGE_BYTES;
  for (const feed of feeds.slice(first)) {
    room -= feed.length + 5;
    if (objects.length > 0 && room < 0) break;
    objects.push(feed);
  }
  const next = first + objects.length;
  return { objects, next: next < feeds.length ? Uint8Array.of(next >> 8, next & 0xff) : null };
}
