import {
  compareBytes,
  decodeEnvelope,
  scopeFromKey,
  scopeWithin,
  toHex,
  WireError,
  type NodeKey,
  type Scope,
} from "../../../wire/index.ts";
import type { Audience } from "../audience.ts";
import type { Library, LibraryRow } from "../library.ts";
import type { Target } from "../pub/subscription.ts";
import { MAX_EXAMINED, MAX_ITEMS, MAX_LOOKED, MAX_PAGE_BYTES, SHORT_HASH } from "./constants.ts";
import { BATCH, cursorOf, placeOf, type AnswerPage, type Place } from "./cursors.ts";
import type { Question } from "./messages.ts";

/** What is held of a place or topic, and who may have it. */
export interface ScopeSources {
  readonly library: Pick<Library, "envelopes">;
  readonly audience: Pick<Audience, "give" | "besides">;
}

/**
 * One page of what this asker may have of a scope and all within it, newest first: as a subscription of /mehr/pub/1 would
 * give it, with evidence where it takes some. What it may not have leaves no trace: it moves no cursor, and a page that has
 * nothing else is the last one. `null` for a question that is none.
 */
export async function scopePage(
  { audience, library }: ScopeSources,
  key: Uint8Array,
  { cursor, held }: Question,
  asker: NodeKey,
): Promise<AnswerPage | null> {
  const scope = scopeOf(key);
  const place = cursor === null ? undefined : placeOf(cursor);
  if (scope === null || place === null) return null;
  const targets: readonly Target[] = [{ kind: "scope", scope, match: "prefix" }];
  const known = new Set(held.map(toHex));
  const objects: Uint8Array[] = [];
  let room = MAX_PAGE_BYTES;
  let told: Place | undefined = place;
  for (const rows of batchesOf({ audience, library }, scope, targets, place)) {
    const bytes = await library.envelopes.bytes(rows.map(({ hash }) => hash));
    for (const [at, row] of rows.entries()) {
      const found = bytes[at];
      if (found === undefined || !isWithin(found, scope)) continue;
      const given = await audience.give({ ...row, bytes: found }, asker, targets);
      if (given === null) continue;
      if (!known.has(toHex(row.hash.subarray(0, SHORT_HASH)))) {
        if (objects.length === MAX_ITEMS || given.bytes.length + 5 > room) return { objects, next: cursorOf(told) };
        objects.push(given.bytes);
        room -= given.bytes.length + 5;
      }
      told = row;
    }
  }
  return { objects, next: null };
}

/** `null` for bytes that are no scope's key. */
function scopeOf(key: Uint8Array): Scope | null {
  try {
    return scopeFromKey(new TextDecoder("utf-8", { fatal: true }).decode(key));
  } catch (error) {
    if (error instanceof WireError || error instanceof TypeError) return null;
    throw error;
  }
}

/** Something with topics alone was heard at a place, and does not declare it. */
function isWithin(bytes: Uint8Array, scope: Scope): boolean {
  return decodeEnvelope(bytes).scopes.some((own) => scopeWithin(own, scope));
}

/** What starts at this very place, and what evidence has opened to it, newest first: everything else nobody may have here. */
function* batchesOf(
  { audience, library }: ScopeSources,
  scope: Scope,
  targets: readonly Target[],
  place: Place | undefined,
): Generator<readonly LibraryRow[]> {
  const opened = audience
    .besides(targets, 0, MAX_LOOKED)
    .map(({ row }) => row)
    .filter((row) => place === undefined || newestFirst(row, place) > 0)
    .toSorted(newestFirst);
  if (scope.kind === "topic") {
    // Nothing starts at a topic.
    for (let at = 0; at < opened.length; at += BATCH) yield opened.slice(at, at + BATCH);
    return;
  }
  let before = place;
  for (let looked = 0; looked < MAX_EXAMINED; looked += BATCH) {
    const own = library.envelopes.query({
      filter: { kind: "scope", scope, match: "exact" },
      limit: BATCH,
      ...(before === undefined ? {} : { before }),
    });
    const last = own.length < BATCH ? undefined : own.at(-1);
    // Those opened that stand among the rows of this batch, or behind the last one.
    const until = opened.findIndex((row) => last !== undefined && newestFirst(row, last) > 0);
    const others = opened.splice(0, until === -1 ? opened.length : until);
    const rows = new Map([...own, ...others].map((row) => [row.seq, row]));
    yield [...rows.values()].sort(newestFirst);
    if (last === undefined) return;
    before = last;
  }
}

function newestFirst(a: Place, b: Place): number {
  return b.created - a.created || compareBytes(b.hash, a.hash);
}
