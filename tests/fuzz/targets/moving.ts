/** What comes from elsewhere: archives, feeds and their texts, starter packs, and what two devices say to each other. */
import { decodeText } from "../../../src/app/arriving/encoding.ts";
import { ArrivalError, draftsOf, readFile } from "../../../src/app/arriving/index.ts";
import { htmlToText } from "../../../src/app/arriving/html.ts";
import { packText, readPack } from "../../../src/app/text/packs.ts";
import {
  codeOfDevice,
  decodeGiver,
  decodeTaker,
  deviceCode,
  encodeGiver,
  encodeTaker,
} from "../../../src/mesh/protocols/device/index.ts";
import { InviteError } from "../../../src/mesh/invite/index.ts";
import { ProtocolError } from "../../../src/mesh/protocols/index.ts";
import { encodeNodeId } from "../../../src/wire/index.ts";
import { create, gzipOf, outboxOf, tarEntry, tarOf, zipOf } from "../../app/archives.ts";
import { mutatedBytes, oneOf } from "../mutations.ts";
import { asBytes, asText, damagedCbor, damagedText, decoded, sameBytes, type Target } from "../target.ts";

const NOW = Date.UTC(2026, 0, 1);
const utf8 = new TextEncoder();

const outbox = outboxOf([
  create({ id: "https://a.example/1", content: "<p>One</p>" }),
  create({
    id: "https://a.example/2",
    inReplyTo: "https://a.example/1",
    summary: "x",
    attachment: [{ mediaType: "image/png", url: "media/1.png", name: "One" }],
  }),
]);
const feed =
  '{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","content_html":"<b>a</b><img alt=\'a\' src=\'data:image/png;base64,iVBORw==\'>","tags":["x"]}]}';
const files: readonly Uint8Array[] = [
  zipOf({ "outbox.json": outbox, "media/1.png": new Uint8Array(300) }),
  zipOf({ "a/outbox.json": outbox }, 0),
  tarOf([tarEntry("media/1.png", new Uint8Array(700)), tarEntry("outbox.json", utf8.encode(outbox))]),
  gzipOf(tarOf([tarEntry("outbox.json", utf8.encode(outbox))])),
  utf8.encode(outbox),
  utf8.encode(feed),
  utf8.encode(
    '<?xml version="1.0"?><rss><channel><item><title>a &amp; b</title><link>https://a.example/</link></item></channel></rss>',
  ),
  utf8.encode(
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml"><div>x<br/></div></content></entry></feed>',
  ),
];

const HTML = [
  '<p>Hello <a class="mention" href="https://a.example/@b">@b</a><br>and <a href="https://c.example/d">this</a></p>',
  "<ul><li>a</li><li>b &amp; c</li></ul><pre>  x\n y</pre><!-- no --><script>alert(1)</script>",
  "<blockquote><p>&#x645;&#1607;&#x631;</p></blockquote><img alt='x' src=y><svg><text>z</text></svg>",
];

const id = encodeNodeId(new Uint8Array(32).fill(8));
const PACKS = [
  packText({
    name: "Bread",
    about: "Who bakes",
    people: [{ id, label: "Noor" }],
    scopes: ["g:europe/nl", "t:bread"],
    curated: [{ curator: id, name: "Good" }],
  }),
  `person=${id}&place=a/b`,
];

const [nonce, proof] = [new Uint8Array(16).fill(3), new Uint8Array(32).fill(4)];
const takers = [encodeTaker({ kind: "hello", nonce, proof }), encodeTaker({ kind: "received" })];
const givers = [
  encodeGiver({ kind: "welcome", nonce, proof }),
  encodeGiver({ kind: "file", size: 100_000 }),
  encodeGiver({ kind: "piece", bytes: new Uint8Array(90) }),
  encodeGiver({ kind: "no", reason: 2 }),
];
const isMalformed = (error: unknown): boolean => error instanceof ProtocolError && error.code === "MALFORMED";

