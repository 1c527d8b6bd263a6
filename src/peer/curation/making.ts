import { isForTrusted } from "../../mesh/protocols/index.ts";
import { feedHash, pageName, type CuratedKey, type Version } from "../../social/index.ts";
import {
  EMPTY_LAYOUT,
  entriesOf,
  inserted,
  linkTo,
  noted,
  placeIn,
  without,
  type Layout,
} from "../../social/curation/index.ts";
import { Serial } from "../../store/serial.ts";
import {
  decodeEnvelope,
  equalBytes,
  LIMITS,
  ObjectType,
  scopeFromKey,
  scopeKey,
  signObject,
  type CuratedEntry,
  type CuratedFeed,
  type Hash,
} from "../../wire/index.ts";
import type { CuratedInput, CurateInput, OwnCuratedView } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { PeerError } from "../errors.ts";
import type { KnownCurated } from "../feeds/index.ts";
import { feedKeys } from "../finding/announcing.ts";
import { nodeKeyOf } from "../following.ts";
import { hashFromText } from "../queries.ts";
import { CLOSED_KEY, closedBeside, closedFeeds, openAgain } from "./closed.ts";
import { parseEntry, parseFields, parseNote } from "./input.ts";
import { ownCurated } from "./views.ts";

/** A boost of a boost of a boost: honest ones name the original. */
const MAX_BOOSTS = 4;

/** What a feed says of itself. */
type Fields = Pick<CuratedFeed, "description" | "scope" | "kickbackRate">;

/** A feed that is to be published: its pages that are others than before. */
interface Signed {
  readonly name: string;
  readonly versions: readonly Version[];
  /** Of its first page. */
  readonly entries: readonly CuratedEntry[];
}

/** Makes and changes the feeds that this person curates. Each change is a new version, durable before anybody hears of it. */
export class Making {
  readonly #core: PeerCore;
  /** One after the other: two at a time would sign two versions with one number, which everybody else takes for a fork. */
  readonly #turn = new Serial();

  constructor(core: PeerCore) {
    this.#core = core;
  }

  /** @throws PeerError as `CurationApi.saveCurated` */
  async save(input: CuratedInput): Promise<OwnCuratedView> {
    const { name, ...given } = parseFields(input);
    await this.#turn.run(async () => {
      const closed = await closedFeeds(this.#core.store);
      const known = await this.#known(name);
      const scope = given.scope ?? scopeFromKey(this.#core.settings().home);
      const begins = known === null || closed.has(name);
      const before: Fields = begins ? { description: "", scope, kickbackRate: 0 } : known.feed;
      const fields: Fields = { ...fieldsOf(before), ...given };
      if (begins || !saysTheSame(before, fields)) {
        await this.#publish(name, known, known?.layout ?? EMPTY_LAYOUT, fields, openAgain(closed, name));
      }
    });
    return await this.#view(name);
  }

