/** The demonstration town: five browser peers, each a visitor like any other, that do what the shelf says, and go on after it. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { further, seeded } from "./further.mjs";
import { BOOSTS, CHOSEN, COLUMNS, PIECES, TRUST } from "./shelf.mjs";
import { until, valueOf } from "./waiting.mjs";

/** @typedef {import("@playwright/test").Browser} Browser */
/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("./shelf.mjs").Column} Column */
/** @typedef {import("./shelf.mjs").Piece} Piece */

/** Where everybody is who has just opened the address (docs/protocol.md). */
export const COMMONS = "g:cyberspace/commons";

const PICTURES = path.join(import.meta.dirname, "pictures");
/** Of what goes on after the shelf: the same in every town, so that what goes wrong does so again. */
const SEED = 1;

export class Town {
  /** @type {Map<Column, Page>} */
  #pages = new Map();
  /** What was published, by the id of the piece. @type {Map<string, { hash: string, postHash: string }>} */
  #published = new Map();
  /** What of the shelf is still to be done, in its order. @type {(() => Promise<void>)[]} */
  #acts = [];
  /** What is done when nothing of the shelf is left. @type {ReturnType<typeof further> | null} */
  #further = null;
  /** Whether the last one of these could be done. */
  #done = false;

  /**
   * Opens a peer at this address for each of these, all five if nobody is named, and introduces them.
   * @param {Browser} browser @param {string} url @param {Column[]} [columns]
   */
  static async open(browser, url, columns = /** @type {Column[]} */ (Object.keys(COLUMNS))) {
    const town = new Town();
    for (const column of columns) await town.#arrive(browser, url, column);
    for (const page of town.#pages.values()) await town.#linked(page);
    for (const [who, whom] of TRUST) if (columns.includes(who) && columns.includes(whom)) await town.#trust(who, whom);
    town.#acts = [...town.#plan()];
    return town;
  }

  get pages() {
    return [...this.#pages.values()];
  }

  /** Acts of the shelf that are left; there are others after them. */
  get left() {
    return this.#acts.length;
  }

  /** Does the next so many things. @param {number} [count] */
  async act(count = 1) {
    for (let done = 0; done < count; done += 1) {
      const act = this.#acts.shift();
      await (act === undefined ? this.#goOn() : act());
    }
  }

  /** Pieces of those who are here, in the order of the shelf; what is done with one comes soon after it. */
  *#plan() {
    const curated = this.#pages.has(CHOSEN.by);
    if (curated) yield () => this.#found();
    const here = new Set();
    for (const { refers = [], ...piece } of PIECES) {
      if (!this.#pages.has(piece.by) || (piece.answers !== undefined && !here.has(piece.answers))) continue;
      here.add(piece.id);
      yield () => this.#publish({ ...piece, refers: refers.filter((id) => here.has(id)) });
      for (const [who, id] of BOOSTS) if (id === piece.id && this.#pages.has(who)) yield () => this.#boost(who, id);
      for (const [id, note] of CHOSEN.entries) if (curated && id === piece.id) yield () => this.#choose(id, note);
    }
  }

  /** One thing more than the shelf has. */
  async #goOn() {
    this.#further ??= further(seeded(SEED), {
      columns: [...this.#pages.keys()],
      pieces: PIECES.filter(({ id }) => this.#published.has(id)),
    });
    const { value: act } = this.#further.next(this.#done);
    this.#done = false;
    if (act?.kind === "publish") await this.#publish(act.piece);
    if (act?.kind === "boost") await this.#boost(act.by, act.id);
    if (act?.kind === "trust") await this.#trust(act.who, act.whom);
    if (act?.kind === "choose") {
      // In this order the feed does not grow, whichever of the two fails.
      if (act.instead !== null) await this.#dismiss(act.instead);
      await this.#choose(act.id, act.note);
    }
    this.#done = true;
  }

  /** @param {Browser} browser @param {string} url @param {Column} column */
  async #arrive(browser, url, column) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForFunction(() => "mehr" in globalThis);
    const { bio, name } = COLUMNS[column];
    await page.evaluate(
      async (profile) => {
        await globalThis.mehr.saveProfile(profile);
        await globalThis.mehr.welcome("yes");
        await globalThis.mehr.keepWords();
      },
      { displayName: name, bio, scopes: [COMMONS] },
    );
    this.#pages.set(column, page);
  }

  /** @param {Page} page */
  async #linked(page) {
    const others = this.#pages.size - 1;
    await until("a link to everybody else", async () => (await valueOf(page, "status")).peers >= others);
  }

  /** @param {Column} who @param {Column} whom */
  async #trust(who, whom) {
    const id = await this.#idOf(whom);
    await this.#page(who).evaluate((peer) => globalThis.mehr.trust(peer), id);
  }

