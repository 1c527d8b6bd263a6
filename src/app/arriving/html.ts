/**
 * Text of HTML, as a person would copy it from a page. Nothing is built of it: no element, no attribute and no script of a
 * stranger's markup ever exists. One pass from left to right, in time that grows with the length of the input alone.
 */

/** What is between their tags is not for reading. */
const DROPPED: ReadonlySet<string> = new Set([
  "head",
  "iframe",
  "math",
  "noscript",
  "object",
  "script",
  "style",
  "svg",
  "template",
  "textarea",
  "title",
]);
const BLOCKS: ReadonlySet<string> = new Set(
  "address article aside blockquote dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section summary table tr ul".split(
    " ",
  ),
);
/** Those that feeds are full of. Any other name stays as it stands, which loses nothing. */
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  apos: "'",
  bull: "•",
  copy: "©",
  deg: "°",
  euro: "€",
  gt: ">",
  hellip: "…",
  laquo: "«",
  ldquo: "“",
  lrm: "\u200e",
  lsaquo: "‹",
  lsquo: "‘",
  lt: "<",
  mdash: "—",
  middot: "·",
  nbsp: " ",
  ndash: "–",
  quot: '"',
  raquo: "»",
  rdquo: "”",
  reg: "®",
  rlm: "\u200f",
  rsaquo: "›",
  rsquo: "’",
  shy: "",
  times: "×",
  trade: "™",
  zwj: "\u200d",
  zwnj: "\u200c",
};

/** The longest entity that is looked for, "&" and ";" included. */
const MAX_ENTITY = 12;

/** Replaces references to characters; what is none stays. */
export function withoutEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replaceAll(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,8});/giu, (whole: string, name: string) => {
    if (whole.length > MAX_ENTITY) return whole;
    if (!name.startsWith("#")) return ENTITIES[name] ?? whole;
    const hex = name[1] === "x" || name[1] === "X";
    const point = Number.parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
    const isCharacter = point > 0 && point <= 0x10_ffff && (point < 0xd800 || point > 0xdfff);
    return isCharacter ? String.fromCodePoint(point) : "\ufffd";
  });
}

interface Tag {
  readonly name: string;
  readonly closes: boolean;
  readonly href: string | null;
  readonly isMention: boolean;
  /** Where what follows begins. */
  readonly end: number;
}

/** Lines as they are read, spaces as they are seen. */
class Lines {
  readonly #parts: string[] = [];
  #blank = 2;
  #space = false;
  /** How many `pre` are open: their spaces count. */
  preformatted = 0;

  write(text: string): void {
    if (this.preformatted > 0) {
      for (const [at, line] of text.split(/\r\n?|\n/u).entries()) {
        if (at > 0) this.break();
        this.#put(line);
      }
      return;
    }
    const words = text.replaceAll(/[\t\n\f\r ]+/gu, " ");
    if (words.startsWith(" ")) this.#space = true;
    const trimmed = words.trim();
    if (trimmed === "") return;
    this.#put(trimmed);
    this.#space = words.endsWith(" ");
  }

