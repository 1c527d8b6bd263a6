import { equalBytes, LIMITS, type PostEnvelope } from "../../wire/index.ts";
import type { EnvelopeRow } from "../port.ts";
import { gathered, inverseOf, NONE, withRoom } from "./arrays.ts";
import { HalfSip } from "../../hash/index.ts";
import { KeyTable, type SavedKeyTable } from "./key-table.ts";
import { TimeOrder } from "./order.ts";
import { Postings, type SavedPostings } from "./postings.ts";
import { Relations, type SavedRelations } from "./relations.ts";
import { type SavedScopes, ScopeTree } from "./scopes.ts";

const SCOPES_PER_ROW = LIMITS.geoScopes + LIMITS.topicScopes;

/** Bits of a row. */
const RELATES = { reply: 1, boost: 2 } as const;

/** An envelope and where its bytes are: `size` bytes at `offset` of segment `segment`. */
export interface TableEntry {
  readonly hash: Uint8Array;
  readonly envelope: PostEnvelope;
  readonly seq: number;
  readonly segment: number;
  readonly offset: number;
  readonly size: number;
}

/** Everything the table holds, in shapes that survive structured clone. */
export interface SavedTable {
  readonly seed: Uint32Array;
  readonly lastSeq: number;
  readonly hashes: SavedKeyTable;
  readonly authors: SavedKeyTable;
  readonly authorList: Uint32Array;
  readonly created: Float64Array;
  readonly author: Uint32Array;
  readonly scopes: Uint32Array;
  readonly seq: Float64Array;
  readonly segment: Uint32Array;
  readonly offset: Uint32Array;
  readonly size: Uint16Array;
  readonly removed: Uint8Array;
  readonly relates: Uint8Array;
  readonly answered: Uint32Array;
  readonly postings: SavedPostings;
  readonly relations: SavedRelations;
  readonly tree: SavedScopes;
  readonly everything: number;
  readonly unscoped: number;
}

/**
 * The envelope index: one row an envelope, one typed array a field, rows in order of arrival.
 * 76 bytes a row, and about as much again for the hash tables and posting lists.
 *
 * A removed row stays, marked, until more than a third of all rows are removed; then `compact` renumbers.
 */
export class EnvelopeTable {
  readonly hashes: KeyTable;
  readonly authors: KeyTable;
  readonly order: TimeOrder;
  readonly postings: Postings;
  readonly relations: Relations;
  readonly tree: ScopeTree;
  /** Posting list of all rows. */
  readonly everything: number;
  /** Posting list of the rows without a scope. */
  readonly unscoped: number;
  author: Uint32Array;
  /** `SCOPES_PER_ROW` places a row: scope node + 1, 0 for none. */
  scopes: Uint32Array;
  seq: Float64Array;
  segment: Uint32Array;
  offset: Uint32Array;
  size: Uint16Array;
  removed: Uint8Array;
  /** What the row is itself, as `RELATES` says. */
  relates: Uint8Array;
  /** Two words a row: the fingerprint by which answers to its post are found in `relations`; zeros for one without a post. */
  answered: Uint32Array;
  lastSeq: number;
  /** Sum of `size` over the rows that are not removed. */
  bytes = 0;
  #authorList: Uint32Array;
  #removedRows = 0;
  readonly #sip: HalfSip;

