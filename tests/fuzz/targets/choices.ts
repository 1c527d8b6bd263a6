/** What a person says of own feeds, mutes and notices, as scripts give it and as it was stored. */
import { isDeepStrictEqual } from "node:util";
import { parseEntry, parseFields, parseNote } from "../../../src/peer/curation/input.ts";
import { MuteList, parseMute } from "../../../src/peer/defence/mute-list.ts";
import { DEFAULT_POLICY, loadPolicy, parsePolicy } from "../../../src/peer/defence/policy.ts";
import { PeerError } from "../../../src/peer/errors.ts";
import {
  DEFAULT_NOTICE_SETTINGS,
  parseNoticePatch,
  parseNoticeSettings,
  parseReading,
  parseRecord,
} from "../../../src/peer/notices/record.ts";
import { EMPTY_LAYOUT, inserted } from "../../../src/social/curation/index.ts";
import { idOfMute, MUTE_LIMITS } from "../../../src/social/index.ts";
import { NOTICE_KINDS, NoticeBook } from "../../../src/social/notices/index.ts";
import { countCharacters, encodeNodeId, encodeObject, fromHex, scopeKey } from "../../../src/wire/index.ts";
import type { CuratedFeed } from "../../../src/wire/index.ts";
import type { CuratedInput, CurateInput } from "../../../src/peer/api.ts";
import { mutatedValue, oneOf } from "../mutations.ts";
import { asValue, decoded, type Target } from "../target.ts";
import { storing } from "./records.ts";

/** The last moment that a Date can name. */
const LAST_TIME = 8.64e15;
const NOW = Date.UTC(2026, 0, 1);
const HASH = "ab".repeat(32);
const ID = encodeNodeId(new Uint8Array(32).fill(8));

const withCode =
  (...codes: readonly string[]) =>
  (error: unknown): boolean =>
    error instanceof PeerError && codes.includes(error.code);

function same(again: unknown, accepted: unknown): void {
  if (!isDeepStrictEqual(again, accepted)) throw new Error(`accepted, but read again as ${JSON.stringify(again)}`);
}

function within(value: number, most: number): void {
  if (!Number.isInteger(value) || value < 0 || value > most) throw new Error(`${value} is not within ${most}`);
}

/** What has these parts can be written: the wire refuses what is beyond its own limits. */
function encodes(parts: Partial<CuratedFeed>): void {
  encodeObject({
    type: "CuratedFeed",
    curator: new Uint8Array(32),
    name: "Rivers",
    description: "",
    entries: [],
    scope: { kind: "geo", segments: ["europe"] },
    updated: NOW,
    sequence: 1,
    kickbackRate: 0,
    signature: new Uint8Array(64),
    ...parts,
  });
}

const FEEDS: readonly unknown[] = [
  { name: "Good bread", description: "By who bakes it", scope: "g:europe/nl/utrecht", kickbackRate: 128 },
  { name: "نان‌های خوب", scope: "t:food/bread" },
  { name: "Cafe\u0301 \u0007 and \t tea" },
];

const fields: Target = {
  name: "peer: what is said of an own feed",
  covers: ["peer/curation/input.ts#parseFields"],
  share: 4_000,
  input: (random) => mutatedValue(oneOf(random, FEEDS), random),
  check(input) {
    const read = decoded(() => parseFields(input as CuratedInput), withCode("CURATED_INVALID", "SCOPE_INVALID"));
    if (read === undefined) return false;
    const { scope, ...rest } = read;
    encodes(read);
    same(parseFields({ ...rest, ...(scope !== undefined && { scope: scopeKey(scope) }) }), read);
    if (/\p{Cc}|\s{2}|^\s|\s$/u.test(read.name) || read.name !== read.name.normalize("NFC")) {
      throw new Error(`two spellings of ${JSON.stringify(read.name)}`);
    }
    return true;
  },
  text: asValue,
};

