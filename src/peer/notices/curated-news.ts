import { addedAt } from "../../social/index.ts";
import type { NoticeEvent } from "../../social/notices/index.ts";
import { decodeNodeId, equalBytes, hashOf, toHex, type NodeKey } from "../../wire/index.ts";
import type { Feeds } from "../feeds/index.ts";

/** What was added to the curated feeds that this person keeps, since it was last looked. */
export class CuratedNews {
  readonly #feeds: Pick<Feeds, "saved" | "curated">;
  readonly #self: NodeKey;
  /** By id of the kept feed: the date of the newest entry that was looked at. */
  #marks: ReadonlyMap<string, number>;

  constructor(feeds: Pick<Feeds, "saved" | "curated">, self: NodeKey, marks: Readonly<Record<string, number>>) {
    this.#feeds = feeds;
    this.#self = self;
    this.#marks = new Map(Object.entries(marks));
  }

  get marks(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#marks);
  }

  /** Whatever was in a feed when it was first seen is no news. Entries that are dated back to before the last look are none either. */
  async since(now: number): Promise<NoticeEvent[]> {
    const events: NoticeEvent[] = [];
    const marks = new Map<string, number>();
    for (const { id, spec } of this.#feeds.saved.all()) {
      if (spec.kind !== "curated") continue;
      const curator = decodeNodeId(spec.curator);
      const mark = this.#marks.get(id);
      const known = equalBytes(curator, this.#self)
        ? null
        : await this.#feeds.curated.get({ curator, name: spec.name });
      if (known === null) {
        if (mark !== undefined) marks.set(id, mark);
        continue;
      }
      const entries = known.entries.map((entry) => ({
        post: toHex(entry.postHash),
        added: addedAt(known.feed, entry),
      }));
      marks.set(id, Math.max(mark ?? 0, ...entries.map(({ added }) => added)));
      if (mark === undefined) continue;
      for (const { added, post } of entries.toSorted((a, b) => a.added - b.added)) {
        if (added <= mark) continue;
        events.push({ ...event(id, post, toHex(curator)), created: added, at: now });
      }
    }
    this.#marks = marks;
    return events;
  }
}

function event(feed: string, post: string, actor: string): Omit<NoticeEvent, "created" | "at"> {
  const id = toHex(hashOf(new TextEncoder().encode(`curated ${feed} ${post}`)));
  return { kind: "curated", id, hash: post, actor, subject: feed, thread: feed };
}
