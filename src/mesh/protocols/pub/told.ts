import { coversByStart } from "../../../social/promotion/index.ts";
import { decodeEnvelope, scopeKey, toHex, type PostEnvelope, type Scope } from "../../../wire/index.ts";
import type { LibraryEnvelopes, LibraryRow } from "../library.ts";
import type { Admission } from "./admission.ts";
import { MAX_MATCHES, MAX_TOLD, MAX_TOLD_BYTES, TOLD_INTERVAL } from "./constants.ts";
import { filterOf, type Target } from "./subscription.ts";
import type { Told, ToldMessage } from "./told-messages.ts";

/** A subscription, with its place in the set that the client sent. */
export interface Placed<Of extends Target = Target> {
  readonly at: number;
  readonly target: Of;
  readonly since: number;
}

export interface ToldLaneOptions {
  readonly mode: ToldMessage["mode"];
  readonly subscriptions: readonly Placed[];
  readonly envelopes: LibraryEnvelopes;
  readonly admission: Admission;
  readonly now: number;
}

/**
 * What one subscriber is told of and not sent, in one of the two modes: the newest of what came since it was last told,
 * each minute. Where more came than a frame holds the rest is left out: whoever wants everything takes push.
 */
export class ToldLane {
  readonly #options: ToldLaneOptions;
  readonly #filter: ReturnType<typeof filterOf>;
  readonly #places: Places;
  #position: number;
  /** Opened to this subscriber after the walk had passed them. */
  #besides: LibraryRow[];
  /** When to look next; the first time at once. */
  #due: number;

  constructor(options: ToldLaneOptions) {
    this.#options = options;
    const { admission, envelopes, now, subscriptions } = options;
    const targets = subscriptions.map(({ target }) => target);
    const { lastSeq } = envelopes;
    // A cursor from beyond the end belongs to a store that has lost something since.
    const since = Math.min(...subscriptions.map((each) => (each.since > lastSeq ? 0 : each.since)));
    this.#filter = filterOf(targets);
    this.#places = new Places(subscriptions);
    this.#position = since;
    this.#besides = admission.besides(targets, since, MAX_TOLD).map(({ row }) => row);
    this.#due = now;
  }

  get due(): number {
    return this.#due;
  }

  /** This may be told, too, if the subscriptions cover it. */
  opened(row: LibraryRow, envelope: PostEnvelope): void {
    if (this.#besides.length < MAX_TOLD && this.#places.of(envelope).length > 0) this.#besides.push(row);
  }

  /** The next digest, or hints; `null` when there is nothing new. */
  async next(generation: number, now: number, known: (hex: string) => boolean): Promise<ToldMessage | null> {
    this.#due = now + TOLD_INTERVAL;
    const { mode } = this.#options;
    const besides = new Set(this.#besides.map(({ hash }) => toHex(hash)));
    const rows = [...this.#besides.splice(0), ...this.#arrived()];
    const fresh = [...new Map(rows.map((row) => [toHex(row.hash), row])).entries()]
      .filter(([hex]) => !known(hex))
      .map(([, row]) => row);
    const items = fitting(await this.#tell(fresh, besides));
    return items.length === 0 ? null : { kind: "told", mode, generation, cursor: this.#position, items };
  }

  /** The newest first. */
  #arrived(): LibraryRow[] {
    const { envelopes } = this.#options;
    const since = this.#position;
    const { lastSeq } = envelopes;
    if (since >= lastSeq) return [];
    this.#position = lastSeq;
    const rows = envelopes.arrivals({ filter: this.#filter, since, limit: MAX_TOLD });
    if (rows.length < MAX_TOLD) return rows.toReversed();
    return envelopes.query({ filter: this.#filter, limit: MAX_TOLD }).filter(({ seq }) => seq > since);
  }

  async #tell(rows: readonly LibraryRow[], besides: ReadonlySet<string>): Promise<Told[]> {
    const { admission, envelopes, mode } = this.#options;
    const held = await envelopes.bytes(rows.map(({ hash }) => hash));
    return rows.flatMap((row, index): Told[] => {
      const bytes = held[index];
      if (bytes === undefined) return [];
      const envelope = decodeEnvelope(bytes);
      const covering = this.#places.of(envelope);
      const late = besides.has(toHex(row.hash));
      const placed = covering.filter(({ since }) => late || row.seq > since || since > envelopes.lastSeq);
      if (placed.length === 0) return [];
      const sure = placed.some(({ target }) => coversByStart(target, envelope, []));
      if (!sure && !admission.admits(row.hash, envelope)) return [];
      const at = placed.map((each) => each.at).slice(0, MAX_MATCHES);
      return [{ hash: row.hash, at, headline: mode === "digest" ? envelope.headline : null }];
    });
  }
}

/** As many, from the first on, as one frame holds. */
function fitting(items: readonly Told[]): Told[] {
  let size = 0;
  return items.slice(0, MAX_TOLD).filter(({ at, headline }) => {
    // Heads of the item, the hash, the places (3 bytes each at most) and the headline (4 bytes a character at most).
    size += 40 + at.length * 3 + (headline?.length ?? 0) * 4;
    return size <= MAX_TOLD_BYTES;
  });
}

/** Which subscriptions cover an envelope, without looking at each of them. */
class Places {
  readonly #byKey = new Map<string, Placed[]>();

  constructor(subscriptions: readonly Placed[]) {
    for (const each of subscriptions) {
      for (const key of keysOf(each.target)) this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), each]);
    }
  }

  of({ author, scopes }: PostEnvelope): Placed[] {
    // Without scopes it is for trusted people, and they get it at once.
    if (scopes.length === 0) return [];
    const keys = [`n:${toHex(author)}`, ...scopes.flatMap(coveringKeys)];
    const found = new Set(keys.flatMap((key) => this.#byKey.get(key) ?? []));
    return [...found].sort((a, b) => a.at - b.at);
  }
}

function keysOf(target: Target): string[] {
  if (target.kind === "node") return [`n:${toHex(target.key)}`];
  if (target.kind !== "scope") return [];
  return [`${target.match === "exact" ? "e" : "p"}:${scopeKey(target.scope)}`];
}

/** Of targets that cover a scope: itself, exactly, and it and all above it as prefixes. */
function coveringKeys(scope: Scope): string[] {
  const above = scope.segments.map((_, at) => `p:${scopeKey({ ...scope, segments: scope.segments.slice(0, at + 1) })}`);
  return [`e:${scopeKey(scope)}`, ...above];
}
