/** The shape of a thread, of whatever comes in: any order, loops, forks, parents that are not there. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { threadOf, type ThreadNode, type ThreadPost } from "../../src/social/index.ts";

const ALL = { levels: 64 };
let arrivals = 0;

/** An envelope `key` with the post `p-key`, in answer to `replyTo`. */
function post(key: string, replyTo: string | null, fields: Partial<ThreadPost> = {}): ThreadPost {
  arrivals += 1;
  return { key, post: `p-${key}`, author: "anna", replyTo, created: arrivals, arrived: arrivals, ...fields };
}

/** Each answer as `depth key`, in the order in which it is read. */
function lines(nodes: readonly ThreadNode[]): string[] {
  return nodes.map(({ depth, key }) => `${depth} ${key}`);
}

describe("a thread", () => {
  it("puts each answer below what it answers, among themselves in order of time", () => {
    const root = post("root", null);
    const posts = [
      post("late", "p-root", { created: 30 }),
      post("early", "root", { created: 10 }),
      post("of late", "p-late", { created: 20 }),
      post("of early", "p-early", { created: 40 }),
      post("same time b", "p-root", { created: 30 }),
    ];
    const nodes = threadOf(root, posts, ALL);
    expect(lines(nodes)).toEqual(["1 early", "2 of early", "1 late", "2 of late", "1 same time b"]);
    expect(nodes[0]).toEqual({
      key: "early",
      parent: "root",
      depth: 1,
      replies: 1,
      below: 1,
      deeper: false,
      hidden: false,
    });
    expect(nodes[1]?.parent).toBe("early");
  });

  it("is the same in whatever order its envelopes come in", () => {
    const root = post("root", null);
    // Each answers the root or one that was made before it.
    const tree = fc.array(fc.nat(), { minLength: 1, maxLength: 60 }).map((picks) =>
      picks.map((pick, at): ThreadPost => {
        const parent = pick % (at + 1);
        const replyTo = parent === 0 ? "p-root" : pick % 2 === 0 ? `p-n${parent - 1}` : `n${parent - 1}`;
        return { ...post(`n${at}`, replyTo), created: pick % 7, arrived: at };
      }),
    );
    fc.assert(
      fc.property(
        tree.chain((posts) => fc.tuple(fc.constant(posts), fc.shuffledSubarray(posts, { minLength: posts.length }))),
        ([posts, shuffled]) => {
          const nodes = threadOf(root, posts, ALL);
          expect(threadOf(root, shuffled, ALL)).toEqual(nodes);
          expect(nodes.map(({ key }) => key).toSorted()).toEqual(posts.map(({ key }) => key).toSorted());
          const seen = new Map([["root", 0]]);
          for (const { depth, key, parent } of nodes) {
            expect(depth).toBe((seen.get(parent) ?? Number.NaN) + 1);
            seen.set(key, depth);
          }
        },
      ),
    );
  });

  it("ends where what is answered is not there", () => {
    const posts = [post("answer", "p-root"), post("lost", "p-nobody"), post("below the lost", "p-lost")];
    expect(lines(threadOf(post("root", null), posts, ALL))).toEqual(["1 answer"]);
  });

  it("is finite where envelopes answer each other in a circle", () => {
    const circle = [post("a", "p-b"), post("b", "p-c"), post("c", "p-a")];
    expect(threadOf(post("root", null), circle, ALL)).toEqual([]);
    expect(lines(threadOf(post("b", "p-c"), circle, ALL))).toEqual(["1 a", "2 c"]);
    expect(threadOf(post("self", "p-self"), [post("self", "p-self")], ALL)).toEqual([]);
  });

  it("gives the answers to the envelope that came here first, whatever a copy of it says later", () => {
    const root = post("root", null);
    const posts = [
      post("original", "p-root", { post: "said", created: 100, arrived: 1 }),
      post("copy", "p-root", { post: "said", author: "mallory", created: 1, arrived: 2 }),
      post("answer", "said", { arrived: 3 }),
    ];
    expect(lines(threadOf(root, posts, ALL))).toEqual(["1 copy", "1 original", "2 answer"]);
    const stolen = post("stolen", null, { post: "p-root", author: "mallory", arrived: 0 });
    expect(lines(threadOf(root, [stolen, ...posts], ALL))).toEqual(["1 copy", "1 original", "2 answer"]);
  });

  it("shows once what somebody has said twice in one place, and twice what was said in two", () => {
    const twice = [
      post("here", "p-root", { post: "said" }),
      post("again", "p-root", { post: "said" }),
      post("other", "p-root"),
      post("there", "p-other", { post: "said" }),
    ];
    expect(lines(threadOf(post("root", null), twice, ALL))).toEqual(["1 here", "1 other", "2 there"]);
    const own = post("repeated root", "p-root", { post: "p-root" });
    expect(threadOf(post("root", null), [own], ALL)).toEqual([]);
  });

  it("ends after the levels that were asked for, and says where there is more", () => {
    const chain = Array.from({ length: 70 }, (_, at) => post(`n${at + 1}`, at === 0 ? "p-root" : `p-n${at}`));
    const nodes = threadOf(post("root", null), chain, ALL);
    expect(nodes).toHaveLength(64);
    expect(nodes.filter(({ deeper }) => deeper)).toMatchObject([{ key: "n64", below: 6, replies: 1 }]);
    expect(threadOf(post("root", null), chain, { levels: 128 })).toHaveLength(70);
  });

  it("does not overflow, however long a chain somebody makes", () => {
    const chain = Array.from({ length: 50_000 }, (_, at) => post(`n${at + 1}`, at === 0 ? "p-root" : `p-n${at}`));
    const [first] = threadOf(post("root", null), chain, ALL);
    expect(first).toMatchObject({ below: 49_999 });
  });

  it("leaves out what is hidden, and keeps its place for what is below it", () => {
    const posts = [
      post("hidden leaf", "p-root", { author: "mallory" }),
      post("hidden", "p-root", { author: "mallory" }),
      post("below", "p-hidden"),
      post("hidden below", "p-below", { author: "mallory" }),
    ];
    const isHidden = ({ author }: ThreadPost): boolean => author === "mallory";
    expect(threadOf(post("root", null), posts, { ...ALL, isHidden })).toMatchObject([
      { key: "hidden", hidden: true, replies: 1, below: 1 },
      { key: "below", hidden: false, replies: 0, below: 0 },
    ]);
  });
});