  /** @param source two secret random words for a new table, or what `save` returned */
  constructor(source: Uint32Array | SavedTable) {
    const saved = source instanceof Uint32Array ? undefined : source;
    this.#sip = new HalfSip(source instanceof Uint32Array ? source : source.seed);
    this.hashes = new KeyTable(this.#sip, saved?.hashes);
    this.authors = new KeyTable(this.#sip, saved?.authors);
    this.order = new TimeOrder(this.hashes, saved?.created ?? new Float64Array(0));
    this.postings = new Postings(this.order, saved?.postings);
    this.relations = new Relations(this.#sip, this.postings, saved?.relations);
    this.tree = new ScopeTree(this.postings, saved?.tree);
    this.everything = saved?.everything ?? this.postings.create();
    this.unscoped = saved?.unscoped ?? this.postings.create();
    this.author = saved?.author ?? new Uint32Array(0);
    this.scopes = saved?.scopes ?? new Uint32Array(0);
    this.seq = saved?.seq ?? new Float64Array(0);
    this.segment = saved?.segment ?? new Uint32Array(0);
    this.offset = saved?.offset ?? new Uint32Array(0);
    this.size = saved?.size ?? new Uint16Array(0);
    this.removed = saved?.removed ?? new Uint8Array(0);
    this.relates = saved?.relates ?? new Uint8Array(0);
    this.answered = saved?.answered ?? new Uint32Array(0);
    this.lastSeq = saved?.lastSeq ?? 0;
    this.#authorList = saved?.authorList ?? new Uint32Array(0);
    for (let row = 0; row < this.rows; row += 1) {
      if (this.removed[row] === 0) this.bytes += this.size[row]!;
      else this.#removedRows += 1;
    }
  }

  /** Rows, removed ones included; rows are numbered from 0 in order of `seq`. */
  get rows(): number {
    return this.hashes.length;
  }

  /** Rows that are not removed. */
  get live(): number {
    return this.hashes.length - this.#removedRows;
  }

  /** Row of an envelope that is held, -1 otherwise. */
  find(hash: Uint8Array): number {
    const row = this.hashes.find(hash);
    return row === -1 || this.removed[row] !== 0 ? -1 : row;
  }

  /** First row with a `seq` greater than `since`. */
  rowAfter(since: number): number {
    let low = 0;
    let high = this.rows;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.seq[middle]! <= since) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Rows that are held of those with these `seq`s, which ascend. */
  rowsOf(seqs: Float64Array): Uint32Array {
    const found = new Uint32Array(seqs.length);
    let [count, row] = [0, seqs.length === 0 ? this.rows : this.rowAfter(seqs[0]! - 1)];
    for (const wanted of seqs) {
      // Far apart they are searched for, close together passed on the way.
      if (row < this.rows && this.seq[row]! < wanted) row += 1;
      if (row < this.rows && this.seq[row]! < wanted) row = this.rowAfter(wanted - 1);
      if (row >= this.rows) break;
      if (this.seq[row] !== wanted || this.removed[row] !== 0) continue;
      found[count] = row;
      count += 1;
    }
    return found.subarray(0, count);
  }

  /** The row as the port shows it. */
  rowAt(row: number): EnvelopeRow {
    return {
      seq: this.seq[row]!,
      hash: this.hashes.key(row),
      author: this.authors.key(this.author[row]!),
      created: this.order.created[row]!,
    };
  }

  /** Posting list of an author by the id in `authors`. */
  authorListOf(author: number): number {
    return this.#authorList[author]!;
  }

  /** Whether the row declares exactly this scope node. */
  declares(row: number, node: number): boolean {
    const place = row * SCOPES_PER_ROW;
    for (let at = place; at < place + SCOPES_PER_ROW; at += 1) if (this.scopes[at] === node + 1) return true;
    return false;
  }

  /** Whether the row declares this scope node or one below it. */
  declaresWithin(row: number, node: number): boolean {
    const place = row * SCOPES_PER_ROW;
    for (let at = place; at < place + SCOPES_PER_ROW && this.scopes[at] !== 0; at += 1) {
      if (this.tree.isWithin(this.scopes[at]! - 1, node)) return true;
    }
    return false;
  }

  /** Scope nodes that the row declares. */
  nodesOf(row: number): number[] {
    const nodes: number[] = [];
    for (let place = row * SCOPES_PER_ROW; place < (row + 1) * SCOPES_PER_ROW; place += 1) {
      const entry = this.scopes[place]!;
      if (entry !== 0) nodes.push(entry - 1);
    }
    return nodes;
  }

  /** Whether the row is one of these: an answer to something, a boost of something. */
  isRelated(row: number, relations: readonly (keyof typeof RELATES)[]): boolean {
    return relations.some((relation) => (this.relates[row]! & RELATES[relation]) !== 0);
  }

  hasScope(row: number): boolean {
    return this.scopes[row * SCOPES_PER_ROW] !== 0;
  }

  /**
   * Adds envelopes that are not held, in order of `seq`.
   * @returns the number of the first new row; the others follow it
   */
  insert(entries: readonly TableEntry[]): number {
    const first = this.rows;
    for (const entry of entries) this.#append(entry);
    const rows = entries.map((_, index) => first + index).sort((a, b) => this.order.compare(a, b));
    // Trees first: a list of a subtree opened half-way through would miss the rows already seen.
    for (const row of rows) this.tree.openAncestors(this.nodesOf(row));
    const grouped = new Map<number, number[]>();
    for (const row of rows) {
      for (const list of this.#ownLists(row)) addTo(grouped, list, row);
      for (const list of this.#relate(entries[row - first]!.envelope, row)) addTo(grouped, list, row);
    }
    for (const [list, members] of grouped) this.postings.insert(list, members);
    return first;
  }

  /** Marks a row removed; it must not be already. */
  remove(row: number): void {
    this.removed[row] = 1;
    this.#removedRows += 1;
    this.bytes -= this.size[row]!;
    for (const list of this.#ownLists(row)) this.postings.markDead(list);
  }

  /** Notes that the bytes of a row were moved. */
  relocate(row: number, segment: number, offset: number): void {
    this.segment[row] = segment;
    this.offset[row] = offset;
  }

  /** Whether so much is removed that `compact` pays: a third, and more than a page of rows. */
  get isSparse(): boolean {
    return this.#removedRows > 1024 && this.#removedRows * 3 > this.rows;
  }

  /** Drops removed rows, and authors and scopes that nothing is left of; puts rows in order of `seq`. Row numbers change. */
  compact(): void {
    const order = this.#liveRowsBySeq();
    const renamed = inverseOf(order, this.rows);
    this.hashes.reorder(order);
    this.order.created = gathered(this.order.created, order);
    this.author = gathered(this.author, order);
    this.scopes = gathered(this.scopes, order, SCOPES_PER_ROW);
    this.seq = gathered(this.seq, order);
    this.segment = gathered(this.segment, order);
    this.offset = gathered(this.offset, order);
    this.size = gathered(this.size, order);
    this.removed = new Uint8Array(order.length);
    this.relates = gathered(this.relates, order);
    this.answered = gathered(this.answered, order, 2);
    this.#removedRows = 0;
    this.postings.remap(renamed);
    this.relations.remap(renamed);
    this.#pruneAuthors();
    const nodes = this.tree.prune();
    this.scopes.forEach((entry, place) => {
      if (entry !== 0) this.scopes[place] = nodes[entry - 1]! + 1;
    });
  }

  /** A copy of everything, for the snapshot. */
  save(): SavedTable {
    const rows = this.rows;
    return {
      seed: this.#sip.seed.slice(),
      lastSeq: this.lastSeq,
      hashes: this.hashes.save(),
      authors: this.authors.save(),
      authorList: this.#authorList.slice(0, this.authors.length),
      created: this.order.created.slice(0, rows),
      author: this.author.slice(0, rows),
      scopes: this.scopes.slice(0, rows * SCOPES_PER_ROW),
      seq: this.seq.slice(0, rows),
      segment: this.segment.slice(0, rows),
      offset: this.offset.slice(0, rows),
      size: this.size.slice(0, rows),
      removed: this.removed.slice(0, rows),
      relates: this.relates.slice(0, rows),
      answered: this.answered.slice(0, rows * 2),
      postings: this.postings.save(),
      relations: this.relations.save(),
      tree: this.tree.save(),
      everything: this.everything,
      unscoped: this.unscoped,
    };
  }

  #append(entry: TableEntry): void {
    const { envelope } = entry;
    const nodes = [...new Set(envelope.scopes.map((scope) => this.tree.intern(scope)))];
    if (nodes.length > SCOPES_PER_ROW) {
      throw new RangeError(`an envelope declares at most ${SCOPES_PER_ROW} scopes, not ${nodes.length}`);
    }
    const row = this.hashes.append(entry.hash);
    const rows = row + 1;
    this.order.created = withRoom(this.order.created, rows);
    this.author = withRoom(this.author, rows);
    this.scopes = withRoom(this.scopes, rows * SCOPES_PER_ROW);
    this.seq = withRoom(this.seq, rows);
    this.segment = withRoom(this.segment, rows);
    this.offset = withRoom(this.offset, rows);
    this.size = withRoom(this.size, rows);
    this.removed = withRoom(this.removed, rows);
    this.relates = withRoom(this.relates, rows);
    this.answered = withRoom(this.answered, rows * 2);
    this.order.created[row] = envelope.created;
    this.author[row] = this.#internAuthor(envelope.author);
    nodes.forEach((node, place) => {
      this.scopes[row * SCOPES_PER_ROW + place] = node + 1;
    });
    this.seq[row] = entry.seq;
    this.segment[row] = entry.segment;
    this.offset[row] = entry.offset;
    this.size[row] = entry.size;
    this.relates[row] =
      (envelope.replyTo === null ? 0 : RELATES.reply) | (envelope.boostOf === null ? 0 : RELATES.boost);
    if (envelope.postHash !== null) this.answered.set(this.relations.fingerprint("reply", envelope.postHash), row * 2);
    this.bytes += entry.size;
    this.lastSeq = Math.max(this.lastSeq, entry.seq);
  }

  #internAuthor(author: Uint8Array): number {
    const id = this.authors.intern(author);
    this.#authorList = withRoom(this.#authorList, id + 1);
    // List 0 is `everything`, so 0 means that this author is new.
    if (this.#authorList[id] === 0) this.#authorList[id] = this.postings.create();
    return id;
  }

  /** The lists that can be told from the row itself: all but those of relations. */
  #ownLists(row: number): Set<number> {
    const nodes = this.nodesOf(row);
    const lists = this.tree.listsOf(nodes);
    lists.add(this.everything);
    lists.add(this.#authorList[this.author[row]!]!);
    if (nodes.length === 0) lists.add(this.unscoped);
    return lists;
  }

  #relate(envelope: PostEnvelope, row: number): Set<number> {
    const lists = new Set<number>();
    if (envelope.replyTo !== null) lists.add(this.relations.add("reply", envelope.replyTo, row));
    if (envelope.boostOf !== null) lists.add(this.relations.add("boost", envelope.boostOf, row));
    if (envelope.postHash !== null) lists.add(this.relations.add("post", envelope.postHash, row));
    for (const target of distinct(envelope.references)) lists.add(this.relations.add("reference", target, row));
    lists.delete(NONE);
    return lists;
  }

  #liveRowsBySeq(): Uint32Array {
    const order = new Uint32Array(this.live);
    let count = 0;
    let sorted = true;
    for (let row = 0; row < this.rows; row += 1) {
      if (this.removed[row] !== 0) continue;
      sorted &&= count === 0 || this.seq[order[count - 1]!]! < this.seq[row]!;
      order[count] = row;
      count += 1;
    }
    return sorted ? order : order.sort((a, b) => this.seq[a]! - this.seq[b]!);
  }

  #pruneAuthors(): void {
    const kept: number[] = [];
    for (let id = 0; id < this.authors.length; id += 1) {
      if (this.postings.length(this.#authorList[id]!) > 0) kept.push(id);
      else this.postings.release(this.#authorList[id]!);
    }
    const order = Uint32Array.from(kept);
    const renamed = inverseOf(order, this.authors.length);
    this.authors.reorder(order);
    this.#authorList = gathered(this.#authorList, order);
    this.author = this.author.map((id) => renamed[id]!);
  }
}

function addTo(grouped: Map<number, number[]>, list: number, row: number): void {
  const members = grouped.get(list);
  if (members === undefined) grouped.set(list, [row]);
  else members.push(row);
}

/** An envelope may name one hash twice; its row must stand in the list once. */
function distinct(hashes: readonly Uint8Array[]): readonly Uint8Array[] {
  if (hashes.length < 2) return hashes;
  return hashes.filter((hash, index) => !hashes.slice(0, index).some((other) => equalBytes(hash, other)));
}