  /** @throws PeerError as `CurationApi.curate` */
  curate(input: CurateInput): Promise<void> {
    const { at, added, feed: name, note, ...chosen } = parseEntry(input);
    return this.#turn.run(async () => {
      const known = await this.#own(name);
      const { clock } = this.#core.ports;
      const postHash =
        chosen.curated === undefined
          ? await this.#post(hashFromText(chosen.post))
          : await this.#feed({ curator: nodeKeyOf(chosen.curated.curator), name: chosen.curated.name }, name);
      const place = placeIn(known.layout, postHash);
      let layout: Layout | null = known.layout;
      if (place === -1) {
        const now = clock.now();
        const entry = { postHash, added: Math.min(added ?? now, now), note: parseNote(note ?? null) };
        layout = inserted(layout, entry, at ?? 0);
      } else {
        if (note !== undefined) layout = noted(layout, postHash, parseNote(note));
        if (layout !== null && at !== undefined) layout = moved(layout, postHash, at);
      }
      await this.#write(name, known, layout);
    });
  }

  /** @throws PeerError as `CurationApi.moveCurated` */
  move(name: string, entry: Hash, to: number): Promise<void> {
    return this.#turn.run(async () => {
      const known = await this.#own(name);
      const place = placeIn(known.layout, entry);
      if (place !== -1 && place !== to) await this.#write(name, known, moved(known.layout, entry, to));
    });
  }

  /** @throws PeerError as `CurationApi.uncurate` */
  remove(name: string, entry: Hash): Promise<void> {
    return this.#turn.run(async () => {
      const known = await this.#own(name);
      if (placeIn(known.layout, entry) !== -1) await this.#write(name, known, without(known.layout, entry));
    });
  }

  /** @throws PeerError as `CurationApi.renameCurated` */
  async rename(name: string, given: string): Promise<OwnCuratedView> {
    const { name: to } = parseFields({ name: given });
    await this.#turn.run(async () => {
      const { identity, ports, store } = this.#core;
      const known = await this.#own(name);
      const pointer = feedHash({ curator: identity.key, name: to });
      const isDone = entriesOf(known.layout).length === 1 && placeIn(known.layout, pointer) === 0;
      if (to === name || isDone) return;
      const closed = await closedFeeds(store);
      const before = await this.#known(to);
      if (before !== null && !closed.has(to))
        throw new PeerError("CURATED_TAKEN", "There is an own feed of this name.");
      const fields = fieldsOf(known.feed);
      // A feed does not stand in itself.
      const made = await this.#versions(to, before, without(known.layout, pointer), fields);
      const entry = { postHash: pointer, added: ports.clock.now(), note: null };
      const left = await this.#versions(name, known, inserted(EMPTY_LAYOUT, entry, 0) ?? EMPTY_LAYOUT, fields);
      await this.#commit([made, left], openAgain(closed, to));
    });
    return await this.#view(to);
  }

  /** @throws PeerError as `CurationApi.closeCurated` */
  close(name: string): Promise<void> {
    return this.#turn.run(async () => {
      const closed = await closedFeeds(this.#core.store);
      const known = await this.#known(name);
      if (known === null || closed.has(name)) return;
      const fields = { ...fieldsOf(known.feed), description: "" };
      await this.#publish(name, known, EMPTY_LAYOUT, fields, { [CLOSED_KEY]: [...closed, name] });
    });
  }

  /** A version of an own feed, or of a page of one, that others had. */
  came(version: Version, feed: CuratedFeed): Promise<void> {
    return this.#turn.run(async () => {
      const { feeds, ports, store } = this.#core;
      await feeds.curated.take(version, true, ports.clock.now(), closedBeside(await closedFeeds(store), feed));
    });
  }

  /** Resolves when nothing is being written any more. */
  stop(): Promise<void> {
    return this.#turn.run(() => Promise.resolve());
  }

  async #view(name: string): Promise<OwnCuratedView> {
    const own = (await ownCurated(this.#core, null)).find((feed) => feed.name === name);
    if (own === undefined) throw new PeerError("CURATED_UNKNOWN", "It was closed in this moment.");
    return own;
  }

  async #write(name: string, known: KnownCurated, layout: Layout | null): Promise<void> {
    if (layout === null) throw new PeerError("CURATED_FULL", "All pages of this feed are full.");
    await this.#publish(name, known, layout, fieldsOf(known.feed), {});
  }

  async #publish(
    name: string,
    known: KnownCurated | null,
    layout: Layout,
    fields: Fields,
    settings: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await this.#commit([await this.#versions(name, known, layout, fields)], settings);
  }

  /** Signs the first page anew, and of the others those that have other entries than before. */
  async #versions(name: string, known: KnownCurated | null, layout: Layout, fields: Fields): Promise<Signed> {
    const { identity, ports } = this.#core;
    if (known !== null && known.wanted.length > 0) {
      throw new PeerError("CURATED_PARTIAL", "Pages of this feed are not here yet; changing it now would lose them.");
    }
    const now = ports.clock.now();
    const updated = dateAfter(known?.feed.updated ?? 0, now);
    const key = { curator: identity.key, name };
    const before = new Map(known?.layout.pages.map(({ entries, number }) => [number, entries]));
    const links = new Map(known?.links.map((link) => [link.number, link]));
    const versions: Version[] = [];
    const named: CuratedEntry[] = [];
    for (const { entries, number } of layout.pages) {
      const link = before.get(number) === entries ? links.get(number) : undefined;
      named.push(linkTo(key, link ?? { number, updated }));
      if (link !== undefined) continue;
      const page = { name: pageName(name, number), description: name, entries: [...entries] };
      versions.push(await this.#sign({ ...fields, ...page, updated }));
    }
    const first = { ...fields, name, entries: [...layout.first, ...named], updated };
    versions.push(await this.#sign(first));
    return { name, versions, entries: layout.first };
  }

  /** All of these feeds, or none of them. @throws PeerError `CURATED_FROZEN` */
  async #commit(signed: readonly Signed[], settings: Readonly<Record<string, unknown>>): Promise<void> {
    const { feeds, identity, ports } = this.#core;
    const versions = signed.flatMap((feed) => feed.versions);
    if (!(await feeds.curated.publish(versions, settings, ports.clock.now()))) {
      throw new PeerError("CURATED_FROZEN", "Two versions of this feed exist; it can change again in a day.");
    }
    for (const { entries, name } of signed) {
      this.#core.exchange()?.provideOwn(feedKeys({ curator: identity.key, name, entries }));
    }
  }

  async #sign(page: Pick<CuratedFeed, "name" | "entries" | "updated"> & Fields): Promise<Version> {
    const { history, identity, network, ports, store } = this.#core;
    const type = ObjectType.CuratedFeed;
    const owner = identity.key;
    const current = (await store.head(type, owner, page.name))?.sequence ?? 0;
    const next = history.nextSequence(current);
    // Two devices that count in seconds do not give out one number twice.
    const sequence = network.twin() ? Math.max(next, Math.floor(ports.clock.now() / 1_000)) : next;
    if (sequence > Number.MAX_SAFE_INTEGER) {
      throw new PeerError("CURATED_EXHAUSTED", "This feed has the highest number of a version that there is.");
    }
    const signed = await signObject({ type: "CuratedFeed", curator: owner, ...page, sequence }, identity.signer);
    return { type, owner, name: page.name, sequence, hash: signed.hash, bytes: signed.bytes };
  }

  #known(name: string): Promise<KnownCurated | null> {
    return this.#core.feeds.curated.get({ curator: this.#core.identity.key, name });
  }

  async #own(name: string): Promise<KnownCurated> {
    const known = await this.#known(name);
    if (known === null || (await closedFeeds(this.#core.store)).has(name)) {
      throw new PeerError("CURATED_UNKNOWN", "There is no own feed of this name.");
    }
    return known;
  }

  /** The post of an envelope, or the post of this hash. */
  async #post(named: Hash, depth = 0): Promise<Hash> {
    const { store } = this.#core;
    const { envelopes } = store;
    let post: Hash | null = named;
    if (envelopes.has(named)) {
      const [bytes] = await envelopes.bytes([named]);
      const envelope = bytes === undefined ? null : decodeEnvelope(bytes);
      post = envelope?.postHash ?? null;
      const boosted = envelope?.boostOf ?? null;
      if (boosted !== null && depth < MAX_BOOSTS) return await this.#post(boosted, depth + 1);
    }
    if (post === null || envelopes.count({ kind: "relation", relation: "post", target: post }) === 0) {
      throw new PeerError("NOT_FOUND", "No envelope of this post is here.");
    }
    // A feed is public: it would tell everybody of it.
    if (isForTrusted(store, post)) throw new PeerError("CURATED_PRIVATE", "This post is for trusted people only.");
    return post;
  }

  async #feed(held: CuratedKey, into: string): Promise<Hash> {
    if (held.name === into && equalBytes(held.curator, this.#core.identity.key)) {
      throw new PeerError("CURATED_HOLDS_ITSELF", "A feed does not stand in itself.");
    }
    if ((await this.#core.feeds.curated.head(held)) === undefined) {
      throw new PeerError("NOT_FOUND", "This feed is not here.");
    }
    return feedHash(held);
  }
}

function fieldsOf({ description, kickbackRate, scope }: Fields): Fields {
  return { description, scope, kickbackRate };
}

function saysTheSame(a: Fields, b: Fields): boolean {
  return (
    a.description === b.description && a.kickbackRate === b.kickbackRate && scopeKey(a.scope) === scopeKey(b.scope)
  );
}

function moved(layout: Layout, post: Hash, to: number): Layout | null {
  const entry = entriesOf(layout).find(({ postHash }) => equalBytes(postHash, post));
  return entry === undefined ? layout : inserted(without(layout, post), entry, to);
}

/** Later than the version before, or nobody would ask for the page; unless that one was dated so far ahead that nobody took it. */
function dateAfter(before: number, now: number): number {
  return before > now + LIMITS.clockAheadMs ? now : Math.max(now, before + 1);
}
