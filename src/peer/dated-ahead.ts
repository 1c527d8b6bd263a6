import type { Arrival } from "../mesh/protocols/index.ts";
import type { OutboxEntry, Store } from "../store/port.ts";
import { Serial } from "../store/serial.ts";
import { decodeObject, equalBytes } from "../wire/index.ts";
import type { ClockSkew } from "./clock-skew.ts";

/** Among the settings: envelopes were refused because this device's clock was behind. Outlives a restart. */
const UNREAD_KEY = "clock:unread";

export interface DatedAheadOptions {
  readonly store: Store;
  readonly skew: Pick<ClockSkew, "wouldBeTaken" | "isRight">;
  /** Whether anything may be waiting to be sent. */
  readonly waits: () => boolean;
  /** Envelopes of others refused since start because they seemed to come from the future. */
  readonly refused: () => number;
  /** An own envelope may be told to others. */
  readonly onFree: (own: Arrival) => void;
  readonly redate: (entry: OutboxEntry) => Promise<void>;
  /** Asks neighbours anew for what was refused. */
  readonly reread: () => Promise<void>;
}

/**
 * What a wrong clock does to envelopes, and how it is made good. A clock that is ahead dates own envelopes so that
 * everybody refuses them: they are held back, and dated anew once the clock is right. A clock that is behind makes this peer
 * refuse what others write: it is asked for again.
 */
export class DatedAhead {
  readonly #options: DatedAheadOptions;
  readonly #turn = new Serial();
  /** Own envelopes of this run that nobody has been told of. */
  #held: Arrival[] = [];
  #refusedBefore = 0;
  #wasRight = false;
  /** Whether something is to be read anew, as it is stored; `null` until it was looked at. */
  #unread: boolean | null = null;

  constructor(options: DatedAheadOptions) {
    this.#options = options;
  }

  /** Profiles carry no date and always may. */
  mayLeave(entry: OutboxEntry): boolean {
    const created = createdOf(entry);
    return created === null || this.#options.skew.wouldBeTaken(created);
  }

  /** An own envelope was stored: others are told now, or when they would take it. */
  made(own: Arrival): void {
    this.#held.push(own);
    this.free();
  }

  /** Lets others know of what they would take by now. */
  free(): void {
    const { onFree, skew } = this.#options;
    const free = this.#held.filter(({ envelope }) => skew.wouldBeTaken(envelope.created));
    this.#held = this.#held.filter((own) => !free.includes(own));
    for (const own of free) onFree(own);
  }

  /** To be called whenever more is known about the clock. */
  settle(): Promise<void> {
    return this.#turn.run(() => this.#settle());
  }

  /** Writes down whether something was refused by the own clock's fault. */
  note(): Promise<void> {
    return this.#turn.run(() => this.#note());
  }

  async #note(): Promise<void> {
    const { refused, skew, store } = this.#options;
    const count = refused();
    const { isRight } = skew;
    // If this clock was right all the while, it was the others' that were not.
    const ownFault = count > this.#refusedBefore && !(this.#wasRight && isRight);
    this.#refusedBefore = count;
    this.#wasRight = isRight;
    if (!ownFault) return;
    await store.commit({ settings: { [UNREAD_KEY]: true } });
    this.#unread = true;
  }

  async #settle(): Promise<void> {
    const { redate, reread, skew, store, waits } = this.#options;
    this.free();
    await this.#note();
    if (!skew.isRight) return;
    for (const entry of waits() ? await store.outbox() : []) {
      if (this.mayLeave(entry)) continue;
      this.#held = this.#held.filter(({ hash }) => !equalBytes(hash, entry.hash));
      await redate(entry);
    }
    this.#unread ??= (await store.setting(UNREAD_KEY)) === true;
    if (!this.#unread) return;
    await store.commit({ settings: { [UNREAD_KEY]: undefined } });
    this.#unread = false;
    await reread();
  }
}

/** The date of an envelope, `null` for what has none. */
function createdOf({ bytes }: OutboxEntry): number | null {
  const object = decodeObject(bytes);
  return object.type === "PostEnvelope" ? object.created : null;
}
