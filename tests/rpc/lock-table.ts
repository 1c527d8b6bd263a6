import type { LockPort } from "../../src/rpc/locks.ts";

interface Request {
  readonly context: Context;
  readonly grant: () => void;
}

/** Exclusive Web Locks of one origin, as the specification has them: one holder a name, a line in order. */
export class LockTable {
  readonly #held = new Map<string, Request>();
  readonly #lines = new Map<string, Request[]>();

  /** A page or a worker. */
  context(): Context {
    return new Context(this);
  }

  /** Names of the locks that somebody holds. */
  get held(): string[] {
    return [...this.#held.keys()];
  }

  waiting(name: string): number {
    return this.#lines.get(name)?.length ?? 0;
  }

  free(name: string): boolean {
    return !this.#held.has(name) && this.waiting(name) === 0;
  }

  enter(name: string, request: Request): void {
    this.#lines.set(name, [...(this.#lines.get(name) ?? []), request]);
    this.#advance(name);
  }

  withdraw(name: string, request: Request): void {
    this.#lines.set(
      name,
      (this.#lines.get(name) ?? []).filter((other) => other !== request),
    );
    if (this.#held.get(name) === request) this.#held.delete(name);
    this.#advance(name);
  }

  leave(context: Context): void {
    for (const [name, line] of this.#lines)
      this.#lines.set(
        name,
        line.filter((request) => request.context !== context),
      );
    for (const [name, request] of this.#held) if (request.context === context) this.#held.delete(name);
    for (const name of this.#lines.keys()) this.#advance(name);
  }

  #advance(name: string): void {
    const [next, ...line] = this.#lines.get(name) ?? [];
    if (next === undefined || this.#held.has(name)) return;
    this.#lines.set(name, line);
    this.#held.set(name, next);
    next.grant();
  }
}

export class Context implements LockPort {
  readonly #table: LockTable;
  #dead = false;

  constructor(table: LockTable) {
    this.#table = table;
  }

  /** As when a tab is closed or a worker is terminated or crashes: what it held is free, nothing of it runs on. */
  die(): void {
    this.#dead = true;
    this.#table.leave(this);
  }

  request<Result>(
    name: string,
    options: { readonly ifAvailable?: boolean; readonly signal?: AbortSignal },
    callback: (lock: { readonly name: string } | null) => Result | Promise<Result>,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#dead) return;
      const run = async (lock: { readonly name: string } | null): Promise<Result> => callback(lock);
      if (options.ifAvailable === true && !this.#table.free(name)) {
        setImmediate(() => void run(null).then(resolve, reject));
        return;
      }
      const request: Request = {
        context: this,
        grant: () => {
          options.signal?.removeEventListener("abort", abort);
          // A lock is granted in a task of its own.
          setImmediate(() => {
            if (this.#dead) return;
            void run({ name })
              .finally(() => this.#table.withdraw(name, request))
              .then(resolve, reject);
          });
        },
      };
      const abort = (): void => {
        this.#table.withdraw(name, request);
        reject(options.signal?.reason);
      };
      options.signal?.addEventListener("abort", abort, { once: true });
      this.#table.enter(name, request);
    });
  }
}
