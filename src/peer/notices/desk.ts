import { isLate, NoticeBook, type NoticeEvent, type NoticeLine } from "../../social/notices/index.ts";
import type { EnvelopeRow } from "../../store/port.ts";
import { Serial } from "../../store/serial.ts";
import { fromHex, hashOf, toHex, type NodeKey } from "../../wire/index.ts";
import type { PeerCore } from "../core.ts";
import { sameData } from "../live/equal.ts";
import { PeerError } from "../errors.ts";
import type { InboxCount, NoticeCalls, NoticeSettings, NoticeView } from "./api.ts";
import { Answers } from "./answers.ts";
import { CuratedNews } from "./curated-news.ts";
import { OwnPosts, type Said } from "./own-posts.ts";
import { NOTICE_SETTINGS_KEY, NOTICES_KEY } from "./keys.ts";
import { parseNoticePatch, parseNoticeSettings, parseReading, parseRecord, type NoticesRecord } from "./record.ts";
import { shownItems } from "./shown.ts";
import { inboxCount, noticeCalls, noticeViews } from "./views.ts";

/** A neighbour that is met delivers in many small commits: so long they gather, in ms. */
const GATHER = 500;
/** Looking takes a tenth of the time at most: 10,000 answers to 256 own posts take 50 ms (measured, two busy cores). */
const REST = 9;
/** What is not written yet is found again after a crash, in ms. */
const BEHIND = 2_000;

/** Where notices are made, kept and read. */
export class Desk {
  readonly #core: PeerCore;
  readonly #epoch: string;
  readonly #book: NoticeBook;
  readonly #own: OwnPosts;
  readonly #curated: CuratedNews;
  readonly #answers: Answers;
  readonly #began: number;
  /** Looking through what is stored, one look after the other. */
  readonly #looks = new Serial();
  readonly #writes = new Serial();
  #settings: NoticeSettings;
  #upTo: number;
  /** Until the next look, in ms. */
  #pause = GATHER;
  #cancelLook: (() => void) | null = null;
  #cancelWrite: (() => void) | null = null;
  #stopped = false;