  break(): void {
    this.#space = false;
    if (this.#blank >= 2) return;
    this.#blank++;
    this.#parts.push("\n");
  }

  /** What follows begins a line, if it does not already. */
  newLine(): void {
    if (this.#blank === 0) this.break();
  }

  paragraph(): void {
    while (this.#blank < 2) this.break();
  }

  get text(): string {
    return this.#parts.join("").trim();
  }

  #put(text: string): void {
    if (text === "") return;
    if (this.#space && this.#blank === 0) this.#parts.push(" ");
    this.#space = false;
    this.#blank = 0;
    this.#parts.push(text);
  }
}

/** The text of `html`, paragraphs with an empty line between them, links with their address behind them. */
export function htmlToText(html: string): string {
  const lines = new Lines();
  let link: { readonly href: string; text: string } | null = null;
  const write = (text: string): void => {
    const plain = withoutEntities(text);
    if (link !== null) link.text += plain;
    lines.write(plain);
  };
  for (let at = 0; at < html.length;) {
    const open = html.indexOf("<", at);
    if (open === -1) {
      write(html.slice(at));
      break;
    }
    if (open > at) write(html.slice(at, open));
    const tag = tagAt(html, open);
    if (tag === null) {
      write("<");
      at = open + 1;
      continue;
    }
    at = tag.end;
    if (tag.name === "a") {
      if (link !== null) lines.write(addressBehind(link));
      link = tag.closes || tag.href === null || tag.isMention ? null : { href: tag.href, text: "" };
    } else if (DROPPED.has(tag.name) && !tag.closes) {
      at = endOf(html, tag.name, at);
    } else {
      apply(lines, tag);
    }
  }
  if (link !== null) lines.write(addressBehind(link));
  return lines.text;
}

function apply(lines: Lines, { closes, name }: Tag): void {
  if (name === "br") lines.break();
  else if (name === "li") {
    if (closes) return;
    lines.newLine();
    lines.write("- ");
  } else if (name === "td" || name === "th") lines.write(" ");
  else if (BLOCKS.has(name)) lines.paragraph();
  if (name === "pre") lines.preformatted = Math.max(0, lines.preformatted + (closes ? -1 : 1));
}

/** Nothing where the link's own words say it already. */
function addressBehind({ href, text }: { readonly href: string; readonly text: string }): string {
  const said = text.trim().replace(/…$/u, "");
  const bare = href.replace(/^https?:\/\/(www\.)?/iu, "").replace(/\/$/u, "");
  if (said === "" || href.startsWith(said) || bare.startsWith(said)) return said === "" ? href : "";
  return ` (${href})`;
}

/** The tag, comment or declaration at `open`, where a `<` stands; `null` where it is a mere sign. */
function tagAt(html: string, open: number): Tag | null {
  const nothing = { name: "", closes: false, href: null, isMention: false };
  if (html.startsWith("<!--", open)) {
    const end = html.indexOf("-->", open + 4);
    return { ...nothing, end: end === -1 ? html.length : end + 3 };
  }
  if (html[open + 1] === "!" || html[open + 1] === "?") {
    const end = html.indexOf(">", open);
    return { ...nothing, end: end === -1 ? html.length : end + 1 };
  }
  const closes = html[open + 1] === "/";
  let at = open + (closes ? 2 : 1);
  const nameFrom = at;
  while (at < html.length && /[a-z0-9:-]/iu.test(html[at] ?? "")) at++;
  const name = html.slice(nameFrom, at).toLowerCase();
  if (!/^[a-z]/u.test(name)) return null;
  const from = at;
  at = tagEnd(html, from);
  const attributes = name === "a" && !closes ? html.slice(from, at) : "";
  return { name, closes, ...linkOf(attributes), end: Math.min(at + 1, html.length) };
}

/** Where the tag ends whose attributes begin at `from`: its ">". A quoted value may hold another. */
export function tagEnd(html: string, from: number): number {
  let at = from;
  for (let quote = ""; at < html.length; at++) {
    const sign = html[at] ?? "";
    if (quote !== "") {
      const end = html.indexOf(quote, at);
      if (end === -1) return html.length;
      at = end;
      quote = "";
    } else if (sign === '"' || sign === "'") {
      if (/=\s*$/u.test(html.slice(Math.max(from, at - 8), at))) quote = sign;
    } else if (sign === ">") break;
  }
  return at;
}

/** Longer addresses are no addresses, and a tag without end may be megabytes. */
const MAX_ATTRIBUTES = 8_192;

function linkOf(attributes: string): { readonly href: string | null; readonly isMention: boolean } {
  if (attributes === "" || attributes.length > MAX_ATTRIBUTES) return { href: null, isMention: false };
  const href = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/iu.exec(attributes);
  const address = webAddress(withoutEntities(href?.[1] ?? href?.[2] ?? href?.[3] ?? ""));
  const isMention = /\sclass\s*=\s*["'][^"']*\b(?:mention|hashtag)\b/iu.test(attributes);
  return { href: address, isMention };
}

/** An address of the web as it is written; `null` for anything else, scripts and data among it. */
export function webAddress(text: string): string | null {
  const trimmed = text.trim();
  if (!/^https?:\/\//iu.test(trimmed) || trimmed.length > 2_048 || /\s/u.test(trimmed)) return null;
  return URL.canParse(trimmed) ? trimmed : null;
}

function endOf(html: string, name: string, from: number): number {
  const closing = new RegExp(`</${name}[\\s>/]`, "giu");
  closing.lastIndex = from;
  const found = closing.exec(html);
  if (found === null) return html.length;
  const end = html.indexOf(">", found.index);
  return end === -1 ? html.length : end + 1;
}
