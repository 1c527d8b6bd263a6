/** What somebody wrote elsewhere, read from files that may be anything. */
import { strToU8 } from "fflate";
import { describe, expect, it } from "vitest";
import { ArrivalError, draftsOf, readFile, type Arrived, type ArrivedPost } from "../../src/app/arriving/index.ts";
import { decodeText } from "../../src/app/arriving/encoding.ts";
import { inOrder } from "../../src/app/arriving/posts.ts";
import { declaresEntities } from "../../src/app/arriving/xml.ts";
import { compose } from "../../src/social/compose.ts";
import { parseDraft } from "../../src/peer/drafts.ts";
import { scopeFromKey } from "../../src/wire/index.ts";
import { create, gzipOf, outboxOf, PUBLIC, tarEntry, tarOf, zipOf } from "./archives.ts";

const NOW = Date.UTC(2026, 0, 1);
const read = (bytes: BlobPart, signal?: AbortSignal): Promise<Arrived> =>
  readFile(new Blob([bytes]), signal === undefined ? { now: NOW } : { now: NOW, signal });

/** The code of what a file is refused with. */
async function refusal(bytes: BlobPart): Promise<string> {
  return await read(bytes).then(
    () => "none",
    (error: unknown) => (error instanceof ArrivalError ? error.code : `not refused but ${String(error)}`),
  );
}

const POSTS = [
  create({ id: "https://elsewhere.example/1", content: "<p>First &amp; foremost</p>" }),
  create({
    id: "https://elsewhere.example/2",
    content: "<p>Second<br>line</p>",
    inReplyTo: "https://elsewhere.example/1",
    published: "2022-11-06T10:00:00Z",
  }),
  { type: "Announce", object: "https://other.example/9", id: "https://elsewhere.example/3" },
  create({ id: "https://elsewhere.example/4", to: ["https://elsewhere.example/me/followers"] }),
  create({ id: "https://elsewhere.example/5", to: ["https://other.example/someone"] }),
  create({ id: "https://elsewhere.example/6", inReplyTo: "https://other.example/7", summary: "About &lt;food&gt;" }),
  create({ id: "https://elsewhere.example/7", content: "", attachment: [{ type: "Document" }, { type: "Document" }] }),
];

