/** Posts that wait, as they are stored. */
import * as v from "valibot";
import type { Store } from "../../store/port.ts";
import { hashOf, toHex } from "../../wire/index.ts";
import type { Draft } from "../api.ts";
import { parseDraft } from "../drafts.ts";
import { PeerError } from "../errors.ts";
import { ARRIVALS_KEY, ELSEWHERE_KEY, GIVEN_KEY, HELD_KEY, PUBLISHED_KEY } from "./name.ts";

/** At the pace of a town of four words, 30 an hour, three days; more than that nobody foresees. */
export const MAX_WAITING = 2_000;
/** What waits and what is held of other devices, together: five full queues. No backup has more. */
export const MAX_KNOWN = 10_000;
/** Posts in one record: 2 MiB with the largest. */
export const CHUNK = 32;
/** Drafts that are known to have been given: ten times what can wait, 400 kB. */
export const MAX_GIVEN = 20_000;
/** Half of 64 bits is reached by nobody's archive. */
const GIVEN_DIGITS = 16;

const MAX_ID = 2_048;
export const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_ID));
/** Of a draft that was given. */
export const Name = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/u));
/** Milliseconds since 1970. */
export const Since = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const Stored = v.object({
  draft: v.unknown(),
  id: Id,
  parent: v.nullable(Id),
  isParent: v.optional(v.boolean(), false),
  since: v.optional(v.nullable(Since), null),
});

export interface Waiting {
  readonly draft: Draft;
  readonly id: string;
  readonly parent: string | null;
  /** Something that waits behind it goes on from it. */
  readonly isParent: boolean;
  /** When another device wrote it into a backup, by the clock there: since then that device may have published it. */
  readonly since: number | null;
}

/** One that goes into a backup, or comes out of one. */
export interface Moved extends Omit<Waiting, "isParent"> {
  readonly since: number;
}

/** How far it is. Records `arriving:<number>` hold what waits. */
const State = v.object({
  /** Number of the record that is being published, how many of it are, and number of the next new one. */
  first: v.number(),
  at: v.number(),
  next: v.number(),
  waiting: v.number(),
  published: v.number(),
  refused: v.number(),
  elsewhere: v.optional(v.number(), 0),
  nextAt: v.number(),
  /** Ids of what others go on from, and their post hashes; in a list, since any word may be an id, "constructor" too. */
  posted: v.union([
    v.array(v.tuple([v.string(), v.string()])),
    // As it was stored at first.
    v.pipe(
      v.record(v.string(), v.string()),
      v.transform((posted): [string, string][] => Object.entries(posted)),
    ),
  ]),
  /** Short hashes of own envelopes that were made of what waited here, or found in its place: none answers for two. */
  answered: v.optional(v.array(v.string()), []),
});
export type State = v.InferOutput<typeof State>;

export const EMPTY: State = {
  first: 0,
  at: 0,
  next: 0,
  waiting: 0,
  published: 0,
  refused: 0,
  elsewhere: 0,
  nextAt: 0,
  posted: [],
  answered: [],
};

export async function storedState(store: Store): Promise<State> {
  const stored = v.safeParse(State, await store.setting(ARRIVALS_KEY));
  return stored.success ? stored.output : EMPTY;
}

/** @throws PeerError `ARRIVAL_INVALID`, `DRAFT_INVALID` where it cannot be read as a post */
export function parseWaiting(stored: unknown): Waiting {
  const { output, success } = v.safeParse(Stored, stored);
  if (!success) throw new PeerError("ARRIVAL_INVALID", "What waits has a draft, an id, and what it goes on from.");
  return { ...output, draft: parseDraft(output.draft) };
}

/** What others of its thread answer: what was published of them before. */
export function replyToOf({ draft, parent }: Pick<Waiting, "draft" | "parent">, { posted }: State): string | null {
  return draft.replyTo ?? posted.findLast(([name]) => name === parent)?.[1] ?? null;
}

/** Names of the drafts that were given, the latest last. */
export const givenNames = (store: Store): Promise<readonly string[]> => namesIn(store, GIVEN_KEY);
/** Names of what is held, in order. */
export const heldNames = (store: Store): Promise<readonly string[]> => namesIn(store, HELD_KEY);
/** Names of what was published, here or by another device, the latest last. */
export const publishedNames = (store: Store): Promise<readonly string[]> => namesIn(store, PUBLISHED_KEY);
/** Names of what waits or is held here and was published by another device, as a backup says. */
export const elsewhereNames = (store: Store): Promise<readonly string[]> => namesIn(store, ELSEWHERE_KEY);

async function namesIn(store: Store, key: string): Promise<readonly string[]> {
  const stored = v.safeParse(v.array(v.string()), await store.setting(key));
  return stored.success ? stored.output : [];
}

export function nameOfDraft({ id }: { readonly id: string }): string {
  return toHex(hashOf(new TextEncoder().encode(id))).slice(0, GIVEN_DIGITS);
}

/** These names, which are known from now on, behind those that were; without the earliest where there are too many. */
export function withNames(known: readonly string[], names: Iterable<string>): string[] {
  return [...new Set([...known, ...names])].slice(-MAX_GIVEN);
}

/** The name of what cannot be read as a post, where it still says as which draft it was given. */
export function nameOfUnread(stored: unknown): string | null {
  const { draft } = (stored ?? {}) as { draft?: unknown };
  const { id } = (draft ?? {}) as { id?: unknown };
  return typeof id === "string" ? nameOfDraft({ id }) : null;
}

/** The name of the setting with the record of this number. */
export function chunkKey(number: number): string {
  return `${ARRIVALS_KEY}:${number}`;
}

/** The name of the setting with what is held by this name. */
export function heldKey(name: string): string {
  return `${HELD_KEY}:${name}`;
}
