/** Pictures and other files that come with posts from elsewhere: named by archives and feeds that may say anything. */
import { strToU8 } from "fflate";
import { describe, expect, it } from "vitest";
import { readFile, type Archive, type Arrived, type ArrivedFile } from "../../src/app/arriving/index.ts";
import { MAX_FILES } from "../../src/app/arriving/files.ts";
import { imagesIn } from "../../src/app/arriving/html-images.ts";
import { create, gzipOf, outboxOf, tarEntry, tarOf, zipOf } from "./archives.ts";

const NOW = Date.UTC(2026, 0, 1);
const PATH = "media_attachments/files/000/000/001/original/a.png";
const { signal } = new AbortController();
const picture = new Uint8Array(5_000).map((_, at) => (at * 7_919) % 251);

const read = (bytes: BlobPart): Promise<Arrived> => readFile(new Blob([bytes]), { now: NOW });
const outboxWith = (...urls: unknown[]): string =>
  outboxOf([
    create({
      id: "https://elsewhere.example/1",
      attachment: urls.map((url) => ({
        type: "Document",
        mediaType: "image/png",
        url,
        name: "A cat",
        blurhash: "abc",
      })),
    }),
  ]);
const filesOf = async (bytes: BlobPart): Promise<readonly ArrivedFile[]> => (await read(bytes)).posts[0]?.files ?? [];

/** What each path gave: its length, or the code of why it gave nothing. */
async function given({ archive }: Arrived, ...paths: string[]): Promise<Record<string, number | string>> {
  const found: Record<string, number | string> = {};
  await archive?.each(
    new Set(paths),
    async (path, file) => {
      found[path] = file instanceof Blob ? file.size : file.code;
      return true;
    },
    signal,
  );
  return found;
}

