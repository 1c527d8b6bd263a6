import type { LockPort } from "../../src/rpc/locks.ts";

type Options = Parameters<LockPort["request"]>[1];

interface Request {
  readonly context: Context;
  readonly shared: boolean;
  readonly grant: () => void;
  /** The lock was stolen. */
  readonly lose: () => void;
}

/** Web Locks of one origin, as the specification has them: a line in order, theft past it. */
export class LockTable {
  readonly #held = new Map<string, Request[]>();
  readonly #lines = new Map<string, Request[]>();

  /** A page or a worker. */
  context(): Context {
    return new Context(this);
  }

  /** Names of the locks that somebody holds. */
  get held(): string[] {
    return [...this.#held].filter(([, holders]) => holders.length > 0).map(([name]) => name);
  }

  waiting(name: string): number {
    return this.#lines.get(name)?.length ?? 0;
  }

  free(name: string): boolean {
    return (this.#held.get(name) ?? []).length === 0 && this.waiting(name) === 0;
  }

  enter(name: string, request: Request): void {
    this.#lines.set(name, [...(this.#lines.get(name) ?? []), request]);
    this.#advance(name);
  }

  steal(name: string, request: Request): void {
    const robbed = this.#held.get(name) ?? [];
    this.#held.set(name, [request]);
    for (const { lose } of robbed) lose();
    request.grant();
  }

  withdraw(name: string, request: Request): void {
    const without = (requests: Request[] | undefined) => (requests ?? []).filter((other) => other !== request);
    this.#lines.set(name, without(this.#lines.get(name)));
    this.#held.set(name, without(this.#held.get(name)));
    this.#advance(name);
  }

  leave(context: Context): void {
    const names = new Set([...this.#lines.keys(), ...this.#held.keys()]);
    for (const table of [this.#lines, this.#held]) {
      for (const [name, requests] of table)
        table.set(
          name,
          requests.filter((request) => request.context !== context),
        );
    }
    for (const name of names) this.#advance(name);
  }

  #advance(name: string): void {
    const [next, ...line] = this.#lines.get(name) ?? [];
    const holders = this.#held.get(name) ?? [];
    if (next === undefined) return;
    const fits = holders.length === 0 || (next.shared && holders.every(({ shared }) => shared));
    if (!fits) return;
    this.#lines.set(name, line);
    this.#held.set(name, [...holders, next]);
    next.grant();
    this.#advance(name);
  }
}

export class Context implements LockPort {
  readonly #table: LockTable;
  #dead = false;
  #frozen: (() => void)[] | null = null;

  constructor(table: LockTable) {
    this.#table = table;
  }

  /** As when a tab is closed or a worker is terminated or crashes: what it held is free, nothing of it runs on. */
  die(): void {
    this.#dead = true;
    this.#table.leave(this);
  }

  /** Keeps what it holds and its places in line, and runs nothing until it thaws. */
  freeze(): void {
    this.#frozen ??= [];
  }

  thaw(): void {
    const due = this.#frozen ?? [];
    this.#frozen = null;
    for (const task of due) this.task(task);
  }

  /** Runs `work` as a task of this context. */
  task(work: () => void): void {
    setImmediate(() => {
      if (this.#dead) return;
      if (this.#frozen === null) work();
      else this.#frozen.push(work);
    });
  }

  request<Result>(
    name: string,
    options: Options,
    callback: (lock: { readonly name: string } | null) => Result | Promise<Result>,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#dead) return;
      const run = async (lock: { readonly name: string } | null): Promise<Result> => callback(lock);
      if (options.ifAvailable === true && !this.#table.free(name)) {
        this.task(() => void run(null).then(resolve, reject));
        return;
      }
      const request: Request = {
        context: this,
        shared: options.mode === "shared",
        grant: () => {
          options.signal?.removeEventListener("abort", abort);
          // A lock is granted in a task of its own.
          this.task(() => {
            void run({ name })
              .finally(() => this.#table.withdraw(name, request))
              .then(resolve, reject);
          });
        },
        lose: () => this.task(() => reject(new DOMException("the lock was stolen", "AbortError"))),
      };
      const abort = (): void => {
        this.#table.withdraw(name, request);
        reject(options.signal?.reason);
      };
      if (options.steal === true) {
        this.#table.steal(name, request);
        return;
      }
      options.signal?.addEventListener("abort", abort, { once: true });
      this.#table.enter(name, request);
    });
  }
}