const ENTRIES: readonly unknown[] = [
  { feed: "Good bread", post: HASH, note: "  Worth it\n", at: 3, added: NOW },
  { feed: "Good bread", curated: { curator: ID, name: "Rivers" }, note: null },
  { feed: "x", post: HASH, note: "🍞".repeat(279) },
];

const entry: Target = {
  name: "peer: what is put into an own feed",
  covers: ["peer/curation/input.ts#parseEntry", "peer/curation/input.ts#parseNote"],
  share: 4_000,
  input: (random) => mutatedValue(oneOf(random, ENTRIES), random),
  check(input) {
    const read = decoded(() => parseEntry(input as CurateInput), withCode("CURATED_INVALID"));
    if (read === undefined) return false;
    same(parseEntry(read), read);
    if ((read.post === undefined) === (read.curated === undefined)) throw new Error("a post and a feed, or neither");
    const note = decoded(() => parseNote(read.note ?? null), withCode("CURATED_INVALID"));
    if (note === undefined) return false;
    same(parseNote(note), note);
    const added = Math.min(read.added ?? NOW, NOW);
    const layout = inserted(EMPTY_LAYOUT, { postHash: fromHex(HASH), added, note }, read.at ?? 0);
    if (layout === null || layout.first.length !== 1) throw new Error("no room in an empty feed");
    encodes({ entries: [...layout.first] });
    return true;
  },
  text: asValue,
};

const MUTES: readonly unknown[] = [
  { target: { kind: "person", id: ID }, how: "cover", until: null },
  { target: { kind: "word", word: "  Cafe\u0301  society ", whole: true }, until: NOW },
  { target: { kind: "scope", scope: "t:music/jazz" } },
  { target: { kind: "thread", post: HASH }, how: "hide" },
  { target: { kind: "kind", of: "boost" }, until: NOW },
];

const mute: Target = {
  name: "peer: mutes, as scripts give them and as they were stored",
  covers: ["peer/defence/mute-list.ts#parseMute", "peer/defence/mute-list.ts#MuteList"],
  share: 4_000,
  input: (random) => mutatedValue(oneOf(random, MUTES), random),
  async check(input) {
    // What lies in the store may be anything, and costs what is damaged of it.
    const stored = [input, { ...(input as object), since: NOW }, { ...(MUTES[0] as object), since: NOW }];
    const list = await MuteList.open(storing(stored));
    within(list.size, stored.length);
    if (list.size === 0) throw new Error("a damaged mute cost another one");
    const read = decoded(() => parseMute(input, NOW), withCode("MUTE_INVALID"));
    if (read === undefined) return false;
    same(parseMute(read, NOW), read);
    if (read.until !== null) within(read.until, LAST_TIME);
    if (read.target.kind === "word") within(countCharacters(read.target.word), MUTE_LIMITS.word);
    const kept = await MuteList.open(storing([structuredClone(read)]));
    same(kept.get(idOfMute(read.target)), read);
    return true;
  },
  text: asValue,
};

const policy: Target = {
  name: "peer: what is done with what nobody has muted, as scripts change it and as it was stored",
  covers: ["peer/defence/policy.ts#parsePolicy", "peer/defence/policy.ts#loadPolicy"],
  share: 2_000,
  input: (random) => mutatedValue({ flagged: "cover", media: "strangers" }, random),
  async check(input) {
    const loaded = await loadPolicy(storing(input));
    same(parsePolicy(loaded), loaded);
    same(Object.keys(loaded).toSorted(), Object.keys(DEFAULT_POLICY).toSorted());
    const read = decoded(() => parsePolicy(input), withCode("DEFENCE_INVALID"));
    if (read === undefined) return false;
    same(parsePolicy(read), read);
    same({ ...loaded, ...read }, loaded);
    return true;
  },
  text: asValue,
};

