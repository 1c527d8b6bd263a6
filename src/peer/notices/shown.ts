import type { NoticeItem, NoticeKind } from "../../social/notices/index.ts";
import { encodeNodeId, fromHex, type Hash } from "../../wire/index.ts";
import type { PeerCore } from "../core.ts";

/** An author may publish several envelopes for one post; more than a few would be a flood. */
const ENVELOPES_OF_A_POST = 16;

type Sources = Pick<PeerCore, "blocks" | "feeds" | "store" | "trust" | "views">;

/**
 * Those that this person wants to see: nothing by people who are blocked, nothing that is muted, and no choice of a curator of
 * which the feed itself shows nothing.
 * @param off kinds of which this person wants to hear nothing
 */
export async function shownItems(
  core: Sources,
  items: readonly NoticeItem[],
  off: readonly NoticeKind[],
): Promise<ReadonlySet<NoticeItem>> {
  const { blocks, trust, views } = core;
  const wanted = items.filter(({ actor, kind }) => !blocks.has(fromHex(actor)) && !off.includes(kind));
  const shown = new Set<NoticeItem>();
  const judged: { readonly item: NoticeItem; readonly hash: Hash }[] = [];
  for (const item of wanted) {
    const hash = isEnvelope(item.kind) ? fromHex(item.hash) : null;
    if (hash !== null) {
      judged.push({ item, hash });
      continue;
    }
    const key = fromHex(item.actor);
    // Whoever is trusted in return has been answered.
    const isAnswered = item.kind === "trust" && trust.has(key);
    if (isAnswered || views.guards.standing(key, encodeNodeId(key), null).muted !== null) continue;
    const chosen = item.kind === "curated" ? await chosenBy(core, fromHex(item.hash)) : "away";
    if (chosen === "away") shown.add(item);
    else if (chosen !== "blocked") judged.push({ item, hash: chosen });
  }
  await views.guards.look(judged);
  for (const { hash, item } of judged) if (!views.guards.hides(hash, { kind: "home" })) shown.add(item);
  return shown;
}

/** Whether the hash of such an item names an envelope by its actor. */
function isEnvelope(kind: NoticeKind): boolean {
  return kind === "reply" || kind === "reference" || kind === "boost";
}

/** The envelope of it that the feed shows. `away`: it is not here, or a feed; `blocked`: all of it is by blocked people. */
async function chosenBy({ blocks, feeds, store }: Sources, post: Hash): Promise<Hash | "away" | "blocked"> {
  const filter = { kind: "relation", relation: "post", target: post } as const;
  const rows = store.envelopes.query({ filter, limit: ENVELOPES_OF_A_POST });
  if (rows.length === 0) {
    const feed = blocks.keys().length === 0 ? null : await feeds.curated.named(post);
    return feed !== null && blocks.has(feed.curator) ? "blocked" : "away";
  }
  const [first] = rows.filter(({ author }) => !blocks.has(author)).toSorted((a, b) => a.seq - b.seq);
  return first?.hash ?? "blocked";
}