  private constructor(core: PeerCore, record: NoticesRecord | null, settings: NoticeSettings, started: number) {
    const { clock, log } = core.ports;
    this.#core = core;
    this.#settings = settings;
    this.#epoch = toHex(core.store.epoch);
    this.#began = record?.began ?? started;
    // Numbers of one store mean nothing in another: then everything is looked at, and what is known is not told again.
    this.#upTo = record?.epoch === this.#epoch ? record.upTo : 0;
    const knows = (actor: string): boolean => {
      const key = fromHex(actor);
      return core.following.has(key) || core.trust.has(key);
    };
    this.#book = new NoticeBook(knows, record ?? undefined);
    this.#own = new OwnPosts(core.store, core.identity.key);
    this.#curated = new CuratedNews(core.feeds, core.identity.key, record?.feeds ?? {});
    this.#answers = new Answers({
      clock,
      log,
      posts: () => this.#own.all(),
      finder: () => core.findings.finder(),
      isLinked: () => (core.exchange()?.mesh.peers().length ?? 0) > 0,
      isThrifty: () => core.settings().lowData === "on" || (core.ports.metered?.() ?? false),
    });
  }

  /** @param started when this run of the peer began: the first one decides what is news */
  static async open(core: PeerCore, started: number): Promise<Desk> {
    const [stored, settings] = await Promise.all([
      core.store.setting(NOTICES_KEY),
      core.store.setting(NOTICE_SETTINGS_KEY),
    ]);
    const record = parseRecord(stored);
    const desk = new Desk(core, record, parseNoticeSettings(settings), started);
    await desk.#looks.run(() => desk.#look());
    if (record === null) desk.#writeSoon();
    desk.#answers.start();
    return desk;
  }

  get settings(): NoticeSettings {
    return this.#settings;
  }

  /** The first lines, the latest first. */
  async inbox(limit: number): Promise<NoticeView[]> {
    return await noticeViews(this.#core, (await this.#lines()).slice(0, limit));
  }

  async count(): Promise<InboxCount> {
    return inboxCount(await this.#lines());
  }

  async calls(): Promise<NoticeCalls> {
    // Before anything is waited for: what comes meanwhile is not told by that.
    const { seq: until, told } = this.#book;
    return await noticeCalls(this.#core, await this.#lines(), { told, until });
  }

  /** Something was stored: it is looked through soon. */
  stored(rows: readonly EnvelopeRow[]): void {
    this.#own.noteStored(rows);
    this.#cancelLook ??= this.#core.ports.clock.after(this.#pause, () => {
      this.#cancelLook = null;
      this.#looks
        .run(() => this.#look())
        .catch((error: unknown) => {
          if (!this.#stopped) this.#core.ports.log("notices", error);
        });
    });
  }

  /** This peer asks for what is written for trusted people: so it trusts this person. */
  trustedBy(peer: NodeKey): void {
    const { blocks, ports, trust } = this.#core;
    if (blocks.has(peer) || trust.has(peer)) return;
    const actor = toHex(peer);
    const id = toHex(hashOf(new TextEncoder().encode(`trust ${actor}`)));
    const now = ports.clock.now();
    this.#add({ kind: "trust", id, hash: actor, actor, subject: actor, thread: actor, created: now, at: now });
  }

  /** Durable when it resolves. @throws PeerError `NOTICE_INVALID` */
  async read(given: unknown): Promise<void> {
    const reading = parseReading(given);
    if (reading === null) throw new PeerError("NOTICE_INVALID", "Not the number of a notice.");
    if (this.#book.markRead(reading.until, reading.ids)) await this.#keep();
  }

  /** Durable when it resolves: the next tab must not call once more. @throws PeerError `NOTICE_INVALID` */
  async tell(until: unknown): Promise<void> {
    const reading = parseReading({ until });
    if (reading === null) throw new PeerError("NOTICE_INVALID", "Not the number of a notice.");
    if (this.#book.markTold(reading.until)) await this.#keep();
  }

  /** @throws PeerError `NOTICE_INVALID` */
  async changeSettings(given: unknown): Promise<NoticeSettings> {
    const patch = parseNoticePatch(given);
    if (patch === null) throw new PeerError("NOTICE_INVALID", "Not the settings of notices.");
    await this.#writes.run(async () => {
      const settings = { ...this.#settings, ...patch };
      await this.#core.store.commit({ settings: { [NOTICE_SETTINGS_KEY]: settings } }, { durability: "strict" });
      this.#settings = settings;
    });
    this.#core.live.invalidate("notices");
    return this.#settings;
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#answers.stop();
    this.#cancelLook?.();
    await this.#looks.idle();
    if (this.#cancelWrite !== null) await this.#write();
    await this.#writes.idle();
  }

  /** What this person wants to see, the latest first: without what is by blocked people, muted, or of a kind that is off. */
  async #lines(): Promise<NoticeLine[]> {
    const lines = this.#book.lines();
    const items = lines.flatMap((line) => line.items);
    const shown = await shownItems(this.#core, items, this.#settings.off);
    return lines
      .map((line) => ({ ...line, items: line.items.filter((item) => shown.has(item)) }))
      .filter(({ items }) => items.length > 0)
      .toSorted((a, b) => (b.items[0]?.seq ?? 0) - (a.items[0]?.seq ?? 0));
  }

  async #look(): Promise<void> {
    if (this.#stopped) return;
    const { clock } = this.#core.ports;
    const began = clock.now();
    const { lastSeq } = this.#core.store.envelopes;
    for (const said of await this.#own.saidSince(this.#upTo)) await this.#hear(said);
    this.#pause = Math.max(GATHER, (clock.now() - began) * REST);
    const marks = this.#curated.marks;
    for (const event of await this.#curated.since(clock.now())) this.#add(event);
    // The number alone is not worth a write: after a crash what is known is looked through once more.
    this.#upTo = lastSeq;
    if (!sameData(marks, this.#curated.marks)) this.#writeSoon();
  }

  async #hear({ kind, post, row }: Said): Promise<void> {
    const hash = toHex(row.hash);
    if (this.#book.has(hash) || this.#core.blocks.has(row.author)) return;
    const at = this.#core.ports.clock.now();
    const actor = toHex(row.author);
    const subject = toHex(post.hash);
    const thread = await this.#own.threadOf(post);
    if (this.#add({ kind, id: hash, hash, actor, subject, thread, created: row.created, at }))
      this.#answers.answered(post);
  }

  #add(event: NoticeEvent): boolean {
    const read = event.created < this.#began;
    const isNew = this.#book.add(event, { read, quiet: read || isLate(event.created, event.at) });
    if (isNew) this.#changed();
    return isNew;
  }

  #changed(): void {
    this.#core.live.invalidate("notices");
    this.#writeSoon();
  }

  async #keep(): Promise<void> {
    this.#core.live.invalidate("notices");
    await this.#write();
  }

  #writeSoon(): void {
    this.#cancelWrite ??= this.#core.ports.clock.after(BEHIND, () => {
      this.#write().catch((error: unknown) => this.#core.ports.log("notices", error));
    });
  }

  #write(): Promise<void> {
    this.#cancelWrite?.();
    this.#cancelWrite = null;
    return this.#writes.run(async () => {
      const record: NoticesRecord = {
        ...this.#book.state(),
        began: this.#began,
        epoch: this.#epoch,
        upTo: this.#upTo,
        feeds: this.#curated.marks,
      };
      await this.#core.store.commit({ settings: { [NOTICES_KEY]: record } });
    });
  }
}