describe("an archive of Mastodon", () => {
  const outbox = outboxOf(POSTS);
  const picture = new Uint8Array(5_000).map((_, at) => (at * 7_919) % 251);
  it.each([
    ["zip", zipOf({ "avatar.png": picture, "outbox.json": outbox, "actor.json": "{}" })],
    ["zip without packing, in a folder", zipOf({ "archive-1/outbox.json": outbox }, 0)],
    ["tar.gz", gzipOf(tarOf([tarEntry("media/1.png", picture), tarEntry("outbox.json", strToU8(outbox))]))],
    ["tar", tarOf([tarEntry("./outbox.json", strToU8(outbox))])],
    ["outbox.json by itself", strToU8(outbox)],
    ["outbox.json with a mark of its encoding", strToU8(`\ufeff${outbox}`)],
  ])("gives its posts: %s", async (_what, bytes) => {
    const { kind, posts, skipped } = await read(bytes);
    expect({ kind, skipped }).toEqual({ kind: "mastodon", skipped: 1 });
    expect(posts[0]).toEqual({
      id: "https://elsewhere.example/2",
      parent: "https://elsewhere.example/1",
      isAnswer: true,
      published: Date.UTC(2022, 10, 6, 10),
      headline: "",
      text: "Second\nline",
      link: "https://elsewhere.example/2",
      files: [],
      audience: "public",
      isSensitive: false,
    });
    const byId = new Map(posts.map((post) => [post.id.at(-1), post]));
    expect(byId.get("1")).toMatchObject({ text: "First & foremost", isAnswer: false, parent: null });
    expect(byId.get("4")).toMatchObject({ audience: "followers" });
    expect(byId.get("5")).toMatchObject({ audience: "direct" });
    expect(byId.get("6")).toMatchObject({ isAnswer: true, parent: null, headline: "About <food>" });
    expect(byId.get("7")).toMatchObject({ text: "", files: [{ source: null }, { source: null }] });
  });

  it("says what its author covered, and keeps the choices of polls", async () => {
    const named = (...names: readonly unknown[]) => names.map((name) => ({ type: "Note", name, replies: {} }));
    const poll = { type: "Question", content: "<p>Tea?</p>" };
    const { posts } = await read(
      outboxOf([
        create({ id: "a:1", sensitive: true, summary: "Blood", attachment: [{ type: "Document" }] }),
        create({ id: "a:2", sensitive: "yes" }),
        create({ id: "a:3", ...poll, oneOf: named("Yes, <b>black</b>", "No\nthanks") }),
        create({ id: "a:4", ...poll, content: "", anyOf: [...named("چای", "", 7), null, "Milk"] }),
        create({ id: "a:5", ...poll, oneOf: named(...Array.from({ length: 500 }, (_, at) => `Choice ${at}`)) }),
        create({ id: "a:6", oneOf: named("no poll") }),
        create({ id: "a:7", ...poll, oneOf: { name: "no list" } }),
        // With a warning and without pictures, there is nothing to cover.
        create({ id: "a:8", sensitive: true, summary: "Long" }),
      ]),
    );
    const byId = new Map(posts.map((post) => [post.id.at(-1), post]));
    expect(byId.get("1")).toMatchObject({ isSensitive: true, headline: "Blood", text: "Hello" });
    expect(byId.get("2")).toMatchObject({ isSensitive: false });
    expect(byId.get("3")).toMatchObject({ text: "Tea?\n\n- Yes, <b>black</b>\n- No thanks", isSensitive: false });
    expect(byId.get("4")).toMatchObject({ text: "- چای", isSensitive: false });
    expect(byId.get("5")?.text.split("\n").slice(2)).toEqual(Array.from({ length: 64 }, (_, at) => `- Choice ${at}`));
    expect(byId.get("6")).toMatchObject({ text: "Hello" });
    expect(byId.get("7")).toMatchObject({ text: "Tea?" });
    expect(byId.get("8")).toMatchObject({ headline: "Long", isSensitive: false });
  });

  it("with a long name in tar is found behind it", async () => {
    const long = `${"a".repeat(120)}/b.png`;
    const gnu = [tarEntry("././@LongLink", strToU8(`${long}\0`), "L"), tarEntry("x", picture)];
    const record = `path=${long}\n`;
    const pax = `${String(record.length + 4)} ${record}`;
    const entries = [...gnu, tarEntry("PaxHeaders/x", strToU8(pax), "x"), tarEntry("y", picture)];
    const { posts } = await read(tarOf([...entries, tarEntry("outbox.json", strToU8(outbox))]));
    expect(posts).toHaveLength(6);
  });

  it.each([
    ["../outbox.json"],
    ["a/../../outbox.json"],
    ["/etc/outbox.json"],
    ["C:\\outbox.json"],
    ["..\\outbox.json"],
  ])("with a path that climbs out is refused whole: %s", async (name) => {
    expect(await refusal(zipOf({ "outbox.json": outbox, [name]: "x" }))).toBe("ARCHIVE_PATHS");
    expect(await refusal(tarOf([tarEntry(name, strToU8("x")), tarEntry("outbox.json", strToU8(outbox))]))).toBe(
      "ARCHIVE_PATHS",
    );
  });

  it("that is a bomb is not unpacked to its end", async () => {
    const zeros = new Uint8Array(20 * 1_048_576);
    expect(await refusal(zipOf({ "outbox.json": zeros }))).toBe("ARCHIVE_BOMB");
    expect(await refusal(gzipOf(tarOf([tarEntry("media/0", zeros), tarEntry("outbox.json", strToU8(outbox))])))).toBe(
      "ARCHIVE_BOMB",
    );
  });

  it("that is cut off, altered or foreign says so", async () => {
    const zip = zipOf({ "outbox.json": outbox });
    expect(await refusal(zip.slice(0, -10))).toBe("ARCHIVE_DAMAGED");
    expect(await refusal(zipOf({ "twitter.json": "{}" }))).toBe("ARCHIVE_FOREIGN");
    const gzip = gzipOf(tarOf([tarEntry("outbox.json", strToU8(outbox.repeat(50)))]));
    expect(await refusal(gzip.slice(0, -200))).toBe("ARCHIVE_DAMAGED");
    expect(await refusal(gzipOf(strToU8("neither text nor archive")))).toBe("ARCHIVE_DAMAGED");
    const encrypted = zip.slice();
    const list = encrypted.findLastIndex((byte, at) => byte === 0x50 && encrypted[at + 2] === 0x01);
    encrypted[list + 8] = (encrypted[list + 8] ?? 0) | 1;
    expect(await refusal(encrypted)).toBe("ARCHIVE_ENCRYPTED");
    // A list that promises more than there is.
    const lying = zip.slice();
    new DataView(lying.buffer).setUint32(list + 24, outbox.length + 1, true);
    expect(await refusal(lying)).toBe("ARCHIVE_DAMAGED");
  });

  it("of 50,000 posts is read in pieces, and can be given up", async () => {
    const many = Array.from({ length: 50_000 }, (_, at) =>
      create({
        id: `https://elsewhere.example/${at}`,
        content: `<p>Number ${at} of many ${((at * 2_654_435_761) >>> 0).toString(36).repeat(9)}</p>`,
        published: new Date(Date.UTC(2020, 0, 1) + at * 60_000).toISOString(),
      }),
    );
    const zip = zipOf({ "outbox.json": outboxOf(many) });
    const seen: number[] = [];
    const { posts } = await readFile(new Blob([zip]), { now: NOW, onProgress: (found) => seen.push(found) });
    expect(posts).toHaveLength(50_000);
    expect(posts[0]?.id).toBe("https://elsewhere.example/49999");
    expect(seen.length).toBeGreaterThan(3);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    const controller = new AbortController();
    const given = readFile(new Blob([zip]), {
      now: NOW,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("enough")),
    });
    await expect(given).rejects.toThrow("enough");
  }, 60_000);
});

