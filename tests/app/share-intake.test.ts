import { afterEach, describe, expect, it, vi } from "vitest";
import { takeUpShares } from "../../src/app/state/share-intake.ts";
import { draftOfShare } from "../../src/app/state/shared-draft.ts";
import type { Draft } from "../../src/peer/api.ts";
import type { Share } from "../../src/rpc/shares.ts";

const HOME = "g:europe/nl";
const share = (id: string, text = id): Share => ({ id, title: "", text, url: "", files: [] });
const edited = (id: string, text: string, updated: number): Draft => ({
  ...draftOfShare(share(id), [HOME], updated),
  text,
});

/** Takes up shares; returns what was saved and what waits still. */
async function take(
  shares: readonly Share[],
  options: { stored?: Draft[]; mirrored?: Draft[]; except?: string; refuse?: string } = {},
): Promise<{ saved: string[]; waiting: string[] }> {
  const { stored = [], mirrored = [], except = null, refuse } = options;
  const box = new Map(shares.map((one) => [one.id, one]));
  const saved: string[] = [];
  await takeUpShares(
    {
      list: async () => [...box.keys()],
      read: async (id) => box.get(id) ?? null,
      remove: async (id) => void box.delete(id),
    },
    {
      async saveDraft({ id, text }) {
        if (id === refuse) throw new Error("refused");
        saved.push(text);
      },
    },
    { stored, mirrored, home: HOME, except },
  );
  return { saved, waiting: [...box.keys()] };
}

afterEach(() => vi.restoreAllMocks());

describe("shares that wait", () => {
  it("become drafts, except the one of the composer, and one without words goes", async () => {
    expect(await take([share("a"), share("b"), share("c", "")], { except: "b" })).toEqual({
      saved: ["a"],
      waiting: ["b"],
    });
  });

  it("do not overwrite what was made of them since", async () => {
    const stored = [edited("a", "stored", 5), edited("b", "stored", 5)];
    const mirrored = [edited("b", "mirrored later", 6), edited("c", "mirrored", 5)];
    expect(await take([share("a"), share("b"), share("c")], { stored, mirrored })).toEqual({
      saved: ["mirrored later", "mirrored"],
      waiting: [],
    });
  });

  it("stay when they cannot be stored, and do not keep the others", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    expect(await take([share("a"), share("b")], { refuse: "a" })).toEqual({ saved: ["b"], waiting: ["a"] });
    expect(warn).toHaveBeenCalledOnce();
  });
});
