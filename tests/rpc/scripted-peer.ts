import type { LiveName, PeerApi, Subscription } from "../../src/peer/api.ts";
import { METHOD_NAMES } from "../../src/rpc/methods.ts";
import type { AnyUpdate } from "../../src/rpc/wire.ts";

type Answer = (...args: unknown[]) => unknown;

export interface OpenWatch {
  readonly name: LiveName;
  readonly params: unknown;
  readonly deliver: (update: AnyUpdate) => void;
  grown: number;
  closed: boolean;
}

/** A peer whose answers a test writes; what is asked of it is kept. Only the far end of a port, never the thing under test. */
export class ScriptedPeer {
  readonly calls: { name: string; args: unknown[] }[] = [];
  readonly watches: OpenWatch[] = [];
  readonly answers = new Map<string, Answer>();
  onWatch: (watch: OpenWatch) => void = () => undefined;
  onMore: (watch: OpenWatch) => void = () => undefined;

  get openWatches(): OpenWatch[] {
    return this.watches.filter((watch) => !watch.closed);
  }

  readonly api: PeerApi = Object.fromEntries(
    METHOD_NAMES.map((name) => [
      name,
      async (...args: unknown[]) => (name === "watch" ? this.#watch(args) : this.#answer(name, args)),
    ]),
  ) as unknown as PeerApi;

  #answer(name: string, args: unknown[]): unknown {
    this.calls.push({ name, args });
    return this.answers.get(name)?.(...args);
  }

  async #watch(args: unknown[]): Promise<Subscription> {
    const [name, params, deliver] = args as [LiveName, unknown, (update: AnyUpdate) => void];
    const watch: OpenWatch = { name, params, deliver, grown: 0, closed: false };
    await this.answers.get("watch")?.(name, params);
    this.watches.push(watch);
    this.onWatch(watch);
    return {
      more: async () => {
        watch.grown++;
        this.onMore(watch);
      },
      close: async () => {
        watch.closed = true;
      },
    };
  }
}
