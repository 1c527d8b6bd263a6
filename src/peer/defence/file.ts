/**
 * Mutes, flagged and blocked people and the policy as one JSON file, and back. Whoever wrote the file may be anybody: it is
 * measured before it is read, every entry is looked at by itself, and what it adds is said before it is done.
 */
import * as v from "valibot";
import { idOfMute, type Mute } from "../../social/index.ts";
import { encodeNodeId, equalBytes, toHex, WireError, type NodeKey } from "../../wire/index.ts";
import type { PeerCore } from "../core.ts";
import { PeerError } from "../errors.ts";
import { nodeKeyOf } from "../following.ts";
import type { DefenceChanges, DefencePolicy } from "./api.ts";
import type { Flag } from "./flags.ts";
import { MUTE_INPUT, parseMute } from "./mute-list.ts";
import { POLICY } from "./policy.ts";
import { personView, viewsOf } from "./views.ts";

const FORMAT = "mehr/defence";
const VERSION = 1;
/** Everything that can be kept, at its longest, is two thirds of that: 2,000 mutes, 2,000 people, 2,000 with 16 posts each. */
const MAX_BYTES = 4_194_304;
/** Entries of each list that are looked at. */
const MAX_ENTRIES = 10_000;
/** A file of this version has four levels; a later one may have some more. */
const MAX_DEPTH = 16;
const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_RECORD, CLOSE_RECORD] = [34, 92, 91, 93, 123, 125] as const;

const File = v.object({
  format: v.literal(FORMAT),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  policy: v.optional(v.unknown()),
  mutes: v.optional(v.pipe(v.array(v.unknown()), v.maxLength(MAX_ENTRIES)), []),
  blocked: v.optional(v.pipe(v.array(v.unknown()), v.maxLength(MAX_ENTRIES)), []),
  flagged: v.optional(v.pipe(v.array(v.unknown()), v.maxLength(MAX_ENTRIES)), []),
});

/** Names have 64 characters on the wire; one that is longer was written by hand, and is cut. */
const Name = v.pipe(
  v.optional(v.nullable(v.string()), null),
  v.transform((name) => (name === null || name === "" ? null : Array.from(name).slice(0, 64).join(""))),
);
const Person = v.object({ id: v.string(), name: Name });
const Flagged = v.object({
  ...Person.entries,
  posts: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u))), v.minLength(1), v.maxLength(16)),
});

type Core = Pick<PeerCore, "blocks" | "identity" | "live" | "parts" | "ports" | "profiles" | "views">;

export async function exportFile({ blocks, parts, ports }: Core): Promise<Blob> {
  const { defence } = parts;
  const written = {
    format: FORMAT,
    version: VERSION,
    written: new Date(ports.clock.now()).toISOString(),
    policy: defence.policy,
    mutes: defence.inForce().map(({ how, target, until }) => ({ target, how, until })),
    blocked: blocks.all().map(({ key, name }) => ({ id: encodeNodeId(key), name })),
    flagged: defence.flags.all().map(({ key, name, posts }) => ({ id: encodeNodeId(key), name, posts })),
  };
  return new Blob([`${JSON.stringify(written, null, 1)}\n`], { type: "application/json" });
}

/** What of a file is not so already. */
interface Reading {
  readonly mutes: readonly Mute[];
  readonly blocked: readonly { readonly key: NodeKey; readonly name: string | null }[];
  readonly flags: readonly Flag[];
  readonly policy: Partial<DefencePolicy>;
  readonly known: number;
  readonly unread: number;
}

/** @throws PeerError `DEFENCE_FILE_TOO_LARGE`, `DEFENCE_FILE_INVALID`, `DEFENCE_FILE_NEWER` */
export async function preview(core: Core, file: unknown): Promise<DefenceChanges> {
  return await changesOf(core, reading(core, await parsed(file)));
}

/**
 * @param block blocks a person as the person itself would
 * @throws PeerError as `preview`, and `MUTES_FULL`, `BLOCKS_FULL`, `FLAGS_FULL`; what was added before stays added
 */
export async function importFile(
  core: Core,
  file: unknown,
  block: (key: NodeKey, called: string | null) => Promise<void>,
): Promise<DefenceChanges> {
  const read = reading(core, await parsed(file));
  const changes = await changesOf(core, read);
  const { defence } = core.parts;
  await defence.mute(read.mutes);
  await defence.flag(read.flags);
  for (const { key, name } of read.blocked) await block(key, name);
  if (Object.keys(read.policy).length > 0) await defence.setPolicy(read.policy);
  return changes;
}

async function changesOf(
  core: Core,
  { blocked, flags, known, mutes, policy, unread }: Reading,
): Promise<DefenceChanges> {
  await core.views.guards.compared();
  return {
    mutes: await viewsOf(core, mutes),
    blocks: blocked.map(({ key, name }) => personView(core, key, name)),
    flagged: flags.map(({ key, name, posts }) => ({ ...personView(core, key, name), posts })),
    policy,
    known,
    unread,
  };
}

