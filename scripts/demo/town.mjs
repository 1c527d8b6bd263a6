/** The demonstration town: five browser peers, each a visitor like any other, that do what the shelf says. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { BOOSTS, CHOSEN, COLUMNS, PIECES, TRUST } from "./shelf.mjs";
import { until, valueOf } from "./waiting.mjs";

/** @typedef {import("@playwright/test").Browser} Browser */
/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("./shelf.mjs").Column} Column */
/** @typedef {import("./shelf.mjs").Piece} Piece */

/** Where everybody is who has just opened the address (docs/protocol.md). */
export const COMMONS = "g:cyberspace/commons";

const PICTURES = path.join(import.meta.dirname, "pictures");
export class Town {
  /** @type {Map<Column, Page>} */
  #pages = new Map();
  /** What was published, by the id of the piece. @type {Map<string, { hash: string, postHash: string }>} */
  #published = new Map();
  /** What is still to be done, in its order. @type {(() => Promise<void>)[]} */
  #acts = [];

  /** Opens five peers at this address, and introduces them. @param {Browser} browser @param {string} url */
  static async open(browser, url) {
    const town = new Town();
    for (const column of /** @type {Column[]} */ (Object.keys(COLUMNS))) await town.#arrive(browser, url, column);
    for (const page of town.#pages.values()) await town.#linked(page);
    for (const [who, whom] of TRUST) await town.#trust(who, whom);
    town.#acts = [...town.#plan()];
    return town;
  }

  get pages() {
    return [...this.#pages.values()];
  }

  /** Acts that are left. */
  get left() {
    return this.#acts.length;
  }

  /** Does the next so many things. @param {number} [count] */
  async act(count = 1) {
    for (const act of this.#acts.splice(0, count)) await act();
  }

  /** Pieces in the order of the shelf; what is done with one comes soon after it. */
  *#plan() {
    yield () => this.#found();
    for (const piece of PIECES) {
      yield () => this.#publish(piece);
      for (const [who, id] of BOOSTS) if (id === piece.id) yield () => this.#boost(who, id);
      for (const [id, note] of CHOSEN.entries) if (id === piece.id) yield () => this.#choose(id, note);
    }
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
    if (published === undefined) throw new Error(`The shelf has ${id} after what refers to it.`);
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
