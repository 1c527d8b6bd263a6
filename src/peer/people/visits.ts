import type { Clock } from "../../mesh/protocols/index.ts";
import { BoundedMap, type IntakeOptions } from "../../social/index.ts";
import type { Store } from "../../store/port.ts";
import { toHex, type Hash, type NodeKey } from "../../wire/index.ts";
import type { Findings } from "../finding/index.ts";
import type { ProfileBook } from "../profiles.ts";
import { keepClaim } from "./claims.ts";

/** Somebody who was looked for is not looked for again so long, in ms. */
const REST = 120_000;
/** The same, where something that the profile names was not to be had. */
const RETRY = 15_000;
const REMEMBERED = 256;

export interface VisitsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly self: NodeKey;
  readonly profiles: ProfileBook;
  readonly findings: Findings;
  readonly blocked: (key: NodeKey) => boolean;
  readonly fetch: (hash: Hash, signal: AbortSignal) => Promise<Uint8Array>;
  /** The verdict on signatures, where it is not made here. */
  readonly verify?: IntakeOptions["verify"] | undefined;
  /** Something of this kind has come. */
  readonly onChanged: () => void;
  readonly log: (context: string, error: unknown) => void;
}

/** Looks for the newest profile of a person whose page is opened, and for what it claims. */
export class Visits {
  readonly #options: VisitsOptions;
  readonly #visited = new BoundedMap<string, number>(REMEMBERED);
  readonly #ended = new AbortController();

  constructor(options: VisitsOptions) {
    this.#options = options;
  }

  /** A page about this person was opened. */
  begin(key: NodeKey): void {
    const { blocked, clock, log } = this.#options;
    const name = toHex(key);
    if (blocked(key) || (this.#visited.get(name) ?? 0) > clock.now()) return;
    this.#visited.set(name, clock.now() + REST);
    this.#visit(key).catch((error: unknown) => {
      // The next time that the page is opened tries again.
      this.#visited.delete(name);
      if (!this.#ended.signal.aborted) log("people", error);
    });
  }

  stop(): void {
    this.#ended.abort();
  }

  async #visit(key: NodeKey): Promise<void> {
    const { clock, fetch, findings, log, onChanged, profiles, store, verify } = this.#options;
    const { signal } = this.#ended;
    const finder = await findings.finder();
    if (finder === null) {
      this.#visited.delete(toHex(key));
      return;
    }
    await finder.profile(key, signal);
    const known = await profiles.get(key);
    for (const hash of known?.profile.claims ?? []) {
      if (await store.hasObject(hash)) continue;
      try {
        await keepClaim(store, key, hash, await fetch(hash, signal), { now: clock.now(), verify });
        onChanged();
      } catch (error) {
        signal.throwIfAborted();
        // One that nobody has keeps nobody from the others, and may be there soon.
        this.#visited.set(toHex(key), clock.now() + RETRY);
        log("people", error);
      }
    }
  }
}
