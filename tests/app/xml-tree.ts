/** A tree like the browser's of a document, for what is read out of feeds. Well-formed input only, written by tests. */
import type { XmlElement } from "../../src/app/arriving/xml-feed.ts";

const NAMESPACES: Readonly<Record<string, string>> = {
  content: "http://purl.org/rss/1.0/modules/content/",
  dc: "http://purl.org/dc/elements/1.1/",
  media: "http://search.yahoo.com/mrss/",
  xhtml: "http://www.w3.org/1999/xhtml",
};

class TreeElement implements XmlElement {
  readonly nodeType = 1;
  readonly localName: string;
  readonly namespaceURI: string | null;
  readonly childNodes: (TreeElement | { readonly nodeType: 3; readonly textContent: string })[] = [];
  readonly #attributes: ReadonlyMap<string, string>;

  constructor(name: string, attributes: ReadonlyMap<string, string>) {
    const [prefix = "", local] = name.split(":");
    this.localName = local ?? prefix;
    this.namespaceURI = local === undefined ? null : (NAMESPACES[prefix] ?? null);
    this.#attributes = attributes;
  }

  get children(): XmlElement[] {
    return this.childNodes.filter((node) => node instanceof TreeElement);
  }

  get textContent(): string {
    return this.childNodes.map((node) => node.textContent).join("");
  }

  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null;
  }
}

const plain = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");

export function xmlTree(text: string): XmlElement {
  const root = new TreeElement("document", new Map());
  const open = [root];
  for (const [, cdata, closing, name, attributes = "", empty, words] of text.matchAll(
    /<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w:]+)>|<([\w:]+)((?:\s+[\w:]+="[^"]*")*)\s*(\/?)>|([^<]+)/gu,
  )) {
    const top = open.at(-1)!;
    if (closing !== undefined) open.pop();
    else if (name === undefined) top.childNodes.push({ nodeType: 3, textContent: cdata ?? plain(words ?? "") });
    else {
      const pairs = [...attributes.matchAll(/([\w:]+)="([^"]*)"/gu)];
      const made = new TreeElement(name, new Map(pairs.map(([, key = "", value = ""]) => [key, plain(value)])));
      top.childNodes.push(made);
      if (empty === "") open.push(made);
    }
  }
  return root.children[0]!;
}
