/** Bytes that must be refused, and the code that says why. */
import type { WireErrorCode, WireObject } from "../../src/wire/index.ts";
import { concatBytes } from "../../src/wire/index.ts";
import type { Plain } from "./plain.ts";
import { plain, plainBytes } from "./plain.ts";
import type { Sample } from "./samples.ts";
import { filled } from "./samples.ts";

export interface Invalid {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly code: WireErrorCode;
  readonly field: string | null;
}

type Change = readonly [index: number, value: Plain];

function splice(bytes: Uint8Array, at: number, remove: number, ...insert: number[]): Uint8Array {
  return concatBytes(bytes.slice(0, at), Uint8Array.from(insert), bytes.slice(at + remove));
}

function sampleNamed(all: readonly Sample[], name: string): WireObject {
  const found = all.find((sample) => sample.name === name);
  if (found === undefined) throw new Error(`no sample named ${name}`);
  return found.signed.object;
}

/** Where a value stands in the canonical bytes of an array of plain values. */
function offsetOf(values: readonly Plain[], index: number): number {
  return plainBytes(values.slice(0, index)).length;
}

/** Everything that CBOR allows and the deterministic subset does not. */
function encodings(all: readonly Sample[]): Invalid[] {
  const values = plain(sampleNamed(all, "envelope, a reply with everything"));
  const bytes = plainBytes(values);
  const at = (index: number) => offsetOf(values, index);
  const entry = (name: string, changed: Uint8Array, code: WireErrorCode, field: string | null): Invalid => ({
    name,
    bytes: changed,
    code,
    field,
  });
  const created = at(11);
  const headline = at(3);
  return [
    entry("no bytes", new Uint8Array(0), "TRUNCATED", "type"),
    entry("an array and nothing in it", Uint8Array.of(0x8e), "TRUNCATED", "type"),
    entry("a byte after the end", concatBytes(bytes, Uint8Array.of(0)), "TRAILING_BYTES", null),
    entry("the object twice", concatBytes(bytes, bytes), "TRAILING_BYTES", null),
    entry("the last byte missing", bytes.slice(0, -1), "TRUNCATED", "signature"),
    entry("ends within a text", bytes.slice(0, at(5) + 5), "TRUNCATED", "mediaHints.contentType"),
    entry("ends within a head", bytes.slice(0, created + 4), "TRUNCATED", "created"),
    entry("array head of two bytes", splice(bytes, 0, 1, 0x98, 14), "NOT_CANONICAL", "type"),
    entry(
      "array of indefinite length",
      concatBytes(splice(bytes, 0, 1, 0x9f), Uint8Array.of(0xff)),
      "NOT_CANONICAL",
      "type",
    ),
    entry("a map", splice(bytes, 0, 1, 0xa7), "NOT_CANONICAL", "type"),
    entry("a tagged array", splice(bytes, 0, 0, 0xd9, 0xd9, 0xf7), "NOT_CANONICAL", "type"),
    entry("type number of two bytes", splice(bytes, 1, 1, 0x18, 1), "NOT_CANONICAL", "type"),
    entry("type number of three bytes", splice(bytes, 1, 1, 0x19, 0, 1), "NOT_CANONICAL", "type"),
    entry("type number of five bytes", splice(bytes, 1, 1, 0x1a, 0, 0, 0, 1), "NOT_CANONICAL", "type"),
    entry("type number of nine bytes", splice(bytes, 1, 1, 0x1b, 0, 0, 0, 0, 0, 0, 0, 1), "NOT_CANONICAL", "type"),
    entry("type number as a float", splice(bytes, 1, 1, 0xf9, 0x3c, 0), "NOT_CANONICAL", "type"),
    entry("type number negative", splice(bytes, 1, 1, 0x20), "NOT_CANONICAL", "type"),
    entry("type number as text", splice(bytes, 1, 1, 0x61, 0x31), "FIELD_TYPE", "type"),
    entry("type number null", splice(bytes, 1, 1, 0xf6), "FIELD_TYPE", "type"),
    entry("length of bytes one byte longer than needed", splice(bytes, 2, 2, 0x59, 0, 32), "NOT_CANONICAL", "postHash"),
    entry("bytes in chunks", splice(bytes, 2, 2, 0x5f, 0x58, 32), "NOT_CANONICAL", "postHash"),
    entry("a reserved head", splice(bytes, 2, 2, 0x5c), "NOT_CANONICAL", "postHash"),
    entry("undefined for null", splice(bytes, 2, 34, 0xf7), "NOT_CANONICAL", "postHash"),
    entry("false for null", splice(bytes, 2, 34, 0xf4), "NOT_CANONICAL", "postHash"),
    entry("null in two bytes", splice(bytes, 2, 34, 0xf8, 22), "NOT_CANONICAL", "postHash"),
    entry("text for bytes", splice(bytes, 2, 1, 0x78), "FIELD_TYPE", "postHash"),
    entry("null for a key", splice(bytes, at(2), 34, 0xf6), "FIELD_TYPE", "author"),
    entry("text of indefinite length", splice(bytes, headline, 2, 0x7f), "NOT_CANONICAL", "headline"),
    entry("text that is no UTF-8", splice(bytes, headline + 2, 1, 0xff), "TEXT_MALFORMED", "headline"),
    entry("text with an overlong slash", splice(bytes, headline + 2, 2, 0xc0, 0xaf), "TEXT_MALFORMED", "headline"),
    entry(
      "text with half a surrogate pair",
      splice(bytes, headline + 2, 3, 0xed, 0xa0, 0x80),
      "TEXT_MALFORMED",
      "headline",
    ),
    entry("text beyond U+10FFFF", splice(bytes, headline + 2, 4, 0xf4, 0x90, 0x80, 0x80), "TEXT_MALFORMED", "headline"),
    entry("list head longer than needed", splice(bytes, at(9), 1, 0x98, 2), "NOT_CANONICAL", "references"),
    entry("time as a float", splice(bytes, created, 9, 0xfb, 0x42, 0x79, 0, 0, 0, 0, 0, 0), "NOT_CANONICAL", "created"),
    entry("time as a big number", splice(bytes, created, 1, 0xc2, 0x48), "NOT_CANONICAL", "created"),
    entry("one element too few", splice(bytes.slice(0, -66), 0, 1, 0x8d), "FIELD_COUNT", null),
    entry("one element too many", concatBytes(splice(bytes, 0, 1, 0x8f), Uint8Array.of(0xf6)), "FIELD_COUNT", null),
    entry("a type that this version does not know", Uint8Array.of(0x82, 11, 0), "TYPE_UNKNOWN", "type"),
    entry("type 0", Uint8Array.of(0x82, 0, 0), "TYPE_UNKNOWN", "type"),
    entry("a type number of 2^53", Uint8Array.of(0x82, 0x1b, 0, 0x20, 0, 0, 0, 0, 0, 0, 0), "NUMBER_RANGE", "type"),
  ];
}

