import { afterEach, describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import { PUB_PROTOCOL } from "../../src/mesh/protocols/index.ts";
import { ObjectType, toHex, type Hash } from "../../src/wire/index.ts";
import { signEnvelope, signerOf, signProfile, type SignedEnvelope } from "../sim/author.ts";
import { SIM_START, VirtualClock } from "../sim/clock.ts";
import { SimNetwork, type NetworkOptions } from "../sim/network.ts";
import { SimNode } from "../sim/node.ts";

await initHash();

const UTRECHT = "g:europe/nl/utrecht";
const running: SimNode[] = [];

async function peers(
  count: number,
  options: Partial<NetworkOptions> = {},
): Promise<[VirtualClock, SimNetwork, SimNode[]]> {
  const clock = new VirtualClock();
  const network = new SimNetwork({ clock, seed: 7, ...options });
  const nodes: SimNode[] = [];
  for (let at = 0; at < count; at++) {
    const node = new SimNode(network, await signerOf(at));
    await node.start();
    nodes.push(node);
  }
  running.push(...nodes);
  return [clock, network, nodes];
}

async function signMany(
  count: number,
  text: (at: number) => object = () => ({}),
  author = 99,
): Promise<SignedEnvelope[]> {
  const signer = await signerOf(author);
  return Promise.all(
    Array.from({ length: count }, (_, at) =>
      signEnvelope(signer, { summary: `Number ${at}`, created: SIM_START - at * 60_000, ...text(at) }),
    ),
  );
}

function link(network: SimNetwork, a: SimNode, b: SimNode): void {
  network.connect(a.mesh, b.mesh);
}

function all(nodes: readonly SimNode[], hashes: readonly Hash[]): boolean {
  return nodes.every((node) => hashes.every((hash) => node.holds(hash)));
}

const settled = (nodes: readonly SimNode[]) => (): boolean =>
  nodes.every((node) => node.pubClient.caughtUp().length === node.mesh.peers().length);

afterEach(async () => {
  const nodes = running.splice(0);
  for (const node of nodes) await node.stop();
  for (const node of nodes) expect(node.mesh.reports).toEqual([]);
});

describe("six peers", () => {
  it("all get all of 100 envelopes", async () => {
    const [clock, network, nodes] = await peers(6);
    network.connectAll();
    await clock.until(settled(nodes));
    const posted: SignedEnvelope[] = [];
    for (let at = 0; at < 100; at++) {
      posted.push(await (nodes[at % 6] as SimNode).post({ summary: `Number ${at}` }));
      await clock.advance(20);
    }
    await clock.until(
      () =>
        all(
          nodes,
          posted.map(({ hash }) => hash),
        ),
      5_000,
    );
  });

  it("all get all of 100 envelopes when a third of the gossip is lost", async () => {
    const [clock, network, nodes] = await peers(6, { loss: 0.33, seed: 11 });
    network.connectSparsely(2);
    await clock.until(settled(nodes));
    const posted: SignedEnvelope[] = [];
    for (let at = 0; at < 100; at++) posted.push(await (nodes[at % 6] as SimNode).post({ summary: `Number ${at}` }));
    await clock.until(
      () =>
        all(
          nodes,
          posted.map(({ hash }) => hash),
        ),
      60_000,
    );
  });

  it("agree again after a partition", async () => {
    const [clock, network, nodes] = await peers(6);
    network.connectAll();
    await clock.until(settled(nodes));
    network.partition([nodes.slice(0, 3).map(({ mesh }) => mesh), nodes.slice(3).map(({ mesh }) => mesh)]);
    const left = await (nodes[0] as SimNode).post({ summary: "left" });
    const right = await (nodes[5] as SimNode).post({ summary: "right" });
    await clock.advance(10_000);
    expect(all(nodes.slice(3), [left.hash])).toBe(false);
    expect(all(nodes.slice(0, 3), [right.hash])).toBe(false);
    network.heal();
    network.connectAll();
    await clock.until(() => all(nodes, [left.hash, right.hash]), 5_000);
  });
});

describe("three in a row", () => {
  const HAVE = 129;

  /** What the first writes reaches the last by gossip through the second alone. */
  async function row() {
    const [clock, network, nodes] = await peers(3);
    const [a, b, c] = nodes as [SimNode, SimNode, SimNode];
    link(network, a, b);
    link(network, b, c);
    await clock.until(settled(nodes));
    const told: string[] = [];
    network.observer = {
      framed: (from, to, protocol, frame) => {
        if (protocol !== PUB_PROTOCOL || frame[1] !== 0x18 || frame[2] !== HAVE) return;
        told.push(`${nodes.findIndex(({ mesh }) => mesh === from)} to ${nodes.findIndex(({ mesh }) => mesh === to)}`);
      },
    };
    return { clock, network, nodes, a, b, c, told };
  }

  it("are not told of what gossip has passed on to them, for a quarter of an hour, and then of all of it at once", async () => {
    const { clock, a, nodes, told } = await row();
    const posted = [await a.post({ summary: "first" }), await a.post({ summary: "second" })];
    await clock.advance(60_000);
    expect(
      all(
        nodes,
        posted.map(({ hash }) => hash),
      ),
    ).toBe(true);
    // What one has written oneself is shown to be held by those who say so.
    expect(new Set(told)).toEqual(new Set(["0 to 1"]));
    await clock.advance(1_800_000);
    expect(told.filter((each) => each !== "0 to 1")).toHaveLength(1);
  });

  it("are told then of what they did not get", async () => {
    const { clock, network, a, b, c } = await row();
    let isLost = false;
    network.observer = { accepted: (_from, at) => void (isLost = at === b.mesh) };
    network.loses = () => {
      const lost = isLost;
      isLost = false;
      return lost;
    };
    const { hash } = await a.post();
    await clock.advance(60_000);
    expect([b.holds(hash), c.holds(hash)]).toEqual([true, false]);
    await clock.until(() => c.holds(hash), 1_900_000);
  });
});

describe("a peer that was away", () => {
  it("catches up with what it missed, and nothing of it comes twice", async () => {
    const [clock, network, nodes] = await peers(3);
    const [a, b, c] = nodes as [SimNode, SimNode, SimNode];
    network.connectAll();
    const before = await a.post({ summary: "before" });
    await clock.until(() => all(nodes, [before.hash]));
    await clock.until(settled(nodes));
    await clock.advance(5_000);
    network.isolate(c.mesh);
    const missed: Hash[] = [];
    for (let at = 0; at < 50; at++) missed.push((await a.post({ summary: `missed ${at}` })).hash);
    await clock.until(() => all([b], missed));
    c.pulled.clear();
    link(network, a, c);
    link(network, b, c);
    await clock.until(settled([c]));
    expect(all([c], missed)).toBe(true);
    expect([...c.pulled.keys()].sort()).toEqual(missed.map(toHex).sort());
    expect([...c.pulled.values()].every((times) => times === 1)).toBe(true);
  });

  it("is told only hashes that it missed, however much it has", async () => {
    const [clock, network, nodes] = await peers(2);
    const [a, b] = nodes as [SimNode, SimNode];
    await a.hold(await signMany(2_000));
    link(network, a, b);
    await clock.until(settled(nodes));
    expect(b.store.envelopes.size).toBe(2_000);
    await clock.advance(5_000);
    network.disconnect(a.mesh, b.mesh);
    const { hash } = await a.post();
    link(network, a, b);
    await clock.until(settled(nodes));
    expect(b.holds(hash)).toBe(true);
    const counted = a.mesh.links()[0]?.protocols["/mehr/pub/1"];
    // A subscription, an announcement, a want, an envelope of some 260 bytes: not 2,000 hashes of 32.
    expect(counted?.out).toBeLessThan(700);
  });

  it("starts over with a server that lost its store", async () => {
    const [clock, network, nodes] = await peers(2);
    const [a, b] = nodes as [SimNode, SimNode];
    await a.hold(await signMany(20));
    link(network, a, b);
    await clock.until(settled(nodes));
    await clock.advance(2_000);
    network.disconnect(a.mesh, b.mesh);
    await a.stop();
    // The same identity with another store: other epoch, arrival numbers from one again.
    const again = new SimNode(network, a.signer);
    running.push(again);
    const fresh = await signMany(3, () => ({ headline: "after the loss" }));
    await again.hold(fresh);
    await again.start();
    link(network, again, b);
    await clock.until(
      () =>
        all(
          [b],
          fresh.map(({ hash }) => hash),
        ),
      10_000,
    );
  });

  it("gets the newest first when there is much", async () => {
    const [clock, network, nodes] = await peers(2);
    const [a, b] = nodes as [SimNode, SimNode];
    // `signMany` makes them older and older, so the newest arrived first at A and would come first anyway: turn it round.
    const envelopes = (await signMany(3_000)).reverse();
    await a.hold(envelopes);
    const newest = envelopes.slice(-100).map(({ hash }) => hash);
    link(network, a, b);
    await clock.until(() => all([b], newest));
    expect(b.store.envelopes.size).toBeLessThan(1_200);
    await clock.until(settled(nodes));
    expect(b.store.envelopes.size).toBe(3_000);
    expect([...b.pulled.values()].every((times) => times === 1)).toBe(true);
  });

  it("asks each envelope of one of several neighbours", async () => {
    const [clock, network, nodes] = await peers(5);
    const [newcomer, ...others] = nodes as [SimNode, ...SimNode[]];
    const envelopes = await signMany(1_500);
    for (const node of others) await node.hold(envelopes);
    for (const node of others) link(network, newcomer, node);
    await clock.until(settled([newcomer]));
    expect(newcomer.store.envelopes.size).toBe(1_500);
    expect([...newcomer.pulled.values()].filter((times) => times > 1)).toEqual([]);
  });
});

describe("following", () => {
  it("brings envelopes of another place over a neighbour, at once", async () => {
    const [clock, network, nodes] = await peers(3);
    const [a, b, c] = nodes as [SimNode, SimNode, SimNode];
    link(network, a, b);
    link(network, b, c);
    b.follow(a.key);
    c.follow(a.key);
    await clock.until(settled(nodes));
    await clock.advance(2_000);
    const started = clock.now();
    const { hash } = await a.post({ scopes: [UTRECHT] });
    await clock.until(() => c.holds(hash));
    expect(clock.now() - started).toBeLessThan(500);
    expect([...c.pulled.values()]).toEqual([1]);
  });

  it("starts with what the neighbour holds, and ends with unfollowing nobody else's", async () => {
    const [clock, network, nodes] = await peers(2);
    const [a, b] = nodes as [SimNode, SimNode];
    const theirs = await signMany(10, () => ({ scopes: [UTRECHT] }), 50);
    const others = await signMany(10, () => ({ scopes: [UTRECHT] }), 51);
    await a.hold([...theirs, ...others]);
    link(network, a, b);
    await clock.until(settled(nodes));
    expect(b.store.envelopes.size).toBe(0);
    b.follow((theirs[0] as SignedEnvelope).envelope.author);
    await clock.until(() => b.store.envelopes.size > 0);
    await clock.until(settled(nodes));
    expect(
      all(
        [b],
        theirs.map(({ hash }) => hash),
      ),
    ).toBe(true);
    expect(b.store.envelopes.size).toBe(10);
  });

  it("of many people one after the other is told in few words", async () => {
    const [clock, network, nodes] = await peers(2);
    const [a, b] = nodes as [SimNode, SimNode];
    const signers = await Promise.all(Array.from({ length: 50 }, (_, at) => signerOf(300 + at)));
    for (const signer of signers) await a.hold([await signEnvelope(signer, { scopes: [UTRECHT] })]);
    link(network, a, b);
    await clock.until(settled(nodes));
    const started = clock.now();
    for (const signer of signers) {
      b.follow(signer.publicKey);
      await clock.advance(20);
    }
    await clock.until(() => b.store.envelopes.size === 50);
    // A server takes ten changes at once and then one every five seconds: a change for each of 50 would last minutes.
    expect(clock.now() - started).toBeLessThan(15_000);
  });

  it("works after the author has left", async () => {
    const [clock, network, nodes] = await peers(3);
    const [a, b, c] = nodes as [SimNode, SimNode, SimNode];
    link(network, a, b);
    const posted = [await a.post(), await a.post({ summary: "second" })];
    await clock.until(() =>
      all(
        [b],
        posted.map(({ hash }) => hash),
      ),
    );
    await a.mesh.stop();
    link(network, b, c);
    await clock.until(settled([b, c]));
    expect(
      all(
        [c],
        posted.map(({ hash }) => hash),
      ),
    ).toBe(true);
  });
});

describe("peers that come and go", () => {
  it("have all of it in the end", async () => {
    const [clock, network, nodes] = await peers(12, { loss: 0.05, seed: 23 });
    const posted: Hash[] = [];
    for (let round = 0; round < 15; round++) {
      network.connectSparsely(3);
      const away = network.random.shuffled(nodes).slice(0, 4);
      await clock.advance(network.random.below(1_500));
      for (const node of away) network.isolate(node.mesh);
      for (let at = 0; at < 5; at++) {
        posted.push(
          (await (nodes[network.random.below(12)] as SimNode).post({ summary: `Round ${round}, ${at}` })).hash,
        );
        await clock.advance(network.random.below(400));
      }
    }
    network.connectSparsely(3);
    await clock.until(() => all(nodes, posted), 60_000);
    // Two that push at the same moment may cross what was asked of a third.
    expect(nodes.flatMap((node) => [...node.pulled.values()]).filter((times) => times > 3)).toEqual([]);
  });
});

describe("what a neighbour hears", () => {
  it("never includes envelopes without scopes, by whatever way they are asked", async () => {
    const [clock, network, nodes] = await peers(2);
    const [a, b] = nodes as [SimNode, SimNode];
    const secret = await a.post({ scopes: [], summary: "for friends" });
    const open = await a.post({ summary: "for all" });
    link(network, a, b);
    b.follow(a.key);
    await clock.until(settled(nodes));
    const later = await a.post({ scopes: [], summary: "for friends, live" });
    await clock.advance(10_000);
    expect([...b.pulled.keys()]).toEqual([toHex(open.hash)]);
    await expect(clock.track(Promise.resolve())).resolves.toBeUndefined();
    const asked = b.storeClient.has(a.key, [secret.hash, later.hash, open.hash]);
    await clock.advance(1_000);
    expect(await asked).toEqual([false, false, true]);
    const got = b.storeClient.get(a.key, secret.hash).catch((error: { code: string }) => error.code);
    await clock.advance(1_000);
    expect(await got).toBe("NOT_FOUND");
  });

  it("includes the profiles of authors, asked in one question", async () => {
    const [clock, network, nodes] = await peers(2);
    const [a, b] = nodes as [SimNode, SimNode];
    for (let at = 0; at < 30; at++) {
      const signer = await signerOf(200 + at);
      const { bytes, hash, profile } = await signProfile(signer, `Author ${at}`);
      const key = { type: ObjectType.UserProfile, owner: profile.nodeId, name: "", sequence: 1 };
      await a.store.commit({ heads: [{ ...key, hash, bytes, forkBytes: null, frozenUntil: 0 }] });
      await a.hold([await signEnvelope(signer)]);
    }
    link(network, a, b);
    await clock.until(async () => (await b.store.heads(ObjectType.UserProfile)).length === 30);
    expect(b.mesh.links()[0]?.protocols["/mehr/store/1"]?.out).toBeLessThan(30 * 50);
  });
});