const hex = (number: number): string => number.toString(16).padStart(64, "0");
const event = (number: number) => ({
  id: hex(number),
  hash: hex(number),
  actor: hex(number % 5),
  subject: hex(7),
  thread: hex(number % 3),
  created: NOW,
  at: NOW + number,
});

/** The record of a book that was told of every kind. */
const RECORD = (() => {
  const book = new NoticeBook((actor) => actor === hex(1));
  for (let number = 1; number <= 12; number++) {
    const kind = NOTICE_KINDS[number % NOTICE_KINDS.length] ?? "reply";
    const subject = kind === "curated" ? "feed-1" : hex(number % 4);
    book.add({ ...event(number), kind, subject }, { read: number < 3, quiet: number % 2 === 0 });
  }
  book.markTold(4);
  return { ...book.state(), began: NOW, epoch: "0707", upTo: 40, feeds: { "feed-1": NOW } };
})();

const record: Target = {
  name: "peer: the record of notices, as it was stored",
  covers: ["peer/notices/record.ts#parseRecord"],
  share: 4_000,
  // Half of the damage goes to what others have a say in.
  input(random) {
    if (random.next() < 0.5) return mutatedValue(RECORD, random);
    const line = oneOf(random, RECORD.lines);
    const items = line.items.with(0, mutatedValue(line.items[0], random) as (typeof line.items)[number]);
    return { ...RECORD, lines: [{ ...line, items }] };
  },
  check(input) {
    const read = parseRecord(input);
    if (read === null) return false;
    same(parseRecord(structuredClone(read)), read);
    for (const { items } of read.lines) {
      for (const { actor, at, hash, kind, subject } of items) {
        // The list looks all of these up, and the date is shown.
        for (const key of [actor, hash, ...(kind === "curated" ? [] : [subject])]) within(fromHex(key).length, 32);
        if (Number.isNaN(new Date(at).getTime())) throw new Error(`a notice at ${at}`);
      }
    }
    // A book goes on with it, and what that writes is read the next time.
    const book = new NoticeBook(() => false, read);
    book.add({ ...event(99), kind: "reply" }, { read: false, quiet: false });
    book.markRead(book.seq);
    book.markTold(book.seq);
    if (book.lines().some(({ items }) => items.length === 0)) throw new Error("a line of nothing");
    const written = { ...read, ...book.state() };
    same(parseRecord(structuredClone(written)), written);
    return true;
  },
  text: asValue,
};

const SETTINGS = { off: ["boost", "trust"], quiet: { from: 1_320, to: 420 }, showPrivate: true };
const READING = { until: 12, ids: [`r:${HASH}`, "c:feed-1"] };

const settings: Target = {
  name: "peer: settings of notices and what was read of them",
  covers: [
    "peer/notices/record.ts#parseNoticePatch",
    "peer/notices/record.ts#parseNoticeSettings",
    "peer/notices/record.ts#parseReading",
  ],
  share: 4_000,
  input: (random) => mutatedValue(oneOf<unknown>(random, [SETTINGS, READING]), random),
  check(input) {
    // There always are settings, and always good ones.
    const loaded = parseNoticeSettings(input);
    same(parseNoticeSettings(loaded), loaded);
    within(loaded.off.length, NOTICE_KINDS.length);
    for (const minute of [loaded.quiet?.from ?? 0, loaded.quiet?.to ?? 0]) within(minute, 24 * 60 - 1);
    const patch = parseNoticePatch(input);
    if (patch !== null) {
      same(parseNoticePatch(patch), patch);
      const changed = { ...DEFAULT_NOTICE_SETTINGS, ...patch };
      same(parseNoticeSettings(changed), changed);
    }
    const reading = parseReading(input);
    if (reading !== null) {
      same(parseReading(reading), reading);
      within(reading.until, Number.MAX_VALUE);
      within(reading.ids?.length ?? 0, 1_000);
    }
    return patch !== null || reading !== null;
  },
  text: asValue,
};

export const choiceTargets: readonly Target[] = [fields, entry, mute, policy, record, settings];
