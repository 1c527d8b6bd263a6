/**
 * What 200 mutes cost the first page of a feed: judging its rows anew, as after a start, beside reading them without any mute.
 * And what a stranger can make of a row, who knows how words are looked for.
 */
import { initHash } from "../../src/hash/index.ts";
import { Judge } from "../../src/social/defence/judge.ts";
import type { Mute } from "../../src/social/index.ts";
import { decodeEnvelope, encodeObject, scopeFromKey, type PostEnvelope } from "../../src/wire/index.ts";
import type { Bench, BenchContext, BenchResult } from "./types.ts";

const MUTES = 200;
/** A page of a feed and the one row that tells whether there are more (src/peer/watches.ts). */
const ROWS = 51;
/** In ms: a frame at sixty a second for what people write; for what is made to be slow as long as nothing may hold up the worker. */
const TARGETS = { plain: 16, hostile: 50 } as const;
const ROUNDS = 200;

const WORDS = "lottery casino derby spoiler election turnip weather market gossip miracle diet crypto".split(" ");

function wordAt(number: number): string {
  return `${WORDS[number % WORDS.length] as string}${number < WORDS.length ? "" : ` ${number.toString(36)}`}`;
}

function mutes(): Mute[] {
  return Array.from({ length: MUTES }, (_, at): Mute => {
    const target =
      at % 10 === 9
        ? ({ kind: "scope", scope: `t:muted/${at}` } as const)
        : ({ kind: "word", word: wordAt(at), whole: at % 2 === 0 } as const);
    return { target, how: at % 5 === 0 ? "cover" : "hide", until: null, since: 0 };
  });
}

/** An envelope with as much text as fits, and as many descriptions of pictures as there may be beside it. */
function envelope(at: number, text: (length: number) => string): PostEnvelope {
  return {
    type: "PostEnvelope",
    postHash: new Uint8Array(32).fill(at),
    author: new Uint8Array(32).fill(9),
    headline: text(100),
    summary: text(280),
    mediaHints: Array.from({ length: 8 }, () => ({
      contentType: "image/webp",
      size: 1_000,
      blurhash: null,
      altText: text(280),
    })),
    scopes: [scopeFromKey("g:europe/nl/utrecht"), scopeFromKey("t:music/early-jazz")],
    replyTo: null,
    boostOf: null,
    references: [],
    contentSize: 1_000,
    created: at,
    kickbackRate: 0,
    signature: new Uint8Array(64),
  };
}

function plainText(length: number): string {
  return "The museum opens late on Sunday, and the bridge is closed for the parade. ".repeat(8).slice(0, length);
}

/** Nearly each muted word, over and over, so that every character leads somewhere and nothing is found. */
function hostileText(length: number): string {
  return WORDS.map((word) => word.slice(0, -1))
    .join("")
    .repeat(8)
    .slice(0, length);
}

/** Milliseconds for all rows, the middle of many rounds. */
function middle({ now }: BenchContext, work: () => void): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const began = now();
    work();
    return now() - began;
  });
  return times.toSorted((a, b) => a - b)[ROUNDS / 2] ?? 0;
}

async function run(context: BenchContext): Promise<BenchResult[]> {
  await initHash();
  const all = new Judge(mutes(), { self: new Uint8Array(32), flagged: () => null });
  const one = new Judge(mutes().slice(0, 1), { self: new Uint8Array(32), flagged: () => null });
  const judgeAll = (judge: Judge, rows: readonly Uint8Array[]): void => {
    for (const bytes of rows) judge.verdict(decodeEnvelope(bytes), null);
  };
  return [
    ["first page of a feed judged with 200 mutes", plainText, TARGETS.plain] as const,
    ["the same of rows made to be slow", hostileText, TARGETS.hostile] as const,
  ].map(([name, text, target]) => {
    const rows = Array.from({ length: ROWS }, (_, at) => encodeObject(envelope(at, text)));
    const value = middle(context, () => judgeAll(all, rows));
    const single = middle(context, () => judgeAll(one, rows));
    const reference = `one mute ${single.toFixed(2)} ms`;
    return { name, value, unit: "ms", reference, ratio: value / single, target, ok: value <= target };
  });
}

export const benches: readonly Bench[] = [{ name: "mutes", run }];
