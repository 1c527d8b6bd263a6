import type { Inhabitant } from "../inhabitant.ts";
import type { Entry } from "../ledger.ts";
import { Breaches, percent, type Check, type Scene } from "../watch.ts";

/** Of distant subscribers that are online, whom what is endorsed has to reach. */
const TO_REACH = 0.99;
/** Fewer than so many say nothing about one in a hundred. */
const ENOUGH = 300;

/** What the author's town endorses reaches distant subscribers that were online all the while. */
export function endorsedReaches(scene: Scene, breaches: Breaches): Check {
  const name = "endorsed-reaches";
  const { patience } = scene.options;
  const endorsed = new Set<Entry>();
  let judged = 0;
  let due = 0;
  let reached = 0;
  const window = { due: 0, reached: 0 };
  const judge = (entry: Entry, since: number): void => {
    if (scene.split()) return;
    const topics = entry.topics.filter((topic) => !scene.ledger.isOneTooMany(entry, topic));
    judged++;
    for (const one of scene.people) {
      if (one.since > since || !isDistantSubscriber(one, entry, topics)) continue;
      const has = Number(entry.holders.has(one));
      due++;
      reached += has;
      window.due++;
      window.reached += has;
    }
    if (window.due < ENOUGH) return;
    if (window.reached < TO_REACH * window.due) {
      breaches.add(
        name,
        `${window.reached} of ${window.due} distant subscribers, the last of envelope ${entry.number}`,
      );
    }
    window.due = 0;
    window.reached = 0;
  };
  return {
    name,
    written({ author, kind, of }) {
      if (kind !== "boost" || of === null || of.kind !== "post" || of.topics.length === 0) return;
      if (author.town !== of.author.town || author.character.role !== "ordinary" || endorsed.has(of)) return;
      // While the network is split nobody over there can be reached.
      if (scene.split()) return;
      endorsed.add(of);
      const since = scene.now();
      scene.after(patience, () => judge(of, since));
    },
    finish() {
      if (due > 0 && reached < TO_REACH * due) breaches.add(name, `${percent(reached / due)} over the whole run`);
      return [
        `endorsed: ${judged} posts reached ${percent(due === 0 ? 1 : reached / due)} of ${due} distant subscribers`,
      ];
    },
  };
}

/** Spammers and the like are not counted: whom others shun may have no way to anybody. */
function isDistantSubscriber(one: Inhabitant, entry: Entry, topics: readonly string[]): boolean {
  if (one.town === entry.author.town || one.character.role !== "ordinary" || one.blocked.has(entry.author))
    return false;
  return one.character.topics.some((topic) => topics.includes(topic));
}
