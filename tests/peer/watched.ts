/** What a person sees at this moment of what stays on screen and changes. */
import type { LiveUpdate, NoticeView, ReachView } from "../../src/peer/index.ts";
import type { Resident } from "../sim/town.ts";

export async function inboxOf({ api }: Resident): Promise<readonly NoticeView[]> {
  let rows: readonly NoticeView[] = [];
  const watching = await api.watch("inbox", {}, (update) => {
    if (update.kind === "rows") rows = update.rows;
  });
  await watching.close();
  return rows;
}

/** How far an envelope is heard and why; `null` where it is not held. */
export async function reachOf({ api }: Resident, hash: string): Promise<ReachView | null> {
  let known: ReachView | null = null;
  const subscription = await api.watch("reach", { hash }, (update: LiveUpdate<"reach">) => {
    known = update.value;
  });
  await subscription.close();
  return known;
}
