/** Text out of markup: HTML as other places write it, and entries of feeds. */
import { describe, expect, it } from "vitest";
import { dateOf } from "../../src/app/arriving/dates.ts";
import { htmlToText, webAddress, withoutEntities } from "../../src/app/arriving/html.ts";
import { entriesOf, postOfEntry } from "../../src/app/arriving/xml-feed.ts";
import { xmlRoot } from "../../src/app/arriving/xml.ts";

const NOW = Date.UTC(2026, 0, 1);

describe("text of HTML", () => {
  it.each([
    ["<p>One</p><p>Two<br>lines</p>", "One\n\nTwo\nlines"],
    ["<h1>Title</h1>text", "Title\n\ntext"],
    ["<ul><li>a</li><li>b</li></ul>after", "- a\n- b\n\nafter"],
    ["a &lt;b&gt; &amp;amp; &eacute; &#233;&#xe9; &#0; &#xD800;", "a <b> &amp; &eacute; éé \ufffd \ufffd"],
    ["  many\n\t spaces  ", "many spaces"],
    ["<pre>two  spaces\n  kept</pre>", "two  spaces\n  kept"],
    ["چای <b>داغ</b>", "چای داغ"],
    ["1 < 2 and 3 > 2", "1 < 2 and 3 > 2"],
    ["<table><tr><td>a</td><td>b</td></tr></table>", "a b"],
    ["<blockquote>said</blockquote>so", "said\n\nso"],
  ])("%s", (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  it("says where links lead, unless their words do", () => {
    expect(htmlToText('<a href="https://b.example/x">here</a>.')).toBe("here (https://b.example/x).");
    expect(htmlToText('<a href="https://b.example/">https://b.example/</a>')).toBe("https://b.example/");
    expect(htmlToText('<a href="https://www.b.example/long/path">b.example/long…</a>')).toBe("b.example/long…");
    const mastodon =
      '<a href="https://b.example/a"><span class="invisible">https://</span><span class="ellipsis">b.example/a</span></a>';
    expect(htmlToText(mastodon)).toBe("https://b.example/a");
    expect(htmlToText('<a class="u-url mention" href="https://b.example/@x">@<span>x</span></a>')).toBe("@x");
    expect(htmlToText('<a class="mention hashtag" href="https://b.example/t">#<span>bread</span></a>')).toBe("#bread");
    expect(htmlToText('<a href="javascript:alert(1)">click</a>')).toBe("click");
    expect(htmlToText('<a href="https://b.example/1"><img src="x"></a>')).toBe("https://b.example/1");
  });

  it("has nothing of what is not for reading", () => {
    const hidden = "<script>alert('</p>')</script><style>p{}</style><!-- <b> --><svg><text>no</text></svg>";
    expect(htmlToText(`${hidden}<p title="a > b" onclick="x">shown</p><iframe>no</iframe>`)).toBe("shown");
    expect(htmlToText("<script>never closed <p>")).toBe("");
    expect(htmlToText("before<!-- never closed")).toBe("before");
    expect(htmlToText("before<a href='x")).toBe("before");
    expect(htmlToText("<?xml?><!DOCTYPE html>x")).toBe("x");
  });

  it("takes time in proportion, whatever it is made of", () => {
    for (const piece of ["<", "<a ", "<p>", "</", "<!--", "&amp", '<a href="', "<script", "<x='"]) {
      const began = performance.now();
      htmlToText(piece.repeat(200_000));
      expect(performance.now() - began, piece).toBeLessThan(5_000);
    }
  });

  it("knows addresses of the web and no others", () => {
    expect(webAddress(" https://b.example/a ")).toBe("https://b.example/a");
    for (const text of ["ftp://b.example", "data:text/html,x", "https://", "https://b.example/a b", ""]) {
      expect(webAddress(text), text).toBeNull();
    }
    expect(withoutEntities("&unknown; &;&")).toBe("&unknown; &;&");
  });
});

describe("dates", () => {
  it("are of both kinds, and of this age", () => {
    expect(dateOf("Sat, 05 Nov 2022 10:00:00 +0100", NOW)).toBe(Date.UTC(2022, 10, 5, 9));
    expect(dateOf("2022-11-05T10:00:00Z", NOW)).toBe(Date.UTC(2022, 10, 5, 10));
    for (const text of [null, "", "soon", "1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "2".repeat(1_000)]) {
      expect(dateOf(text, NOW), String(text)).toBeNull();
    }
  });
});

describe("entries of feeds", () => {
  const postsOf = (xml: string) => entriesOf(xmlRoot(xml))?.map((entry) => postOfEntry(entry, NOW));

  it("RSS 2.0: the whole text, not its beginning; the link, not the media", () => {
    const [post, second, empty] =
      postsOf(`<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Blog</title><item><title>A &amp;amp; B</title><link>https://b.example/1</link>
        <description>Beginning</description><content:encoded><![CDATA[<p>Beginning and <i>end</i></p>]]></content:encoded>
        <pubDate>Sat, 05 Nov 2022 10:00:00 GMT</pubDate><guid isPermaLink="false">g1</guid>
        <enclosure url="https://b.example/1.mp3"/><media:title>Not this</media:title></item>
        <item><description>&lt;p&gt;Only this&lt;/p&gt;</description><guid>https://b.example/2</guid></item>
        <item><link>https://b.example/3</link></item></channel></rss>`) ?? [];
    expect(post).toEqual({
      id: "g1",
      parent: null,
      isAnswer: false,
      published: Date.UTC(2022, 10, 5, 10),
      headline: "A & B",
      text: "Beginning and end",
      link: "https://b.example/1",
      files: [{ name: "https://b.example/1.mp3", words: "", contentType: "", blurhash: null, source: null }],
      audience: "public",
      isSensitive: false,
    });
    expect(second).toMatchObject({ headline: "", text: "Only this", link: "https://b.example/2", published: null });
    expect(empty).toBeNull();
  });

  it("RSS 1.0 in RDF: items stand beside their channel", () => {
    const posts = postsOf(
      `<rdf:RDF><channel><title>x</title></channel><item><title>One</title><dc:date>2022-11-05T10:00:00Z</dc:date></item></rdf:RDF>`,
    );
    expect(posts).toMatchObject([{ headline: "One", published: Date.UTC(2022, 10, 5, 10) }]);
  });

  it("Atom: text, HTML as text and XHTML as elements", () => {
    const posts =
      postsOf(`<feed xmlns="http://www.w3.org/2005/Atom" xmlns:xhtml="http://www.w3.org/1999/xhtml"><entry><id>tag:1</id><title type="text">1 &lt; 2</title>
      <link rel="self" href="https://b.example/self"/><link rel="alternate" href="https://b.example/1"/>
      <content type="xhtml"><xhtml:div><xhtml:p>One <xhtml:a href="https://b.example/l">link</xhtml:a></xhtml:p><xhtml:script>x &lt; 1</xhtml:script></xhtml:div></content>
      <published>2022-11-05T10:00:00Z</published><updated>2024-01-01T00:00:00Z</updated></entry>
      <entry><title type="html">&lt;b&gt;Bold&lt;/b&gt;</title><summary>&lt;p&gt;Short&lt;/p&gt;</summary><updated>2024-01-01T00:00:00Z</updated></entry></feed>`);
    expect(posts).toMatchObject([
      {
        id: "tag:1",
        headline: "1 < 2",
        text: "One link (https://b.example/l)",
        link: "https://b.example/1",
        published: Date.UTC(2022, 10, 5, 10),
      },
      { headline: "Bold", text: "Short", published: Date.UTC(2024, 0, 1) },
    ]);
  });

  it("are none of another document", () => {
    expect(entriesOf(xmlRoot("<html><body>x</body></html>"))).toBeNull();
  });

  it("that are nested two hundred deep are read, deeper ones are refused", () => {
    const deep = (depth: number) =>
      `<feed xmlns:xhtml="http://www.w3.org/1999/xhtml"><entry><content type="xhtml">${"<xhtml:div>".repeat(depth)}x${"</xhtml:div>".repeat(depth)}</content></entry></feed>`;
    expect(postsOf(deep(200))).toMatchObject([{ text: "x" }]);
    expect(() => postsOf(deep(300))).toThrow("not well formed");
  });
});

describe("XML", () => {
  it("is names, attributes and text", () => {
    const root = xmlRoot(
      `<?xml version="1.0"?>\n<!-- c --><a:r xmlns:a="urn:a" xmlns="urn:d" k='1 &lt; "2"'>t&amp;&#x41;<![CDATA[<&amp;>]]><b/><a:c >x</a:c ></a:r>\n`,
    );
    expect(root).toMatchObject({ localName: "r", namespaceURI: "urn:a", textContent: "t&A<&amp;>x" });
    expect(root.getAttribute("k")).toBe('1 < "2"');
    expect(root.getAttribute("x")).toBeNull();
    expect(Array.from(root.children, ({ localName, namespaceURI }) => [localName, namespaceURI])).toEqual([
      ["b", "urn:d"],
      ["c", "urn:a"],
    ]);
    // Borrowed from HTML, for whoever reads that.
    expect(xmlRoot("<a>caf&eacute; &#0;</a>").textContent).toBe("caf&eacute; \ufffd");
  });

  it.each([
    "<a>",
    "<a></b>",
    "</a>",
    "<a/><b/>",
    "text",
    "<a/>text",
    "<a b></a>",
    "<a b='<'/>",
    "<a",
    "<>",
    "< a/>",
    "<a><!-- </a>",
    "<a><![CDATA[</a>",
    "<a/ >",
    "",
  ])("that is not well formed is refused: %s", (text) => {
    expect(() => xmlRoot(text)).toThrow("not well formed");
  });

  it("has the namespaces that are declared nearest, and no list of them for each element", () => {
    const root = xmlRoot('<a xmlns="urn:1" xmlns:p="urn:2"><b><p:c xmlns:p="urn:3"><p:d/></p:c><p:e/><q:f/></b></a>');
    const [b] = root.children;
    expect(b?.children.map(({ namespaceURI }) => namespaceURI)).toEqual(["urn:3", "urn:2", null]);
    expect(b?.children[0]?.children[0]?.namespaceURI).toBe("urn:3");
    const declared = Array.from({ length: 10_000 }, (_, at) => ` xmlns:p${at}="urn:${at}"`).join("");
    // As a list for each of these, 200 million of them.
    const many = xmlRoot(`<a${declared}>${'<p9:b xmlns:q=""/>'.repeat(20_000)}</a>`);
    expect(many.children).toHaveLength(20_000);
    expect(many.children.at(-1)?.namespaceURI).toBe("urn:9");
  });

  it("takes time in proportion, whatever it is made of", () => {
    for (const piece of ["<a>", "<a b='", "<a ", "<!--", "<![CDATA[", "&lt", "<a b='1'", " "]) {
      const began = performance.now();
      expect(() => xmlRoot(`<r>${piece.repeat(200_000)}`)).toThrow("not well formed");
      expect(performance.now() - began, piece).toBeLessThan(5_000);
    }
  });
});
