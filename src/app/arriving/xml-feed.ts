/** Entries of RSS (0.9 to 2.0, and 1.0 in RDF) and of Atom (RFC 4287, and 0.3 before it). */
import { dateOf } from "./dates.ts";
import { fileInFeed, MAX_FILES, type ArrivedFile } from "./files.ts";
import { imagesIn } from "./html-images.ts";
import { htmlToText, webAddress } from "./html.ts";
import type { ArrivedPost } from "./posts.ts";
import type { XmlElement } from "./xml.ts";

const XHTML = "http://www.w3.org/1999/xhtml";
const MEDIA = "http://search.yahoo.com/mrss/";

/** The entries of a feed, or `null` for a document that is none. */
export function entriesOf(root: XmlElement): readonly XmlElement[] | null {
  if (root.localName === "feed") return named(root, "entry");
  if (root.localName === "rss") return named(root, "channel").flatMap((channel) => named(channel, "item"));
  // RSS 1.0: the items stand beside their channel.
  if (root.localName === "RDF") return named(root, "item");
  return null;
}

/** One entry as a post; `null` where there is nothing to read in it. */
export function postOfEntry(entry: XmlElement, now: number): ArrivedPost | null {
  const headline = plain(first(entry, "title"));
  const content = longest([
    first(entry, "encoded"),
    first(entry, "content"),
    first(entry, "description"),
    first(entry, "summary"),
  ]);
  const text = content === null ? "" : plain(content);
  const files = filesOf(entry, content);
  if (headline === "" && text === "" && files.length === 0) return null;
  const link = linkOf(entry);
  const date =
    first(entry, "published") ??
    first(entry, "pubDate") ??
    first(entry, "date") ??
    first(entry, "issued") ??
    first(entry, "updated");
  const id = said(first(entry, "id")) || said(first(entry, "guid"));
  return {
    id: id || link || `${headline}\n${text.slice(0, 200)}`,
    parent: null,
    isAnswer: false,
    published: dateOf(date?.textContent ?? null, now),
    headline,
    text: text === headline ? "" : text,
    link,
    files,
    audience: "public",
    isSensitive: false,
  };
}

/** Text of an element that may hold text, HTML as text, or XHTML as elements. */
function plain(element: XmlElement | null): string {
  if (element === null) return "";
  if (isPlain(element)) return said(element);
  return htmlToText(htmlOf(element));
}

function htmlOf(element: XmlElement): string {
  return element.children.length > 0 ? markupOf(element) : element.textContent;
}

/** What is enclosed, RSS's way and Atom's, and what its text shows. */
function filesOf(entry: XmlElement, content: XmlElement | null): ArrivedFile[] {
  const links = named(entry, "link").filter((link) => link.getAttribute("rel") === "enclosure");
  const enclosed = [...named(entry, "enclosure"), ...links].map((element) =>
    fileInFeed(element.getAttribute("url") ?? element.getAttribute("href") ?? "", {
      contentType: element.getAttribute("type"),
      words: element.getAttribute("title"),
    }),
  );
  const shown = content === null || isPlain(content) ? [] : imagesIn(htmlOf(content));
  return [...enclosed.filter((file) => file !== null), ...shown].slice(0, MAX_FILES);
}

function isPlain(element: XmlElement): boolean {
  const type = element.getAttribute("type");
  return type === "text" || type === "text/plain";
}

/** XHTML inside of Atom, as tags for the one reader of tags: names and addresses only. */
function markupOf(element: XmlElement): string {
  const inner = element.childNodes
    .map((node) =>
      node.nodeType === 1 ? markupOf(node) : node.textContent.replaceAll("&", "&amp;").replaceAll("<", "&lt;"),
    )
    .join("");
  if (element.namespaceURI !== XHTML) return inner;
  const { localName } = element;
  const href = localName === "a" ? webAddress(element.getAttribute("href") ?? "") : null;
  const attributes = [
    ...(href === null ? [] : [["href", href]]),
    ...(localName === "img" ? ["src", "alt"].map((name) => [name, element.getAttribute(name) ?? ""]) : []),
  ].map(([name = "", value = ""]) => ` ${name}="${value.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`);
  return `<${localName}${attributes.join("")}>${inner}</${localName}>`;
}

function linkOf(entry: XmlElement): string | null {
  for (const link of named(entry, "link")) {
    const relation = link.getAttribute("rel");
    const address = link.getAttribute("href") ?? said(link);
    if (relation === null || relation === "alternate") {
      const found = webAddress(address);
      if (found !== null) return found;
    }
  }
  const guid = first(entry, "guid");
  return guid !== null && guid.getAttribute("isPermaLink") !== "false" ? webAddress(said(guid)) : null;
}

/** Feeds give a beginning and the whole; the whole is what was written. */
function longest(elements: readonly (XmlElement | null)[]): XmlElement | null {
  const given = elements.filter((element) => element !== null);
  return given.toSorted((a, b) => b.textContent.length - a.textContent.length)[0] ?? null;
}

function said(element: XmlElement | null): string {
  return (element?.textContent ?? "").trim();
}

function first(element: XmlElement, name: string): XmlElement | null {
  return named(element, name)[0] ?? null;
}

/** Children of this name, but for those of media extensions, whose titles and descriptions are about files. */
function named(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.localName === name && child.namespaceURI !== MEDIA);
}
