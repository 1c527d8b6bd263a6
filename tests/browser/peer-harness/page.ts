/** What tests do to a peer: writes drafts, publishes and lets envelopes in, until the worker that does it is ended; then looks at what is left. */
import { chance } from "../../store/mutations.ts";
import type { Answer, Ask, Filled, Look } from "./messages.ts";

/** Drafts that are written on in turn. */
const DRAFTS = 6;
/** Of 4 posts one is longer than its envelope. */
const LONG = 4;

type Question = Ask extends infer One ? (One extends Ask ? Omit<One, "id"> : never) : never;

interface Versions {
  /** The last text whose promise resolved; `null` when it was published since. */
  kept: string | null;
  /** What was on its way when the worker ended. */
  pending: string | null | undefined;
}

export interface Round {
  /** Promises that had resolved in this round. */
  readonly saved: number;
  readonly published: number;
  readonly envelopes: number;
  /** Everything that does not hold. */
  readonly wrong: readonly string[];
}

export class PeerHarness {
  #worker: Worker = this.#spawn();
  #asked = 0;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  readonly #drafts = new Map<string, Versions>();
  /** Hashes of what was published, for all that is known. */
  readonly #published = new Set<string>();
  #number = 0;

  /** One life of a worker: `life` milliseconds of writing, then its end, then a new one that has to find everything. */
  async round(seed: number, life: number): Promise<Round> {
    const next = chance(seed);
    const before = { saved: 0, published: 0 };
    const failed: string[] = [];
    const end = new AbortController();
    const write = async (work: () => Promise<void>): Promise<void> => {
      while (!end.signal.aborted) await work();
    };
    await this.#ask({ kind: "ingest", seed });
    const writing = [
      write(async () => {
        await this.#save(`draft ${Math.floor(next() * DRAFTS)}`);
        before.saved += 1;
      }),
      write(async () => {
        await this.#publish(seed);
        before.published += 1;
      }),
    ].map((work) =>
      work.catch((error: Error) => {
        if (!end.signal.aborted) failed.push(error.message);
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, life));
    end.abort();
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(new Error("the worker has ended"));
    this.#waiting.clear();
    await Promise.all(writing);
    this.#worker = this.#spawn();
    const look = (await this.#ask({ kind: "look" })) as Look;
    return { ...before, envelopes: look.envelopes, wrong: [...failed, ...look.faults, ...this.#compare(look)] };
  }

  /** Holds fetched objects until room has to be made for them, or there is none. */
  async fill(): Promise<Filled> {
    return (await this.#ask({ kind: "fill" })) as Filled;
  }

  /** Publishes a post, long enough to be an object of its own. @returns the code of the failure, `null` when it worked */
  async publish(): Promise<string | null> {
    try {
      await this.#publish(0);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Everything that does not hold of what was kept so far. */
  async check(): Promise<readonly string[]> {
    const look = (await this.#ask({ kind: "look" })) as Look;
    return [...look.faults, ...this.#compare(look)];
  }

  /** Ends the worker and begins anew. */
  restart(): void {
    this.#worker.terminate();
    this.#worker = this.#spawn();
  }

  async #save(draft: string): Promise<void> {
    const versions = this.#versions(draft);
    this.#number += 1;
    const text = `version ${this.#number} ${"x".repeat(this.#number % 3_000)} end`;
    versions.pending = text;
    await this.#ask({ kind: "save", draft, text });
    versions.kept = text;
    versions.pending = undefined;
  }

  async #publish(seed: number): Promise<void> {
    this.#number += 1;
    const draft = `post ${this.#number}`;
    const text = `post ${seed} ${this.#number} ${"y".repeat(this.#number % LONG === 0 ? 5_000 : 20)}`;
    const versions = this.#versions(draft);
    versions.pending = text;
    await this.#ask({ kind: "save", draft, text });
    versions.kept = text;
    versions.pending = null;
    const hash = (await this.#ask({ kind: "publish", draft, text })) as string;
    this.#published.add(hash);
    versions.kept = null;
    versions.pending = undefined;
  }

  /** Whatever resolved must be there; what was on its way is there or not, but not half. */
  #compare({ drafts, own, outbox }: Look): string[] {
    const wrong: string[] = [];
    for (const hash of this.#published) {
      if (!own.includes(hash)) wrong.push(`${hash} was published and is gone`);
      if (!outbox.includes(hash)) wrong.push(`${hash} does not wait to be sent`);
    }
    for (const [id, versions] of this.#drafts) {
      const found = drafts[id] ?? null;
      const allowed = versions.pending === undefined ? [versions.kept] : [versions.kept, versions.pending];
      if (!allowed.includes(found))
        wrong.push(`${id} is ${found?.slice(0, 20)}, not ${allowed.join(" or ").slice(0, 60)}`);
      versions.kept = found;
      versions.pending = undefined;
    }
    for (const id of Object.keys(drafts)) if (!this.#drafts.has(id)) wrong.push(`${id} was never written`);
    // What was published without its promise knowing is known from now on.
    for (const hash of own) this.#published.add(hash);
    return wrong;
  }

  #versions(draft: string): Versions {
    const known = this.#drafts.get(draft) ?? { kept: null, pending: undefined };
    this.#drafts.set(draft, known);
    return known;
  }

  #ask(question: Question): Promise<unknown> {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...question, id });
    });
  }

  #spawn(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data: { error, id, value } }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === null) waiting?.resolve(value);
      else waiting?.reject(new Error(error));
    });
    return worker;
  }
}

window.peerHarness = new PeerHarness();
