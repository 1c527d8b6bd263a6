/**
 * Files of drafts. They lie among the settings, one record each, and not among the blobs: there an encrypted identity seals
 * them like the draft that they belong to, and they are written in one transaction with it.
 */
import type { Store } from "../../store/port.ts";
import { fromHex, toHex, type Hash } from "../../wire/index.ts";
import { holdsWaiting } from "../arriving/name.ts";

const PREFIX = "attachment:";

export function fileSetting(hash: string): string {
  return PREFIX + hash;
}

/** Bytes of a file of a draft; of one that came with a backup, from where those put it. */
export async function keptFile(store: Store, hash: Hash): Promise<Uint8Array | undefined> {
  const kept: unknown = await store.setting(fileSetting(toHex(hash)));
  return kept instanceof Uint8Array ? kept : await store.blobs.read(hash);
}

const HASH = /^[0-9a-f]{64}$/;

/** What a draft names, in whatever version of the app it was written. */
export function attachmentsOf(draft: unknown): readonly Hash[] {
  const { attachments } = (draft ?? {}) as { attachments?: unknown };
  if (!Array.isArray(attachments)) return [];
  return attachments.flatMap((one: unknown) => {
    const { hash } = (one ?? {}) as { hash?: unknown };
    return typeof hash === "string" && HASH.test(hash) ? [fromHex(hash)] : [];
  });
}

export interface KeptFiles {
  /** Of all files that are kept for drafts. */
  readonly kept: Set<string>;
  /** Of those that drafts name, and posts that wait for their turn. */
  readonly named: Set<string>;
}

/** Hashes in hex. Reads all settings with what is in them. */
export async function keptFiles(store: Store): Promise<KeptFiles> {
  const drafts = await store.drafts();
  const settings = await store.allSettings();
  const kept = new Set<string>();
  const waiting: unknown[] = [];
  for (const [name, value] of settings) {
    if (name.startsWith(PREFIX)) kept.add(name.slice(PREFIX.length));
    if (holdsWaiting(name)) waiting.push(...(Array.isArray(value) ? (value as unknown[]) : [value]));
  }
  const contents = [...drafts.map(({ content }) => content), ...waiting.map(draftIn)];
  return { kept, named: new Set(contents.flatMap((content) => attachmentsOf(content).map(toHex))) };
}

function draftIn(arrival: unknown): unknown {
  return typeof arrival === "object" && arrival !== null && "draft" in arrival ? arrival.draft : undefined;
}
