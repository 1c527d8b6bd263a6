/** Mutes, blocks and judgements as a file: what anybody may have written into it, and what it then does. */
import { describe, expect, it } from "vitest";
import type { DefenceChanges, MuteInput, MuteView } from "../../src/peer/api.ts";
import { applyOps } from "../../src/rpc/apply.ts";
import { encodeNodeId, toHex } from "../../src/wire/index.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { Town, type Resident } from "../sim/town.ts";

const HEAD = { format: "mehr/defence", version: 1 };
const fileOf = (content: unknown): Blob => new Blob([typeof content === "string" ? content : JSON.stringify(content)]);
const word = (text: string, more: object = {}): MuteInput => ({
  target: { kind: "word", word: text, whole: true },
  ...more,
});
const idAt = async (number: number): Promise<string> => encodeNodeId((await signerOf(number)).publicKey);
const NOTHING: DefenceChanges = { mutes: [], blocks: [], flagged: [], policy: {}, known: 0, unread: 0 };

async function listOf({ api }: Resident, name: "mutes" | "blocked" | "flagged") {
  let rows: readonly { readonly id: string }[] = [];
  const watching = await api.watch<"mutes" | "blocked" | "flagged">(name, {}, (update) => {
    rows = update.kind === "rows" ? update.rows : applyOps(rows as MuteView[], update.ops as never);
  });
  await watching.close();
  return rows.map(({ id }) => id).toSorted();
}

describe("a file of mutes", () => {
  it("brings everything to somebody else, once, and says beforehand what it adds", async () => {
    const town = new Town({ seed: 801 });
    const [anna, ben] = [await town.arrive(), await town.arrive()];
    const envelope = await signEnvelope(await signerOf(3));
    await anna.store.commit({ envelopes: [envelope] });
    await anna.api.mute([word("lottery"), word("casino", { how: "cover", until: town.clock.now() + 60_000 })]);
    await anna.api.block(await idAt(4));
    await anna.api.notWorthIt(toHex(envelope.hash));
    await anna.api.setDefence({ media: "strangers" });
    const file = await anna.api.exportDefence();

    const changes = await ben.api.previewDefence(file);
    expect(changes).toMatchObject({
      mutes: [
        { id: "word lottery", how: "hide", until: null },
        { id: "word casino", how: "cover" },
      ],
      blocks: [{ id: await idAt(4), name: null }],
      flagged: [{ id: await idAt(3), posts: [toHex(envelope.hash)] }],
      policy: { media: "strangers" },
      known: 0,
      unread: 0,
    });
    expect(await listOf(ben, "mutes")).toEqual([]);
    expect(await ben.api.importDefence(file)).toEqual(changes);
    expect(await listOf(ben, "mutes")).toEqual(["word casino", "word lottery"]);
    expect(await listOf(ben, "blocked")).toEqual([await idAt(4)]);
    expect(await listOf(ben, "flagged")).toEqual([await idAt(3)]);
    expect(await ben.api.previewDefence(file)).toEqual({ ...NOTHING, known: 4 });
    expect(await ben.api.previewDefence(await ben.api.exportDefence())).toEqual({ ...NOTHING, known: 4 });
  });

  it("adds to what is there: what lasts longer goes on, how it is muted stays, and what is over is left out", async () => {
    const town = new Town({ seed: 802 });
    const anna = await town.arrive();
    const now = town.clock.now();
    await anna.api.mute([word("one", { how: "cover", until: now + 9_000 }), word("two")]);
    const mutes = [
      word("ONE", { until: now + 5_000 }),
      word("two", { until: now + 5_000 }),
      word("one", { until: now + 60_000 }),
      word("over", { until: now - 1 }),
    ];
    expect(await anna.api.previewDefence(fileOf({ ...HEAD, mutes }))).toMatchObject({
      mutes: [{ id: "word one", until: now + 60_000 }],
      known: 3,
      unread: 0,
    });
  });

  it("is read entry by entry: whatever is wrong with one costs that one", async () => {
    const town = new Town({ seed: 803 });
    const anna = await town.arrive();
    const own = encodeNodeId(anna.mesh.self);
    const content = {
      ...HEAD,
      policy: { media: "everything", flagged: "hide", __proto__: null },
      mutes: [
        word("fine"),
        word("x".repeat(65)),
        { target: { kind: "person", id: own } },
        { target: { kind: "kind", of: "everything" } },
        { target: { kind: "thread", post: "../../etc/passwd" } },
        word("never", { until: 1e300 }),
        null,
        [],
        "word",
      ],
      blocked: [{ id: own }, { id: "mehr1nobody" }, { id: await idAt(5), name: "N".repeat(500) }, {}],
      flagged: [
        { id: await idAt(6), name: null, posts: [] },
        { id: await idAt(6), name: null, posts: ["00".repeat(32)] },
      ],
      unknown: "of a later version",
    };
    const changes = await anna.api.importDefence(fileOf(content));
    expect(changes.mutes.map(({ id }) => id)).toEqual(["word fine"]);
    expect(changes.blocks).toEqual([{ id: await idAt(5), name: "N".repeat(64), alike: null }]);
    expect(changes.flagged.map(({ id }) => id)).toEqual([await idAt(6)]);
    // One value of the policy is unknown: none of it is taken.
    expect(changes).toMatchObject({ policy: {}, known: 0, unread: 12 });
  });

  it.each<[string, Blob, string]>([
    ["of more bytes than all that can be kept", new Blob(["[".repeat(4_194_305)]), "DEFENCE_FILE_TOO_LARGE"],
    ["that is no JSON", fileOf("mutes: all"), "DEFENCE_FILE_INVALID"],
    ["that is nested deeper than a stack", fileOf("[".repeat(4_000_000)), "DEFENCE_FILE_INVALID"],
    ["of another kind", fileOf({ format: "mehr/backup", version: 1 }), "DEFENCE_FILE_INVALID"],
    ["that is nothing", fileOf(""), "DEFENCE_FILE_INVALID"],
    ["with more entries than anybody keeps", fileOf({ ...HEAD, mutes: Array(10_001).fill(0) }), "DEFENCE_FILE_INVALID"],
    ["by a newer version", fileOf({ ...HEAD, version: 2 }), "DEFENCE_FILE_NEWER"],
  ])("%s is refused as a whole", async (_what, file, code) => {
    const anna = await new Town({ seed: 804 }).arrive();
    await expect(anna.api.previewDefence(file)).rejects.toMatchObject({ code });
    await expect(anna.api.importDefence(file)).rejects.toMatchObject({ code });
  });

  it("with more than there is room for changes nothing of that kind", async () => {
    const anna = await new Town({ seed: 805 }).arrive();
    const mutes = Array.from({ length: 2_001 }, (_, at) => word(`w${at}`));
    await expect(anna.api.importDefence(fileOf({ ...HEAD, mutes }))).rejects.toMatchObject({ code: "MUTES_FULL" });
    expect(await listOf(anna, "mutes")).toEqual([]);
  });

  it("that is no file is refused", async () => {
    const anna = await new Town({ seed: 806 }).arrive();
    await expect(anna.api.previewDefence("[]" as unknown as Blob)).rejects.toMatchObject({
      code: "DEFENCE_FILE_INVALID",
    });
  });
});
