import { decodeEnvelope, toHex, type Hash, type NodeKey, type PostEnvelope, type Scope } from "../../../wire/index.ts";
import type { Audience, Beside } from "../audience.ts";
import type { LibraryEnvelopes, LibraryRow } from "../library.ts";
import type { Target } from "./subscription.ts";

/** A row of the walk. `sure`: it declares a scope and is by somebody asked for, or starts at a place asked for. */
export interface Listed {
  readonly row: LibraryRow;
  readonly sure: boolean;
  /** Where it is at hand, so that nothing has to be read to know what it declares. */
  readonly envelope?: PostEnvelope;
}

/** Which envelopes one subscriber may have, and as which bytes. What is sure needs nobody's word, and no reading. */
export class Admission {
  readonly #audience: Audience;
  readonly #envelopes: LibraryEnvelopes;
  readonly #asker: NodeKey;
  #targets: readonly Target[] = [];

  constructor(audience: Audience, envelopes: LibraryEnvelopes, asker: NodeKey) {
    this.#audience = audience;
    this.#envelopes = envelopes;
    this.#asker = asker;
  }

  get targets(): readonly Target[] {
    return this.#targets;
  }

  set targets(targets: readonly Target[]) {
    this.#targets = targets;
  }

  get trusts(): boolean {
    return this.#audience.trusts(this.#asker);
  }

  besides(targets: readonly Target[], since: number, limit: number): readonly Beside[] {
    return this.#audience.besides(targets, since, limit);
  }

  /** Places at which it started, if it has topics alone and that is known here. */
  startsOf(hash: Hash): readonly Scope[] {
    return this.#audience.startsOf(hash);
  }

  /** Those that the subscriber may be told of, in their order. */
  async admit(listed: readonly Listed[]): Promise<Listed[]> {
    const unread = listed.filter(({ envelope, sure }) => !sure && envelope === undefined).map(({ row }) => row.hash);
    const read = unread.length === 0 ? [] : await this.#envelopes.bytes(unread);
    const found = new Map(unread.map((hash, at) => [hash, read[at]] as const));
    return listed.filter(({ envelope, row, sure }) => {
      if (sure) return true;
      const bytes = found.get(row.hash);
      const known = envelope ?? (bytes === undefined ? undefined : decodeEnvelope(bytes));
      return known !== undefined && this.admits(row.hash, known);
    });
  }

  /** Whether the subscriber may be told of this one. */
  admits(hash: Hash, envelope: PostEnvelope): boolean {
    return this.#audience.admits({ hash, envelope }, this.#asker, this.#targets);
  }

  /** What to send for each of these, without those that it may not have or that are gone. */
  async items(wanted: readonly { readonly hash: Hash; readonly sure: boolean }[]): Promise<Uint8Array[]> {
    const surely = wanted.filter(({ sure }) => sure).map(({ hash }) => hash);
    const rows = wanted.flatMap(({ hash, sure }) => (sure ? [] : (this.#envelopes.row(hash) ?? [])));
    const [plain, given] = await Promise.all([this.#envelopes.bytes(surely), this.#give(rows)]);
    const found = new Map(surely.map((hash, at) => [toHex(hash), plain[at]] as const));
    return wanted.flatMap(({ hash }) => found.get(toHex(hash)) ?? given.get(toHex(hash)) ?? []);
  }

  /** The bytes for one that has just arrived; `null` when it is not for this subscriber. */
  async item({ row, sure }: Listed, bytes: Uint8Array): Promise<Uint8Array | null> {
    if (sure) return bytes;
    return (await this.#audience.give({ ...row, bytes }, this.#asker, this.#targets))?.bytes ?? null;
  }

  /** By hex of the hash: what may be sent of these. */
  async #give(rows: readonly LibraryRow[]): Promise<Map<string, Uint8Array>> {
    const held = await this.#envelopes.bytes(rows.map(({ hash }) => hash));
    const given = await Promise.all(
      rows.map(async (row, at) => {
        const bytes = held[at];
        return bytes === undefined ? null : await this.item({ row, sure: false }, bytes);
      }),
    );
    return new Map(rows.flatMap(({ hash }, at) => (given[at] ? [[toHex(hash), given[at]] as const] : [])));
  }
}