const long = (count: number) => "x".repeat(count);
const hint = ["image/png", 1, null, null];
const variant = (size: number, byte: number): Plain[] => ["image/png", size, 1, 1, null, 0, filled(byte)];
const hashes = (count: number): Plain[] =>
  Array.from({ length: count }, (_, index) => concatBytes(filled(1, 30), Uint8Array.of(index >> 8, index & 0xff)));

type Row = readonly [name: string, base: string, changes: readonly Change[], code: WireErrorCode, field: string | null];

const MINIMAL = "envelope, as little as possible";
const FULL = "envelope, a reply with everything";
const BOOST = "envelope, a boost";

/** Canonical bytes that break a limit: each by one. */
const LIMIT_ROWS: readonly Row[] = [
  ["hash of 31 bytes", MINIMAL, [[1, filled(1, 31)]], "FIELD_LENGTH", "postHash"],
  ["hash of 33 bytes", MINIMAL, [[1, filled(1, 33)]], "FIELD_LENGTH", "postHash"],
  ["key of 31 bytes", MINIMAL, [[2, filled(1, 31)]], "FIELD_LENGTH", "author"],
  ["signature of 63 bytes", MINIMAL, [[13, filled(1, 63)]], "FIELD_LENGTH", "signature"],
  ["headline of 101 characters", MINIMAL, [[3, long(101)]], "TEXT_TOO_LONG", "headline"],
  ["headline of 101 characters beyond the BMP", MINIMAL, [[3, "🚲".repeat(101)]], "TEXT_TOO_LONG", "headline"],
  ["headline of no characters", MINIMAL, [[3, ""]], "TEXT_EMPTY", "headline"],
  ["summary of 281 characters", MINIMAL, [[4, long(281)]], "TEXT_TOO_LONG", "summary"],
  ["summary of no characters", MINIMAL, [[4, ""]], "TEXT_EMPTY", "summary"],
  ["17 media hints", MINIMAL, [[5, Array.from({ length: 17 }, () => hint)]], "LIST_TOO_LONG", "mediaHints"],
  ["media hint of three fields", MINIMAL, [[5, [hint.slice(0, 3)]]], "FIELD_COUNT", "mediaHints"],
  ["media hint without a type", MINIMAL, [[5, [["", 1, null, null]]]], "TEXT_EMPTY", "mediaHints.contentType"],
  [
    "media type of 101 characters",
    MINIMAL,
    [[5, [[long(101), 1, null, null]]]],
    "TEXT_TOO_LONG",
    "mediaHints.contentType",
  ],
  ["medium of 2^32 bytes", MINIMAL, [[5, [["a/b", 2 ** 32, null, null]]]], "NUMBER_RANGE", "mediaHints.size"],
  ["blurhash of 65 characters", MINIMAL, [[5, [["a/b", 1, long(65), null]]]], "TEXT_TOO_LONG", "mediaHints.blurhash"],
  [
    "description of 281 characters",
    MINIMAL,
    [[5, [["a/b", 1, null, long(281)]]]],
    "TEXT_TOO_LONG",
    "mediaHints.altText",
  ],
  [
    "two places",
    MINIMAL,
    [
      [
        6,
        [
          [0, "a"],
          [0, "b"],
        ],
      ],
    ],
    "SCOPE_COUNT",
    "scopes",
  ],
  [
    "four topics",
    MINIMAL,
    [
      [
        6,
        [
          [1, "a"],
          [1, "b"],
          [1, "c"],
          [1, "d"],
        ],
      ],
    ],
    "SCOPE_COUNT",
    "scopes",
  ],
  [
    "five scopes",
    MINIMAL,
    [
      [
        6,
        [
          [0, "a"],
          [1, "b"],
          [1, "c"],
          [1, "d"],
          [1, "e"],
        ],
      ],
    ],
    "SCOPE_COUNT",
    "scopes",
  ],
  [
    "one scope twice",
    MINIMAL,
    [
      [
        6,
        [
          [1, "a", "b"],
          [1, "a", "b"],
        ],
      ],
    ],
    "SCOPE_DUPLICATE",
    "scopes",
  ],
  ["scope without a kind", MINIMAL, [[6, [[]]]], "SCOPE_INVALID", "scopes"],
  ["scope without segments", MINIMAL, [[6, [[0]]]], "SCOPE_INVALID", "scopes"],
  [
    "scope of nine segments",
    MINIMAL,
    [[6, [[0, "a", "b", "c", "d", "e", "f", "g", "h", "i"]]]],
    "SCOPE_INVALID",
    "scopes",
  ],
  ["scope of another kind", MINIMAL, [[6, [[2, "a"]]]], "NUMBER_RANGE", "scopes"],
  ["segment of 33 characters", MINIMAL, [[6, [[0, long(33)]]]], "SCOPE_INVALID", "scopes"],
  ["segment of 129 bytes", MINIMAL, [[6, [[0, long(129)]]]], "SCOPE_INVALID", "scopes"],
  ["empty segment", MINIMAL, [[6, [[0, "a", ""]]]], "SCOPE_INVALID", "scopes"],
  ["segment in capitals", MINIMAL, [[6, [[0, "Utrecht"]]]], "SCOPE_INVALID", "scopes"],
  ["segment not in NFC", MINIMAL, [[6, [[1, "poke\u0301mon"]]]], "SCOPE_INVALID", "scopes"],
  ["segment with a slash", MINIMAL, [[6, [[0, "a/b"]]]], "SCOPE_INVALID", "scopes"],
  ["segment with a control character", MINIMAL, [[6, [[0, "a\u0000b"]]]], "SCOPE_INVALID", "scopes"],
  ["segment with a zero-width joiner", MINIMAL, [[6, [[0, "a\u200db"]]]], "SCOPE_INVALID", "scopes"],
  ["segment with a bidi override", MINIMAL, [[6, [[0, "a\u202eb"]]]], "SCOPE_INVALID", "scopes"],
  ["segment with a space", MINIMAL, [[6, [[0, "new york"]]]], "SCOPE_INVALID", "scopes"],
  [
    "scopes of 1,025 bytes",
    MINIMAL,
    [
      [
        6,
        [
          [0, ...Array<string>(8).fill("字".repeat(32))],
          [1, ...Array<string>(2).fill("字".repeat(32)), "字".repeat(15), "ab"],
        ],
      ],
    ],
    "SCOPE_SIZE",
    "scopes",
  ],
  ["33 references", MINIMAL, [[9, hashes(33)]], "LIST_TOO_LONG", "references"],
  ["content of 2^32 bytes", MINIMAL, [[10, 2 ** 32]], "NUMBER_RANGE", "contentSize"],
  ["time of 2^53", MINIMAL, [[11, 2n ** 53n]], "NUMBER_RANGE", "created"],
  ["kickback rate of 256", MINIMAL, [[12, 256]], "NUMBER_RANGE", "kickbackRate"],
  ["post with 17 media", "post", [[3, hashes(17)]], "LIST_TOO_LONG", "media"],
  ["post with 33 links", "post", [[4, Array.from({ length: 33 }, () => "a:b")]], "LIST_TOO_LONG", "links"],
  ["post with an empty link", "post", [[4, [""]]], "TEXT_EMPTY", "links"],
  ["link of 2,049 characters", "post", [[4, [long(2_049)]]], "TEXT_TOO_LONG", "links"],
  ["name of 65 characters", "profile", [[2, long(65)]], "TEXT_TOO_LONG", "displayName"],
  ["biography of 501 characters", "profile", [[3, long(501)]], "TEXT_TOO_LONG", "bio"],
  ["33 claims", "profile", [[6, hashes(33)]], "LIST_TOO_LONG", "claims"],
  ["profile sequence of 2^53", "profile", [[7, 2n ** 53n]], "NUMBER_RANGE", "sequence"],
  ["feed without a name", "curated feed", [[2, ""]], "TEXT_EMPTY", "name"],
  ["feed name of 65 characters", "curated feed", [[2, long(65)]], "TEXT_TOO_LONG", "name"],
  ["feed description of 501 characters", "curated feed", [[3, long(501)]], "TEXT_TOO_LONG", "description"],
  ["257 entries", "curated feed", [[4, hashes(257).map((hash) => [hash, 0, null])]], "LIST_TOO_LONG", "entries"],
  ["note of 281 characters", "curated feed", [[4, [[filled(1), 0, long(281)]]]], "TEXT_TOO_LONG", "entries.note"],
  ["manifest without variants", "media manifest", [[4, []]], "LIST_EMPTY", "variants"],
  [
    "17 variants",
    "media manifest",
    [[4, Array.from({ length: 17 }, (_, at) => variant(1, at))]],
    "LIST_TOO_LONG",
    "variants",
  ],
  ["nothing to store", "storage agreement", [[4, 0]], "NUMBER_RANGE", "size"],
  ["agreement for no epochs", "storage agreement", [[7, 0]], "NUMBER_RANGE", "epochs"],
  ["one signature for two parties", "storage agreement", [[11, [filled(1, 64)]]], "FIELD_COUNT", "signatures"],
  ["layout of 199 bytes", "channel state", [[1, filled(1, 199)]], "FIELD_LENGTH", "layout"],
  ["certificate of an unknown level", "promotion certificate", [[3, 5]], "NUMBER_RANGE", "level"],
  ["certificate of unknown evidence", "promotion certificate", [[5, 3]], "NUMBER_RANGE", "evidenceKind"],
  ["certificate without evidence", "promotion certificate", [[6, []]], "LIST_EMPTY", "evidence"],
  ["257 pieces of evidence", "promotion certificate", [[6, hashes(257)]], "LIST_TOO_LONG", "evidence"],
  ["claim without a kind", "identity claim", [[2, ""]], "TEXT_EMPTY", "kind"],
  ["claim kind of 33 characters", "identity claim", [[2, long(33)]], "TEXT_TOO_LONG", "kind"],
  ["claim subject of 257 characters", "identity claim", [[3, long(257)]], "TEXT_TOO_LONG", "subject"],
  ["empty proof", "identity claim", [[4, filled(1, 0)]], "FIELD_LENGTH", "proof"],
  ["proof of 1,025 bytes", "identity claim", [[4, filled(1, 1_025)]], "FIELD_LENGTH", "proof"],
];

