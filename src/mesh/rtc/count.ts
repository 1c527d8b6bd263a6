/**
 * How many RTCPeerConnections the browser counts against this page, and how they become fewer.
 *
 * Chromium 156 refuses a process more than 500. What it counts are objects, not connections: one that was closed counts until it
 * is collected as garbage, and a page that does little collects none for a minute. Measured: 500 made and closed in a second, and
 * there is no further one after 10 s, nor after the page was loaded anew (it stays in its process), nor with iframes that come and go;
 * there is after 40 s of idleness, or at once when the collector is given a reason to run. So the page counts what is not collected
 * yet, and gives that reason in time.
 */

/** Well below 500, since tabs of this origin may share a process, and one that ran the peer before left its own behind. */
const HIGH = 250;
/** After a collection that helped little because that many are open, this many more are made before the next. */
const STEP = 50;
/**
 * Memory outside of the heap is what makes V8 collect old objects: of 8 MiB it takes 20 and a second, of these a few and a
 * tenth (measured). Their pages are never touched, so they take address space and no memory.
 */
const BALLAST = 33_554_432;
/** In one go: half a gigabyte of addresses, in a quarter of a second. */
const MOST_BALLAST = 16 * BALLAST;
/** With so many times {@link HIGH} the limit is near: the collector of a slow machine gets four times as much reason, and time. */
const URGENT = 1.6;

export interface CountPorts {
  /** Default: {@link HIGH}. */
  readonly high?: number;
  /** Calls back once the object that was given with `token` has been collected. Default: a FinalizationRegistry. */
  readonly watch?: (collected: () => void) => (object: object) => void;
  /** Gives the collector a reason to run; resolves with how large a one. Default: memory that is let go of at once. */
  readonly press?: () => Promise<number>;
}

export class ConnectionCount {
  readonly #watch: (object: object) => void;
  readonly #press: () => Promise<number>;
  readonly #high: number;
  #next: number;
  #live = 0;
  #pressing = false;

  constructor(ports: CountPorts = {}) {
    this.#high = ports.high ?? HIGH;
    this.#next = this.#high;
    this.#press = ports.press ?? letGoOfMemory;
    this.#watch = (ports.watch ?? whenCollected)(() => (this.#live -= 1));
  }

  /** Those that the browser has not collected yet, open or closed. */
  get live(): number {
    return this.#live;
  }

  /** One more was made. */
  made(connection: object): void {
    this.#live += 1;
    this.#watch(connection);
    if (this.#live >= this.#next && !this.#pressing) void this.#reduce();
  }

  async #reduce(): Promise<void> {
    this.#pressing = true;
    let pressed = 0;
    while (pressed < this.#most() && this.#live >= this.#high / 2) pressed += await this.#press();
    this.#pressing = false;
    this.#next = this.#live < this.#high ? this.#high : this.#live + STEP;
  }

  #most(): number {
    return this.#live < this.#high * URGENT ? MOST_BALLAST : 4 * MOST_BALLAST;
  }
}

function whenCollected(collected: () => void): (object: object) => void {
  const registry = new FinalizationRegistry<null>(collected);
  return (object) => registry.register(object, null);
}

/** Resolves with the size of what it let go of: a value that is used, or the build leaves the memory out (it did). */
async function letGoOfMemory(): Promise<number> {
  const ballast = new ArrayBuffer(BALLAST);
  // In tasks of their own, a frame apart: collection and the news of it need turns of the event loop, and so does the page.
  await new Promise((resolve) => {
    setTimeout(resolve, 16);
  });
  return ballast.byteLength;
}
