/** What goes on in the demonstration town when the shelf is empty. Decides alone, by a seeded generator; town.mjs does it. */
import { PASSAGES } from "./passages.mjs";
import { BOOSTS, CHOSEN, TRUST } from "./shelf.mjs";

/** @typedef {import("./shelf.mjs").Column} Column */
/** @typedef {import("./shelf.mjs").Piece} Piece */
/**
 * @typedef {{ kind: "publish", piece: Piece }
 *   | { kind: "boost", by: Column, id: string }
 *   | { kind: "trust", who: Column, whom: Column }
 *   | { kind: "choose", id: string, note: string, instead: string | null }} Act
 */

/** How often each is the next: mostly something new to read, and something said of what is there. */
const WEIGHTS = { passage: 3, boost: 3, answer: 2, note: 2, trust: 1 };

/** A feed that one reads to its end; a further post takes the place of the one that was there longest. */
export const MOST_CHOSEN = 24;

/** Between 0 and 1, the same ones for the same seed: mulberry32. @param {number} seed @returns {() => number} */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Acts without end, as long as the curator is there. The answer to each is whether it could be done: what was not published is
 * not referred to. Nothing is said twice; when all passages are out, all are boosted and all are answered with each other, notes
 * are left. What it keeps in mind is bounded by the pairs of pieces.
 * @param {() => number} random @param {{ columns: Column[], pieces: Piece[] }} town who is there, and what they have said
 * @returns {Generator<Act, void, boolean>}
 */
export function* further(random, { columns, pieces }) {
  /** @param {readonly unknown[]} list */
  const some = (list) => Math.floor(random() * list.length);
  /** @template Item @param {Item[]} list @returns {Item} */
  const take = (list) => list.splice(some(list), 1)[0];

  const passages = PASSAGES.filter(({ by }) => columns.includes(by));
  const trust = columns.flatMap((who) =>
    columns
      .filter((whom) => who !== whom && !TRUST.some(([a, b]) => a === who && b === whom))
      .map((whom) => [who, whom]),
  );
  /** The newest is the first one, as in the feed; `null` where nobody is the curator. */
  const chosen = columns.includes(CHOSEN.by)
    ? CHOSEN.entries
        .map(([id]) => id)
        .filter((id) => pieces.some((piece) => piece.id === id))
        .toReversed()
    : null;
  /** @type {Piece[]} */
  const said = [];
  /** @type {[Column, Piece][]} */
  const boosts = [];
  /** What can be answered with what. @type {[Piece, Piece][]} */
  const pairs = [];
  /** @param {Piece} piece */
  const heard = (piece) => {
    for (const column of columns) {
      const before = BOOSTS.some(([who, id]) => who === column && id === piece.id);
      if (column !== piece.by && !before) boosts.push([column, piece]);
    }
    // An answer names what it is about.
    if (piece.headline === "") return;
    for (const other of said) pairs.push([piece, other], [other, piece]);
    said.push(piece);
  };
  for (const piece of pieces) heard(piece);

  /** Those that the curator could choose. */
  const choice = () => said.filter(({ by, id }) => by !== CHOSEN.by && !chosen?.includes(id));
  for (;;) {
    const open = Object.entries({
      passage: passages.length > 0,
      boost: boosts.length > 0,
      answer: pairs.length > 0 && columns.length > 1,
      note: chosen !== null && said.length > 1 && choice().length > 0,
      trust: trust.length > 0,
    }).flatMap(([kind, is]) => (is ? Array.from({ length: WEIGHTS[kind] }, () => kind) : []));
    if (open.length === 0) return;
    switch (open[some(open)]) {
      case "passage": {
        const piece = take(passages);
        if (yield { kind: "publish", piece }) heard(piece);
        break;
      }
      case "boost": {
        const [by, { id }] = take(boosts);
        yield { kind: "boost", by, id };
        break;
      }
      case "answer": {
        const [to, beside] = take(pairs);
        const others = columns.filter((column) => column !== to.by);
        yield { kind: "publish", piece: answer(others[some(others)], to, beside, random) };
        break;
      }
      case "trust": {
        const [who, whom] = take(trust);
        yield { kind: "trust", who, whom };
        break;
      }
      default: {
        const piece = take(choice());
        const instead = chosen.length < MOST_CHOSEN ? null : chosen.at(-1);
        if (yield { kind: "choose", id: piece.id, note: note(piece, said, random), instead }) {
          chosen.unshift(piece.id);
          if (instead !== null) chosen.pop();
        }
      }
    }
  }
}

/** @param {Column} by @param {Piece} to @param {Piece} beside @param {() => number} random @returns {Piece} */
function answer(by, to, beside, random) {
  const words = [
    `After “${to.headline}”, read “${beside.headline}”:`,
    `“${to.headline}” and “${beside.headline}” belong side by side. From the second:`,
    `Whoever comes from “${to.headline}” may like “${beside.headline}”:`,
  ][Math.floor(random() * 3)];
  return {
    id: `${to.id}-${beside.id}`,
    by,
    headline: "",
    text: `${words} ${opening(beside)}`,
    source: "",
    topics: to.topics,
    answers: to.id,
    refers: [beside.id],
  };
}

/** @param {Piece} piece @param {Piece[]} said @param {() => number} random */
function note({ id }, said, random) {
  const others = said.filter((other) => other.id !== id);
  const { headline } = others[Math.floor(random() * others.length)];
  return [`Goes well with “${headline}”.`, `For whoever liked “${headline}”.`, `Read it after “${headline}”.`][
    Math.floor(random() * 3)
  ];
}

/** The first line of a poem that is not its headline as well, or the first sentence. @param {Piece} piece */
function opening({ headline, text }) {
  const lines = text.split("\n").filter((line) => line !== "");
  const line = lines.find((one) => !one.startsWith(headline)) ?? lines[0];
  const first = /^.+?[.!?](?=\s|$)/u.exec(line)?.[0] ?? line;
  return first.replace(/[,;:]$/u, " …");
}
