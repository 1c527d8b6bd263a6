import * as v from "valibot";
import { NOTICE_KINDS, type BookState } from "../../social/notices/index.ts";
import type { NoticeSettings } from "./api.ts";

const MINUTES = 1_440;

const Hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u));
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Far from where counting on stops to be exact: the record may come from a backup file, which anybody can write. */
const Seq = v.pipe(Count, v.maxValue(2 ** 40));
/** As late as a date can be. */
const Time = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15));
const Kind = v.picklist(NOTICE_KINDS);

const Item = v.pipe(
  v.object({
    hash: Hex,
    actor: Hex,
    kind: Kind,
    subject: v.pipe(v.string(), v.maxLength(64)),
    created: Time,
    at: Time,
    seq: Seq,
    read: v.boolean(),
    quiet: v.boolean(),
  }),
  v.check(({ kind, subject }) => kind === "curated" || v.is(Hex, subject), "not about an envelope"),
);
const Line = v.object({
  key: v.pipe(v.string(), v.maxLength(160)),
  kind: v.picklist([...NOTICE_KINDS, "several"]),
  thread: v.pipe(v.string(), v.maxLength(64)),
  items: v.pipe(v.array(Item), v.minLength(1), v.maxLength(64)),
});
const Record = v.object({
  lines: v.pipe(v.array(Line), v.maxLength(1_000)),
  known: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/u))), v.maxLength(8_192)),
  seq: Seq,
  told: Seq,
  began: Time,
  epoch: v.string(),
  upTo: Count,
  feeds: v.record(v.string(), Time),
});

export interface NoticesRecord extends BookState {
  /** Since when somebody is told: what was written before is in the list, as read. */
  readonly began: number;
  /** Of the store that `upTo` speaks of, hex. */
  readonly epoch: string;
  /** Arrival number up to which envelopes were looked at. */
  readonly upTo: number;
  /** By id of the kept feed: the date of the newest entry that was looked at. */
  readonly feeds: Readonly<Record<string, number>>;
}

/** What was stored, `null` where there is nothing or nothing that can be read: then it begins anew, and nothing old is told. */
export function parseRecord(stored: unknown): NoticesRecord | null {
  const result = v.safeParse(Record, stored);
  return result.success ? result.output : null;
}

const Minute = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MINUTES - 1));
const Settings = v.strictObject({
  off: v.pipe(v.array(Kind), v.maxLength(NOTICE_KINDS.length)),
  quiet: v.nullable(v.strictObject({ from: Minute, to: Minute })),
  showPrivate: v.boolean(),
});
const Patch = v.partial(Settings);

export const DEFAULT_NOTICE_SETTINGS: NoticeSettings = { off: [], quiet: null, showPrivate: false };

export function parseNoticeSettings(stored: unknown): NoticeSettings {
  const result = v.safeParse(Settings, stored);
  return result.success ? result.output : DEFAULT_NOTICE_SETTINGS;
}

/** `null` for what is no such patch. */
export function parseNoticePatch(patch: unknown): Partial<NoticeSettings> | null {
  const result = v.safeParse(Patch, patch);
  if (!result.success) return null;
  return Object.fromEntries(Object.entries(result.output).filter(([, value]) => value !== undefined));
}

const Reading = v.strictObject({ until: Count, ids: v.optional(v.pipe(v.array(v.string()), v.maxLength(1_000))) });

/** `null` for what says nothing of the kind. */
export function parseReading(
  given: unknown,
): { readonly until: number; readonly ids?: readonly string[] | undefined } | null {
  const result = v.safeParse(Reading, given);
  return result.success ? result.output : null;
}