describe("a JSON feed", () => {
  const feed = (items: readonly unknown[]): string =>
    JSON.stringify({ version: "https://jsonfeed.org/version/1.1", title: "A blog", author: { items: [1] }, items });

  it("gives its items", async () => {
    const { kind, posts } = await read(
      feed([
        { id: "1", title: "One", content_html: "<p>Text <b>bold</b></p>", url: "https://b.example/1" },
        { id: "2", content_text: "Plain", date_published: "2024-02-03T04:05:06+01:00", image: "https://b.example/p" },
        { id: "3", url: "javascript:alert(1)" },
        "no item",
      ]),
    );
    expect(kind).toBe("feed");
    expect(posts).toMatchObject([
      { id: "2", text: "Plain", published: Date.UTC(2024, 1, 3, 3, 5, 6), files: [{ source: null }], link: null },
      { id: "1", headline: "One", text: "Text bold", published: null, link: "https://b.example/1" },
    ]);
  });

  it("of a hundred megabytes is read in pieces", async () => {
    const item = JSON.stringify({ content_text: "w ".repeat(30_000) });
    const parts: BlobPart[] = ['{"items":['];
    for (let at = 0; at < 1_700; at++) parts.push(at === 0 ? "" : ",", `{"id":"${at}",${item.slice(1)}`);
    const file = new Blob([...parts, "]}"]);
    expect(file.size).toBeGreaterThan(100_000_000);
    const { posts } = await readFile(file, { now: NOW });
    expect(posts).toHaveLength(1_700);
  }, 60_000);

  it.each([
    ["cut off", '{"items":[{"id":"1","content_text":"a"},{"id"', "FILE_DAMAGED"],
    ["without items", '{"items":[]}', "FILE_NO_POSTS"],
    ["with brackets that do not fit", '{"items":[{"id":"1"]}]', "FILE_DAMAGED"],
    ["with items elsewhere", '{"a":{"items":[{"id":"1","content_text":"a"}]}}', "FILE_NO_POSTS"],
  ])("%s says so", async (_what, text, code) => {
    expect(await refusal(text)).toBe(code);
  });
});

