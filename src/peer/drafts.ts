import * as v from "valibot";
import { CONTENT_KINDS } from "../social/index.ts";
import type { DraftRecord, Store } from "../store/port.ts";
import type { Draft } from "./api.ts";
import { PeerError } from "./errors.ts";

/** What a person typed is never lost, so these bounds only stop a script that would fill the disk. */
const MAX_TEXT = 1_000_000;
export const MAX_DRAFTS = 500;

/** More than a post can have: whoever has chosen too many is told so, and the draft is kept. */
const MAX_REFERENCES = 256;

/** The same of attachments. */
const MAX_ATTACHMENTS = 64;
/** The seed's default: about half of a retrieval fee. */
const KICKBACK_RATE = 128;

const Text = v.pipe(v.string(), v.maxLength(MAX_TEXT));
const HashText = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u));
const Byte = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));
const Natural = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff));
const Attachment = v.strictObject({
  hash: HashText,
  contentType: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/u),
    v.maxLength(100),
  ),
  size: Natural,
  blurhash: v.nullable(v.pipe(v.string(), v.regex(/^[0-9A-Za-z#$%*+,\-.:;=?@[\]^_{|}~]{6,64}$/u))),
  altText: Text,
  duration: v.nullable(Natural),
});
const Note = v.strictObject({ of: HashText, note: Text });
const DraftShape = v.strictObject({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  headline: Text,
  summary: Text,
  text: Text,
  scopes: v.pipe(v.array(Text), v.maxLength(16)),
  replyTo: v.nullable(HashText),
  references: v.optional(v.pipe(v.array(HashText), v.maxLength(MAX_REFERENCES)), () => []),
  kind: v.optional(v.picklist(CONTENT_KINDS), "text"),
  byline: v.optional(Text, ""),
  attachments: v.optional(v.pipe(v.array(Attachment), v.maxLength(MAX_ATTACHMENTS)), () => []),
  notes: v.optional(v.pipe(v.array(Note), v.maxLength(MAX_REFERENCES)), () => []),
  kickbackRate: v.optional(Byte, KICKBACK_RATE),
  updated: v.pipe(v.number(), v.finite()),
});

/** @throws PeerError `DRAFT_INVALID`, naming the offending field. */
export function parseDraft(draft: unknown): Draft {
  const result = v.safeParse(DraftShape, draft);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new PeerError("DRAFT_INVALID", `${v.getDotPath(issue) ?? "draft"}: ${issue.message}`);
}

/** Drafts, last touched first. */
export async function listDrafts(store: Store): Promise<Draft[]> {
  const records = await store.drafts();
  return records
    .flatMap((record) => {
      const result = v.safeParse(DraftShape, record.content);
      return result.success ? [result.output] : [];
    })
    .sort((a, b) => b.updated - a.updated);
}

/** @throws PeerError `DRAFT_INVALID`, also when there are too many drafts already. */
export async function saveDraft(store: Store, input: unknown): Promise<void> {
  const draft = parseDraft(input);
  const existing = await store.drafts();
  if (existing.length >= MAX_DRAFTS && !existing.some((record) => record.id === draft.id)) {
    throw new PeerError("DRAFT_INVALID", `There are ${MAX_DRAFTS} drafts already; drop one first.`);
  }
  const record: DraftRecord = { id: draft.id, updated: draft.updated, content: draft };
  await store.commit({ draftsPut: [record] }, { durability: "strict" });
}
