/** Live queries as the state of a page: what is refused is told, and asked anew when somebody says so. */
import { type Accessor, createRoot, createSignal } from "solid-js";
import { afterEach, describe, expect, it, vi } from "vitest";
import { asOne, createLiveRows, createLiveValue } from "../../src/app/state/live.ts";
import type { LiveUpdate, PeerApi } from "../../src/peer/api.ts";
import { CallError } from "../../src/rpc/errors.ts";

// In Node the package stands for a server, whose effects do not run.
vi.mock("solid-js", () => vi.importActual("solid-js/dist/solid.js"));

interface Asked {
  readonly name: string;
  readonly closed: () => boolean;
  answer(update: unknown): void;
  refuse(code: string): Promise<void>;
}

/** A peer that answers when the test says so. @param asked what it is asked for */
function peerOf(asked: Asked[]): PeerApi {
  const watch = (name: string, _params: unknown, listener: (update: never) => void) => {
    const outcome = Promise.withResolvers<{ close(): Promise<void> }>();
    let closed = false;
    const close = async (): Promise<void> => void (closed = true);
    asked.push({
      name,
      closed: () => closed,
      answer(update) {
        listener(update as never);
        outcome.resolve({ close });
      },
      async refuse(code) {
        outcome.reject(new CallError(code, "as the test wants it"));
        await outcome.promise.catch(() => undefined);
      },
    });
    return outcome.promise;
  };
  return { watch } as unknown as PeerApi;
}

/** For questions that say no more than their name. */
const NO_PARAMS = {};
const liveOf = (api: Accessor<PeerApi>, name: "network" | "status" = "network") =>
  createLiveValue(api, name, () => NO_PARAMS);

/** Such a peer, that stays, and what it was asked for. */
function onePeer(): { readonly asked: readonly Asked[]; readonly api: Accessor<PeerApi> } {
  const asked: Asked[] = [];
  const peer = peerOf(asked);
  return { asked, api: () => peer };
}

const value = (text: string) => ({ kind: "value", value: text });
const rows = (...hashes: string[]): LiveUpdate<"feed"> =>
  ({ kind: "rows", rows: hashes.map((hash) => ({ hash })), more: false }) as unknown as LiveUpdate<"feed">;

let dispose: (() => void) | undefined;
afterEach(() => dispose?.());

function inRoot<Value>(make: () => Value): Value {
  return createRoot((end) => {
    dispose = end;
    return make();
  });
}

describe("a query that is refused", () => {
  it("tells its code, and asks anew when somebody says so, as often as that", async () => {
    const { api, asked } = onePeer();
    const live = inRoot(() => liveOf(api));
    await asked[0]?.refuse("STORE_FAILED");
    expect(live.error()).toBe("STORE_FAILED");

    live.retry();
    expect(asked).toHaveLength(2);
    // Until it is known what comes of it, the page waits as it did before.
    expect(live.error()).toBeUndefined();
    await asked[1]?.refuse("TIMEOUT");
    expect(live.error()).toBe("TIMEOUT");

    live.retry();
    asked[2]?.answer(value("here"));
    expect(live.error()).toBeUndefined();
    expect(live.value()).toBe("here");
  });

  it("has its rows when they are answered after all", async () => {
    const { api, asked } = onePeer();
    const params = { feed: { kind: "home" } } as const;
    const live = inRoot(() =>
      createLiveRows(
        api,
        "feed",
        () => params,
        (row) => row.hash,
      ),
    );
    await asked[0]?.refuse("INTERNAL");
    expect([live.error(), live.ready()]).toEqual(["INTERNAL", false]);
    live.retry();
    asked[1]?.answer(rows("a", "b"));
    expect([live.error(), live.ready()]).toEqual([undefined, true]);
    expect(live.rows().map(({ hash }) => hash)).toEqual(["a", "b"]);
  });

  it("is asked anew by itself when another peer is there", async () => {
    const asked: Asked[] = [];
    const [api, setApi] = createSignal(peerOf(asked));
    const live = inRoot(() => liveOf(api));
    await asked[0]?.refuse("PEER_GONE");
    setApi(peerOf(asked));
    expect(live.error()).toBeUndefined();
    expect(asked).toHaveLength(2);
  });

  it("keeps what was known while the peer changes tabs, also where the question is made anew each time", () => {
    const asked: Asked[] = [];
    const [api, setApi] = createSignal<PeerApi | undefined>(peerOf(asked));
    const [hash, setHash] = createSignal("a");
    const live = inRoot(() => createLiveValue(api, "envelope", () => ({ hash: hash() })));
    asked[0]?.answer(value("here"));
    const known = live.value();
    expect(known).toBeDefined();
    setApi(undefined);
    setApi(peerOf(asked));
    expect(live.value()).toBe(known);
    setHash("b");
    expect(live.value()).toBeUndefined();
  });

  it("says nothing any more of what was asked before", async () => {
    const { api, asked } = onePeer();
    const live = inRoot(() => liveOf(api));
    live.retry();
    await asked[0]?.refuse("STORE_FAILED");
    expect(live.error()).toBeUndefined();
  });
});

describe("queries that a page needs together", () => {
  it("lack what one of them lacks, and only that one is asked anew", async () => {
    const { api, asked } = onePeer();
    const whole = inRoot(() => asOne(liveOf(api), liveOf(api, "status")));
    expect(whole.error()).toBeUndefined();
    asked[0]?.answer(value("here"));
    await asked[1]?.refuse("STORE_FAILED");
    expect(whole.error()).toBe("STORE_FAILED");
    whole.retry();
    expect(asked.map(({ name }) => name)).toEqual(["network", "status", "status"]);
    expect(asked[0]?.closed()).toBe(false);
    expect(whole.error()).toBeUndefined();
  });
});