async function parsed(file: unknown): Promise<v.InferOutput<typeof File>> {
  if (!(file instanceof Blob)) throw invalid("it is no file");
  if (file.size > MAX_BYTES) {
    throw new PeerError("DEFENCE_FILE_TOO_LARGE", `A file of mutes has at most ${MAX_BYTES} bytes.`);
  }
  const result = v.safeParse(File, await json(file));
  if (!result.success) {
    const [issue] = result.issues;
    throw invalid(`${v.getDotPath(issue) ?? "file"}: ${issue.message}`);
  }
  if (result.output.version > VERSION) {
    throw new PeerError("DEFENCE_FILE_NEWER", "This file was written by a newer version.");
  }
  return result.output;
}

async function json(file: Blob): Promise<unknown> {
  const text = await file.text();
  if (isDeep(text)) throw invalid("it is nested too deeply");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid("it is no JSON", cause);
  }
}

/** Whether lists and records lie in each other deeper than in any such file: a parser takes eleven seconds for four million. */
function isDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (quoted) {
      if (unit === BACKSLASH) at += 1;
      else if (unit === QUOTE) quoted = false;
    } else if (unit === QUOTE) quoted = true;
    else if (unit === OPEN_LIST || unit === OPEN_RECORD) {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (unit === CLOSE_LIST || unit === CLOSE_RECORD) depth -= 1;
  }
  return false;
}

function invalid(what: string, cause?: unknown): PeerError {
  return new PeerError("DEFENCE_FILE_INVALID", `This is no file of mutes: ${what}.`, { cause });
}

function reading(core: Core, file: v.InferOutput<typeof File>): Reading {
  const { blocks, identity, parts, ports } = core;
  const { defence } = parts;
  const now = ports.clock.now();
  const isOwn = (key: NodeKey): boolean => equalBytes(key, identity.key);
  let known = 0;
  let unread = 0;
  /** Each once; what is so already is counted, what cannot be read as well. */
  function newOnes<Read>(
    entries: readonly unknown[],
    read: (entry: unknown) => Read | null,
    keyOf: (one: Read) => string,
    isKnown: (one: Read) => boolean,
  ): Read[] {
    const found = new Map<string, Read>();
    for (const entry of entries) {
      const one = read(entry);
      if (one === null) unread += 1;
      else if (isKnown(one) || found.has(keyOf(one))) known += 1;
      else found.set(keyOf(one), one);
    }
    return [...found.values()];
  }

  const mutes = newOnes(
    file.mutes,
    (entry) => muteOrNull(entry, now, isOwn),
    ({ target }) => idOfMute(target),
    ({ target, until }) => {
      const before = defence.mutes.get(idOfMute(target));
      return (until !== null && until <= now) || (before !== undefined && lastsAsLong(before, until));
    },
  );
  const blocked = newOnes(
    file.blocked,
    (entry) => personOrNull(Person, entry, isOwn),
    ({ key }) => toHex(key),
    ({ key }) => blocks.has(key),
  );
  const flags = newOnes(
    file.flagged,
    (entry): Flag | null => {
      const person = personOrNull(Flagged, entry, isOwn);
      return person === null ? null : { ...person, since: now };
    },
    ({ key }) => toHex(key),
    ({ key, posts }) => posts.every((post) => defence.flags.of(key)?.posts.includes(post)),
  );
  const policy = v.safeParse(POLICY, file.policy ?? {});
  const differing = Object.entries(policy.success ? policy.output : {}).filter(
    ([name, value]) => value !== undefined && value !== defence.policy[name as keyof DefencePolicy],
  );
  return { mutes, blocked, flags, policy: Object.fromEntries(differing), known, unread };
}

/** Whether what is muted already is muted for as long as the file says. How it is muted stays the person's own choice. */
function lastsAsLong(before: Mute, until: number | null): boolean {
  return before.until === null || (until !== null && before.until >= until);
}

function muteOrNull(entry: unknown, now: number, isOwn: (key: NodeKey) => boolean): Mute | null {
  if (!v.is(MUTE_INPUT, entry)) return null;
  try {
    const mute = parseMute(entry, now);
    return mute.target.kind === "person" && isOwn(nodeKeyOf(mute.target.id)) ? null : mute;
  } catch (error) {
    if (error instanceof PeerError) return null;
    throw error;
  }
}

function personOrNull<Shape extends typeof Person | typeof Flagged>(
  shape: Shape,
  entry: unknown,
  isOwn: (key: NodeKey) => boolean,
): (Omit<v.InferOutput<Shape>, "id"> & { readonly key: NodeKey }) | null {
  const result = v.safeParse(shape, entry);
  if (!result.success) return null;
  const { id, ...rest } = result.output;
  try {
    const key = nodeKeyOf(id);
    return isOwn(key) ? null : { ...rest, key };
  } catch (error) {
    if (error instanceof PeerError || error instanceof WireError) return null;
    throw error;
  }
}