describe("other files", () => {
  it.each([
    ["nothing", "", "FILE_EMPTY"],
    ["a text", "Dear diary,", "FILE_UNKNOWN"],
    ["a picture", new Uint8Array([0x89, 0x50, 0x4e, 0x47]), "FILE_UNKNOWN"],
    ["XML that declares entities", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><rss/>', "FILE_ENTITIES"],
    ["XML in an encoding that nobody knows", '<?xml version="1.0" encoding="klingon-8"?><rss/>', "FILE_ENCODING"],
    [
      "XML that is not in its encoding",
      Buffer.from('<?xml version="1.0" encoding="utf-8"?><rss>\xe9</rss>', "latin1"),
      "FILE_ENCODING",
    ],
    ["JSON in Latin-1", Buffer.from('{"items":[{"id":"\xe9"}]}', "latin1"), "FILE_ENCODING"],
  ])("are refused: %s", async (_what, bytes, code) => {
    expect(await refusal(bytes as BlobPart)).toBe(code);
  });

  it("XML of a hundred megabytes is refused before it is read", async () => {
    const file = new Blob(["<rss>", new Uint8Array(100_000_000), "</rss>"]);
    await expect(readFile(file, { now: NOW })).rejects.toMatchObject({ code: "FILE_TOO_LARGE" });
  });
});

describe("encodings", () => {
  it("are those that the file tells", () => {
    const utf16 = new Uint8Array([
      0xff,
      0xfe,
      ...new Uint8Array(Uint16Array.from("<a>é</a>", (c) => c.charCodeAt(0)).buffer),
    ]);
    expect(decodeText(utf16)).toBe("<a>é</a>");
    const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>caf\xe9</a>', "latin1");
    expect(decodeText(latin)).toContain("café");
    expect(decodeText(Buffer.from("<a>چای</a>"))).toBe("<a>چای</a>");
  });

  it("an entity is looked for before the first element only", () => {
    expect(declaresEntities("<!-- <!DOCTYPE [ --><?a <!DOCTYPE [ ?><rss><!DOCTYPE a [</rss>")).toBe(false);
    expect(declaresEntities('<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "rss.dtd"><rss/>')).toBe(false);
    expect(declaresEntities("<!DOCTYPE a [ ]><rss/>")).toBe(true);
    expect(declaresEntities("<!DOCTYPE a")).toBe(true);
  });
});

describe("drafts of what was chosen", () => {
  const post = (id: string, change: Partial<ArrivedPost> = {}): ArrivedPost => ({
    id,
    parent: null,
    isAnswer: false,
    published: Date.UTC(2020, 0, 1) + Number(id),
    headline: "",
    text: `text ${id}`,
    link: null,
    files: [],
    audience: "public",
    isSensitive: false,
    ...change,
  });
  const choices = {
    scopes: ["g:cyberspace/commons"],
    matterOf: () => ({}),
    origin: null,
    now: NOW,
    newId: () => crypto.randomUUID(),
  };

  it("are in their order, whatever goes on from something behind it", () => {
    const posts = [post("3", { parent: "5" }), post("2"), post("5"), post("1", { published: null })];
    expect(inOrder(posts).map(({ id }) => id)).toEqual(["2", "5", "3", "1"]);
    const circle = [post("1", { parent: "2" }), post("2", { parent: "1" })];
    expect(
      inOrder(circle)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(["1", "2"]);
  });

  it("can be published as they are, however long or broken what they are made of", () => {
    const posts = [
      post("1", { headline: "h".repeat(400), text: "ژ".repeat(60_000) }),
      post("2", { headline: "\ud800 half", text: "half \udc00 a letter" }),
      post("3", { headline: "A headline that fits", text: "" }),
    ];
    const drafts = draftsOf(posts, { ...choices, origin: ({ id }) => `from ${id}` });
    for (const { draft } of drafts) {
      const composed = compose(parseDraft(draft), {
        author: new Uint8Array(32),
        home: scopeFromKey("g:cyberspace/commons"),
        now: NOW,
      });
      expect(composed.problems).toEqual([]);
    }
    expect(drafts[0]?.draft.text).toMatch(/^h{400}\n\nژ/u);
    expect(drafts[0]?.draft.text).toMatch(/ژ\n\n\[…\]\n\nfrom 1$/u);
    expect(drafts[2]?.draft).toMatchObject({ headline: "A headline that fits", text: "from 3" });
  });

  it("are marked where their author covered them, within the limits, and never for more people than before", () => {
    const place = "g:europe/nl";
    // Two of these take 1,013 of the 1,024 bytes that there are for scopes.
    const long = (letter: string) =>
      `t:${Array.from({ length: 8 }, (_, at) => letter.repeat(30) + String(at)).join("/")}`;
    const marked = (...scopes: string[]) =>
      draftsOf([post("1", { isSensitive: true }), post("2")], { ...choices, scopes }).map(({ draft }) => draft.scopes);
    expect(marked(place)).toEqual([[place, "t:sensitive"], [place]]);
    expect(marked("t:tea")).toEqual([["t:sensitive", "t:tea"], ["t:tea"]]);
    const three = [place, "t:a", "t:b", "t:c"];
    expect(marked(...three)).toEqual([[place, "t:sensitive", "t:a", "t:b"], three]);
    // It says so already.
    const said = [place, "t:a", "t:b", "t:art/nsfw"];
    expect(marked(...said)).toEqual([said, said]);
    expect(marked()).toEqual([[], []]);
    const filled = [long("ب"), long("پ")];
    const [first] = marked(...filled);
    expect(first).toEqual(["t:sensitive", long("ب")]);
    for (const scopes of [filled, first]) {
      const [made] = draftsOf([post("3")], { ...choices, scopes: scopes! });
      const context = { author: new Uint8Array(32), home: scopeFromKey(place), now: NOW };
      expect(compose(parseDraft(made!.draft), context).problems).toEqual([]);
    }
  });

  it("of everybody's words are nobody's boosts", async () => {
    const { posts } = await read(outboxOf([{ type: "Announce" }, create({ id: "a:1", to: [], cc: [PUBLIC] })]));
    expect(posts).toMatchObject([{ audience: "public", link: null }]);
  });
});
