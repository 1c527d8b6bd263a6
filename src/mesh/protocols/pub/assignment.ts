import { concatBytes, hashOf, toHex, type NodeKey } from "../../../wire/index.ts";
import { MAX_FRAME, MAX_SUBSCRIPTIONS, TOLD_NEIGHBOURS } from "./constants.ts";
import { targetKey, type Subscription, type Target } from "./subscription.ts";

const utf8 = new TextEncoder();
/** Around a target's text in a `subscribe`: heads of the array and the text, kind, mode and a cursor of 9 bytes. */
const BYTES_AROUND_TARGET = 16;

/**
 * Who is asked for what. What is pushed, everybody: each envelope comes once, and who is silent hides nothing. What is told
 * each minute, or comes version by version, would come from each: a few are asked, chosen by rank for each target.
 * @param self who asks: were it left out, everybody would ask the same few, and some would be asked by nobody
 */
export function spread(
  subscriptions: readonly Subscription[],
  neighbours: readonly NodeKey[],
  self: NodeKey,
): (neighbour: NodeKey) => readonly Subscription[] {
  const few = new Map<Subscription, ReadonlySet<string>>();
  for (const subscription of neighbours.length > TOLD_NEIGHBOURS ? subscriptions : []) {
    const { mode, target } = subscription;
    if (target.kind === "trusted" || (mode === "push" && target.kind !== "key")) continue;
    const ranked = neighbours.map((key) => ({ key: toHex(key), rank: rankOf(subscription, key, self) }));
    ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
    few.set(subscription, new Set(ranked.slice(0, TOLD_NEIGHBOURS).map(({ key }) => key)));
  }
  // What fits one frame as a whole is asked of everybody, and is the same list for each: it is looked at with every link.
  if (few.size === 0 && fits(subscriptions)) return () => subscriptions;
  return (neighbour) => {
    const key = toHex(neighbour);
    const asked = subscriptions.filter((subscription) => few.get(subscription)?.has(key) ?? true);
    return assigned(asked, neighbour, self);
  };
}

/**
 * Which of these to ask of one neighbour. All, as long as they fit one `subscribe`. Beyond that each neighbour gets
 * the share that ranks highest for it (rendezvous hashing: stable while neighbours come and go, and different for each
 * of them, so that together they cover everything several times). Scopes come before people.
 */
export function assigned(
  subscriptions: readonly Subscription[],
  neighbour: NodeKey,
  self: NodeKey,
): readonly Subscription[] {
  if (fits(subscriptions)) return subscriptions;
  const scopes = subscriptions.filter(({ target }) => target.kind !== "node");
  const people = subscriptions
    .filter(({ target }) => target.kind === "node")
    .map((subscription) => ({ subscription, rank: rankOf(subscription, neighbour, self) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ subscription }) => subscription);
  const share: Subscription[] = [];
  let size = 0;
  for (const subscription of [...scopes, ...people]) {
    size += sizeOf(subscription);
    if (share.length >= MAX_SUBSCRIPTIONS || size > MAX_FRAME - 64) break;
    share.push(subscription);
  }
  return share;
}

/** Whether they fit one `subscribe`. */
export function fits(subscriptions: readonly Subscription[]): boolean {
  if (subscriptions.length > MAX_SUBSCRIPTIONS) return false;
  return subscriptions.reduce((sum, subscription) => sum + sizeOf(subscription), 64) <= MAX_FRAME;
}

/** As long as a target lives, like its key. */
const sizes = new WeakMap<Target, number>();

function sizeOf({ target }: Subscription): number {
  const known = sizes.get(target);
  if (known !== undefined) return known;
  // Of a key the text is the longer form by half.
  const named = target.kind === "node" ? target.key.length : utf8.encode(targetKey(target)).length;
  sizes.set(target, named + BYTES_AROUND_TARGET);
  return named + BYTES_AROUND_TARGET;
}

function rankOf({ target }: Subscription, neighbour: NodeKey, self: NodeKey): string {
  return toHex(hashOf(concatBytes(self, neighbour, utf8.encode(targetKey(target)))));
}