/** Canonical bytes within the limits that contradict themselves. */
const RULE_ROWS: readonly Row[] = [
  ["neither post nor boost", MINIMAL, [[1, null]], "POST_MISSING", "postHash"],
  ["boost with a post", BOOST, [[1, filled(1)]], "BOOST_HAS_POST", "postHash"],
  ["boost with a summary", BOOST, [[4, "x"]], "BOOST_HAS_SUMMARY", "summary"],
  ["boost with a size", BOOST, [[10, 1]], "BOOST_HAS_SIZE", "contentSize"],
  ["boost that replies", BOOST, [[7, filled(1)]], "REPLY_AND_BOOST", "replyTo"],
  ["reply that boosts", FULL, [[8, filled(1)]], "REPLY_AND_BOOST", "replyTo"],
  [
    "post curated twice",
    "curated feed",
    [
      [
        4,
        [
          [filled(1), 0, null],
          [filled(1), 1, "x"],
        ],
      ],
    ],
    "ENTRY_DUPLICATE",
    "entries",
  ],
  [
    "variants from large to small",
    "media manifest",
    [[4, [variant(2, 1), variant(1, 2)]]],
    "VARIANT_ORDER",
    "variants",
  ],
  ["variant twice", "media manifest", [[4, [variant(1, 1), variant(1, 1)]]], "VARIANT_DUPLICATE", "variants"],
  [
    "width without height",
    "media manifest",
    [[4, [["a/b", 1, 1, null, null, 0, filled(1)]]]],
    "DIMENSIONS_PARTIAL",
    "variants",
  ],
  ["challenges never", "storage agreement", [[8, 0]], "CHALLENGE_INTERVAL", "challengeInterval"],
  ["challenges after the end", "storage agreement", [[8, 145]], "CHALLENGE_INTERVAL", "challengeInterval"],
  ["kickback for nobody", "storage agreement", [[9, null]], "KICKBACK_RECIPIENT", "kickbackRecipient"],
  ["agreement nobody signed", "storage agreement", [[11, [null, null]]], "SIGNATURE_MISSING", "signatures"],
  [
    "agreement with oneself",
    "storage agreement",
    [
      [2, filled(1)],
      [3, filled(1)],
    ],
    "PARTIES_SAME",
    "provider",
  ],
  [
    "receipt from oneself",
    "retrieval receipt",
    [
      [2, filled(1)],
      [3, filled(1)],
    ],
    "PARTIES_SAME",
    "provider",
  ],
  [
    "more kickback than pay",
    "retrieval receipt",
    [
      [5, 1],
      [6, 2],
    ],
    "KICKBACK_OVER_AMOUNT",
    "kickback",
  ],
  ["receipt nobody signed", "retrieval receipt", [[8, [null, null]]], "SIGNATURE_MISSING", "signatures"],
  ["a topic's level for a place", "promotion certificate", [[3, 0]], "LEVEL_SCOPE", "level"],
  ["a place's level for a topic", "promotion certificate", [[4, [1, "a"]]], "LEVEL_SCOPE", "level"],
  [
    "two boosts for evidence",
    "promotion certificate",
    [
      [5, 0],
      [6, hashes(2)],
    ],
    "EVIDENCE_COUNT",
    "evidence",
  ],
  [
    "two feeds for evidence",
    "promotion certificate",
    [
      [5, 2],
      [6, hashes(2)],
    ],
    "EVIDENCE_COUNT",
    "evidence",
  ],
  ["evidence twice", "promotion certificate", [[6, [filled(1), filled(1)]]], "EVIDENCE_DUPLICATE", "evidence"],
  ["claim that ends as it begins", "identity claim", [[6, 1_767_225_600_000]], "CLAIM_EXPIRY", "expires"],
];

