import { ArrivalError } from "./errors.ts";
import type { XmlElement } from "./xml-feed.ts";

/**
 * The root of an XML document. The browser's parser fetches nothing and runs nothing; a document type with declarations of its own is
 * refused before it, since entities that name each other are how small documents become large ones.
 * @throws ArrivalError `FILE_DAMAGED`, `FILE_ENTITIES`
 */
export function xmlRoot(text: string): XmlElement {
  if (declaresEntities(text)) throw new ArrivalError("FILE_ENTITIES", "This document declares entities of its own.");
  // Decoded already: what the declaration says of the encoding is no longer true.
  const document = new DOMParser().parseFromString(text.replace(/^\s*<\?xml[^>]*\?>/u, ""), "application/xml");
  const root = document.documentElement;
  if (document.querySelector("parsererror") !== null) {
    throw new ArrivalError("FILE_DAMAGED", "This document is not well formed.");
  }
  return root;
}

/** Looks only before the first element: what feeds write about may well be XML. */
export function declaresEntities(text: string): boolean {
  let at = 0;
  for (;;) {
    const open = text.indexOf("<", at);
    if (open === -1) return false;
    if (text.startsWith("<?", open)) at = text.indexOf("?>", open);
    else if (text.startsWith("<!--", open)) at = text.indexOf("-->", open);
    else if (text.startsWith("<!", open)) {
      const end = text.indexOf(">", open);
      return end === -1 || text.slice(open, end).includes("[");
    } else return false;
    if (at === -1) return false;
  }
}
