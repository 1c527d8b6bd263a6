import { channelOf, type Hash, type PostEnvelope } from "../../../wire/index.ts";
import type { Library, LibraryRow } from "../library.ts";
import type { Admission, Listed } from "./admission.ts";
import { Backlog, type Interest } from "./backlog.ts";
import { MAX_HASHES } from "./constants.ts";
import type { RequestedSubscription, ServerMessage } from "./messages.ts";
import { startsIn, type Starts } from "./starts.ts";
import { ToldLane, type Placed } from "./told.ts";
import { VersionLane } from "./versions.ts";
import type { KeyTarget } from "./subscription.ts";

export interface RequestedOptions {
  readonly subscriptions: readonly RequestedSubscription[];
  /** Whether the cursors speak of this store. */
  readonly sameStore: boolean;
  readonly library: Library;
  readonly admission: Admission;
  readonly now: number;
}

/**
 * The set that a subscriber has asked for, by how it is served: pushed, told of each minute, or version by version. What is
 * for trusted people is always pushed: there is little of it, and it may not be told of twice.
 */
export class Requested {
  readonly pushed: readonly Placed[];
  /** By channel of a place that is asked for exactly: where in the set that is. */
  readonly places: ReadonlyMap<string, number>;
  /** Channels of all scopes that are asked for, in whatever mode. */
  readonly channels: ReadonlySet<string>;
  readonly versions: VersionLane;
  readonly #lanes: readonly ToldLane[];
  readonly #library: Library;
  readonly #admission: Admission;

  constructor({ admission, library, now, sameStore, subscriptions }: RequestedOptions) {
    const { envelopes } = library;
    this.#library = library;
    this.#admission = admission;
    const placed = subscriptions.map(({ mode, since, target }, at) => {
      // Versions count by themselves: their sequence is the same everywhere.
      const from = sameStore || target.kind === "key" ? since : 0;
      return { at, target, since: from, mode: target.kind === "trusted" ? "push" : mode };
    });
    const matched = placed.filter(({ target }) => target.kind !== "key");
    this.pushed = matched.filter(({ mode }) => mode === "push");
    this.places = new Map(
      this.pushed.flatMap(({ at, target }) =>
        target.kind === "scope" && target.match === "exact" ? [[channelOf(target.scope), at] as const] : [],
      ),
    );
    this.channels = new Set(
      matched.flatMap(({ target }) => (target.kind === "scope" ? [channelOf(target.scope)] : [])),
    );
    this.versions = new VersionLane(library, placed.flatMap(keyed));
    this.#lanes = (["digest", "pullhint"] as const).flatMap((mode) => {
      const told = matched.filter((each) => each.mode === mode);
      return told.length === 0 ? [] : [new ToldLane({ mode, subscriptions: told, envelopes, admission, now })];
    });
  }

  /** What an announcement of these says of starts. */
  starts(hashes: readonly Hash[]): readonly Starts[] {
    return startsIn(hashes, this.places, (hash) => this.#admission.startsOf(hash));
  }

  /** When something is to be looked at next. */
  get due(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.#lanes.map((lane) => lane.due));
  }

  /** The walk over what is pushed, from the cursors on, and from `from` on at least. */
  backlog(trusted: boolean, from: number): Backlog {
    const interests = this.pushed.flatMap(({ since, target }): Interest[] => {
      // Who is not trusted is answered as if nothing were held; who is trusted from now on gets what was held before.
      if (target.kind === "trusted") return trusted ? [{ target, since: 0 }] : [];
      return [{ target, since: Math.max(since, from) }];
    });
    return new Backlog(this.#library.envelopes, interests);
  }

  /** A page of what the walk does not come by; `next` is where the next one begins, `null` after the last. */
  besides(since: number): { readonly rows: readonly Listed[]; readonly next: number | null } {
    const targets = this.pushed.map(({ target }) => target);
    const found = this.#admission.besides(targets, since, MAX_HASHES);
    const last = found.at(-1)?.became ?? since;
    // What became so together may not all be on this page; more than a page of those is not paged through.
    const next = found.length < MAX_HASHES ? null : Math.max(last - 1, since + 1);
    return { rows: found.map(({ row }) => ({ row, sure: false })), next };
  }

  opened(row: LibraryRow, envelope: PostEnvelope): void {
    for (const lane of this.#lanes) lane.opened(row, envelope);
  }

  /** What is due now; `null` when nothing is, an empty list when there was nothing to say. */
  async next(
    generation: number,
    now: number,
    known: (hex: string) => boolean,
  ): Promise<readonly ServerMessage[] | null> {
    if (this.versions.isDue) return await this.versions.next(generation);
    const lane = this.#lanes.find((each) => each.due <= now);
    if (lane === undefined) return null;
    const message = await lane.next(generation, now, known);
    return message === null ? [] : [message];
  }
}

function keyed({ at, since, target }: Placed): Placed<KeyTarget>[] {
  return target.kind === "key" ? [{ at, since, target }] : [];
}