/** `values` with the text at `index` made as long as brings the whole to `size` bytes. */
function stretched(values: readonly Plain[], index: number, size: number): Uint8Array {
  const build = (count: number) => plainBytes(values.map((value, at) => (at === index ? long(count) : value)));
  // Twice, because the head of the text grows with it.
  let count = size - build(0).length;
  count += size - build(count).length;
  return build(count);
}

/** A post of exactly so many bytes. */
export function postOfSize(all: readonly Sample[], size: number): Uint8Array {
  return stretched(plain(sampleNamed(all, "post")), 2, size);
}

/** An envelope of exactly so many bytes, some 4,000. */
export function envelopeOfSize(all: readonly Sample[], size: number): Uint8Array {
  const values = plain(sampleNamed(all, MINIMAL));
  values[5] = Array.from({ length: 16 }, () => ["image/png", 1, null, long(200)]);
  values[9] = hashes(8);
  return stretched(values, 4, size);
}

/** One byte more than the type allows. */
function tooLarge(all: readonly Sample[]): Invalid[] {
  return [
    { name: "envelope of 4,097 bytes", bytes: envelopeOfSize(all, 4_097), code: "TOO_LARGE", field: null },
    { name: "post of 65,537 bytes", bytes: postOfSize(all, 65_537), code: "TOO_LARGE", field: null },
  ];
}

