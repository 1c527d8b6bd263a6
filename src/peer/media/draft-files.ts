/**
 * Files of drafts. They lie among the settings, one record each, and not among the blobs: there an encrypted identity seals
 * them like the draft that they belong to, and they are written in one transaction with it.
 */
import type { Store } from "../../store/port.ts";
import { toHex, type Hash } from "../../wire/index.ts";

const PREFIX = "attachment:";

export function fileSetting(hash: string): string {
  return PREFIX + hash;
}

/** Bytes of a file of a draft; of one that came with a backup, from where those put it. */
export async function keptFile(store: Store, hash: Hash): Promise<Uint8Array | undefined> {
  const kept: unknown = await store.setting(fileSetting(toHex(hash)));
  return kept instanceof Uint8Array ? kept : await store.blobs.read(hash);
}

/** Hashes of all files that are kept for drafts, in hex. */
export async function keptFiles(store: Store): Promise<string[]> {
  const names = [...(await store.allSettings()).keys()];
  return names.flatMap((name) => (name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []));
}
