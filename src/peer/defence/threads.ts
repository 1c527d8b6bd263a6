import { BoundedMap } from "../../social/index.ts";
import type { Store } from "../../store/port.ts";
import { decodeEnvelope, fromHex, toHex, type Hash, type PostEnvelope } from "../../wire/index.ts";

/** As deep as a thread is shown (docs/protocol.md); also what ends a thread that answers itself. */
const MAX_DEPTH = 64;
/** Answers that were looked up: a screen has some ten, a busy day a few thousand. */
const REMEMBERED = 16_384;
/** An author may publish several envelopes for one post; more than a few would be a flood. */
const ENVELOPES_OF_A_POST = 16;

/** Where an answer belongs. `lost`: what it answers is not all here, so it may turn out to belong elsewhere. */
export interface ThreadPlace {
  /** Hex of the muted post; `null` for none. */
  readonly muted: string | null;
  readonly lost: boolean;
}

/** What is held of a post. */
interface Held {
  /** What it answers, in hex; `null` for what answers nothing. */
  readonly of: string | null;
  /** Its own hash in hex; that of the envelope where it names no post. */
  readonly post: string;
  /** Hex of the envelope. */
  readonly envelope: string;
}

/** Which answers belong to which of some posts, found by going up from the answer. */
export class ThreadPlaces {
  readonly #store: Store;
  /** By hex of the post or of an envelope of it. */
  readonly #parents = new BoundedMap<string, Held>(REMEMBERED);

  constructor(store: Store) {
    this.#store = store;
  }

  /** @param muted hex of posts, by their own hashes or those of their envelopes */
  async place(
    hash: Hash,
    { postHash, replyTo }: Pick<PostEnvelope, "postHash" | "replyTo">,
    muted: Pick<ReadonlySet<string>, "has">,
  ): Promise<ThreadPlace> {
    const own = [toHex(hash), ...(postHash === null ? [] : [toHex(postHash)])].find((name) => muted.has(name));
    if (own !== undefined) return { muted: own, lost: false };
    let at = replyTo === null ? null : toHex(replyTo);
    for (let depth = 0; at !== null && depth < MAX_DEPTH; depth++) {
      if (muted.has(at)) return { muted: at, lost: false };
      const parent: Held | null = this.#parents.get(at) ?? (await this.#look(at));
      if (parent === null) return { muted: null, lost: true };
      // An answer names the post, a mute its envelope, or the other way round.
      const { envelope, of, post }: Held = parent;
      if (muted.has(post)) return { muted: post, lost: false };
      if (muted.has(envelope)) return { muted: envelope, lost: false };
      at = of;
    }
    return { muted: null, lost: false };
  }

  /** The topmost post above this one that is held here, in hex; itself where it answers nothing. By its own hash where that is known. */
  async top(named: string): Promise<string> {
    let at = named;
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      const held = this.#parents.get(at) ?? (await this.#look(at));
      const above = held?.of ?? null;
      if (above === null || above === named) return held?.post ?? at;
      at = above;
    }
    return at;
  }

  /** What is held of a post: the first envelope that came here, since anybody can sign another one that names it. */
  async #look(named: string): Promise<Held | null> {
    const { envelopes } = this.#store;
    const target = fromHex(named);
    const ofPost = { filter: { kind: "relation", relation: "post", target }, limit: ENVELOPES_OF_A_POST } as const;
    const row = envelopes.row(target) ?? envelopes.query(ofPost).toSorted((a, b) => a.seq - b.seq)[0];
    const [bytes] = row === undefined ? [] : await envelopes.bytes([row.hash]);
    if (row === undefined || bytes === undefined) return null;
    const { postHash, replyTo } = decodeEnvelope(bytes);
    const envelope = toHex(row.hash);
    const parent = {
      of: replyTo === null ? null : toHex(replyTo),
      post: postHash === null ? envelope : toHex(postHash),
      envelope,
    };
    this.#parents.set(named, parent);
    return parent;
  }
}