/** Changed bytes within the layout of a channel state. */
function channelStates(all: readonly Sample[]): Invalid[] {
  const layout = plain(sampleNamed(all, "channel state"))[1] as Uint8Array;
  const changed = (name: string, at: number, value: Uint8Array, code: WireErrorCode, field: string): Invalid => {
    const copy = layout.slice();
    copy.set(value, at);
    return { name, bytes: plainBytes([7, copy]), code, field };
  };
  const [lower, higher] = [layout.slice(16, 32), layout.slice(32, 48)];
  return [
    changed("channel with oneself", 32, lower, "PARTIES_SAME", "partyB"),
    changed("parties in the wrong order", 16, concatBytes(higher, lower), "PARTIES_ORDER", "partyB"),
    changed("channel sequence of 2^53", 64, Uint8Array.of(0, 0x20, 0, 0, 0, 0, 0, 0), "NUMBER_RANGE", "sequence"),
    changed("channel state nobody signed", 72, new Uint8Array(128), "SIGNATURE_MISSING", "signatures"),
  ];
}

export function invalidEncodings(all: readonly Sample[]): Invalid[] {
  const rows = [...LIMIT_ROWS, ...RULE_ROWS].map(([name, base, changes, code, field]) => {
    const values = plain(sampleNamed(all, base));
    for (const [index, value] of changes) values[index] = value;
    return { name, bytes: plainBytes(values), code, field };
  });
  return [...encodings(all), ...rows, ...tooLarge(all), ...channelStates(all)];
}
