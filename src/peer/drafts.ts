import * as v from "valibot";
import type { DraftRecord, Store } from "../store/port.ts";
import type { Draft } from "./api.ts";
import { PeerError } from "./errors.ts";

/** What a person typed is never lost, so these bounds only stop a script that would fill the disk. */
const MAX_TEXT = 1_000_000;
const MAX_DRAFTS = 500;

const Text = v.pipe(v.string(), v.maxLength(MAX_TEXT));
const DraftShape = v.strictObject({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  headline: Text,
  summary: Text,
  text: Text,
  scopes: v.pipe(v.array(Text), v.maxLength(16)),
  replyTo: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u))),
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
