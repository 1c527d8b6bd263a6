/** Archives and outboxes as other places write them. */
import { gzipSync, strToU8, zipSync, type Zippable } from "fflate";

export const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";

export interface Note {
  readonly id: string;
  readonly content?: string;
  readonly published?: string;
  readonly inReplyTo?: string | null;
  readonly to?: readonly string[];
  readonly cc?: readonly string[];
  readonly summary?: string | null;
  readonly attachment?: readonly unknown[];
  readonly type?: string;
  readonly sensitive?: unknown;
  readonly oneOf?: unknown;
  readonly anyOf?: unknown;
}

export function create({ content = "<p>Hello</p>", id, to = [PUBLIC], ...rest }: Note): unknown {
  const note = { type: "Note", id, url: id, published: "2022-11-05T10:00:00Z", to, content, ...rest };
  return { id: `${id}/activity`, type: "Create", published: note.published, object: note };
}

export function outboxOf(items: readonly unknown[]): string {
  return JSON.stringify({
    "@context": "https://www.w3.org/ns/activitystreams",
    id: "outbox.json",
    type: "OrderedCollection",
    totalItems: items.length,
    orderedItems: items,
  });
}

export function zipOf(files: Readonly<Record<string, string | Uint8Array>>, level: 0 | 6 = 6): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(files).map(([name, content]): [string, Zippable[string]] => [
    name,
    [typeof content === "string" ? strToU8(content) : content, { level }],
  ]);
  return new Uint8Array(zipSync(Object.fromEntries(entries)));
}

const BLOCK = 512;

/** One file of a tar archive, padded. */
export function tarEntry(path: string, content: Uint8Array, type = "0"): Uint8Array {
  const header = new Uint8Array(BLOCK);
  const put = (text: string, at: number): void => header.set(strToU8(text), at);
  put(path.slice(0, 100), 0);
  put("0000644\0", 100);
  put(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  put("00000000000\0", 136);
  put("        ", 148);
  put(type, 156);
  put("ustar\0", 257);
  put("00", 263);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const padded = new Uint8Array(BLOCK + Math.ceil(content.length / BLOCK) * BLOCK);
  padded.set(header);
  padded.set(content, BLOCK);
  return padded;
}

export function tarOf(entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([...entries, new Uint8Array(2 * BLOCK)]));
}

export function gzipOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(bytes));
}
