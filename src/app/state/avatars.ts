/** Pictures of people as addresses that the page can show, made once for all places that show them. */
import type { PeerApi } from "../../peer/api.ts";

/** A long scroll passes some hundred authors; each picture has up to 64 KiB. */
const MOST = 256;

const urls = new Map<string, string>();
const loading = new Map<string, Promise<string | null>>();

function keep(key: string, url: string): void {
  urls.set(key, url);
  if (urls.size <= MOST) return;
  // What is on screen has been decoded; whoever shows it anew asks the peer again, which has it.
  for (const [oldest, address] of urls) {
    urls.delete(oldest);
    URL.revokeObjectURL(address);
    return;
  }
}

/** It could not be decoded: not shown again in this page's life. */
const broken = new Set<string>();

export function reportBroken(url: string): void {
  for (const [key, known] of urls) if (known === url) broken.add(key);
}

/**
 * The address of somebody's picture; `null` where there is none to be had now.
 * @param avatar hash of the picture in the newest profile; `undefined` where the caller does not know
 */
export async function avatarUrl(api: PeerApi, id: string, avatar: string | undefined): Promise<string | null> {
  const key = avatar ?? id;
  if (broken.has(key)) return null;
  const known = urls.get(key);
  if (known !== undefined) return known;
  const running = loading.get(key) ?? load(api, id, key).finally(() => loading.delete(key));
  loading.set(key, running);
  return await running;
}

async function load(api: PeerApi, id: string, key: string): Promise<string | null> {
  const picture = await api.avatar(id);
  if (picture === null) return null;
  const url = URL.createObjectURL(new Blob([new Uint8Array(picture.bytes)], { type: picture.type }));
  keep(key, url);
  return url;
}
