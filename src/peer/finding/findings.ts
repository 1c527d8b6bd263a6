import type { Mesh } from "../../mesh/port.ts";
import { toHex, type Hash } from "../../wire/index.ts";
import type { FindingView } from "./api.ts";
import type { Finder } from "./finder.ts";
import type { Searching, SearchingOptions } from "./searching.ts";

/** As the constant of src/mesh/protocols/finding, which is loaded when it is needed. */
const INDEX_PROTOCOL = "/mehr/index/1";

const NOWHERE: FindingView = { state: "offline", looked: false, found: 0, more: false };

interface Opened {
  readonly target: Hash;
  /** Pages that have it open. */
  readers: number;
  view: FindingView;
}

/**
 * What is looked for here while somebody has it open, and who does the looking: the parts that need a network, which come
 * and go with it, and are loaded when somebody first looks for something, here or at a neighbour.
 */
export class Findings {
  readonly #onChanged: () => void;
  readonly #log: (context: string, error: unknown) => void;
  readonly #verify: SearchingOptions["verify"];
  readonly #opened = new Map<string, Opened>();
  #connection: { readonly load: () => Promise<Searching>; stop(): void } | null = null;

  /**
   * @param onChanged a view is another one now
   * @param verify the verdict on signatures, where it is not made by each peer for itself
   */
  constructor(
    onChanged: () => void,
    log: (context: string, error: unknown) => void,
    verify: SearchingOptions["verify"],
  ) {
    this.#verify = verify;
    this.#onChanged = onChanged;
    this.#log = log;
  }

  /** There is a network: questions of others are answered from now on, and what is open is looked for. */
  attach(mesh: Pick<Mesh, "handle">, options: Omit<SearchingOptions, "onView" | "verify">): void {
    let loading: Promise<Searching> | null = null;
    let running: Searching | null = null;
    let stopped = false;
    const make = async (): Promise<Searching> => {
      const { Searching: Parts } = await import("./searching.ts");
      running = new Parts({ ...options, verify: this.#verify, onView: (target, view) => this.#take(target, view) });
      if (stopped) running.stop();
      return running;
    };
    const load = (): Promise<Searching> => {
      loading ??= make().catch((error: unknown) => {
        // Its script could not be fetched, perhaps because this device is offline: the next use tries again.
        loading = null;
        throw error;
      });
      return loading;
    };
    this.#connection = {
      load,
      stop() {
        stopped = true;
        running?.stop();
      },
    };
    mesh.handle(INDEX_PROTOCOL, async (stream) => (await load()).server.serve(stream));
    for (const { target } of this.#opened.values()) this.#look(target);
  }

  /** The network is gone. */
  detach(): void {
    this.#connection?.stop();
    this.#connection = null;
    for (const opened of this.#opened.values()) opened.view = { ...opened.view, state: "offline" };
    this.#onChanged();
  }

  /** `null` while there is no network. */
  async finder(): Promise<Finder | null> {
    return (await this.#connection?.load())?.finder ?? null;
  }

  /** A page has opened this post or envelope. Returns what it calls when it is closed. */
  open(target: Hash): () => void {
    const key = toHex(target);
    const known = this.#opened.get(key);
    const opened = known ?? { target, readers: 0, view: NOWHERE };
    this.#opened.set(key, opened);
    opened.readers++;
    if (known === undefined) this.#look(target);
    let closed = false;
    return () => {
      if (closed) return;
      closed = true;
      if (--opened.readers > 0) return;
      this.#opened.delete(key);
      void this.#with((searching) => searching.lookout.close(target));
    };
  }

  view(target: Hash): FindingView {
    return this.#opened.get(toHex(target))?.view ?? NOWHERE;
  }

  #look(target: Hash): void {
    void this.#with((searching) => {
      // Closed again while the parts were being loaded.
      if (this.#opened.has(toHex(target))) searching.lookout.open(target);
    });
  }

  async #with(task: (searching: Searching) => void): Promise<void> {
    try {
      const searching = await this.#connection?.load();
      if (searching !== undefined) task(searching);
    } catch (error) {
      this.#log("finding", error);
    }
  }

  #take(target: Hash, view: FindingView): void {
    const opened = this.#opened.get(toHex(target));
    if (opened === undefined) return;
    opened.view = view;
    this.#onChanged();
  }
}