  async #found() {
    const { by, description, name } = CHOSEN;
    await this.#page(by).evaluate((feed) => globalThis.mehr.saveCurated(feed), { name, description, scope: COMMONS });
  }

  /** @param {Piece} piece */
  async #publish(piece) {
    const { answers, by, headline, id, pictures = [], refers = [], source, text, topics } = piece;
    const page = this.#page(by);
    const attachments = [];
    for (const picture of pictures) attachments.push(await this.#attach(page, picture));
    if (answers !== undefined) await this.#held(page, answers);
    for (const other of refers) await this.#held(page, other);
    const draft = {
      id: `demo-${id}`,
      headline,
      summary: "",
      text: source === "" ? text : `${text}\n\n${source}`,
      scopes: [COMMONS, ...topics],
      replyTo: answers === undefined ? null : this.#of(answers).postHash,
      references: refers.map((other) => this.#of(other).postHash),
      updated: Date.now(),
      ...(attachments.length === 0 ? {} : { kind: "photos", attachments }),
    };
    this.#published.set(id, await page.evaluate((given) => globalThis.mehr.publish(given), draft));
  }

  /** @param {Page} page @param {import("./shelf.mjs").Picture} picture */
  async #attach(page, { altText, blurhash, file }) {
    const bytes = await readFile(path.join(PICTURES, file), "base64");
    const kept = await page.evaluate(
      (base64) =>
        globalThis.mehr.attach({
          bytes: Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)),
          contentType: "image/webp",
        }),
      bytes,
    );
    return { ...kept, altText, blurhash, duration: null };
  }

  /** @param {Column} who @param {string} id */
  async #boost(who, id) {
    const page = this.#page(who);
    await this.#held(page, id);
    await page.evaluate((hash) => globalThis.mehr.boost(hash), this.#of(id).hash);
  }

  /** @param {string} id @param {string} note */
  async #choose(id, note) {
    const page = this.#page(CHOSEN.by);
    await this.#held(page, id);
    const entry = { feed: CHOSEN.name, post: this.#of(id).postHash, note };
    await page.evaluate((given) => globalThis.mehr.curate(given), entry);
  }

  /** Takes a piece out of the feed. @param {string} id */
  async #dismiss(id) {
    const entry = { feed: CHOSEN.name, entry: this.#of(id).postHash };
    await this.#page(CHOSEN.by).evaluate((given) => globalThis.mehr.uncurate(given), entry);
  }

  /** Resolves when a piece has come to this peer. @param {Page} page @param {string} id */
  async #held(page, id) {
    const { hash } = this.#of(id);
    await until(`${id} at its reader`, () =>
      page.evaluate(async (wanted) => (await globalThis.mehr.envelope(wanted)) !== null, hash),
    );
  }

  /** @param {string} id */
  #of(id) {
    const published = this.#published.get(id);
    if (published === undefined) throw new Error(`Nobody has said ${id} yet.`);
    return published;
  }

  /** @param {Column} column */
  #page(column) {
    const page = this.#pages.get(column);
    if (page === undefined) throw new Error(`Nobody is ${column}.`);
    return page;
  }

  /** @param {Column} column */
  async #idOf(column) {
    return (await valueOf(this.#page(column), "identity")).id;
  }
}
