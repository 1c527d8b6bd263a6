/** Pictures that HTML shows. Read from the signs of their tags: no element ever exists that would fetch one. */
import { fileInFeed, MAX_FILES, type ArrivedFile } from "./files.ts";
import { tagEnd, withoutEntities } from "./html.ts";

/** What stands behind a description of 4,096 signs and before an address is not looked for. */
const MAX_AROUND = 16_384;

/** Those inside of the text and those elsewhere, in their order, each once. */
export function imagesIn(html: string): ArrivedFile[] {
  const found = new Map<string, ArrivedFile>();
  const opening = /<img(?=[\s/>])/giu;
  for (let tag = opening.exec(html); tag !== null && found.size < MAX_FILES; tag = opening.exec(html)) {
    const from = tag.index + tag[0].length;
    const end = tagEnd(html, from);
    opening.lastIndex = end;
    const attributes = html.slice(from, end);
    const address = attribute(attributes, "src");
    const file = fileInFeed(address, { words: attribute(attributes, "alt") });
    if (file !== null && !found.has(address)) found.set(address, file);
  }
  return [...found.values()];
}

/** Values are found by their quotes, since one may have megabytes; those without quotes are short. */
function attribute(attributes: string, name: string): string {
  const begin = new RegExp(`(?:^|[\\s"'])${name}\\s{0,8}=\\s{0,8}(["']?)`, "iu").exec(attributes);
  if (begin === null) return "";
  const from = begin.index + begin[0].length;
  const quote = begin[1] ?? "";
  if (quote === "") return withoutEntities(/^[^\s"'>]*/u.exec(attributes.slice(from, from + MAX_AROUND))?.[0] ?? "");
  const end = attributes.indexOf(quote, from);
  return withoutEntities(attributes.slice(from, end === -1 ? attributes.length : end));
}