const frames = <Message>(
  name: string,
  covers: string,
  seeds: readonly Uint8Array[],
  decode: (frame: Uint8Array) => Message,
  again: (message: Message) => Uint8Array,
): Target<Uint8Array> => ({
  name: `mesh: ${name} of /mehr/device/1`,
  covers: [covers],
  share: 3_000,
  input: (random) => damagedCbor(seeds, random),
  check(frame) {
    const message = decoded(() => decode(frame), isMalformed);
    if (message === undefined) return false;
    sameBytes(again(message), frame);
    return true;
  },
  text: asBytes,
});

const archives: Target<Uint8Array> = {
  name: "app: archives and feeds of other places",
  covers: ["app/arriving/read.ts#readFile", "app/arriving/encoding.ts#decodeText", "app/arriving/xml.ts#xmlRoot"],
  share: 3_000,
  input: (random) => mutatedBytes(oneOf(random, files), random, oneOf(random, files)),
  async check(bytes) {
    decoded(
      () => decodeText(bytes),
      (error) => error instanceof ArrivalError,
    );
    let arrived;
    try {
      arrived = await readFile(new Blob([new Uint8Array(bytes)]), { now: NOW });
    } catch (error) {
      if (error instanceof ArrivalError) return false;
      throw error;
    }
    const paths = arrived.posts.flatMap(({ files }) => files.map(({ source }) => source));
    const named = new Set(paths.filter((source) => typeof source === "string"));
    await arrived.archive
      ?.each(named, async () => true, new AbortController().signal)
      .catch((error: unknown) => {
        if (!(error instanceof ArrivalError)) throw error;
      });
    const drafts = draftsOf(arrived.posts, {
      scopes: [],
      matterOf: () => ({}),
      origin: null,
      now: NOW,
      newId: () => "a",
    });
    if (drafts.length !== arrived.posts.length) throw new Error("a post was lost or doubled");
    return true;
  },
  text: asBytes,
};

const html: Target<string> = {
  name: "app: text of markup",
  covers: ["app/arriving/html.ts#htmlToText"],
  share: 6_000,
  input: (random) => damagedText(HTML, random),
  check(input) {
    const text = htmlToText(input);
    // Nothing is added but the signs of lists, lines, and addresses that stand in it.
    if (text.length > input.length * 4 + 16) throw new Error(`${text.length} characters of ${input.length}`);
    if (/<script|<svg|<!--/iu.test(text) && !/&lt;|&#|&amp;/iu.test(input)) throw new Error(`markup in ${text}`);
    return text !== "";
  },
  text: asText,
};

const packs: Target<string> = {
  name: "app: links of starter packs",
  covers: ["app/text/packs.ts#readPack"],
  share: 4_000,
  input: (random) => damagedText(PACKS, random),
  check(text) {
    const pack = readPack(text);
    if (pack === null) return false;
    const again = JSON.stringify(readPack(packText(pack)));
    if (again !== JSON.stringify(pack)) throw new Error(`a pack that is another one in its own link: ${again}`);
    return true;
  },
  text: asText,
};

const codes: Target<string> = {
  name: "mesh: codes of devices as text",
  covers: ["mesh/protocols/device/code.ts#deviceCode"],
  share: 2_000,
  input: (random) => damagedText([codeOfDevice({ offer: "abcd_-", secret: new Uint8Array(16).fill(5) })], random),
  check(text) {
    const code = decoded(
      () => deviceCode(text),
      (error) => error instanceof InviteError && error.code === "INVITE_MALFORMED",
    );
    if (code === undefined) return false;
    if (deviceCode(codeOfDevice(code)).offer !== code.offer) throw new Error("another offer in its own text");
    return true;
  },
  text: asText,
};

export const movingTargets: readonly Target[] = [
  frames("words of a taker", "mesh/protocols/device/messages.ts#decodeTaker", takers, decodeTaker, encodeTaker),
  frames("words of a giver", "mesh/protocols/device/messages.ts#decodeGiver", givers, decodeGiver, encodeGiver),
  archives,
  html,
  packs,
  codes,
];
