/**
 * Reads XML into a small tree: names, attributes and text, which is all that feeds consist of. Not the browser's own parser,
 * which makes real elements, so that styles and errors in a stranger's file are matters of the page's own security policy, and a
 * tree of twenty times the size. Nothing is fetched, and there are no entities but those of every document.
 */
import { ArrivalError } from "./errors.ts";

/** Deeper than any feed; a document of nothing but depth would exhaust whoever walks it. */
const MAX_DEPTH = 256;
const SPACE = /\s*/y;
const NAME = /[^\s<>/=&"'!?]+/y;
const ATTRIBUTE = /\s+([^\s<>/=&"']+)\s*=\s*("[^"<]*"|'[^'<]*')/y;

interface XmlText {
  readonly nodeType: 3;
  readonly textContent: string;
}

export class XmlElement {
  readonly nodeType = 1;
  /** With its prefix, as it is written. */
  readonly name: string;
  readonly localName: string;
  readonly namespaceURI: string | null;
  readonly childNodes: (XmlElement | XmlText)[] = [];
  readonly #attributes: ReadonlyMap<string, string>;
  readonly #declares: boolean;
  /** The next one around it that declares namespaces: a list of its own for each would take far more than the text. */
  readonly #declaring: XmlElement | null;

  constructor(name: string, attributes: ReadonlyMap<string, string>, around: XmlElement | null) {
    const [prefix = "", local] = name.split(":");
    this.name = name;
    this.localName = local ?? prefix;
    this.#attributes = attributes;
    this.#declaring = around === null || around.#declares ? around : around.#declaring;
    this.#declares = [...attributes.keys()].some((key) => key === "xmlns" || key.startsWith("xmlns:"));
    this.namespaceURI = this.#declared(local === undefined ? "xmlns" : `xmlns:${prefix}`);
  }

  get children(): XmlElement[] {
    return this.childNodes.filter((node) => node.nodeType === 1);
  }

  get textContent(): string {
    return this.childNodes.map((node) => node.textContent).join("");
  }

  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null;
  }

  /** Goes up, which ends soon: nothing is deeper than `MAX_DEPTH`. */
  #declared(name: string): string | null {
    const found = this.#attributes.get(name);
    if (found !== undefined || this.#declaring === null) return found ?? null;
    return this.#declaring.#declared(name);
  }
}

/**
 * The root of a document. One that declares entities is refused, since entities that name each other are how small documents
 * become large ones; it would not be read rightly either.
 * @throws ArrivalError `FILE_DAMAGED` for what is not well formed, `FILE_ENTITIES`
 */
export function xmlRoot(text: string): XmlElement {
  if (declaresEntities(text)) throw new ArrivalError("FILE_ENTITIES", "This document declares entities of its own.");
  const top = new XmlElement("", new Map(), null);
  const open = [top];
  for (let at = 0; at < text.length;) {
    const inside = open.at(-1) ?? top;
    const next = text.indexOf("<", at);
    if (next !== at) {
      const words = text.slice(at, next === -1 ? text.length : next);
      if (inside !== top) inside.childNodes.push({ nodeType: 3, textContent: withoutReferences(words) });
      else if (words.trim() !== "") throw damaged();
      if (next === -1) break;
    }
    at = read(text, next, open);
  }
  const [root, ...more] = top.children;
  if (open.length !== 1 || root === undefined || more.length > 0) throw damaged();
  return root;
}

/** Takes in what begins with the `<` at this place; gives the place behind it. */
function read(text: string, at: number, open: XmlElement[]): number {
  if (text.startsWith("<!--", at)) return behind(text, "-->", at + 4);
  if (text.startsWith("<![CDATA[", at)) {
    const end = behind(text, "]]>", at + 9);
    open.at(-1)?.childNodes.push({ nodeType: 3, textContent: text.slice(at + 9, end - 3) });
    return end;
  }
  if (text.startsWith("<?", at)) return behind(text, "?>", at + 2);
  if (text.startsWith("<!", at)) return behind(text, ">", at + 2);
  if (text.startsWith("</", at)) {
    const name = nameAt(text, at + 2);
    if (open.length < 2 || open.pop()?.name !== name) throw damaged();
    const end = spaceEnd(text, at + 2 + name.length);
    if (text[end] !== ">") throw damaged();
    return end + 1;
  }
  return readElement(text, at, open);
}

function readElement(text: string, from: number, open: XmlElement[]): number {
  const name = nameAt(text, from + 1);
  let at = from + 1 + name.length;
  const attributes = new Map<string, string>();
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const found = ATTRIBUTE.exec(text);
    if (found === null) break;
    const [whole, key = "", value = ""] = found;
    attributes.set(key, withoutReferences(value.slice(1, -1)));
    at += whole.length;
  }
  at = spaceEnd(text, at);
  const isEmpty = text[at] === "/";
  if (text[at + (isEmpty ? 1 : 0)] !== ">" || open.length > MAX_DEPTH) throw damaged();
  const around = open.at(-1);
  const element = new XmlElement(name, attributes, around ?? null);
  around?.childNodes.push(element);
  if (!isEmpty) open.push(element);
  return at + (isEmpty ? 2 : 1);
}

function nameAt(text: string, at: number): string {
  NAME.lastIndex = at;
  const name = NAME.exec(text)?.[0];
  if (name === undefined) throw damaged();
  return name;
}

function spaceEnd(text: string, at: number): number {
  SPACE.lastIndex = at;
  return at + (SPACE.exec(text)?.[0].length ?? 0);
}

function behind(text: string, sign: string, from: number): number {
  const found = text.indexOf(sign, from);
  if (found === -1) throw damaged();
  return found + sign.length;
}

const PREDEFINED: Readonly<Record<string, string>> = { amp: "&", apos: "'", gt: ">", lt: "<", quot: '"' };

/** Those of every document. Others, which old feeds borrow from HTML, stay for whoever reads the HTML. */
function withoutReferences(text: string): string {
  if (!text.includes("&")) return text;
  return text.replaceAll(/&(?:(amp|apos|gt|lt|quot)|#x([0-9a-f]{1,6})|#(\d{1,7}));/giu, (whole, name, hex, decimal) => {
    if (name !== undefined) return PREDEFINED[String(name)] ?? whole;
    const point = hex === undefined ? Number.parseInt(String(decimal), 10) : Number.parseInt(String(hex), 16);
    const isCharacter = point > 0 && point <= 0x10_ffff && (point < 0xd800 || point > 0xdfff);
    return isCharacter ? String.fromCodePoint(point) : "\ufffd";
  });
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

function damaged(): ArrivalError {
  return new ArrivalError("FILE_DAMAGED", "This document is not well formed.");
}