describe("files of an archive", () => {
  it.each([[PATH], [`/${PATH}`], [`/system/${PATH}`], [`https://files.elsewhere.example/cache/${PATH}?1700000000`]])(
    "are named by path or address: %s",
    async (url) => {
      expect(await filesOf(outboxWith(url))).toEqual([
        { name: PATH, words: "A cat", contentType: "image/png", blurhash: "abc", source: PATH },
      ]);
    },
  );

  it.each([
    ["../../etc/passwd"],
    ["media_attachments/../../../etc/passwd"],
    ["..\\secret.png"],
    ["//server/share.png"],
    ["https://elsewhere.example/picture.png"],
    ["javascript:alert(1)"],
    ["https://"],
    ["x".repeat(2_000)],
  ])("that lie elsewhere are named and never looked for: %s", async (url) => {
    const [file] = await filesOf(zipOf({ "outbox.json": outboxWith(url) }));
    expect(file?.source).toBeNull();
    expect(file?.name).toContain(url.slice(0, 5));
  });

  it("are no more than can be looked at, and may be anything", async () => {
    const many = Array.from({ length: 500 }, (_, at) => `media_attachments/${at}.png`);
    expect(await filesOf(outboxWith(...many))).toHaveLength(MAX_FILES);
    const strange = outboxOf([create({ id: "https://a.example/1", attachment: ["x", null, 7, { url: 7, name: {} }] })]);
    expect(await filesOf(strange)).toEqual([{ name: "", words: "", contentType: "", blurhash: null, source: null }]);
  });

  const outbox = outboxWith(PATH, "media_attachments/missing.png");
  it.each([
    ["zip", zipOf({ "outbox.json": outbox, [PATH]: picture }), true],
    ["zip with a folder, stored", zipOf({ "archive/outbox.json": outbox, [`archive/${PATH}`]: picture }, 0), true],
    ["tar.gz", gzipOf(tarOf([tarEntry(PATH, picture), tarEntry("outbox.json", strToU8(outbox))])), false],
    ["tar", tarOf([tarEntry("./outbox.json", strToU8(outbox)), tarEntry(`./${PATH}`, picture)]), false],
  ])("are given one after the other: %s", async (_what, bytes, isQuick) => {
    const arrived = await read(bytes);
    const archive = arrived.archive as Archive;
    expect(await given(arrived, PATH, "media_attachments/missing.png")).toEqual({
      [PATH]: picture.length,
      "media_attachments/missing.png": "ARCHIVE_FOREIGN",
    });
    expect(archive.sizeOf(PATH)).toBe(isQuick ? picture.length : null);
    expect(archive.one !== null).toBe(isQuick);
    if (archive.one === null) return;
    expect(new Uint8Array(await (await archive.one(PATH, signal)).arrayBuffer())).toEqual(picture);
    expect(archive.sizeOf("media_attachments/missing.png")).toBeUndefined();
    await expect(archive.one("../outbox.json", signal)).rejects.toMatchObject({ code: "ARCHIVE_PATHS" });
    await expect(archive.one(PATH, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  });

  it("that are bombs, too large or damaged do not keep back the others", async () => {
    const zeros = new Uint8Array(20 * 1_048_576);
    const zip = zipOf({ "outbox.json": outbox, "bomb.png": zeros, "broken.png": picture, [PATH]: picture });
    // What its list says of the third file is one byte less than it has.
    const list = [...zip.keys()].filter((at) => zip[at] === 0x50 && zip[at + 1] === 0x4b && zip[at + 2] === 0x01);
    new DataView(zip.buffer).setUint32((list[2] ?? 0) + 24, picture.length - 1, true);
    expect(await given(await read(zip), "bomb.png", "broken.png", PATH)).toEqual({
      "bomb.png": "ARCHIVE_BOMB",
      "broken.png": "ARCHIVE_DAMAGED",
      [PATH]: picture.length,
    });
    const huge = zipOf({ "outbox.json": outbox, "huge.png": picture });
    const entry = [...huge.keys()].filter((at) => huge[at] === 0x50 && huge[at + 1] === 0x4b && huge[at + 2] === 0x01);
    new DataView(huge.buffer).setUint32((entry[1] ?? 0) + 24, 0x7000_0000, true);
    expect(await given(await read(huge), "huge.png")).toEqual({ "huge.png": "FILE_TOO_LARGE" });
  });

  it("that come behind where a tar is cut off are damaged, and those before it are not", async () => {
    const entries = [tarEntry("outbox.json", strToU8(outbox)), tarEntry(PATH, picture), tarEntry("b.png", picture)];
    const arrived = await read(tarOf(entries).slice(0, -4_000));
    expect(await given(arrived, "c.png", PATH, "b.png")).toEqual({
      [PATH]: picture.length,
      "b.png": "ARCHIVE_DAMAGED",
      "c.png": "ARCHIVE_DAMAGED",
    });
  });
});

describe("files of feeds", () => {
  const PIXEL = "data:image/png;base64,iVBORw0KGgo=";

  it("are those inside of it; others are named and stay where they are", async () => {
    const rss = `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item>
<title>One</title><enclosure url="https://b.example/a.mp3" type="audio/mpeg"/><enclosure url="${PIXEL}" type="image/gif"/>
<content:encoded><![CDATA[<p>Text</p><img src='${PIXEL}' alt="A &amp; B"><img src="https://b.example/x.png">]]></content:encoded>
</item></channel></rss>`;
    const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>One</title><link rel="enclosure" href="${PIXEL}" title="Said"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><img src="${PIXEL}" alt="A &quot;B&quot;"/></div></content></entry></feed>`;
    const json = JSON.stringify({
      items: [
        {
          id: "1",
          image: PIXEL,
          content_html: `<IMG alt=one SRC="${PIXEL}"><image src="${PIXEL}">`,
          attachments: [{ url: "https://b.example/a.mp3", mime_type: "audio/mpeg", title: "Song" }, { url: 7 }, null],
        },
      ],
    });
    const seen = async (text: string) =>
      (await filesOf(text)).map(({ contentType, source, words }) => [
        source instanceof Blob ? source.size : source,
        contentType,
        words,
      ]);
    // The type is that of the address, whatever is said beside it.
    expect(await seen(rss)).toEqual([
      [null, "audio/mpeg", ""],
      [8, "image/png", ""],
      [8, "image/png", "A & B"],
      [null, "", ""],
    ]);
    expect(await seen(atom)).toEqual([
      [8, "image/png", "Said"],
      [8, "image/png", 'A "B"'],
    ]);
    expect(await seen(json)).toEqual([
      [8, "image/png", ""],
      [null, "audio/mpeg", "Song"],
      [8, "image/png", "one"],
    ]);
  });

  it("are read from markup in time that grows with its length, whatever it is", () => {
    expect(imagesIn(`<img src="data:,%41b" alt='x' alt="y"`)).toMatchObject([{ words: "x", source: { size: 2 } }]);
    expect(imagesIn('<img src="data:image/png;base64,***">')).toMatchObject([{ source: null }]);
    expect(imagesIn("<imgsrc='a'><img><img src><p title='<img src=b>'>")).toMatchObject([{ name: "b" }]);
    const before = performance.now();
    for (const piece of ["<img ", "<img src='", '<img src="a" ', "<img src=data:,"]) {
      expect(imagesIn(piece.repeat(200_000)).length).toBeLessThanOrEqual(MAX_FILES);
    }
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});
